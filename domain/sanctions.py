"""What moderators impose on a reader, for a while, and how it ends: by the clock, by approvals, by being lifted.

Each is an entry, has a clause, a statement of reasons and an end, and can be appealed against (`domain.appeals`). What it keeps the
reader from is `domain.restraints`'. Locks are taken in one order: the reader, the moderator, the sanction.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import func, select

from domain import notices, readers, restraints, statements, text
from domain.entries import Why, is_undone
from domain.errors import N_, Conflict, Forbidden, Invalid, Missing
from domain.permissions import can_lift, can_sanction
from extensions import db
from models import (
    Appeal,
    ClauseVersion,
    Comment,
    CommentState,
    ModerationAct,
    ModerationEntry,
    Reader,
    Sanction,
    SanctionKind,
    StatementOfReasons,
)

WARNED, HELD, SLOWED, MUTED, SUSPENDED, BANNED = SanctionKind
SHUT_OUT = {SUSPENDED, BANNED}  # signed out everywhere at once; they can sign in again to read why, and to appeal
LONGEST = timedelta(days=366)  # whoever is to be kept out for longer is banned again when the ban is reviewed
MOST_APPROVALS = 50  # more good comments than that prove nothing more
REMEMBERED = timedelta(days=90)  # how long a warning stands
ENDED_AT_ONCE = 100  # in one transaction
REVIEWED_AHEAD = timedelta(days=14)  # a ban is listed so long before it is to be looked at again


@dataclass(frozen=True, kw_only=True)
class Measure:
    """What is imposed, and for how long or until how many approvals. A warning and holding back need no length."""

    kind: SanctionKind
    lasts: timedelta | None = None
    approvals: int = 0


def impose(
    reader: Reader, measure: Measure, *, by: Reader, now: datetime, why: Why, seen: int | None = None
) -> ModerationEntry:
    """Put a reader under a sanction; whoever is shut out is signed out everywhere. The caller commits.

    `seen` is the newest sanction of the reader the moderator knew of. Raises `Forbidden` for oneself and for a role that is not
    lower, `Conflict` where there is such a sanction already or one has come meanwhile, `Invalid` for a length that cannot be.
    """
    assert why.clause is not None  # noqa: S101 - for the type checker: nobody is sanctioned without a reason
    _hold(reader, by)
    _check(reader, measure, now, seen)
    return _impose(reader, measure, why.clause, by=by, now=now, why=why)


def lift(sanction_id: int, *, by: Reader, now: datetime, note: str = "") -> ModerationEntry:
    """End a sanction before its time. The caller commits.

    Lifted before the reader has heard of it, they never do. Raises `Forbidden` for oneself, for a role that is not lower, and for
    what a higher role imposed; `Conflict` where it is over, `Missing` where there is none.
    """
    sanction = _held(sanction_id, by)
    entry = end(sanction, ModerationAct.SANCTION_LIFTED, by=by, now=now, note=note)
    notices.take_back(_beginning(sanction), entry, now=now)
    return entry


def renew(sanction_id: int, lasts: timedelta, *, by: Reader, now: datetime, note: str = "") -> ModerationEntry:
    """Let a ban that was looked at again go on, under a statement of its own. The caller commits.

    Raises what `lift` and `impose` raise, and `Conflict` while an appeal against it waits: granted, it would free nobody.
    """
    sanction = _held(sanction_id, by)
    if sanction.kind is not BANNED:
        raise Invalid(N_("Only a ban is renewed: what else ends by itself can be imposed again."))
    if appealed([sanction.id]):
        raise Conflict(
            N_("The reader has appealed against this ban, and nobody has decided about that. Decide about the appeal first.")
        )
    measure = Measure(kind=BANNED, lasts=lasts)
    _check_length(measure)
    _end(sanction, ModerationAct.SANCTION_ENDED, by=by, now=now)
    return _impose(sanction.reader, measure, sanction.clause, by=by, now=now, why=Why(note=note))


def end(sanction: Sanction, act: ModerationAct, *, by: Reader | None, now: datetime, note: str = "") -> ModerationEntry:
    """End a sanction that the caller holds, and let its reader hear of it. The caller commits."""
    entry = _end(sanction, act, by=by, now=now, note=note)
    if act is not ModerationAct.SANCTION_LIFTED:  # of that, only who has heard of the sanction is told
        notices.plan(entry, sanction.reader_id, now=now)
    return entry


def overturn(sanction: Sanction, *, by: Reader, now: datetime, note: str = "") -> ModerationEntry:
    """Take back a sanction that the caller holds, because an appeal against it was right. The caller commits."""
    entry = enter(sanction, ModerationAct.APPEAL_GRANTED, by=by, now=now, note=note)
    sanction.ended_at = sanction.ended_at or now
    forget(sanction, now=now)
    notices.plan(entry, sanction.reader_id, now=now)
    return entry


def forget(sanction: Sanction, *, now: datetime) -> None:
    """Withdraw the statement of a sanction that is over, where that waited for an appeal to be decided."""
    if sanction.ended_at is not None:
        statements.end_of_sanction(sanction, now=now)


def end_due(now: datetime) -> int:
    """End some of the sanctions whose time is over, and return how many. The caller commits, and asks again."""
    due = select(Sanction).where(Sanction.ended_at.is_(None), Sanction.ends_at <= now, Sanction.kind != BANNED)
    due = due.order_by(Sanction.ends_at, Sanction.id).limit(ENDED_AT_ONCE)
    over = db.session.scalars(due.with_for_update(skip_locked=True, of=Sanction)).all()
    for sanction in over:
        end(sanction, ModerationAct.SANCTION_ENDED, by=None, now=now)
    return len(over)


def count_approval(reader_id: int, *, now: datetime) -> None:
    """Count an approved comment of a reader whose comments are held until some are. The last one ends that."""
    sanction = _holding(reader_id)
    if sanction is None:
        return
    if sanction.approvals > 1:
        sanction.approvals -= 1
    else:
        end(sanction, ModerationAct.SANCTION_ENDED, by=None, now=now)
    db.session.flush()


def count_approval_less(approval: ModerationEntry, reader_id: int, *, by: Reader, now: datetime) -> None:
    """Take back what an approval that is undone counted, and what it ended."""
    sanction = _holding_at(approval, reader_id)
    if sanction is None:
        return
    ending = _ending(sanction)
    if ending is None or approval.id < ending.id:  # what was approved later did not count
        if ending is not None and _ended_by(approval, ending, reader_id) and _holding(reader_id) is None:
            _revive(ending, by, now)
        else:
            sanction.approvals += 1
    db.session.flush()


def bans_to_review(now: datetime) -> list[Sanction]:
    """Return the bans that are to be looked at again soon, or should have been, the most urgent first."""
    near = (Sanction.kind == BANNED) & Sanction.ended_at.is_(None) & (Sanction.ends_at <= now + REVIEWED_AHEAD)
    return list(db.session.scalars(select(Sanction).where(near).order_by(Sanction.ends_at, Sanction.id).limit(ENDED_AT_ONCE)))


def appealed(sanction_ids: Collection[int]) -> dict[int, int]:
    """Return the appeals that wait, by the sanction they are against: ids alone, one query."""
    waiting = select(ModerationEntry.sanction_id, Appeal.id).join(
        StatementOfReasons, StatementOfReasons.entry_id == ModerationEntry.id
    )
    waiting = waiting.join(Appeal, Appeal.statement_id == StatementOfReasons.id)
    found = waiting.where(ModerationEntry.sanction_id.in_(sanction_ids), Appeal.decision_id.is_(None))
    return {sanction_id: appeal_id for sanction_id, appeal_id in db.session.execute(found) if sanction_id is not None}


def of(reader: Reader) -> list[Sanction]:
    """Return every sanction a reader was ever under, the newest first."""
    return list(db.session.scalars(select(Sanction).where(Sanction.reader_id == reader.id).order_by(Sanction.id.desc())))


# --- what is checked -------------------------------------------------------------------------------------------------


def _hold(reader: Reader, by: Reader) -> None:
    """Lock the reader's row, so that their acts and others' sanctions come before or after; and see what `by` may do now."""
    if reader.id == by.id:
        raise Forbidden(N_("Nobody sanctions themselves."))
    db.session.flush()
    db.session.refresh(reader, with_for_update={"key_share": True})
    db.session.refresh(by, with_for_update={"read": True})
    if not can_sanction(by, reader):
        raise Forbidden(N_("You can sanction readers only whose role is lower than yours. An admin can do more."))


def _held(sanction_id: int, by: Reader) -> Sanction:
    """Return a sanction in force, locked with its reader, if the moderator may end it."""
    sanction = db.session.get(Sanction, sanction_id)
    if sanction is None:
        raise Missing(N_("There is no such sanction."))
    _hold(sanction.reader, by)
    db.session.refresh(sanction, with_for_update={"of": Sanction})
    if not can_lift(by, sanction):
        raise Forbidden(N_("A higher role imposed this, so it is not yours to end."))
    if sanction.ended_at is not None:
        raise Conflict(N_("This sanction is over already."))
    return sanction


def _check(reader: Reader, measure: Measure, now: datetime, seen: int | None) -> None:
    if reader.is_guest and reader.guest_key_hash is None:
        raise Conflict(N_("This guest has signed in meanwhile: what they wrote is an account's now. Look there."))
    newest = db.session.scalar(select(func.max(Sanction.id)).where(Sanction.reader_id == reader.id)) or 0
    if seen is not None and newest != seen:
        raise Conflict(N_("Another moderator has sanctioned this reader meanwhile, so nothing was added. Look at it again."))
    if restraints.of(reader, now).of_kind(measure.kind) is not None:
        raise Conflict(N_("This reader is under such a sanction already. Lift it first, to impose another."))
    _check_length(measure)


def _check_length(measure: Measure) -> None:
    if measure.kind is HELD and not 0 < measure.approvals <= MOST_APPROVALS:
        raise Invalid(N_("Say how many comments have to be approved, from 1 to %(most)s."), most=MOST_APPROVALS)
    if measure.kind in {WARNED, HELD}:
        return
    if measure.lasts is None or not timedelta() < measure.lasts <= LONGEST:
        raise Invalid(N_("Say how long it lasts, up to %(days)s days."), days=LONGEST.days)


# --- what is written -------------------------------------------------------------------------------------------------


def _impose(reader: Reader, measure: Measure, clause: ClauseVersion, *, by: Reader, now: datetime, why: Why) -> ModerationEntry:
    lasts = {WARNED: REMEMBERED, HELD: LONGEST}.get(measure.kind, measure.lasts) or LONGEST
    sanction = Sanction(
        reader_id=reader.id,
        kind=measure.kind,
        clause=clause,
        by_id=by.id,
        approvals=measure.approvals if measure.kind is HELD else 0,
        made_at=now,
        ends_at=now + lasts,
    )
    db.session.add(sanction)
    db.session.flush()
    entry = enter(sanction, ModerationAct.SANCTIONED, by=by, now=now, note=why.note)
    statements.about_sanction(entry, sanction, told=why.told)
    notices.plan(entry, reader.id, now=now)
    if measure.kind in SHUT_OUT:
        readers.end_sign_ins(reader, now=now)
    return entry


def enter(
    sanction: Sanction,
    act: ModerationAct,
    *,
    by: Reader | None,
    now: datetime,
    note: str = "",
    undoes: ModerationEntry | None = None,
) -> ModerationEntry:
    """Write an act about a sanction. It names the kind, which a row of the past can be told by."""
    entry = ModerationEntry(
        reader_id=sanction.reader_id,
        sanction_id=sanction.id,
        actor_id=by.id if by else None,
        act=act,
        clause=sanction.clause if act is ModerationAct.SANCTIONED else None,
        note=text.plain(note),
        detail=sanction.kind.value,
        undoes_id=undoes.id if undoes else None,
        made_at=now,
    )
    db.session.add(entry)
    db.session.flush()
    return entry


def _end(sanction: Sanction, act: ModerationAct, *, by: Reader | None, now: datetime, note: str = "") -> ModerationEntry:
    """End a sanction. An appeal against it that waits is still answered, so its statement stands until then."""
    sanction.ended_at = now
    entry = enter(sanction, act, by=by, now=now, note=note)
    if act is not ModerationAct.SANCTION_ENDED or not appealed([sanction.id]):
        statements.end_of_sanction(sanction, now=now)
    return entry


def _revive(ending: ModerationEntry, by: Reader, now: datetime) -> None:
    """Let a sanction go on that was ended by an approval which is undone."""
    sanction = db.session.get_one(Sanction, ending.sanction_id, with_for_update={"of": Sanction})
    sanction.ended_at = None
    undoing = enter(sanction, ModerationAct.UNDONE, by=by, now=now, undoes=ending)
    statement = db.session.scalars(
        select(StatementOfReasons).where(StatementOfReasons.entry_id == _beginning(sanction).id)
    ).one()
    statement.withdrawn_at = None
    notices.take_back(ending, undoing, now=now)


# --- reads -----------------------------------------------------------------------------------------------------------


def _beginning(sanction: Sanction) -> ModerationEntry:
    began = (ModerationEntry.sanction_id == sanction.id) & (ModerationEntry.act == ModerationAct.SANCTIONED)
    return db.session.scalars(select(ModerationEntry).where(began)).one()


def _holding(reader_id: int) -> Sanction | None:
    """Return, locked, what holds a reader's comments back."""
    held = (Sanction.reader_id == reader_id) & (Sanction.kind == HELD) & Sanction.ended_at.is_(None)
    return db.session.scalar(select(Sanction).where(held).with_for_update(of=Sanction))


def _holding_at(approval: ModerationEntry, reader_id: int) -> Sanction | None:
    """Return, locked, what held a reader's comments back when one was approved, if anything did; it may be over."""
    before = (Sanction.reader_id == reader_id) & (Sanction.kind == HELD) & (Sanction.made_at <= approval.made_at)
    newest = select(Sanction).where(before).order_by(Sanction.id.desc()).limit(1)
    return db.session.scalar(newest.with_for_update(of=Sanction).execution_options(populate_existing=True))


def _ending(sanction: Sanction) -> ModerationEntry | None:
    """Return the entry by which a sanction ended of itself, if it did."""
    ended = (ModerationEntry.sanction_id == sanction.id) & (ModerationEntry.act == ModerationAct.SANCTION_ENDED)
    return db.session.scalar(select(ModerationEntry).where(ended, ModerationEntry.actor_id.is_(None), ~is_undone()))


def _ended_by(approval: ModerationEntry, ending: ModerationEntry, reader_id: int) -> bool:
    """Whether this approval ended a sanction, written after it in the same moment: of several at once the last before the ending."""
    between = (ModerationEntry.id > approval.id) & (ModerationEntry.id < ending.id)
    is_approval = (ModerationEntry.act == ModerationAct.APPROVED) & (ModerationEntry.from_state == CommentState.HELD)
    at_once = select(ModerationEntry.id).join(Comment, Comment.id == ModerationEntry.comment_id)
    later = at_once.where(ModerationEntry.made_at == ending.made_at, between, is_approval, Comment.reader_id == reader_id)
    return approval.made_at == ending.made_at and not db.session.scalar(select(later.exists()))
