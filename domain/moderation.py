"""Moderation: readers report, moderators decide. Every decision writes its `ModerationEntry`."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, exists, func, select, update
from sqlalchemy.orm import aliased

from domain import entries, revisions, text, turns
from domain.errors import N_, Conflict, Forbidden, Missing
from domain.permissions import can_decide, can_moderate, can_undo
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
    Report,
    ReportReason,
    RevisionState,
)

UNDOABLE = {ModerationAct.APPROVED, ModerationAct.REMOVED, ModerationAct.EDIT_APPROVED, ModerationAct.EDIT_REFUSED}
OVERTAKEN = {
    ModerationAct.APPROVED: N_("%(name)s has approved this comment meanwhile, so your decision was not recorded."),
    ModerationAct.REMOVED: N_("%(name)s has removed this comment meanwhile, so your decision was not recorded."),
    ModerationAct.UNDONE: N_("%(name)s has undone the decision about this comment meanwhile. Look at it again."),
    ModerationAct.EDIT_APPROVED: N_("%(name)s has published the edit meanwhile, so your decision was not recorded."),
    ModerationAct.EDIT_REFUSED: N_("%(name)s has kept the earlier text meanwhile, so your decision was not recorded."),
}
DECIDED_ALREADY = {
    ModerationAct.APPROVED: N_("You have already approved this comment."),
    ModerationAct.REMOVED: N_("You have already removed this comment."),
    ModerationAct.UNDONE: N_("You have undone your decision about this comment. Look at it again."),
    ModerationAct.EDIT_APPROVED: N_("You have already published this edit."),
    ModerationAct.EDIT_REFUSED: N_("You have already kept the earlier text."),
}
BY_AUTHORS = {ModerationAct.WITHDRAWN, ModerationAct.APPEALED}
CHANGED = N_("This comment has changed since you saw it, so your decision was not recorded.")


@dataclass(frozen=True, kw_only=True)
class Judged:
    """What a moderator had before them: the comment, its version, the newest of the reports, and the edit that waits."""

    comment_id: int
    version: int
    report_id: int = 0
    revision_id: int = 0


def report(comment: Comment, reason: ReportReason, note: str, *, by: Reader, now: datetime) -> None:
    """Record a complaint; a second one while the first is open changes nothing. The caller commits.

    Raises `Conflict` for a comment that is not published, or that is the reader's own.
    """
    turns.take(comment.article_id, by, now)
    db.session.refresh(comment, with_for_update={"read": True})  # a decision now either sees this report or stops it
    if comment.state is not CommentState.PUBLISHED:
        raise Conflict(N_("This comment is no longer shown, so there is nothing to report."))
    if comment.reader_id == by.id:
        raise Conflict(N_("This comment is your own."))
    insert_new(Report, comment_id=comment.id, reader_id=by.id, reason=reason, note=text.plain(note), made_at=now)


def approve(judged: Judged, *, by: Reader, now: datetime, note: str = "") -> ModerationEntry:
    """Publish a held comment, or keep a reported one. The caller commits.

    Only the reports the moderator was shown are settled; what came later waits for another look. Raises `Conflict` when the
    comment was decided meanwhile or there is nothing to approve, `Forbidden` for one's own, `Missing` where there is none.
    """
    comment = _judged(judged, by)
    seen = entries.open_reports(comment) & (Report.id <= judged.report_id)
    if comment.state is not CommentState.HELD and not _is_reported(comment, seen):
        raise Conflict(N_("This comment is neither held nor reported, so there is nothing to approve."))
    entry = entries.enter(comment, ModerationAct.APPROVED, CommentState.PUBLISHED, by=by, now=now, note=note)
    entries.settle(seen, entry)
    return entry


def remove(judged: Judged, clause: ClauseVersion, *, by: Reader, now: datetime, note: str = "") -> ModerationEntry:
    """Take a held or published comment off the page, which settles every report of it. The caller commits.

    Raises what `approve` raises.
    """
    comment = _judged(judged, by)
    if comment.state not in {CommentState.HELD, CommentState.PUBLISHED}:
        raise Conflict(N_("This comment has been removed already."))
    entry = entries.enter(comment, ModerationAct.REMOVED, CommentState.REMOVED, by=by, now=now, note=note, clause=clause)
    entries.settle(entries.open_reports(comment), entry)
    return entry


def approve_edit(judged: Judged, *, by: Reader, now: datetime) -> ModerationEntry:
    """Let an edit that waits be what the public reads. The caller commits. Raises what `approve` raises."""
    comment = _judged(judged, by)
    revision = _waiting(comment, judged)
    revisions.show(comment, revision, now=now)
    return entries.enter(comment, ModerationAct.EDIT_APPROVED, comment.state, by=by, now=now, revision=revision)


def refuse_edit(judged: Judged, *, by: Reader, now: datetime) -> ModerationEntry:
    """Keep what is shown, and not the edit that waits. The caller commits. Raises what `approve` raises."""
    comment = _judged(judged, by)
    revision = _waiting(comment, judged)
    revision.state = RevisionState.REFUSED
    return entries.enter(comment, ModerationAct.EDIT_REFUSED, comment.state, by=by, now=now, revision=revision)


def undo(entry_id: int, *, by: Reader, now: datetime) -> ModerationEntry:
    """Take a decision back: the comment and the reports it settled are as before. The caller commits.

    Raises `Conflict` when it was undone already or the comment has changed since, `Forbidden` for anyone but the decider
    and editors, `Missing` where there is no such decision.
    """
    entry = db.session.get(ModerationEntry, entry_id)
    if entry is None:
        raise Missing(N_("There is no such decision."))
    comment = _locked(entry.subject_id, by)
    if not can_undo(by, entry):
        raise Forbidden(N_("Only the moderator who decided this, or an editor, can undo it."))
    _check_undoable(entry, comment)
    assert entry.from_state is not None  # noqa: S101 - for the type checker: only a check's holding comes from nowhere
    revision = _undo_edit(comment, entry)
    undoing = entries.enter(comment, ModerationAct.UNDONE, entry.from_state, by=by, now=now, undoes=entry, revision=revision)
    _reopen_reports(entry)
    return undoing


def decisions_about(comment_ids: Iterable[int]) -> dict[int, ModerationEntry]:
    """Return, by comment, the newest decision about each comment that has any."""
    newest = select(func.max(ModerationEntry.id)).where(ModerationEntry.comment_id.in_(list(comment_ids)))
    entries = select(ModerationEntry).where(ModerationEntry.id.in_(newest.group_by(ModerationEntry.comment_id)))
    return {entry.subject_id: entry for entry in db.session.scalars(entries)}


def stands(entry: ModerationEntry, newest: ModerationEntry, text: CommentRevision | None) -> bool:
    """Whether a decision can still be undone, given the newest about its comment and the newest text that was edited.

    Nothing has happened since; and where it is about an edit, the author has not written another.
    """
    is_last = entry.act in UNDOABLE and newest.id == entry.id and entry.subject.state is entry.to_state
    return is_last and (entry.revision_id is None or text is None or text.id == entry.revision_id)


def _judged(judged: Judged, by: Reader) -> Comment:
    """Return the comment, locked, if it still is what the moderator saw."""
    comment = _locked(judged.comment_id, by)
    if comment.state is CommentState.WITHDRAWN:
        raise Conflict(N_("Its author has withdrawn this comment, so there is nothing left to decide."))
    if comment.version != judged.version:
        raise _overtaken(comment, by)
    return comment


def _locked(comment_id: int, by: Reader) -> Comment:
    """Lock the comment until the transaction ends, as it is now; answers to it can still be posted meanwhile."""
    if not can_moderate(by):
        raise Forbidden(N_("Only a moderator can decide about a comment."))
    found = select(Comment).where(Comment.id == comment_id).with_for_update(key_share=True)
    comment = db.session.scalar(found.execution_options(populate_existing=True))
    if comment is None:
        raise Missing(N_("There is no such comment."))
    if not can_decide(by, comment):
        raise Forbidden(N_("This comment is your own: another moderator has to decide about it."))
    return comment


def _waiting(comment: Comment, judged: Judged) -> CommentRevision:
    """Return the edit the moderator saw, if it still waits beside what is shown."""
    revision = revisions.waiting_of(comment)
    if comment.state is not CommentState.PUBLISHED:
        raise Conflict(N_("This comment is not shown, so there is no edit of it to decide about."))
    if revision is None or revision.id != judged.revision_id:
        raise Conflict(N_("This edit no longer waits, so your decision was not recorded."))
    return revision


def _undo_edit(comment: Comment, entry: ModerationEntry) -> CommentRevision | None:
    """Let the edit that was decided about wait again; nothing where the decision was about no edit."""
    if entry.revision_id is None:
        return None
    revision = db.session.get_one(CommentRevision, entry.revision_id, populate_existing=True)
    if entry.act is ModerationAct.EDIT_APPROVED:
        revisions.put_back(comment, revision)
    revision.state = RevisionState.HELD
    return revision


def _overtaken(comment: Comment, by: Reader) -> Conflict:
    entry = decisions_about([comment.id]).get(comment.id)
    edit = revisions.newest_of([comment.id]).get(comment.id)
    if edit is not None and (entry is None or edit.written_at >= entry.made_at):
        return Conflict(N_("Its author has edited this comment since you saw it, so your decision was not recorded."))
    if entry is None or entry.actor is None or entry.act not in OVERTAKEN:
        return Conflict(CHANGED)
    if entry.actor_id == by.id:
        return Conflict(DECIDED_ALREADY[entry.act])
    return Conflict(OVERTAKEN[entry.act], name=entry.actor.name)


def _check_undoable(entry: ModerationEntry, comment: Comment) -> None:
    if entry.act not in UNDOABLE:
        raise Conflict(N_("Only an approval or a removal can be undone."))
    newest, edit = decisions_about([comment.id])[comment.id], revisions.newest_of([comment.id]).get(comment.id)
    if newest.undoes_id == entry.id:
        raise Conflict(N_("This decision has already been undone."))
    if newest.id != entry.id:
        raise Conflict(N_("This comment has been decided again since, so the earlier decision can no longer be undone."))
    if not stands(entry, newest, edit):
        raise Conflict(N_("This comment has changed since it was decided, so the decision can no longer be undone."))


def _is_reported(comment: Comment, seen: ColumnElement[bool]) -> bool:
    return comment.state is CommentState.PUBLISHED and bool(db.session.scalar(select(exists().where(seen))))


def _reopen_reports(entry: ModerationEntry) -> None:
    """Reopen what the decision settled, unless the same reader has reported the comment again meanwhile."""
    newer = aliased(Report)
    again = exists().where(
        newer.comment_id == Report.comment_id, newer.reader_id == Report.reader_id, newer.settled_by_id.is_(None)
    )
    settled = update(Report).where(Report.settled_by_id == entry.id, ~again).values(settled_by_id=None)
    db.session.execute(settled.execution_options(synchronize_session="fetch"))
