"""The queues of the moderators' desk: which comments wait, in which order, and how many. Queries alone, so that no count drifts."""

from __future__ import annotations

import enum
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, ScalarSelect, Select, exists, func, select, text, union
from sqlalchemy.orm import aliased

from domain.narrowing import EVERYTHING, Conditions
from extensions import db
from models import (
    IS_HELD,
    SHOWN,
    Comment,
    CommentRevision,
    CommentState,
    ModerationEntry,
    Reader,
    Referral,
    ReferralKind,
    Report,
    RevisionState,
)

ITEMS_A_PAGE = 20  # about what is judged between two glances at the clock
MOST_COUNTED = 99  # beyond it the number says nothing but "many": measured, a thousand of each make a full desk twice as slow
LOOKED_THROUGH = 200  # of what waits, by one page of a queue that is narrowed down, and by the count of a filter
NEWEST_ACCOUNTS = 1_000  # among which new names are looked for: most of them never write
NEW_FOR = timedelta(days=7)  # a name is new: long enough to be seen on a Monday


class Queue(enum.Enum):
    """What waits for a moderator, by why it waits."""

    HELD = "held"
    REPORTED = "reported"
    EDITED = "edited"
    FLAGGED = "flagged"
    LEGAL = "legal"
    SECOND_OPINION = "second-opinion"
    NEW_NAMES = "new-names"
    ALL = "all"


REFERRED = {
    Queue.FLAGGED: ReferralKind.FLAGGED,
    Queue.LEGAL: ReferralKind.LEGAL,
    Queue.SECOND_OPINION: ReferralKind.SECOND_OPINION,
}


@dataclass(frozen=True)
class Page:
    """A page of a queue: comments by their ids, what has waited longest first.

    `last` is the place of the last one, after which later ones come; `next_after` is where the next page begins, if there is one.
    """

    comment_ids: list[int]
    last: int
    next_after: int | None


def waiting(queue: Queue, *, now: datetime, after: int = 0, conditions: Conditions = EVERYTHING) -> Page:
    """Return a page of the queue. Where it is narrowed down, a page looks through so many and says where to go on."""
    rows = db.session.execute(_narrowed(queue, conditions, now, after, ITEMS_A_PAGE + 1)).all()
    page = rows[:ITEMS_A_PAGE]
    last = page[-1].place if page else after
    if len(rows) > ITEMS_A_PAGE:
        return Page([row.id for row in page], last, last)
    end = _end_of_window(queue, now, after) if conditions != EVERYTHING else None
    return Page([row.id for row in page], max(last, end or 0), end)


def counts(now: datetime) -> dict[Queue, int]:
    """Return how much waits in each queue; one more than `MOST_COUNTED` stands for many."""
    return dict(zip(Queue, sizes([(queue, EVERYTHING) for queue in Queue], now=now), strict=True))


def sizes(asked: Sequence[tuple[Queue, Conditions]], *, now: datetime, after: int = 0) -> list[int]:
    """Return how much waits in each of these queues after a place: of one narrowed down, among the first `LOOKED_THROUGH`."""
    if not asked:
        return []
    counted = (_size(_narrowed(queue, conditions, now, after, MOST_COUNTED + 1)) for queue, conditions in asked)
    return list(db.session.execute(select(*counted)).one())


def first_ids(queue: Queue, *, now: datetime, most: int, conditions: Conditions = EVERYTHING) -> list[int]:
    """Return the comments that have waited longest, at most so many."""
    return [row.id for row in db.session.execute(_narrowed(queue, conditions, now, 0, most))]


def new_names_among(comment_ids: Collection[int], now: datetime) -> set[int]:
    """Return which of these comments wait because their author's name is new."""
    if not comment_ids:
        return set()
    authors = select(Comment.reader_id).where(Comment.id.in_(comment_ids))
    is_new = Reader.id.in_(authors) & (Reader.registered_at > now - NEW_FOR)
    firsts = select(func.min(Comment.id)).join(Reader, Reader.id == Comment.reader_id).where(is_new)
    found = select(Comment.id).where(
        Comment.id.in_(firsts.group_by(Comment.reader_id)), Comment.id.in_(comment_ids), ~_judged()
    )
    return set(db.session.scalars(found))


def _judged() -> ColumnElement[bool]:
    return exists().where(ModerationEntry.comment_id == Comment.id, ModerationEntry.actor_id.is_not(None))


def _size(found: Select[int, int]) -> ScalarSelect[int]:
    return select(func.count()).select_from(found.subquery()).scalar_subquery()


def _narrowed(queue: Queue, conditions: Conditions, now: datetime, after: int, most: int) -> Select[int, int]:
    if conditions == EVERYTHING:
        return _found(queue, now, after, most)
    window = _found(queue, now, after, LOOKED_THROUGH).subquery()
    chosen = select(window.c.id, window.c.place).join(Comment, Comment.id == window.c.id)
    return conditions.applied(chosen, now).order_by(window.c.place).limit(most)


def _end_of_window(queue: Queue, now: datetime, after: int) -> int | None:
    """Return the last place that was looked through; nothing where nothing is left behind it."""
    window = _found(queue, now, after, LOOKED_THROUGH).subquery()
    size, end = db.session.execute(select(func.count(), func.max(window.c.place)).select_from(window)).one()
    return end if size == LOOKED_THROUGH else None


def _found(queue: Queue, now: datetime, after: int, most: int) -> Select[int, int]:
    """Select the first so many that wait in the queue after a place: each comment's id with its place.

    Each is read off an index in its order, so a queue of a hundred thousand costs what one of a hundred does. What has to be
    true of the row beside it is asked with EXISTS, or SQLite begins with the table of all comments.
    """
    if queue is Queue.ALL:
        return _everything(now, after, most)
    if queue is Queue.NEW_NAMES:
        found, place = _new_names(now), Comment.id
    elif queue is Queue.HELD:
        found, place = select(Comment.id, Comment.id.label("place")).where(text(IS_HELD)), Comment.id
    elif queue is Queue.REPORTED:
        found, place = _reported(), Report.id
    elif queue is Queue.EDITED:
        found, place = _edited(), CommentRevision.comment_id
    else:
        found, place = _referred(REFERRED[queue]), Referral.id
    return found.where(place > after).order_by(place).limit(most)


def _reported() -> Select[int, int]:
    """Select what is complained about at its oldest open report."""
    older = aliased(Report)
    is_first = ~exists().where(older.comment_id == Report.comment_id, older.settled_by_id.is_(None), older.id < Report.id)
    is_shown = exists().where(Comment.id == Report.comment_id, Comment.state.in_(SHOWN))
    found = select(Report.comment_id.label("id"), Report.id.label("place"))
    return found.where(Report.settled_by_id.is_(None), is_shown, is_first)


def _edited() -> Select[int, int]:
    is_shown = exists().where(Comment.id == CommentRevision.comment_id, Comment.state.in_(SHOWN))
    found = select(CommentRevision.comment_id.label("id"), CommentRevision.comment_id.label("place"))
    return found.where(CommentRevision.state == RevisionState.HELD, is_shown)


def _referred(kind: ReferralKind) -> Select[int, int]:
    is_there = exists().where(
        Comment.id == Referral.comment_id, Comment.state.not_in({CommentState.WITHDRAWN, CommentState.ERASED})
    )
    found = select(Referral.comment_id.label("id"), Referral.id.label("place"))
    return found.where(Referral.kind == kind, Referral.settled_by_id.is_(None), is_there)


def _new_names(now: datetime) -> Select[int, int]:
    """Select the first comments of accounts that are new, as long as no moderator has judged them."""
    is_new = Reader.registered_at > now - NEW_FOR
    newest = select(Reader.id).where(is_new).order_by(Reader.registered_at.desc()).limit(NEWEST_ACCOUNTS).subquery()
    firsts = select(select(func.min(Comment.id)).where(Comment.reader_id == newest.c.id).scalar_subquery())
    is_there = Comment.state.in_({CommentState.HELD, *SHOWN})
    return select(Comment.id, Comment.id.label("place")).where(Comment.id.in_(firsts), is_there, ~_judged())


def _everything(now: datetime, after: int, most: int) -> Select[int, int]:
    """Select what waits for any reason but a new name, the oldest comment first: the first of each reason, put together."""
    is_there = Comment.state.not_in({CommentState.WITHDRAWN, CommentState.ERASED})
    parts = [_found(queue, now, after, most).subquery().c.id for queue in (Queue.HELD, Queue.EDITED)]
    for signal in (Report, Referral):
        is_open = signal.settled_by_id.is_(None) & exists().where(Comment.id == signal.comment_id, is_there)
        found = select(signal.comment_id).distinct().where(is_open, signal.comment_id > after)
        parts.append(found.order_by(signal.comment_id).limit(most).subquery().c.comment_id)
    every = union(*(select(part.label("id")) for part in parts)).subquery()
    return select(every.c.id, every.c.id.label("place")).order_by(every.c.id).limit(most)
