"""An editor's deciding otherwise than a moderator just did: taking that decision back and deciding anew, in one transaction."""

from __future__ import annotations

from datetime import datetime

from domain import entries, moderation, notices, sanctions, text
from domain.entries import Why
from domain.errors import N_, Forbidden, Invalid, Missing
from domain.judging import Judged
from domain.permissions import can_override
from extensions import db
from models import SHOWN, ClauseVersion, Comment, CommentState, ModerationAct, ModerationEntry, Reader


def override(entry_id: int, clause: ClauseVersion | None, *, by: Reader, now: datetime, note: str) -> ModerationEntry:
    """Take a decision back and remove the comment by a clause instead, or approve it where there is none. The caller commits.

    Raises `Forbidden` for anyone but an editor, `Invalid` without a note that says why, and what undoing raises.
    """
    entry = db.session.get(ModerationEntry, entry_id)
    if entry is None or entry.comment_id is None:
        raise Missing(N_("There is no such decision."))
    if not can_override(by, entry):
        raise Forbidden(N_("Only an editor overrides what a moderator decided."))
    if not text.plain(note):
        raise Invalid(N_("Say why you decide otherwise: the moderator reads it."))
    moderation.undo(entry_id, by=by, now=now)
    comment = entry.subject
    if clause is not None:
        judged = Judged(comment_id=comment.id, version=comment.version)
        return moderation.remove(judged, clause, by=by, now=now, note=note)
    return _approve(comment, by=by, now=now, note=note)


def _approve(comment: Comment, *, by: Reader, now: datetime, note: str) -> ModerationEntry:
    """Approve what is as it was before the decision, even where that is on the page with nobody complaining: it says why."""
    to_state = comment.state if comment.state in SHOWN else CommentState.PUBLISHED
    was_held = comment.state is CommentState.HELD
    entry = entries.enter(comment, ModerationAct.APPROVED, to_state, by=by, now=now, why=Why(note=note))
    if was_held:
        sanctions.count_approval(comment.reader_id, now=now)
    entries.settle(comment, entry)
    notices.plan_all(entry, comment, now=now)
    return entry
