"""What a guest followed, muted, disputed, was told and had read becomes an account's: no doubles, and nobody follows themselves."""

from __future__ import annotations

from typing import Any

from sqlalchemy import delete, exists, or_, select, update
from sqlalchemy.orm import InstrumentedAttribute, aliased

from extensions import db
from models import (
    Dispute,
    Follow,
    Mute,
    Notice,
    Notification,
    PushSubscription,
    Reader,
    ReaderNote,
    Sanction,
    StatementOfReasons,
    Visit,
)

FOLLOWED = (Follow.article_id, Follow.thread_id, Follow.prediction_id, Follow.followed_id)


def hand_over(guest: Reader, account: Reader) -> bool:
    """Move everything of this kind from the guest to the account; return whether there was anything. The caller commits."""
    moved = [_move(Follow.reader_id, followed, guest, account) for followed in FOLLOWED]
    moved += [
        _move(Mute.reader_id, Mute.muted_id, guest, account),
        _move(Notification.reader_id, Notification.comment_id, guest, account),
        _move(Notification.reader_id, Notification.resolution_id, guest, account),
        _move(Notification.reader_id, Notification.entry_id, guest, account),
        _move(Notice.reader_id, Notice.entry_id, guest, account),
        _move(StatementOfReasons.reader_id, StatementOfReasons.entry_id, guest, account),
        _move(Sanction.reader_id, Sanction.id, guest, account),
        _move(ReaderNote.reader_id, ReaderNote.id, guest, account),
        _move(Dispute.reader_id, Dispute.resolution_id, guest, account),
        _move(PushSubscription.reader_id, PushSubscription.endpoint, guest, account),
        _move_visits(guest, account),
    ]
    _move(Follow.followed_id, Follow.reader_id, guest, account)
    _move(Mute.muted_id, Mute.reader_id, guest, account)
    _leave_nothing(guest)
    return any(moved)


def _move(column: InstrumentedAttribute[Any], other: InstrumentedAttribute[Any], guest: Reader, account: Reader) -> bool:
    """Put the account where `column` names the guest, unless it stands there with the same `other`, or is itself the other."""
    table = column.class_
    own = aliased(table)
    double = exists().where(getattr(own, column.key) == account.id, getattr(own, other.key) == other)
    moving = update(table).where(column == guest.id, other.is_not(None), ~double).values({column.key: account.id})
    if other.key in {"reader_id", "followed_id", "muted_id"}:
        moving = moving.where(other != account.id)
    result: Any = db.session.execute(moving.execution_options(synchronize_session=False))
    return bool(result.rowcount)


def _move_visits(guest: Reader, account: Reader) -> bool:
    """Move how far the guest has read; where both have read, whoever has read further counts."""
    theirs = aliased(Visit)
    further = (theirs.article_id == Visit.article_id) & (theirs.reader_id == guest.id)
    further &= theirs.seen > Visit.seen
    seen = select(theirs.seen).where(further).scalar_subquery()
    both = update(Visit).where(Visit.reader_id == account.id, exists().where(further)).values(seen=seen)
    db.session.execute(both.execution_options(synchronize_session=False))
    return _move(Visit.reader_id, Visit.article_id, guest, account)


def _leave_nothing(guest: Reader) -> None:
    """Delete what was double or about oneself. Notifications stay: messages about them may be on their way."""
    db.session.execute(delete(Follow).where(or_(Follow.reader_id == guest.id, Follow.followed_id == guest.id)))
    db.session.execute(delete(Mute).where(or_(Mute.reader_id == guest.id, Mute.muted_id == guest.id)))
    db.session.execute(delete(Visit).where(Visit.reader_id == guest.id))
