"""Moderation: readers report, moderators decide. Every decision writes its `ModerationEntry`, and plans who is told of it."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import exists, select

from domain import entries, erasing, notices, queues, reportrules, revisions, sanctions, text, turns
from domain.entries import PLAIN, Why
from domain.errors import N_, Conflict, Forbidden, Missing
from domain.judging import BY_AUTHORS, Judged, decisions_about, judged_by, locked
from domain.permissions import can_erase, can_undo
from domain.restraints import Deed
from domain.upserts import insert_new
from extensions import db
from models import (
    SHOWN,
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
    ReportReason,
    RevisionState,
)

__all__ = ["BY_AUTHORS", "Judged", "Why", "decisions_about"]

HELD, PUBLISHED = CommentState.HELD, CommentState.PUBLISHED
LIMITED, REMOVED, DISABLED = CommentState.LIMITED, CommentState.REMOVED, CommentState.DISABLED
UNDOABLE = {
    ModerationAct.HELD,  # by a moderator
    ModerationAct.APPROVED,
    ModerationAct.LIMITED,
    ModerationAct.REMOVED,
    ModerationAct.DISABLED,
    ModerationAct.EDIT_APPROVED,
    ModerationAct.EDIT_REFUSED,
}


def report(comment: Comment, reason: ReportReason, note: str, *, by: Reader, now: datetime) -> None:
    """Record a complaint; a second one while the first is open changes nothing. The caller commits.

    Raises `Conflict` for a comment that is not published, or that is the reader's own.
    """
    turns.take(comment.article_id, by, now, to=Deed.REPORT)
    rules = reportrules.about_reports()
    db.session.refresh(comment, with_for_update={"read": not rules})  # a decision now either sees this report or stops it
    if comment.state not in SHOWN:
        raise Conflict(N_("This comment is no longer shown, so there is nothing to report."))
    if comment.reader_id == by.id:
        raise Conflict(N_("This comment is your own."))
    insert_new(Report, comment_id=comment.id, reader_id=by.id, reason=reason, note=text.plain(note), made_at=now)
    reportrules.look_again(comment, rules, now=now)


def approve(judged: Judged, *, by: Reader, now: datetime, note: str = "", batch: str | None = None) -> ModerationEntry:
    """Publish a held comment, or keep a reported or referred one as it is shown. The caller commits.

    Only the reports the moderator was shown are settled; what came later waits for another look. Raises `Conflict` when the
    comment was decided meanwhile or there is nothing to approve, `Forbidden` for one's own, `Missing` where there is none.
    """
    comment = judged_by(judged, by)
    if comment.state is not HELD and not _is_before_moderators(comment, judged, now):
        raise Conflict(N_("This comment is neither held nor reported, so there is nothing to approve."))
    _check_opinion(comment, by)
    to_state = comment.state if comment.state in SHOWN else PUBLISHED
    why = Why(note=note, batch=batch)
    was_held = comment.state is HELD
    entry = entries.enter(comment, ModerationAct.APPROVED, to_state, by=by, now=now, why=why)
    if was_held:
        sanctions.count_approval(comment.reader_id, now=now)
    entries.settle(comment, entry, newest_report_id=judged.report_id)
    notices.plan_all(entry, comment, now=now)
    return entry


def remove(
    judged: Judged,
    clause: ClauseVersion,
    *,
    by: Reader,
    now: datetime,
    note: str = "",
    told: str = "",
    batch: str | None = None,
) -> ModerationEntry:
    """Take a comment that waits or is shown off the page, which settles every report of it. The caller commits.

    `told` takes the place of what the clause has for the author. Raises what `approve` raises.
    """
    comment = judged_by(judged, by)
    if comment.state not in {HELD, *SHOWN}:
        raise Conflict(N_("This comment has been removed already."))
    why = Why(clause=clause, note=note, told=told, batch=batch)
    return _restrict(comment, ModerationAct.REMOVED, REMOVED, by=by, now=now, why=why)


def limit(
    judged: Judged,
    clause: ClauseVersion,
    *,
    by: Reader,
    now: datetime,
    note: str = "",
    told: str = "",
    batch: str | None = None,
) -> ModerationEntry:
    """Put a comment behind a notice, where it cannot be answered. The caller commits. Raises what `approve` raises."""
    comment = judged_by(judged, by)
    if comment.state not in {HELD, PUBLISHED}:
        raise Conflict(N_("This comment is not shown in full, so there is nothing to put aside."))
    why = Why(clause=clause, note=note, told=told, batch=batch)
    return _restrict(comment, ModerationAct.LIMITED, LIMITED, by=by, now=now, why=why)


def disable(
    judged: Judged, clause: ClauseVersion, *, by: Reader, now: datetime, note: str = "", told: str = ""
) -> ModerationEntry:
    """Make a comment unavailable for legal reasons. The caller commits. Raises what `approve` raises."""
    comment = judged_by(judged, by)
    if comment.state is DISABLED:
        raise Conflict(N_("This comment is disabled already."))
    why = Why(clause=clause, note=note, told=told)
    return _restrict(comment, ModerationAct.DISABLED, DISABLED, by=by, now=now, why=why)


def hold(judged: Judged, *, by: Reader, now: datetime, note: str = "") -> ModerationEntry:
    """Take a comment that is shown off the page until somebody has decided. The caller commits. Raises what `approve` raises."""
    comment = judged_by(judged, by)
    if comment.state not in SHOWN:
        raise Conflict(N_("This comment is not shown, so there is nothing to hold back."))
    return entries.enter(comment, ModerationAct.HELD, HELD, by=by, now=now, why=Why(note=note))


def refer(judged: Judged, kind: ReferralKind, *, by: Reader, now: datetime, note: str = "") -> ModerationEntry:
    """Put a comment into the legal queue, or ask another moderator. The caller commits. Raises what `approve` raises."""
    comment = judged_by(judged, by)
    same = entries.open_referrals(comment) & (Referral.kind == kind)
    if db.session.scalar(select(exists().where(same))):
        raise Conflict(N_("This comment stands in that queue already."))
    entry = entries.enter(comment, ModerationAct.REFERRED, comment.state, by=by, now=now, why=Why(note=note))
    entries.refer(comment, kind, by=by, now=now, note=note)
    return entry


def approve_edit(judged: Judged, *, by: Reader, now: datetime) -> ModerationEntry:
    """Let an edit that waits be what the public reads. The caller commits. Raises what `approve` raises."""
    comment = judged_by(judged, by)
    revision = _waiting(comment, judged)
    revisions.show(comment, revision, now=now)
    return entries.enter(comment, ModerationAct.EDIT_APPROVED, comment.state, by=by, now=now, revision=revision)


def refuse_edit(judged: Judged, *, by: Reader, now: datetime) -> ModerationEntry:
    """Keep what is shown, and not the edit that waits. The caller commits. Raises what `approve` raises."""
    comment = judged_by(judged, by)
    revision = _waiting(comment, judged)
    revision.state = RevisionState.REFUSED
    entry = entries.enter(comment, ModerationAct.EDIT_REFUSED, comment.state, by=by, now=now, revision=revision)
    notices.plan(entry, comment.reader_id, now=now)
    return entry


def erase(comment_id: int, *, by: Reader, now: datetime, note: str = "") -> ModerationEntry:
    """Erase what a comment said for ever (`domain.erasing`); its place stays where it was answered. The caller commits.

    Raises `Forbidden` for anyone but an editor, `Conflict` where that was done, `Missing` where there is none.
    """
    comment = locked(comment_id, by)
    if not can_erase(by, comment):
        raise Forbidden(N_("Only an editor erases a comment."))
    if comment.state is CommentState.ERASED:
        raise Conflict(N_("This comment is erased already."))
    entry = entries.enter(comment, ModerationAct.ERASED, CommentState.ERASED, by=by, now=now, why=Why(note=note))
    entries.settle(comment, entry)
    erasing.blank(comment)
    return entry


def undo(entry_id: int, *, by: Reader, now: datetime) -> ModerationEntry:
    """Take a decision back: the comment and what it settled are as before, and who was told is told. The caller commits.

    Raises `Conflict` when it was undone already or the comment has changed since, `Forbidden` for anyone but the decider
    and editors, `Missing` where there is no such decision.
    """
    entry = db.session.get(ModerationEntry, entry_id)
    if entry is None or entry.comment_id is None:
        raise Missing(N_("There is no such decision."))
    comment = locked(entry.comment_id, by)
    if not can_undo(by, entry):
        raise Forbidden(N_("Only the moderator who decided this, or an editor, can undo it."))
    _check_undoable(entry, comment)
    assert entry.from_state is not None  # noqa: S101 - for the type checker: only a check's holding comes from nowhere
    revision = _undo_edit(comment, entry)
    undoing = entries.enter(comment, ModerationAct.UNDONE, entry.from_state, by=by, now=now, undoes=entry, revision=revision)
    if entry.act is ModerationAct.APPROVED and entry.from_state is HELD:
        sanctions.count_approval_less(entry, comment.reader_id, by=by, now=now)
    entries.reopen(entry)
    notices.take_back(entry, undoing, now=now)
    return undoing


def overturn(entry: ModerationEntry, *, by: Reader, now: datetime, note: str = "") -> ModerationEntry:
    """Give back what an author appealed about: the comment is shown, whatever was restricted. The caller commits.

    Raises `Conflict` where it has been decided again since, `Forbidden` and `Missing` as `approve` does.
    """
    comment = locked(entry.subject_id, by)
    if comment.state is not entry.to_state:
        raise Conflict(N_("This comment has been decided again since, so there is nothing to give back."))
    granted = entries.enter(comment, ModerationAct.APPEAL_GRANTED, PUBLISHED, by=by, now=now, why=Why(note=note))
    notices.plan(granted, comment.reader_id, now=now)
    return granted


def stands(entry: ModerationEntry, newest: ModerationEntry, text: CommentRevision | None) -> bool:
    """Whether a decision can still be undone, given the newest about its comment and the newest text that was edited.

    Nothing has happened since; and where it is about an edit, the author has not written another.
    """
    is_ones = entry.act in UNDOABLE and entry.actor_id is not None
    is_last = is_ones and newest.id == entry.id and entry.subject.state is entry.to_state
    return is_last and (entry.revision_id is None or text is None or text.id == entry.revision_id)


def _restrict(
    comment: Comment, act: ModerationAct, to_state: CommentState, *, by: Reader, now: datetime, why: Why = PLAIN
) -> ModerationEntry:
    _check_opinion(comment, by)
    entry = entries.enter(comment, act, to_state, by=by, now=now, why=why)
    entries.settle(comment, entry)
    notices.plan_all(entry, comment, now=now)
    return entry


def _check_opinion(comment: Comment, by: Reader) -> None:
    """Raise `Conflict` where the moderator has asked another for their opinion, who has not given it."""
    asked = entries.open_referrals(comment) & (Referral.kind == ReferralKind.SECOND_OPINION) & (Referral.by_id == by.id)
    if db.session.scalar(select(exists().where(asked))):
        raise Conflict(N_("You have asked for a second opinion about this comment, so another moderator decides."))


def _waiting(comment: Comment, judged: Judged) -> CommentRevision:
    """Return the edit the moderator saw, if it still waits beside what is shown."""
    revision = revisions.waiting_of(comment)
    if comment.state not in SHOWN:
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


def _check_undoable(entry: ModerationEntry, comment: Comment) -> None:
    if entry.act not in UNDOABLE or entry.actor_id is None:
        raise Conflict(N_("Only what a moderator decided can be undone."))
    newest, edit = decisions_about([comment.id])[comment.id], revisions.newest_of([comment.id]).get(comment.id)
    if newest.undoes_id == entry.id:
        raise Conflict(N_("This decision has already been undone."))
    if newest.id != entry.id:
        raise Conflict(N_("This comment has been decided again since, so the earlier decision can no longer be undone."))
    if not stands(entry, newest, edit):
        raise Conflict(N_("This comment has changed since it was decided, so the decision can no longer be undone."))


def _is_before_moderators(comment: Comment, judged: Judged, now: datetime) -> bool:
    """Whether what is shown was reported, as far as the moderator saw, or referred, or its author's name is new."""
    if comment.state not in SHOWN:
        return False
    seen = entries.open_reports(comment) & (Report.id <= judged.report_id)
    either = exists().where(seen) | exists().where(entries.open_referrals(comment))
    return bool(db.session.scalar(select(either))) or bool(queues.new_names_among([comment.id], now))
