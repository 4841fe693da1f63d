"""What a moderator saw when they decided, and whether it still is so: the loser of a race hears who was first."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from sqlalchemy import func, select

from domain import revisions
from domain.errors import N_, Conflict, Forbidden, Missing
from domain.permissions import can_decide, can_moderate
from extensions import db
from models import Comment, CommentState, ModerationAct, ModerationEntry, Reader

OVERTAKEN = {
    ModerationAct.APPROVED: N_("%(name)s has approved this comment meanwhile, so your decision was not recorded."),
    ModerationAct.REMOVED: N_("%(name)s has removed this comment meanwhile, so your decision was not recorded."),
    ModerationAct.LIMITED: N_("%(name)s has put this comment aside meanwhile, so your decision was not recorded."),
    ModerationAct.DISABLED: N_("%(name)s has disabled this comment meanwhile, so your decision was not recorded."),
    ModerationAct.HELD: N_("%(name)s has held this comment back meanwhile. Look at it again."),
    ModerationAct.UNDONE: N_("%(name)s has undone the decision about this comment meanwhile. Look at it again."),
    ModerationAct.EDIT_APPROVED: N_("%(name)s has published the edit meanwhile, so your decision was not recorded."),
    ModerationAct.EDIT_REFUSED: N_("%(name)s has kept the earlier text meanwhile, so your decision was not recorded."),
}
DECIDED_ALREADY = {
    ModerationAct.APPROVED: N_("You have already approved this comment."),
    ModerationAct.REMOVED: N_("You have already removed this comment."),
    ModerationAct.LIMITED: N_("You have already put this comment aside."),
    ModerationAct.DISABLED: N_("You have already disabled this comment."),
    ModerationAct.HELD: N_("You have already held this comment back."),
    ModerationAct.UNDONE: N_("You have undone your decision about this comment. Look at it again."),
    ModerationAct.EDIT_APPROVED: N_("You have already published this edit."),
    ModerationAct.EDIT_REFUSED: N_("You have already kept the earlier text."),
}
ASIDE = {  # acts about a comment that leave what was decided about it as it is
    ModerationAct.FLAGGED,
    ModerationAct.REFERRED,
    ModerationAct.APPEALED,
    ModerationAct.APPEAL_REFUSED,
    ModerationAct.LEGAL_NOTICE_DECIDED,
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


def judged_by(judged: Judged, by: Reader) -> Comment:
    """Return the comment, locked, if it still is what the moderator saw. Raises `Conflict`, `Forbidden` or `Missing`."""
    comment = locked(judged.comment_id, by)
    if comment.state in {CommentState.WITHDRAWN, CommentState.ERASED}:
        raise Conflict(N_("Its author has withdrawn this comment, so there is nothing left to decide."))
    if comment.version != judged.version:
        raise _overtaken(comment, by)
    return comment


def locked(comment_id: int, by: Reader) -> Comment:
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


def decisions_about(comment_ids: Iterable[int]) -> dict[int, ModerationEntry]:
    """Return, by comment, the newest decision about each comment that has any."""
    newest = select(func.max(ModerationEntry.id)).where(ModerationEntry.comment_id.in_(list(comment_ids)))
    newest = newest.where(ModerationEntry.act.not_in(ASIDE)).group_by(ModerationEntry.comment_id)
    entries = select(ModerationEntry).where(ModerationEntry.id.in_(newest))
    return {entry.subject_id: entry for entry in db.session.scalars(entries)}


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
