"""What a reader is told: the list of it, how much is unread, and marking it as read."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import cast

from sqlalchemy import ColumnElement, Select, exists, func, select, update
from sqlalchemy.orm import aliased, load_only

from domain import endings, verdicts
from domain.errors import N_, Missing
from extensions import db
from models import (
    Appeal,
    Article,
    Comment,
    CommentState,
    ForecastScore,
    ModerationEntry,
    Mute,
    Notification,
    NotificationKind,
    Outcome,
    Prediction,
    Reader,
    Resolution,
    ResolutionAct,
    StatementOfReasons,
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
}
ENDINGS = {
    ResolutionAct.PROVISIONAL: N_("What happened is known, provisionally"),
    ResolutionAct.FINAL: N_("The outcome is final"),
    ResolutionAct.ANNULLED: N_("A prediction was annulled"),
    ResolutionAct.AMBIGUOUS: N_("A prediction ended without a clear outcome"),
    ResolutionAct.REOPENED: N_("A prediction was reopened: what was said no longer holds"),
}


@dataclass(frozen=True, kw_only=True)
class Told:
    """One thing a reader is told, with what it is about: a comment and who wrote it, how a question ended, or what was decided.

    A decision about a reader, and not something they wrote, has no article. `statement_id` is where it is explained to them.

    `picked_id` is the outcome they expected in the end, before it was known, `score` how near they were, where that is worked out.
    """

    notification: Notification
    article: Article | None
    comment: Comment | None = None
    author: Reader | None = None
    entry: ModerationEntry | None = None
    judged: Comment | None = None
    statement_id: int | None = None
    prediction: Prediction | None = None
    outcome: Outcome | None = None
    resolution: Resolution | None = None
    picked_id: int | None = None
    score: ForecastScore | None = None

    @property
    def sentence(self) -> str:
        """Return what is said of it, to be translated and given the author's name."""
        if self.entry is not None:
            return verdicts.sentence(self.notification.kind, self.entry)
        return ENDINGS[self.resolution.act] if self.resolution is not None else SENTENCES[self.notification.kind]

    @property
    def fate(self) -> str:
        """Return how the reader did, to be translated; nothing until it is final, or where they did not predict in time."""
        if self.resolution is None or self.resolution.act is not ResolutionAct.FINAL or self.picked_id is None:
            return ""
        return N_("You called it.") if self.picked_id == self.resolution.outcome_id else N_("You expected something else.")

    @property
    def points(self) -> float | None:
        """Return how much nearer the reader was than the others, once that is worked out."""
        return self.score.peer if self.score is not None and self.fate else None


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
    """Keep notifications about the newest that was said of a prediction, about a published comment of somebody else who is
    not muted, or about a decision."""
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
    return newest | readable | Notification.entry_id.is_not(None)


Row = tuple[
    Notification,
    Article | None,
    Comment | None,
    Reader | None,
    Prediction | None,
    Outcome | None,
    Resolution | None,
    int | None,
    ForecastScore | None,
    ModerationEntry | None,
    int | None,
]


def told(which: ColumnElement[bool]) -> Select[*Row]:
    """Return the query for some of what readers are told, as far as it is shown; `rows_of` reads it."""
    return _whole().where(which)


@cache
def _whole() -> Select[*Row]:
    """Select everything that is shown of notifications: built once, because building it takes longer than running it."""
    comment, author = aliased(Comment), aliased(Reader)
    resolution, prediction, outcome, score = aliased(Resolution), aliased(Prediction), aliased(Outcome), aliased(ForecastScore)
    entry, statement, appeal = aliased(ModerationEntry), aliased(StatementOfReasons), aliased(Appeal)
    place = func.coalesce(comment.article_id, prediction.article_id)
    explained = func.coalesce(statement.id, appeal.statement_id)
    own_score = (score.prediction_id == prediction.id) & (score.reader_id == Notification.reader_id)
    picked = endings.pick_at_close(prediction, resolution, Notification.reader_id)
    found = (
        select(Notification, Article, comment, author, prediction, outcome, resolution, picked, score, entry, explained)
        .outerjoin(entry, entry.id == Notification.entry_id)
        .outerjoin(comment, comment.id == func.coalesce(Notification.comment_id, entry.comment_id))
        .outerjoin(author, author.id == comment.reader_id)
        .outerjoin(resolution, resolution.id == Notification.resolution_id)
        .outerjoin(prediction, prediction.id == resolution.prediction_id)
        .outerjoin(outcome, outcome.id == resolution.outcome_id)
        .outerjoin(statement, statement.entry_id == entry.id)
        .outerjoin(appeal, appeal.decision_id == entry.id)
        .outerjoin(Article, Article.id == place)
        .outerjoin(score, own_score & ~Article.hides_counts)  # how near one was tells how all others answered
        .where(is_shown())
        .options(load_only(Article.slug, Article.headline), load_only(prediction.question))
    )
    return cast("Select[*Row]", found)  # more columns than its type tells of


def rows_of(query: Select[*Row]) -> tuple[Told, ...]:
    """Return what a query of `told` finds."""
    return tuple(
        Told(
            notification=row[0],
            article=row[1],
            comment=row[2] if row[9] is None else None,
            judged=row[2] if row[9] is not None else None,
            author=row[3],
            prediction=row[4],
            outcome=row[5],
            resolution=row[6],
            picked_id=row[7],
            score=row[8],
            entry=row[9],
            statement_id=row[10],
        )
        for row in db.session.execute(query)
    )
