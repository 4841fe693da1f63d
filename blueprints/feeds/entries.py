"""From articles and comments to the entries of a feed. Nothing of a take, a prediction or a count is in them."""

from __future__ import annotations

from datetime import datetime
from urllib.parse import urlsplit

from blueprints.feeds.atom import Author, Entry
from blueprints.support.filters import reader_name
from blueprints.support.fragments import fragment
from blueprints.support.head import public_url_of, title_of
from blueprints.support.site import absolute_url, config
from domain import text
from domain.languages import direction_of
from models import Article, Comment, Reader

TEASER = 400  # characters of an article: enough to know what it is about


def of_article(article: Article) -> Entry:
    """Return an open or closed article with its questions and, where anything is said of it, how it ended."""
    assert article.opened_at is not None  # noqa: S101 - for the type checker: no draft is asked for
    verdict = article.prediction.verdict if article.prediction else None
    return Entry(
        id=article_id(article),
        url=absolute_url("articles.show", slug=article.slug),
        title=article.headline,
        author=Author(name=article.byline or config().site_name),
        published=article.opened_at,
        updated=max(article.opened_at, verdict.resolved_at) if verdict else article.opened_at,
        content_html=fragment(
            "feeds/_article.html", article=article, teaser=text.excerpt(article.body_html, TEASER), verdict=verdict
        ),
    )


def of_comment(comment: Comment) -> Entry:
    """Return a published comment. Needs its reader and its article."""
    body_html = text.with_absolute_links(comment.body_html, config().site_url)
    return Entry(
        id=_comment_id(comment.article, comment.id),
        url=absolute_url("comments.show", comment_id=comment.id),
        title=title_of(comment),
        author=Author(name=reader_name(comment.reader), url=public_url_of(comment.reader)),
        published=comment.posted_at,
        updated=comment.edited_at or comment.posted_at,
        content_html=fragment(
            "feeds/_comment.html",
            body_html=body_html,
            language=comment.language,
            text_direction=direction_of(comment.language),
        ),
        language=comment.language or "",
        answers=_answered(comment),
    )


def article_id(article: Article) -> str:
    """Return a name of the article that stays when its address changes (RFC 4151)."""
    return _tag(article.created_at, f"articles/{article.id}")


def reader_id(reader: Reader) -> str:
    """Return a name of the reader's comments that stays when their address changes."""
    return _tag(reader.created_at, f"readers/{reader.public_id}/comments")


def _tag(since: datetime, name: str) -> str:
    """Return a tag URI: whose name it is, by the site's host on the day the thing was made, and the name."""
    host = (urlsplit(config().site_url).hostname or "").encode("idna").decode().replace(":", "-")  # as in an IPv6 address
    return f"tag:{host},{since:%Y-%m-%d}:{name}"


def _comment_id(article: Article, comment_id: int) -> str:
    return f"{article_id(article)}/comments/{comment_id}"


def _answered(comment: Comment) -> tuple[str, str] | None:
    if comment.parent_id is None:
        return None
    return _comment_id(comment.article, comment.parent_id), absolute_url("comments.show", comment_id=comment.parent_id)
