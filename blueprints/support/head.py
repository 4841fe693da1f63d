"""What the head of a public page tells programs: its address, what it is about, and where the same is as a feed or embedded."""

from __future__ import annotations

from dataclasses import dataclass, field

from flask_babel import gettext

from blueprints.support.filters import reader_name
from blueprints.support.site import absolute_url, config
from domain import text
from models import Article, Comment, Reader

DESCRIPTION = 200  # characters: what search engines and messengers show of one


@dataclass(frozen=True, kw_only=True)
class Head:
    """A page without one is kept out of search engines. `kind` is a type of the Open Graph; `feeds` are (title, address)."""

    url: str
    title: str
    kind: str
    description: str = ""
    feeds: tuple[tuple[str, str], ...] = ()
    can_be_embedded: bool = False
    data: dict[str, object] | None = field(default=None, repr=False)  # as `structured_data` has it


def of_home() -> Head:
    """Return the head of the front page."""
    feed = (gettext("Comments on %(site)s", site=config().site_name), absolute_url("feeds.comments"))
    return Head(url=absolute_url("articles.home"), title=config().site_name, kind="website", feeds=(feed,))


def of_article(article: Article) -> Head | None:
    """Return the head of an article, whichever page or order of its discussion is shown; none for a draft."""
    if article.is_draft:
        return None
    feed = (
        gettext("Comments on “%(headline)s”", headline=article.headline),
        absolute_url("feeds.article", slug=article.slug),
    )
    return Head(
        url=absolute_url("articles.show", slug=article.slug),
        title=article.headline,
        kind="article",
        description=text.excerpt(article.body_html, DESCRIPTION),
        feeds=(feed,),
        can_be_embedded=True,
    )


def of_comment(comment: Comment) -> Head:
    """Return the head of a published comment's page."""
    return Head(
        url=absolute_url("comments.show", comment_id=comment.id),
        title=title_of(comment),
        kind="article",
        description=text.excerpt(comment.body_html, DESCRIPTION),
        can_be_embedded=True,
    )


def of_reader(reader: Reader) -> Head:
    """Return the head of a reader's public page, whichever part of their comments is shown."""
    title = gettext("Comments by %(name)s", name=reader_name(reader))
    feed = (title, absolute_url("feeds.reader", public_id=reader.public_id))
    return Head(url=absolute_url("accounts.show", public_id=reader.public_id), title=title, kind="profile", feeds=(feed,))


def title_of(comment: Comment) -> str:
    """Return what a comment is called in lists: it has no title of its own."""
    return gettext("%(name)s on “%(headline)s”", name=reader_name(comment.reader), headline=comment.article.headline)


def public_url_of(reader: Reader) -> str:
    """Return where a reader can be read; nothing for a guest, whose number is no link on our pages either."""
    return "" if reader.is_guest else absolute_url("accounts.show", public_id=reader.public_id)
