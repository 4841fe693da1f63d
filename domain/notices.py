"""Telling those concerned what was decided, after a while in which a decision can be taken back unheard."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import literal, select, update

from domain import outbox
from domain.upserts import insert_from, insert_new
from extensions import db
from models import Comment, ModerationAct, ModerationEntry, Notice, Notification, NotificationKind, Reader, Report, Sanction

DELAY = timedelta(seconds=20)  # the time in which one notices that one has pressed the wrong key
AT_ONCE = 100  # told in one transaction

TOLD = {  # acts of which an author hears
    ModerationAct.LIMITED,
    ModerationAct.REMOVED,
    ModerationAct.DISABLED,
    ModerationAct.EDIT_REFUSED,
    ModerationAct.APPEAL_GRANTED,
    ModerationAct.APPEAL_REFUSED,
    ModerationAct.SANCTIONED,
    ModerationAct.SANCTION_LIFTED,
}


def plan(entry: ModerationEntry, reader_id: int, *, now: datetime) -> None:
    """Let a reader hear of what was entered when its delay is over. The caller commits."""
    insert_new(Notice, entry_id=entry.id, reader_id=reader_id, due_at=now + DELAY)


def plan_all(entry: ModerationEntry, comment: Comment, *, now: datetime) -> None:
    """Let the author hear of it where it is for them to know, and those whose complaints it settled. The caller commits."""
    if entry.act in TOLD:
        plan(entry, comment.reader_id, now=now)
    who = select(literal(entry.id), Report.reader_id, literal(now + DELAY, Notice.due_at.type)).distinct()
    settled = who.where(Report.settled_by_id == entry.id)
    db.session.execute(insert_from(Notice, ["entry_id", "reader_id", "due_at"], settled))


def take_back(entry: ModerationEntry, undoing: ModerationEntry, *, now: datetime) -> None:
    """Cancel what nobody has heard of a decision; whoever has, hears that it was undone. The caller commits."""
    unheard = (Notice.entry_id == entry.id) & Notice.told_at.is_(None) & Notice.cancelled_at.is_(None)
    db.session.execute(update(Notice).where(unheard).values(cancelled_at=now))
    heard = select(literal(undoing.id), Notice.reader_id, literal(now + DELAY, Notice.due_at.type))
    told = heard.where(Notice.entry_id == entry.id, Notice.told_at.is_not(None))
    db.session.execute(insert_from(Notice, ["entry_id", "reader_id", "due_at"], told))


def tell_next(*, now: datetime) -> int:
    """Tell the next readers whose notice is due, each once, and return how many. The caller commits, and asks again.

    The notice is marked in the transaction that tells of it: cut off in between, neither has happened.
    """
    waiting = Notice.told_at.is_(None) & Notice.cancelled_at.is_(None) & (Notice.due_at <= now)
    due = select(Notice).where(waiting).order_by(Notice.due_at, Notice.id).limit(AT_ONCE)
    notices = db.session.scalars(due.with_for_update(skip_locked=True, of=Notice)).all()
    concerned = _concerned([notice.entry_id for notice in notices])
    unmailed = _unmailed({notice.reader_id for notice in notices})
    for notice in notices:
        is_own = notice.reader_id in concerned[notice.entry_id]
        kind = NotificationKind.DECISION if is_own else NotificationKind.REPORT
        mailed_at = now if notice.reader_id in unmailed else None
        told = {"reader_id": notice.reader_id, "kind": kind, "entry_id": notice.entry_id, "made_at": now}
        insert_new(Notification, **told, mailed_at=mailed_at)
        notice.told_at = now
    db.session.flush()
    return len(notices)


def _unmailed(reader_ids: set[int]) -> set[int]:
    """Return which of these readers get no mail."""
    return set(db.session.scalars(select(Reader.id).where(Reader.id.in_(reader_ids), outbox.has_no_mail())))


def _concerned(entry_ids: list[int]) -> dict[int, set[int | None]]:
    """Return by entry whose thing it is about."""
    about = select(ModerationEntry.id, Sanction.reader_id, Comment.reader_id).outerjoin(ModerationEntry.comment)
    about = about.outerjoin(ModerationEntry.sanction)  # which is an account's by now where a guest has signed up
    rows = db.session.execute(about.where(ModerationEntry.id.in_(entry_ids)))
    return {entry_id: {reader_id, author_id} for entry_id, reader_id, author_id in rows}
