"""The newsroom's picks: comments worth reading first."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import update

from domain import visibility
from domain.errors import N_, Conflict, Forbidden
from domain.permissions import can_pick
from extensions import db
from models import Comment, CommentState, Reader


def pick(comment: Comment, *, by: Reader | None, now: datetime, is_picked: bool) -> None:
    """Make a published comment a pick, or no longer; doing it again changes nothing. The caller commits.

    Raises `Forbidden` for anyone but the newsroom, `Conflict` for a comment that is not shown.
    """
    if by is None or not can_pick(by):
        raise Forbidden(N_("Only the newsroom picks comments."))
    db.session.refresh(comment, with_for_update={"key_share": True})
    if is_picked and comment.state is not CommentState.PUBLISHED:
        raise Conflict(N_("This comment is no longer shown, so it cannot be picked."))
    if is_picked == (comment.picked_at is not None):
        return
    # past the row's version: a moderator who is reading it has nothing new to judge
    picked = {"picked_at": now, "picked_by_id": by.id} if is_picked else {"picked_at": None, "picked_by_id": None}
    db.session.execute(update(Comment).where(Comment.id == comment.id).values(picked))
    visibility.touch(comment.article_id)
