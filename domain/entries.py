"""A comment's passing from one state to another, with the entry that says who did it and why: never one without the other."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, exists, select, update
from sqlalchemy.orm import aliased
from sqlalchemy.orm.attributes import flag_modified

from domain import statements, text, visibility
from domain.upserts import insert_new
from extensions import db
from models import (
    ClauseVersion,
    Comment,
    CommentRevision,
    CommentState,
    ModerationAct,
    ModerationEntry,
    Reader,
    Referral,
    ReferralKind,
    Report,
    RuleVersion,
)


@dataclass(frozen=True, kw_only=True)
class Why:
    """Why something is decided: the clause it goes by, what colleagues and the author are told, the rule, the batch.

    `told` takes the place of what the clause has for the author. `rule` is what decided where no person did.
    """

    clause: ClauseVersion | None = None
    note: str = ""
    told: str = ""
    rule: RuleVersion | None = None
    batch: str | None = None


PLAIN = Why()


def enter(
    comment: Comment,
    act: ModerationAct,
    to_state: CommentState,
    *,
    by: Reader | None,
    now: datetime,
    why: Why = PLAIN,
    undoes: ModerationEntry | None = None,
    revision: CommentRevision | None = None,
) -> ModerationEntry:
    """Put the comment, whose row the caller holds, into a state, and write who did it and why; nobody where a check did.

    Its author's statement of reasons follows: a restriction has one, and what is none any more has none.
    """
    entry = ModerationEntry(
        comment_id=comment.id,
        revision_id=revision.id if revision else None,
        actor_id=by.id if by else None,
        act=act,
        from_state=comment.state,
        to_state=to_state,
        clause=why.clause,
        rule_id=why.rule.id if why.rule else None,
        note=text.plain(why.note),
        batch=why.batch,
        undoes_id=undoes.id if undoes else None,
        made_at=now,
    )
    if act is ModerationAct.APPROVED:
        comment.was_approved = True
    elif undoes is not None and undoes.act is ModerationAct.APPROVED:
        comment.was_approved = bool(db.session.scalar(select(is_approved(comment.id, apart_from=undoes.id))))
    flag_modified(comment, "state")  # what was kept as it is has been decided too: the version moves on
    visibility.show_as(comment, to_state, now=now)
    db.session.add(entry)
    db.session.flush()
    statements.follow(comment, entry, told=why.told)
    return entry


def is_undone() -> ColumnElement[bool]:
    """Return the condition that a `ModerationEntry` was taken back."""
    undoing = aliased(ModerationEntry)
    return exists().where(undoing.undoes_id == ModerationEntry.id)


def is_approved(comment_id: Any, *, apart_from: int = 0) -> ColumnElement[bool]:
    """Return the condition that a comment was approved by an entry that stands, whatever became of the comment since."""
    approved = (ModerationEntry.comment_id == comment_id) & (ModerationEntry.act == ModerationAct.APPROVED)
    return exists().where(approved, ModerationEntry.id != apart_from, ~is_undone())


def open_reports(comment: Comment) -> ColumnElement[bool]:
    """Return which complaints about the comment nobody has settled."""
    return (Report.comment_id == comment.id) & Report.settled_by_id.is_(None)


def open_referrals(comment: Comment) -> ColumnElement[bool]:
    """Return why the comment stands before moderators besides, as far as nobody has settled that."""
    return (Referral.comment_id == comment.id) & Referral.settled_by_id.is_(None)


def refer(comment: Comment, kind: ReferralKind, *, by: Reader | None, now: datetime, note: str = "") -> None:
    """Put a comment into a queue, unless it stands there."""
    who = by.id if by else None
    insert_new(Referral, comment_id=comment.id, kind=kind, by_id=who, note=text.plain(note), made_at=now)


def settle(comment: Comment, entry: ModerationEntry, *, newest_report_id: int | None = None) -> None:
    """Settle by what has been entered why the comment stood before moderators: of the complaints, those up to the newest seen."""
    reports = open_reports(comment)
    if newest_report_id is not None:
        reports &= Report.id <= newest_report_id
    db.session.execute(update(Report).where(reports).values(settled_by_id=entry.id))
    db.session.execute(update(Referral).where(open_referrals(comment)).values(settled_by_id=entry.id))


def reopen(entry: ModerationEntry) -> None:
    """Let wait again what the entry settled, unless the same has come up again meanwhile."""
    newer, other = aliased(Report), aliased(Referral)
    reported = (newer.comment_id == Report.comment_id) & (newer.reader_id == Report.reader_id) & newer.settled_by_id.is_(None)
    referred = (other.comment_id == Referral.comment_id) & (other.kind == Referral.kind) & other.settled_by_id.is_(None)
    for table, again in ((Report, _found(newer, reported)), (Referral, _found(other, referred))):
        settled = update(table).where(table.settled_by_id == entry.id, ~again).values(settled_by_id=None)
        db.session.execute(settled.execution_options(synchronize_session="fetch"))


def _found(table: type[Report | Referral], condition: ColumnElement[bool]) -> ColumnElement[bool]:
    return db.session.query(table.id).filter(condition).exists()
