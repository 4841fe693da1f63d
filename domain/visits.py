"""How far readers have read: marks that only move forward, and what has appeared beyond them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select

from domain.upserts import raise_to
from extensions import db
from models import Article, Comment, CommentState, Reader, Visit

MOST_COUNTED = 999  # beyond it the number says nothing but "many", and counting would cost


@dataclass(frozen=True, kw_only=True)
class Unread:
    """What is new to a reader since their last visit. `count` is at most `MOST_COUNTED`; `first_id` the earliest of it."""

    since: int
    count: int
    first_id: int | None

    @property
    def is_many(self) -> bool:
        """Whether there may be more than were counted."""
        return self.count >= MOST_COUNTED


def seen_of(article: Article, reader: Reader | None) -> int | None:
    """Return how many of the article's comments had appeared when the reader last looked; None if they never did."""
    if reader is None:
        return None
    return db.session.scalar(select(Visit.seen).where(Visit.article_id == article.id, Visit.reader_id == reader.id))


def mark(article: Article, seen: int, *, by: Reader, now: datetime) -> None:
    """Note how far a reader has read. Never goes back, whatever two tabs say at once, nor beyond what there is.

    The caller commits.
    """
    seen = max(0, min(seen, article.appeared))
    raise_to(Visit, {"article_id": article.id, "reader_id": by.id}, "seen", seen, visited_at=now)


def unread_by(article: Article, reader: Reader | None) -> Unread | None:
    """Return what others have written since the reader's last visit; None for somebody whose first visit this is."""
    since = seen_of(article, reader)
    if reader is None or since is None:
        return None
    fresh = select(Comment.id, Comment.appeared).where(Comment.article_id == article.id, Comment.appeared > since)
    theirs = fresh.where(Comment.state == CommentState.PUBLISHED, Comment.reader_id != reader.id)
    counted = theirs.order_by(Comment.appeared).limit(MOST_COUNTED).subquery()
    first = theirs.with_only_columns(Comment.id).order_by(Comment.appeared).limit(1).scalar_subquery()
    count, first_id = db.session.execute(select(select(func.count()).select_from(counted).scalar_subquery(), first)).one()
    return Unread(since=since, count=count, first_id=first_id)
