"""What has changed in a discussion since a page was made, as parts of that page."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from flask import abort, render_template, request
from flask.typing import ResponseReturnValue

from blueprints.articles.pages import article_page
from blueprints.articles.results import results_of
from blueprints.articles.routes import bp
from blueprints.support.caching import about, page_for_all, shared
from blueprints.support.pagination import cursor
from blueprints.support.readers import current_reader
from blueprints.support.site import utc_now
from domain import articles, commentviews, participation, pulses, tallies
from domain.commentviews import CommentView, Shown
from domain.tallies import Seen
from domain.trees import Node
from models import Article, Reader

NAMED = re.compile(r"([0-9]{1,18})\.([0-9]{1,9})")
MOST_NAMED = 100  # comments a page has on it at first, and then some


@dataclass(frozen=True, kw_only=True)
class Asked:
    """What the page has: up to which place, some of its comments with their good points, and which results.

    It asks for changes of what it names, and for comments after a place if it names one.
    """

    after: int | None
    named: dict[int, int]
    tallies: str | None


@dataclass(frozen=True, kw_only=True)
class NewsPage:
    """What a comment in the news needs of the page it will stand on."""

    article: Article
    seen: Seen

    @property
    def is_whole_discussion(self) -> bool:
        """Whether threads are shown in short."""
        return True


@bp.get("/articles/<slug>/news")
@shared("after", "at", "shown", "tallies")
def news(slug: str) -> ResponseReturnValue:
    """Answer with the comments that have appeared, and with what has changed of those and of the results the page has."""
    reader, now = current_reader(), utc_now()
    article = articles.shown_to(reader, slug)
    about(article)
    standing = participation.standing_of(article, reader)
    seen = tallies.seen_by(article, has_voted=standing.has_voted, has_predicted=standing.has_predicted, now=now)
    asked, page = _asked(), NewsPage(article=article, seen=seen)
    mark = tallies_mark_of(page) if asked.tallies is not None else ""
    version = (article.id, article.version, seen, asked.after, tuple(asked.named.items()), mark != asked.tallies and mark)
    return page_for_all(version, lambda: _answer(page, asked, mark, reader, now))


def tallies_mark_of(page: NewsPage) -> str:
    """Return the mark of the results that may be seen."""
    poll, prediction = page.article.poll, page.article.prediction
    return pulses.tallies_mark(poll.id if poll else None, prediction.id if prediction else None, page.seen)


def _asked() -> Asked:
    """Return what the page says it has; answer 400 for what no page of ours says."""
    named = {}
    for text in filter(None, request.args.get("shown", "").split(",")[:MOST_NAMED]):
        match = NAMED.fullmatch(text)
        if match is None:
            abort(400)
        named[int(match[1])] = int(match[2])
    return Asked(after=cursor("after"), named=named, tallies=request.args.get("tallies"))


def _answer(page: NewsPage, asked: Asked, mark: str, reader: Reader | None, now: datetime) -> dict[str, Any]:
    fresh = pulses.news_of(page.article, after=page.article.appeared if asked.after is None else asked.after)
    views = commentviews.of([*fresh.comment_ids, *asked.named], viewer=reader, article=page.article)
    here = {one: view for one, view in views.items() if view.article_id == page.article.id}
    regions = {f"comment-{one}": _item(page, here[one]) for one in fresh.comment_ids}
    regions |= _changed(page, asked, here)
    if asked.tallies is not None and mark != asked.tallies:
        whole = article_page(page.article, reader, now)
        if whole.shows_results:
            regions["results"] = render_template("articles/_results.html", page=whole, results=results_of(whole))
    return {
        "newest": fresh.newest,
        "more": fresh.has_more,
        "fresh": [{"id": one, "parent": here[one].parent_id, "root": here[one].root_id} for one in fresh.comment_ids],
        "gone": [one for one in asked.named if one not in here or here[one].shown is Shown.PLACE],
        "tallies": mark,
        "regions": regions,
    }


def _item(page: NewsPage, view: CommentView) -> str:
    """Return a comment that has appeared, saying what it answers: its page knows whether that stands right above it."""
    node = Node(view=view, is_apart=view.parent_id is not None)
    return render_template("comments/_fresh.html", node=node, page=page)


def _changed(page: NewsPage, asked: Asked, here: dict[int, CommentView]) -> dict[str, str]:
    """Return what has changed of the comments a page has: their acts where others rated them; one's own that were removed."""
    regions = {}
    for view in (here[one] for one in asked.named if one in here):
        if view.shown is Shown.OWN:
            regions[f"comment-{view.id}"] = _item(page, view)
        elif view.shown is Shown.TEXT and view.good != asked.named[view.id]:
            regions[f"acts-{view.id}"] = render_template("comments/_acts.html", view=view, page=page)
    return regions
