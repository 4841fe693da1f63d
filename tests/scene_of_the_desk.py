"""What of the scene is the moderators' desk's."""

from __future__ import annotations

from datetime import datetime

from domain import savedfilters
from domain.narrowing import Conditions
from domain.queues import Queue
from models import Role
from tests import factories


def names(now: datetime) -> dict[str, object]:
    """Return the names of filters that another moderator has: one of their own, and one that all share."""
    other = factories.account("colleague", role=Role.MODERATOR)
    kept = {
        name: savedfilters.save(name, Queue.ALL, Conditions(words="a"), by=other, now=now, is_shared=is_shared)
        for name, is_shared in (("filter", False), ("shared_filter", True))
    }
    return {name: one.id for name, one in kept.items()}
