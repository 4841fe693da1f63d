"""What another site is told: text with its author and its address, no script, nothing of a take, a prediction or a count."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from blueprints.oembed.fitting import Room, room_for
from blueprints.support.filters import reader_name
from blueprints.support.fragments import fragment
from blueprints.support.head import public_url_of, title_of
from blueprints.support.site import absolute_url, config
from domain import text
from domain.languages import direction_of
from models import Article, Comment

KEPT_FOR = 3_600  # seconds: a comment that is removed here is gone elsewhere an hour later
TEASER = 300  # characters of an article


@dataclass(frozen=True, kw_only=True)
class Embed:
    """One answer, written only if it is asked for: `version` changes whenever it does."""

    version: tuple[object, ...]
    values: Callable[[], dict[str, object]]


def of_comment(comment: Comment, most_wide: int | None, most_high: int | None) -> Embed:
    """Return how a published comment is shown."""
    version = (comment.id, comment.version, comment.edited_at, comment.reader.name, comment.article.headline)
    return Embed(version=version, values=lambda: _comment(comment, most_wide, most_high))


def of_article(article: Article, most_wide: int | None, most_high: int | None) -> Embed:
    """Return how an article is shown, with what it asks."""
    return Embed(version=(article.id, article.version), values=lambda: _article(article, most_wide, most_high))


def _comment(comment: Comment, most_wide: int | None, most_high: int | None) -> dict[str, object]:
    words, author = text.words_of(comment.body_html), reader_name(comment.reader)
    author_url = public_url_of(comment.reader)
    room = room_for(words, most_wide=most_wide, most_high=most_high)
    html = fragment(
        "oembed/_comment.html",
        comment=comment,
        body_html=text.with_absolute_links(comment.body_html, config().site_url),
        excerpt=text.excerpt(comment.body_html, room.characters) if len(words) > room.characters else "",
        url=absolute_url("comments.show", comment_id=comment.id),
        author_url=author_url,
        text_direction=direction_of(comment.language),
    )
    return _rich(title_of(comment), html, room, {"author_name": author, **({"author_url": author_url} if author_url else {})})


def _article(article: Article, most_wide: int | None, most_high: int | None) -> dict[str, object]:
    questions = [question.question for question in (article.poll, article.prediction) if question is not None]
    whole = "\n".join([article.headline, text.excerpt(article.body_html, TEASER), *questions])
    room = room_for(whole, most_wide=most_wide, most_high=most_high)
    html = fragment(
        "oembed/_article.html",
        headline=article.headline,
        teaser=text.excerpt(article.body_html, min(TEASER, room.characters)),
        questions=questions,
        url=absolute_url("articles.show", slug=article.slug),
    )
    by = {"author_name": article.byline} if article.byline else {}
    return _rich(article.headline, html, room, by)


def _rich(title: str, html: str, room: Room, by: dict[str, str]) -> dict[str, object]:
    return {
        "version": "1.0",
        "type": "rich",
        "title": title,
        **by,
        "provider_name": config().site_name,
        "provider_url": config().site_url,
        "cache_age": KEPT_FOR,
        "html": html,
        "width": room.width,
        "height": room.height,
    }
