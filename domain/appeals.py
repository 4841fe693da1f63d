"""What an author answers to a statement of reasons, and what another moderator makes of it.

Locks are taken in one order: who acts, what it is about (a comment or a sanction), the appeal.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, exists, func, select, update
from sqlalchemy.orm import joinedload

from domain import entries, moderation, notices, sanctions, text, turns
from domain.errors import N_, Closed, Conflict, DomainError, Forbidden, Invalid, Missing
from domain.permissions import can_decide_appeal, can_moderate
from extensions import db
from models import (
    Appeal,
    Comment,
    ModerationAct,
    ModerationEntry,
    Reader,
    Report,
    Sanction,
    StatementOfReasons,
)

WINDOW = timedelta(days=183)  # six months, as article 20 of the Digital Services Act has it
LONGEST = 2_000  # characters: room for an argument, and read in two minutes
LISTED = 20  # on a page of the queue
MOST_COUNTED = 99


@dataclass(frozen=True, kw_only=True)
class AppealPage:
    """Appeals that wait, the oldest first. `next_after` is the cursor of the next page."""

    rows: tuple[Appeal, ...]
    next_after: int | None


def make(statement: StatementOfReasons, words: str, *, by: Reader, now: datetime) -> Appeal:
    """Object to what a statement says, once. The same words again return the appeal that is there. The caller commits.

    Raises `Missing` for another's statement, `Conflict` where there is an appeal already, `Closed` when it is too late or nothing
    is restricted any more, `Invalid` for no words or too many.
    """
    words = checked(words)
    turns.hold(by)  # two appeals of one reader come one after another
    comment = _held_subject(statement)
    db.session.refresh(statement)
    check_open(statement, by, now, words)
    if earlier := of_statement(statement):
        return earlier
    appeal = Appeal(statement_id=statement.id, text=words, made_at=now)
    db.session.add(appeal)
    _enter(statement, ModerationAct.APPEALED, comment, by=by, now=now)
    return appeal


def grant(appeal_id: int, *, by: Reader, now: datetime, answer: str = "") -> Appeal:
    """Decide that the author is right: whatever was restricted is as before, in one transaction. The caller commits.

    Complaints that led to it count as not founded. Raises what `refuse` raises, but needs no answer.
    """
    answer = checked(answer) if answer.strip() else ""
    appeal, comment = _held(appeal_id, by)
    statement = appeal.statement
    if comment is not None:
        entry = moderation.overturn(statement.entry, by=by, now=now, note=answer)
        settled = update(Report).where(Report.settled_by_id == statement.entry_id, Report.comment_id == comment.id)
        db.session.execute(settled.values(settled_by_id=entry.id))
        notices.plan_all(entry, comment, now=now)
    else:
        entry = sanctions.overturn(_sanction(statement), by=by, now=now, note=answer)
    return _decide(appeal, entry, answer, is_granted=True)


def refuse(appeal_id: int, answer: str, *, by: Reader, now: datetime) -> Appeal:
    """Decide that what was restricted stays so, and say why. The caller commits.

    Raises `Forbidden` for whoever decided before or wrote it, `Conflict` where it is decided or nothing is restricted any more,
    `Invalid` without an answer, `Missing` where there is none.
    """
    answer = checked(answer, empty=N_("Write why it stays as it is: the author reads it."))
    appeal, comment = _held(appeal_id, by)
    entry = _enter(appeal.statement, ModerationAct.APPEAL_REFUSED, comment, by=by, now=now, note=answer)
    notices.plan(entry, appeal.statement.reader_id, now=now)
    if comment is None:
        sanctions.forget(_sanction(appeal.statement), now=now)
    return _decide(appeal, entry, answer, is_granted=False)


# --- what would be refused -------------------------------------------------------------------------------------------


def checked(words: str, *, empty: str = N_("Write why you think this was wrong.")) -> str:
    """Return a text as it is kept; raise `Invalid` for an empty or too long one."""
    words = text.plain(words)
    if not words:
        raise Invalid(empty)
    if len(words) > LONGEST:
        raise Invalid(N_("At most %(most)s characters can be sent; these are %(length)s."), most=LONGEST, length=len(words))
    return words


def check_open(statement: StatementOfReasons, by: Reader, now: datetime, words: str = "") -> None:
    """Raise what `make` would, except for the words themselves."""
    if statement.reader_id != by.id:
        raise Missing(N_("There is no such statement."))
    earlier = of_statement(statement)
    if earlier is not None and earlier.text != words:
        raise Conflict(
            N_("You have appealed against this already. One appeal is possible, and another moderator decides about it.")
        )
    if earlier is None and statement.withdrawn_at is not None:
        raise Closed(N_("This is no longer in force, so there is nothing to appeal against."))
    if earlier is None and now > until(statement):
        raise Closed(N_("An appeal was possible until %(until)s."), until=until(statement))


def until(statement: StatementOfReasons) -> datetime:
    """Return until when an appeal is possible."""
    return statement.made_at + WINDOW


def is_open(statement: StatementOfReasons, by: Reader, now: datetime) -> bool:
    """Whether the reader can still appeal against a statement of theirs."""
    try:
        check_open(statement, by, now)
    except DomainError:
        return False
    return True


def refusal_of(appeal: Appeal, by: Reader) -> DomainError | None:
    """Return why this moderator cannot decide about an appeal, if so."""
    try:
        _check_decidable(appeal, by)
    except DomainError as refusal:
        return refusal
    return None


# --- reads -----------------------------------------------------------------------------------------------------------


def of_statement(statement: StatementOfReasons) -> Appeal | None:
    """Return the appeal against a statement, if there is one."""
    return db.session.scalar(select(Appeal).where(Appeal.statement_id == statement.id))


def against(statement_ids: Sequence[int]) -> dict[int, Appeal]:
    """Return by statement the appeals against some, with how they were decided: one query."""
    found = select(Appeal).where(Appeal.statement_id.in_(statement_ids)).options(joinedload(Appeal.decision))
    return {appeal.statement_id: appeal for appeal in db.session.scalars(found)}


def one(appeal_id: int) -> Appeal:
    """Return an appeal, decided or not; raise `Missing` where there is none."""
    appeal = db.session.get(Appeal, appeal_id)
    if appeal is None:
        raise Missing(N_("There is no such appeal."))
    return appeal


def waiting(*, after: int | None = None) -> AppealPage:
    """Return a page of the appeals that wait, the oldest first. What nobody restricts any more waits for nothing."""
    found = select(Appeal).where(_waits()).order_by(Appeal.id).limit(LISTED + 1)
    whole = joinedload(Appeal.statement)
    entry = whole.joinedload(StatementOfReasons.entry)
    found = found.options(
        whole.joinedload(StatementOfReasons.comment).joinedload(Comment.article),
        whole.joinedload(StatementOfReasons.reader),
        entry.joinedload(ModerationEntry.actor),
        entry.joinedload(ModerationEntry.sanction),
    )
    rows = db.session.scalars(found.where(Appeal.id > after) if after is not None else found).all()
    page = tuple(rows[:LISTED])
    return AppealPage(rows=page, next_after=page[-1].id if len(rows) > LISTED else None)


def waiting_count() -> int:
    """Return how many appeals wait, counting to one more than `MOST_COUNTED`."""
    some = select(Appeal.id).where(_waits()).limit(MOST_COUNTED + 1)
    return db.session.scalar(select(func.count()).select_from(some.subquery())) or 0


def _waits() -> ColumnElement[bool]:
    live = exists().where(StatementOfReasons.id == Appeal.statement_id, StatementOfReasons.withdrawn_at.is_(None))
    return Appeal.decision_id.is_(None) & live


# --- what is held and written ----------------------------------------------------------------------------------------


def _held_subject(statement: StatementOfReasons) -> Comment | None:
    """Lock what a statement is about, and return the comment where it is about one."""
    if statement.comment_id is None:
        db.session.refresh(_sanction(statement), with_for_update={"of": Sanction})
        return None
    locked = select(Comment).where(Comment.id == statement.comment_id).with_for_update(key_share=True)
    return db.session.scalars(locked.execution_options(populate_existing=True)).one()


def _held(appeal_id: int, by: Reader) -> tuple[Appeal, Comment | None]:
    """Return an appeal that can be decided, locked with the comment it is about, if it is about one."""
    appeal = one(appeal_id)
    db.session.flush()
    db.session.refresh(by, with_for_update={"read": True})  # a role that was taken away meanwhile decides nothing
    comment = _held_subject(appeal.statement)
    db.session.refresh(appeal, with_for_update={"of": Appeal})
    db.session.refresh(appeal.statement)
    _check_decidable(appeal, by)
    return appeal, comment


def _check_decidable(appeal: Appeal, by: Reader) -> None:
    statement = appeal.statement
    if not can_moderate(by):
        raise Forbidden(N_("Only a moderator decides about an appeal."))
    if appeal.decision is not None and appeal.decision.actor is not None:
        raise Conflict(N_("%(name)s has decided about this appeal already."), name=appeal.decision.actor.name)
    if statement.withdrawn_at is not None:
        raise Conflict(N_("What this appeal is about is no longer in force, so there is nothing left to decide."))
    if statement.reader_id == by.id:
        raise Forbidden(N_("This appeal is your own: another moderator decides about it."))
    if statement.entry.actor_id == by.id:
        raise Forbidden(N_("You decided what this appeal is about, so another moderator decides about the appeal."))
    if not can_decide_appeal(by, appeal):
        raise Forbidden(N_("This is about a sanction you could not have imposed, so a higher role decides about the appeal."))


def _sanction(statement: StatementOfReasons) -> Sanction:
    """Return the sanction a statement is about, where it is about no comment."""
    return db.session.get_one(Sanction, statement.entry.sanction_id)


def _enter(
    statement: StatementOfReasons, act: ModerationAct, comment: Comment | None, *, by: Reader, now: datetime, note: str = ""
) -> ModerationEntry:
    """Write an act about an appeal, which changes no state."""
    if comment is not None:
        return entries.enter(comment, act, comment.state, by=by, now=now, why=entries.Why(note=note))
    return sanctions.enter(_sanction(statement), act, by=by, now=now, note=note)


def _decide(appeal: Appeal, entry: ModerationEntry, answer: str, *, is_granted: bool) -> Appeal:
    appeal.decision_id, appeal.is_granted, appeal.answer = entry.id, is_granted, answer
    db.session.flush()
    db.session.refresh(appeal)
    return appeal
