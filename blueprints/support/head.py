"""What the head of a public page tells programs: its address, what it is about, and where the same is as a feed or embedded."""

from __future__ import annotations

from dataclasses import dataclass

from flask_babel import gettext
from markupsafe import Markup

from blueprints.support import structured_data
from blueprints.support.filters import reader_name
from blueprints.support.readers import is_nobody
from blueprints.support.site import absolute_url, config
from domain import text
from domain.threads import Discussion, Thread
from models import Article, Comment, CommentState, Reader

DESCRIPTION = 200  # characters: what search engines and messengers show of one


@dataclass(frozen=True, kw_only=True)
class Head:
    """A page without one is kept out of search engines. `kind` is a type of the Open Graph; `feeds` are (title, address).

    `image` is the address of a picture of the page. `data_html` is what `structured_data` says of the page. Search engines carry no cookie of ours, so only the page that is
    shared by all has it.
    """

    url: str
    title: str
    kind: str
    description: str = ""
    feeds: tuple[tuple[str, str], ...] = ()
    can_be_embedded: bool = False
    image: str = ""
    data_html: Markup | None = None


def of_home() -> Head:
    """Return the head of the front page."""
    feed = (gettext("Comments on %(site)s", site=config().site_name), absolute_url("feeds.comments"))
    return Head(url=absolute_url("articles.home"), title=config().site_name, kind="website", feeds=(feed,))


def of_archive() -> Head:
    """Return the head of the list of all articles, whichever part of it is shown."""
    return Head(url=absolute_url("articles.index"), title=gettext("All articles"), kind="website")


def of_leaderboard() -> Head:
    """Return the head of the leaderboard, whichever section or time it shows."""
    title = gettext("Leaderboard")
    return Head(url=absolute_url("records.leaderboard"), title=title, kind="website")


def of_league() -> Head:
    """Return the head of the league of methods."""
    return Head(url=absolute_url("records.methods"), title=gettext("The league of methods"), kind="website")


def of_article(article: Article, discussion: Discussion, image: str = "") -> Head | None:
    """Return the head of an article, whichever page or order of its discussion is shown; none for a draft."""
    if article.is_draft:
        return None
    title = gettext("Comments on “%(headline)s”", headline=article.headline)
    data = structured_data.article_page(article, discussion.nodes, discussion.total) if is_nobody() else None
    return Head(
        url=absolute_url("articles.show", slug=article.slug),
        title=article.headline,
        kind="article",
        description=text.excerpt(article.body_html, DESCRIPTION),
        feeds=((title, absolute_url("feeds.article", slug=article.slug)),),
        can_be_embedded=True,
        image=image,
        data_html=structured_data.script_html(data) if data else None,
    )


def of_comment(comment: Comment, thread: Thread) -> Head | None:
    """Return the head of a comment's page, whichever page of its thread is shown; none while not everybody can read it."""
    if comment.state is not CommentState.PUBLISHED:
        return None
    data = structured_data.comment_page(comment.article, comment.id, [thread.first], thread.total) if is_nobody() else None
    return Head(
        url=absolute_url("comments.show", comment_id=comment.id),
        title=title_of(comment),
        kind="article",
        description=text.excerpt(comment.body_html, DESCRIPTION),
        can_be_embedded=True,
        data_html=structured_data.script_html(data) if data else None,
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
