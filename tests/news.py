"""Spreading news as the job does, and what came of it."""

from __future__ import annotations

from datetime import UTC, datetime

from sqlalchemy import select

from domain import news
from extensions import db
from models import Article, Comment, Notification, NotificationKind, Reader
from tests import factories


def spread(now: datetime | None = None) -> None:
    """Spread all news."""
    step = news.first_step()
    while step is not None:
        step = news.take_step(step, now=now or datetime.now(UTC))
    db.session.expire_all()


def told(reader: Reader) -> list[tuple[NotificationKind, int | None]]:
    """Return why and of which comment a reader was told, in order."""
    mine = select(Notification).where(Notification.reader_id == reader.id).order_by(Notification.id)
    return [(row.kind, row.comment_id) for row in db.session.scalars(mine)]


def told_of(article: Article, reader: Reader, author: Reader | None = None) -> Comment:
    """Return a comment of which a reader has been told, because they follow its author."""
    comment = factories.comment(article, author or factories.account())
    db.session.add(
        Notification(reader_id=reader.id, kind=NotificationKind.READER, comment_id=comment.id, made_at=datetime.now(UTC))
    )
    db.session.flush()
    return comment
