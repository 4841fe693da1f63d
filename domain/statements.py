"""Statements of reasons: what an author is told when something of theirs is restricted, in the words they were told it."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ColumnElement, exists, select, update

from domain import text
from extensions import db
from models import (
    ClauseVersion,
    ClauseWording,
    Comment,
    CommentState,
    Finding,
    ModerationEntry,
    Report,
    Sanction,
    ScreeningVerdict,
    StatementOfReasons,
)

RESTRICTED = {CommentState.LIMITED, CommentState.REMOVED, CommentState.DISABLED}
SITES = ""  # the language of a statement in the site's own


def follow(comment: Comment, entry: ModerationEntry, *, told: str = "") -> None:
    """Let the comment have the one statement that its state after `entry` asks for, or none. Called by `entries.enter`.

    What is restricted again because something else was taken back gets back the statement it had.
    """
    if entry.from_state is entry.to_state:
        return
    if entry.from_state in RESTRICTED:
        _withdraw(StatementOfReasons.comment_id == comment.id, entry.made_at)
    if entry.to_state not in RESTRICTED:
        return
    if entry.clause is not None:
        _issue(comment, entry, told)
    else:
        _revive(comment, entry)


def about_sanction(entry: ModerationEntry, sanction: Sanction, *, told: str = "") -> StatementOfReasons:
    """Write the statement of a sanction just entered; it is withdrawn by `end_of_sanction`."""
    language, reasons = _words(sanction.clause, None, told)
    statement = StatementOfReasons(
        entry_id=entry.id,
        reader_id=sanction.reader_id,
        language=language,
        facts="",
        reasons=reasons,
        is_detected_by_machine=False,
        is_decided_by_machine=False,
        made_at=entry.made_at,
    )
    db.session.add(statement)
    db.session.flush()
    return statement


def end_of_sanction(sanction: Sanction, *, now: datetime) -> None:
    """Withdraw the statement of a sanction that is over."""
    of_it = select(ModerationEntry.id).where(ModerationEntry.sanction_id == sanction.id)
    _withdraw(StatementOfReasons.entry_id.in_(of_it), now)


def live_of(comment: Comment) -> StatementOfReasons | None:
    """Return the statement of a comment that is restricted."""
    live = (StatementOfReasons.comment_id == comment.id) & StatementOfReasons.withdrawn_at.is_(None)
    return db.session.scalar(select(StatementOfReasons).where(live))


def preview(clause: ClauseVersion, comment: Comment) -> tuple[str, str]:
    """Return the language and the words in which the comment's author would be told."""
    return _words(clause, comment, "")


def _issue(comment: Comment, entry: ModerationEntry, told: str) -> None:
    assert entry.clause is not None  # noqa: S101 - whoever asks has looked
    language, reasons = _words(entry.clause, comment, told)
    statement = StatementOfReasons(
        entry_id=entry.id,
        reader_id=comment.reader_id,
        comment_id=comment.id,
        language=language,
        facts=comment.body_source,
        reasons=reasons,
        is_detected_by_machine=_was_detected_by_machine(comment),
        is_decided_by_machine=entry.actor_id is None,
        made_at=entry.made_at,
    )
    db.session.add(statement)
    db.session.flush()


def _words(clause: ClauseVersion, comment: Comment | None, told: str) -> tuple[str, str]:
    """Return what a moderator wrote, or what the clause has for it in the language of the comment, or else of the site."""
    if written := text.plain(told):
        return SITES, written
    language = comment.language if comment is not None else None
    wording = db.session.get(ClauseWording, (clause.id, language)) if language else None
    return (wording.language, wording.statement) if wording is not None else (SITES, clause.statement)


def _was_detected_by_machine(comment: Comment) -> bool:
    """Whether a check pointed at it, and no reader did."""
    seen = exists().where(ScreeningVerdict.comment_id == comment.id, ScreeningVerdict.finding != Finding.PASSED)
    reported = exists().where(Report.comment_id == comment.id)
    return bool(db.session.scalar(select(seen & ~reported)))


def _withdraw(which: ColumnElement[bool], now: datetime) -> None:
    ending = update(StatementOfReasons).where(which, StatementOfReasons.withdrawn_at.is_(None)).values(withdrawn_at=now)
    db.session.execute(ending.execution_options(synchronize_session="fetch"))


def _revive(comment: Comment, entry: ModerationEntry) -> None:
    """Give the comment back the newest statement that told of the state it is in again."""
    told = select(StatementOfReasons).join(ModerationEntry, ModerationEntry.id == StatementOfReasons.entry_id)
    same = told.where(StatementOfReasons.comment_id == comment.id, ModerationEntry.to_state == entry.to_state)
    db.session.scalars(same.order_by(StatementOfReasons.id.desc()).limit(1)).one().withdrawn_at = None
    db.session.flush()
