"""Who is looking at a comment just now: a courtesy between moderators. What is decided twice is refused all the same."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime, timedelta

from sqlalchemy import select, update
from sqlalchemy.orm import joinedload

from domain.errors import N_, Forbidden, Missing
from domain.permissions import can_moderate
from domain.upserts import insert_new
from extensions import db
from models import Comment, Reader, ReviewLease

LASTS = timedelta(minutes=5)  # one item and a cup of tea


def look(comment_id: int, *, by: Reader, now: datetime) -> ReviewLease | None:
    """Note that a moderator looks at a comment; return who looks at it already, if another does. The caller commits."""
    if not can_moderate(by):
        raise Forbidden(N_("Only a moderator can decide about a comment."))
    if db.session.get(Comment, comment_id) is None:
        raise Missing(N_("There is no such comment."))
    insert_new(ReviewLease, comment_id=comment_id, moderator_id=by.id, until=now + LASTS)
    is_free = (ReviewLease.moderator_id == by.id) | (ReviewLease.until <= now)
    taken = update(ReviewLease).where(ReviewLease.comment_id == comment_id, is_free)
    db.session.execute(taken.values(moderator_id=by.id, until=now + LASTS), execution_options={"synchronize_session": False})
    return held_by_others([comment_id], by=by, now=now).get(comment_id)


def held_by_others(comment_ids: Collection[int], *, by: Reader | None, now: datetime) -> dict[int, ReviewLease]:
    """Return by comment who else looks at it."""
    live = (ReviewLease.until > now) & ReviewLease.comment_id.in_(comment_ids)
    others = select(ReviewLease).where(live, ReviewLease.moderator_id != (by.id if by else 0))
    found = db.session.scalars(others.options(joinedload(ReviewLease.moderator)).execution_options(populate_existing=True))
    return {lease.comment_id: lease for lease in found}
