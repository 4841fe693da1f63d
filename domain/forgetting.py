"""What is kept for a while only: rows that have done their work. No ledger, decision or text is among them, nor anything they name.

Rows are looked at in the order of their numbers, which is that of their time, a batch at a time: what is old lies in front, so
that a batch costs the same however much there is.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, delete, select, true, update

from domain import repeats
from domain.readers import SIGN_IN_LASTS
from extensions import db
from models import News, Notification, OutgoingMail, OutgoingPush, ReviewLease, SignIn, TextPrint

BATCH = 1_000  # rows of a table in one transaction: some milliseconds
MAIL, PUSH = timedelta(days=30), timedelta(days=7)  # long enough to look into a complaint that nothing came
NEWS = timedelta(days=90)  # afterwards a comment that is shown again is news again
TOLD = timedelta(days=365)  # a notification, read or not
LEASE = timedelta(days=1)  # a lease is over after minutes


@dataclass(frozen=True)
class Kept:
    """A table of which rows are kept for a time from an instant of theirs on, and as long as they are not done with."""

    table: Any
    since: Any
    lasts: timedelta
    is_done: ColumnElement[bool]
    key: Any


_LEFT = OutgoingMail.sent_at.is_not(None) | OutgoingMail.given_up_at.is_not(None)
_PUSHED = OutgoingPush.sent_at.is_not(None) | OutgoingPush.given_up_at.is_not(None)
_UNNAMED = ~select(OutgoingPush.id).where(OutgoingPush.notification_id == Notification.id).exists()
ALL = (
    Kept(OutgoingPush, OutgoingPush.made_at, PUSH, _PUSHED, OutgoingPush.id),
    Kept(OutgoingMail, OutgoingMail.made_at, MAIL, _LEFT, OutgoingMail.id),
    Kept(News, News.made_at, NEWS, News.spread_at.is_not(None), News.id),
    Kept(Notification, Notification.made_at, TOLD, _UNNAMED, Notification.id),
    Kept(SignIn, SignIn.started_at, SIGN_IN_LASTS, true(), SignIn.id),
    Kept(TextPrint, TextPrint.made_at, repeats.WINDOW, true(), TextPrint.id),
    Kept(ReviewLease, ReviewLease.until, LEASE, true(), ReviewLease.until),
)


def forget(kept: Kept, *, now: datetime) -> int:
    """Delete what is too old among the oldest rows of a table, and return how many. The caller commits, and asks again."""
    key, *_ = kept.table.__table__.primary_key.columns
    oldest = select(key, kept.since.label("since")).where(kept.is_done).order_by(kept.key).limit(BATCH).subquery()
    found = db.session.scalars(select(oldest.c[0]).where(oldest.c.since < now - kept.lasts)).all()
    if kept.table is OutgoingMail and found:  # what was mailed stays known as mailed
        named = update(Notification).where(Notification.mail_id.in_(found)).values(mail_id=None)
        db.session.execute(named, execution_options={"synchronize_session": False})
    if found:
        db.session.execute(delete(kept.table).where(key.in_(found)), execution_options={"synchronize_session": False})
    return len(found)
