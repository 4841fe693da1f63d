"""What a page with a discussion is about, in schema.org's words, for search engines. Pure but for addresses.

The page is a news article; under it stands a discussion, which the newsroom opens by asking its questions and in which
readers comment. So it is a `NewsArticle` and a `DiscussionForumPosting` about it, and each question is a `Question`. Nothing
of a take, a prediction or a count of them is in here, whoever may see it on the page.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from datetime import datetime
from typing import Any

from markupsafe import Markup

from blueprints.support.filters import reader_name
from blueprints.support.links import links_to, page_of
from blueprints.support.site import absolute_url, config
from domain import text
from domain.commentviews import Author
from domain.trees import Node
from models import Article, CommentState, OpinionPoll, Prediction

Thing = dict[str, Any]

TEASER = 200  # characters of the article's text
# What ends a script in HTML, and what ended a line in JavaScript before 2019.
_ESCAPES = {ord(char): f"\\u{ord(char):04x}" for char in "<>&\u2028\u2029"}


def script_html(data: Thing) -> Markup:
    """Return data as the content of a script element, which no text in it can end."""
    return Markup(json.dumps(data, ensure_ascii=False, separators=(",", ":")).translate(_ESCAPES))  # noqa: S704 - escaped for where it stands


def article_page(article: Article, nodes: Iterable[Node], total: int) -> Thing:
    """Return what an article's page is about, with those comments of all of them that stand on it."""
    questions = [_question(article, one) for one in (article.poll, article.prediction) if one is not None]
    news = _article(article, total)
    return _graph(news, _discussion(article, nodes, total, about={"@id": news["@id"]}), *questions)


def comment_page(article: Article, comment_id: int, nodes: Iterable[Node], total: int) -> Thing:
    """Return what a comment's page is about: the discussion with its thread and, if it is on it, the comment most of all."""
    address = _comment_url(comment_id)
    discussion = _discussion(article, nodes, total, about={"@type": "WebPage", "url": _url(article)})
    page = {"@type": "WebPage", "@id": f"{address}#page", "url": address, "mainEntity": {"@id": address}}
    return _graph(*([page] if _holds(discussion, address) else []), discussion)


def _holds(thing: Thing, address: str) -> bool:
    return thing["@id"] == address or any(_holds(one, address) for one in thing.get("comment", []))


def _graph(*things: Thing) -> Thing:
    return {"@context": "https://schema.org", "@graph": list(things)}


def _article(article: Article, total: int) -> Thing:
    return _without_nothing(
        {
            "@type": "NewsArticle",
            "@id": f"{_url(article)}#article",
            "url": _url(article),
            "mainEntityOfPage": _url(article),
            "headline": article.headline,
            "description": text.excerpt(article.body_html, TEASER),
            "articleSection": article.section,
            "author": _newsroom(),
            "publisher": _newsroom(),
            "creditText": article.byline,
            "datePublished": _instant(article.opened_at),
            "discussionUrl": f"{_url(article)}#discussion",
            "commentCount": total,
        }
    )


def _discussion(article: Article, nodes: Iterable[Node], total: int, *, about: Thing) -> Thing:
    asked = [question.question for question in (article.poll, article.prediction) if question is not None]
    return _without_nothing(
        {
            "@type": "DiscussionForumPosting",
            "@id": f"{_url(article)}#discussion",
            "url": _url(article),
            "headline": article.headline,
            "text": " ".join(asked) or article.headline,
            "author": _newsroom(),
            "datePublished": _instant(article.opened_at),
            "about": about,
            "commentCount": total,
            "interactionStatistic": _counter("CommentAction", total),
            "comment": list(_comments(nodes)),
        }
    )


def _question(article: Article, question: OpinionPoll | Prediction) -> Thing:
    """Return a question with its answers and, of a prediction, what happened."""
    is_poll = isinstance(question, OpinionPoll)
    answers = question.choices if isinstance(question, OpinionPoll) else question.outcomes
    resolution = None if isinstance(question, OpinionPoll) else question.resolution
    happened = resolution.outcome_id if resolution else None
    return _without_nothing(
        {
            "@type": "Question",
            "@id": f"{_url(article)}#{'take' if is_poll else 'prediction'}",
            "name": question.question,
            "text": question.question,
            "author": _newsroom(),
            "datePublished": _instant(article.opened_at),
            "isPartOf": {"@id": f"{_url(article)}#discussion"},
            "suggestedAnswer": [_answer(one.label) for one in answers if one.id != happened or is_poll],
            "acceptedAnswer": _answer(resolution.outcome.label) if resolution and resolution.outcome else None,
        }
    )


def _answer(label: str) -> Thing:
    return {"@type": "Answer", "text": label}


def _comments(nodes: Iterable[Node]) -> Iterator[Thing]:
    """Yield the comments that everybody reads. What stands under a place without a text moves up to that place."""
    for node in nodes:
        below = list(_comments(node.children))
        if node.view.state is CommentState.PUBLISHED:
            yield _comment(node, below)
        else:
            yield from below


def _comment(node: Node, below: list[Thing]) -> Thing:
    view, address = node.view, _comment_url(node.view.id)
    return _without_nothing(
        {
            "@type": "Comment",
            "@id": address,
            "url": address,
            "text": text.words_of(view.body_html),
            "inLanguage": view.language,
            "author": _person(view.author),
            "datePublished": _instant(view.posted_at),
            "dateModified": _instant(view.edited_at),
            "interactionStatistic": _counter("LikeAction", view.good) if view.good else None,
            "comment": below,
        }
    )


def _person(author: Author) -> Thing:
    person = {"@type": "Person", "name": reader_name(author)}
    return person if author.is_guest else {**person, "url": config().site_url + page_of(author.public_id)}


def _newsroom() -> Thing:
    return {"@type": "Organization", "name": config().site_name, "url": config().site_url}


def _counter(action: str, count: int) -> Thing:
    kind = f"https://schema.org/{action}"
    return {"@type": "InteractionCounter", "interactionType": kind, "userInteractionCount": count}


def _url(article: Article) -> str:
    return absolute_url("articles.show", slug=article.slug)


def _comment_url(comment_id: int) -> str:
    return config().site_url + links_to(comment_id)["page"]


def _instant(value: datetime | None) -> str | None:
    return value.isoformat(timespec="seconds") if value else None


def _without_nothing(thing: Thing) -> Thing:
    return {name: value for name, value in thing.items() if value not in (None, "", [])}
