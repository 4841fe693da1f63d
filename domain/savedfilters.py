"""Queues that moderators make for themselves or for all: a queue, narrowed down, under a name."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ColumnElement, Select, func, select

from domain import narrowing, text, turns
from domain.errors import N_, Conflict, Forbidden, Invalid, Missing
from domain.narrowing import Conditions
from domain.permissions import can_edit, can_moderate
from domain.queues import Queue
from extensions import db
from models import Reader, SavedFilter

LONGEST_NAME = 60  # characters: a line of the desk
MOST_FILTERS = 12  # of one moderator: each is counted whenever the desk is looked at
MOST_SHOWN = 24  # own ones first


def seen_by(moderator: Reader) -> list[SavedFilter]:
    """Return the moderator's own and those that all share, own ones first."""
    is_others = SavedFilter.owner_id != moderator.id
    found = _seen_by(moderator).order_by(is_others, SavedFilter.name, SavedFilter.id)
    return list(db.session.scalars(found.limit(MOST_SHOWN)))


def seen(filter_id: int, moderator: Reader) -> SavedFilter:
    """Return one of them; raise `Missing` for another's own, and for none."""
    found = db.session.scalar(_seen_by(moderator).where(SavedFilter.id == filter_id))
    if found is None:
        raise Missing(N_("There is no such filter, or it is somebody else's."))
    return found


def queue_of(kept: SavedFilter) -> Queue:
    """Return the queue a filter narrows down: all that waits, where the one it named is no more."""
    return next((queue for queue in Queue if queue.value == kept.conditions.get("queue")), Queue.ALL)


def conditions_of(kept: SavedFilter) -> Conditions:
    """Return what a filter looks for."""
    return narrowing.conditions(kept.conditions)


def save(name: str, queue: Queue, conditions: Conditions, *, by: Reader, now: datetime, is_shared: bool) -> SavedFilter:
    """Keep a filter; one of the same name is replaced. The caller commits.

    Raises `Invalid` for a name that is empty or too long, `Conflict` for one filter too many.
    """
    name = text.line(name)
    if not name or len(name) > LONGEST_NAME:
        raise Invalid(N_("Give the filter a name of at most %(most)s characters."), most=LONGEST_NAME)
    if not can_moderate(by):
        raise Forbidden(N_("Only a moderator can keep a filter."))
    turns.hold(by)
    mine = SavedFilter.owner_id == by.id
    kept = db.session.scalar(select(SavedFilter).where(mine, SavedFilter.name == name))
    if kept is None:
        _check_room(mine)
        kept = SavedFilter(owner_id=by.id, name=name, made_at=now)
    kept.is_shared = is_shared
    kept.conditions = {"queue": queue.value, **conditions.kept()}
    db.session.add(kept)
    db.session.flush()
    return kept


def forget(filter_id: int, *, by: Reader) -> None:
    """Take a filter away: one's own, and as an editor any that is shared. The caller commits."""
    kept = seen(filter_id, by)
    if kept.owner_id != by.id and not can_edit(by):
        raise Forbidden(N_("Only who made this filter, or an editor, can take it away."))
    db.session.delete(kept)


def _seen_by(moderator: Reader) -> Select[SavedFilter]:
    return select(SavedFilter).where((SavedFilter.owner_id == moderator.id) | SavedFilter.is_shared)


def _check_room(mine: ColumnElement[bool]) -> None:
    count = db.session.scalar(select(func.count()).select_from(SavedFilter).where(mine)) or 0
    if count >= MOST_FILTERS:
        raise Conflict(N_("You have %(most)s filters: take one away first."), most=MOST_FILTERS)
