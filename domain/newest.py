"""The newest that the public can read, for feeds. Reads only."""

from __future__ import annotations

from sqlalchemy import Select, select
from sqlalchemy.orm import contains_eager, joinedload

from extensions import db
from models import Article, Comment, CommentState

IN_A_FEED = 50  # comments; a program that asks every hour misses none on all but the busiest days


def comments_on(article: Article) -> list[Comment]:
    """Return the newest comments of an article, each with its author and its article."""
    return list(db.session.scalars(_published().where(Comment.article_id == article.id)))


def comments_everywhere() -> list[Comment]:
    """Return the newest comments of all articles, each with its author and its article."""
    return list(db.session.scalars(_published().where(Article.opened_at.is_not(None))))


def _published() -> Select[Comment]:
    of_article = contains_eager(Comment.article).load_only(Article.slug, Article.headline, Article.created_at)
    found = select(Comment).join(Comment.article).where(Comment.state == CommentState.PUBLISHED)
    return found.options(of_article, joinedload(Comment.reader)).order_by(Comment.id.desc()).limit(IN_A_FEED)
