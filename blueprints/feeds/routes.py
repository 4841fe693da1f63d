"""Feeds. They hold what everybody can read, so they are the same whoever asks."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import UTC, datetime

from flask import Blueprint, Response
from flask.typing import ResponseReturnValue
from flask_babel import get_locale, gettext

from blueprints.feeds import atom, entries
from blueprints.feeds.atom import Entry, Feed
from blueprints.support.caching import about, same_for_all, shared
from blueprints.support.filters import reader_name
from blueprints.support.replica import may_lag
from blueprints.support.site import absolute_url, config
from domain import articles, newest, profiles, readers
from models import Comment

bp = Blueprint("feeds", __name__)

NOTHING_YET = datetime(1970, 1, 1, tzinfo=UTC)  # when the feed of an empty site last changed


@bp.get("/feed.atom")
@shared(for_everybody=True)
@may_lag
def site() -> ResponseReturnValue:
    """List the newest articles with their questions."""
    published = articles.newest()
    ended = [article.verdict_number for article in published]
    version = [(article.id, articles.edition_of(article), article.opened_at) for article in published]
    return _feed(
        (version, ended),
        lambda: Feed(
            id=absolute_url(".site"),
            url=absolute_url(".site"),
            page=absolute_url("articles.home"),
            title=config().site_name,
            began=NOTHING_YET,
            entries=tuple(entries.of_article(article) for article in published),
            **_common(),
        ),
    )


@bp.get("/comments.atom")
@shared(for_everybody=True)
@may_lag
def comments() -> ResponseReturnValue:
    """List the newest comments on all articles."""
    rows = newest.comments_everywhere()
    return _feed(
        _version(rows),
        lambda: Feed(
            id=absolute_url(".comments"),
            url=absolute_url(".comments"),
            page=absolute_url("articles.home"),
            title=gettext("Comments on %(site)s", site=config().site_name),
            began=NOTHING_YET,
            entries=_entries(rows),
            **_common(),
        ),
    )


@bp.get("/articles/<slug>/feed.atom")
@shared(for_everybody=True)
@may_lag
def article(slug: str) -> ResponseReturnValue:
    """List the newest comments on an article."""
    shown = articles.shown_to(None, slug)
    about(shown)
    return _feed(
        (shown.id, shown.version),
        lambda: Feed(
            id=f"{entries.article_id(shown)}/comments",
            url=absolute_url(".article", slug=slug),
            page=absolute_url("articles.show", slug=slug),
            title=gettext("Comments on “%(headline)s”", headline=shown.headline),
            began=shown.opened_at or shown.created_at,
            entries=_entries(newest.comments_on(shown)),
            **_common(),
        ),
    )


@bp.get("/readers/<public_id>/feed.atom")
@shared(for_everybody=True)
@may_lag
def reader(public_id: str) -> ResponseReturnValue:
    """List the newest comments of a reader that everybody can read."""
    author = readers.shown_as(public_id)
    rows = [written.comment for written in profiles.public_comments(author).rows]
    return _feed(
        (author.name, _version(rows)),
        lambda: Feed(
            id=entries.reader_id(author),
            url=absolute_url(".reader", public_id=public_id),
            page=absolute_url("accounts.show", public_id=public_id),
            title=gettext("Comments by %(name)s", name=reader_name(author)),
            began=author.created_at,
            entries=_entries(rows),
            **_common(),
        ),
    )


def _feed(version: object, made: Callable[[], Feed]) -> Response:
    return same_for_all(version, lambda: Response(atom.written(made()), mimetype=atom.MEDIA_TYPE))


def _common() -> dict[str, str]:
    return {"language": str(get_locale()).replace("_", "-"), "base": f"{config().site_url}/"}


def _entries(rows: Sequence[Comment]) -> tuple[Entry, ...]:
    return tuple(entries.of_comment(comment) for comment in rows)


def _version(rows: Sequence[Comment]) -> list[tuple[object, ...]]:
    """Return what changes whenever these comments do, their authors' names and their articles' headlines included."""
    return [(row.id, row.version, row.edited_at, row.reader.name, row.article.headline, row.article.slug) for row in rows]
