"""Moderation: readers report, moderators decide. Every decision writes its `ModerationEntry`."""

from __future__ import annotations

from datetime import datetime

from domain import turns
from domain.errors import N_, Conflict
from domain.upserts import insert_new
from models import Comment, CommentState, Reader, Report, ReportReason


def report(comment: Comment, reason: ReportReason, note: str, *, by: Reader, now: datetime) -> None:
    """Record a complaint; a second one while the first is open changes nothing. The caller commits.

    Raises `Conflict` for a comment that is not published, or that is the reader's own.
    """
    if comment.state is not CommentState.PUBLISHED:
        raise Conflict(N_("This comment is no longer shown, so there is nothing to report."))
    if comment.reader_id == by.id:
        raise Conflict(N_("This comment is your own."))
    turns.take(comment.article_id, by, now)
    insert_new(Report, comment_id=comment.id, reader_id=by.id, reason=reason, note=note, made_at=now)
