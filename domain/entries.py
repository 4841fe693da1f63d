"""A comment's passing from one state to another, with the entry that says who did it and why: never one without the other."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ColumnElement, update
from sqlalchemy.orm.attributes import flag_modified

from domain import text, visibility
from extensions import db
from models import (
    ClauseVersion,
    Comment,
    CommentRevision,
    CommentState,
    ModerationAct,
    ModerationEntry,
    Reader,
    Report,
)


def enter(
    comment: Comment,
    act: ModerationAct,
    to_state: CommentState,
    *,
    by: Reader | None,
    now: datetime,
    note: str = "",
    clause: ClauseVersion | None = None,
    undoes: ModerationEntry | None = None,
    revision: CommentRevision | None = None,
) -> ModerationEntry:
    """Put the comment, whose row the caller holds, into a state, and write who did it and why; nobody where a check did."""
    entry = ModerationEntry(
        comment_id=comment.id,
        revision_id=revision.id if revision else None,
        actor_id=by.id if by else None,
        act=act,
        from_state=comment.state,
        to_state=to_state,
        clause_id=clause.id if clause else None,
        note=text.plain(note),
        undoes_id=undoes.id if undoes else None,
        made_at=now,
    )
    flag_modified(comment, "state")  # what was kept as it is has been decided too: the version moves on
    visibility.show_as(comment, to_state, now=now)
    db.session.add(entry)
    db.session.flush()
    return entry


def open_reports(comment: Comment) -> ColumnElement[bool]:
    """Return which complaints about the comment nobody has settled."""
    return (Report.comment_id == comment.id) & Report.settled_by_id.is_(None)


def settle(reports: ColumnElement[bool], entry: ModerationEntry) -> None:
    """Settle complaints by what has been entered."""
    db.session.execute(update(Report).where(reports).values(settled_by_id=entry.id))
