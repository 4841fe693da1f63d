"""What a reader is told: the list of it, how much is unread, and marking it as read."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, Select, exists, func, select, update
from sqlalchemy.orm import aliased, load_only

from domain.errors import N_, Missing
from extensions import db
from models import (
    Article,
    Comment,
    CommentState,
    Mute,
    Notification,
    NotificationKind,
    Outcome,
    Prediction,
    Reader,
    Resolution,
)

LISTED = 30  # on a page
MOST_COUNTED = 99  # unread ones; above it the masthead says "99+"

# What is said of each, in the list, in mails and in messages to a browser.
SENTENCES = {
    NotificationKind.REPLY: N_("%(name)s replied to you"),
    NotificationKind.MENTION: N_("%(name)s mentioned you"),
    NotificationKind.THREAD: N_("%(name)s wrote in a thread you follow"),
    NotificationKind.READER: N_("%(name)s, whom you follow, wrote a comment"),
    NotificationKind.ARTICLE: N_("%(name)s wrote under an article you follow"),
    NotificationKind.RESOLUTION: N_("The outcome is known"),
}


@dataclass(frozen=True, kw_only=True)
class Told:
    """One thing a reader is told, with what it is about: a comment and who wrote it, or an outcome and its question."""

    notification: Notification
    article: Article
    comment: Comment | None = None
    author: Reader | None = None
    prediction: Prediction | None = None
    outcome: Outcome | None = None


@dataclass(frozen=True, kw_only=True)
class NotificationPage:
    """What a reader is told, newest first. `next_before` is the cursor of the next page."""

    rows: tuple[Told, ...]
    next_before: int | None

    @property
    def newest(self) -> int:
        """Return the id up to which this page has been seen."""
        return self.rows[0].notification.id if self.rows else 0


def told_to(reader: Reader, *, before: int | None = None) -> NotificationPage:
    """Return a page of what the reader is told and can still be read: one query."""
    found = told(Notification.reader_id == reader.id)
    if before is not None:
        found = found.where(Notification.id < before)
    rows = rows_of(found.order_by(Notification.id.desc()).limit(LISTED + 1))
    page = rows[:LISTED]
    return NotificationPage(rows=page, next_before=page[-1].notification.id if len(rows) > LISTED else None)


def one_told_to(reader: Reader, notification_id: int) -> Told:
    """Return one thing the reader is told; raise `Missing` for another's, and for what is no longer shown."""
    rows = rows_of(told((Notification.id == notification_id) & (Notification.reader_id == reader.id)))
    if not rows:
        raise Missing(N_("There is no such notification, or what it was about is no longer shown."))
    return rows[0]


def unread_count(reader: Reader) -> int:
    """Return how many the reader has not read, counting to one more than `MOST_COUNTED`."""
    unread = (Notification.reader_id == reader.id) & Notification.read_at.is_(None)
    some = select(Notification.id).where(unread, is_shown()).limit(MOST_COUNTED + 1)
    return db.session.scalar(select(func.count()).select_from(some.subquery())) or 0


def mark_read(told: Told, *, now: datetime) -> None:
    """Record that the reader has seen one; a second time changes nothing. The caller commits."""
    if told.notification.read_at is None:
        told.notification.read_at = now
        db.session.flush()


def mark_all_read(reader: Reader, *, up_to: int, now: datetime) -> None:
    """Record that the reader has seen everything up to the notification `up_to`, and not what came later. The caller commits."""
    unread = (Notification.reader_id == reader.id) & Notification.read_at.is_(None) & (Notification.id <= up_to)
    db.session.execute(update(Notification).where(unread).values(read_at=now))


def is_shown() -> ColumnElement[bool]:
    """Keep notifications about the newest that was said of a prediction, or about a published comment of somebody else who is
    not muted."""
    muted = exists().where(Mute.reader_id == Notification.reader_id, Mute.muted_id == Comment.reader_id)
    muted = muted.correlate(Notification, Comment)
    readable = exists().where(
        Comment.id == Notification.comment_id,
        Comment.state == CommentState.PUBLISHED,
        Comment.reader_id != Notification.reader_id,  # what a guest wrote may have become one's own
        ~muted,
    )
    newest = exists().where(
        Resolution.id == Notification.resolution_id,
        Prediction.id == Resolution.prediction_id,
        Prediction.resolution_count == Resolution.number,
    )
    return newest | readable


def told(which: ColumnElement[bool]) -> Select[Notification, Article, Comment, Reader, Prediction, Outcome]:
    """Return the query for some of what readers are told, as far as it is shown; `rows_of` reads it."""
    comment, author = aliased(Comment), aliased(Reader)
    resolution, prediction, outcome = aliased(Resolution), aliased(Prediction), aliased(Outcome)
    place = func.coalesce(comment.article_id, prediction.article_id)
    return (
        select(Notification, Article, comment, author, prediction, outcome)
        .outerjoin(comment, comment.id == Notification.comment_id)
        .outerjoin(author, author.id == comment.reader_id)
        .outerjoin(resolution, resolution.id == Notification.resolution_id)
        .outerjoin(prediction, prediction.id == resolution.prediction_id)
        .outerjoin(outcome, outcome.id == resolution.outcome_id)
        .join(Article, Article.id == place)
        .where(which, is_shown())
        .options(load_only(Article.slug, Article.headline), load_only(prediction.question))
    )


def rows_of(query: Select[Notification, Article, Comment, Reader, Prediction, Outcome]) -> tuple[Told, ...]:
    """Return what a query of `told` finds."""
    return tuple(
        Told(notification=row[0], article=row[1], comment=row[2], author=row[3], prediction=row[4], outcome=row[5])
        for row in db.session.execute(query)
    )
