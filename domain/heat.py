"""How fast a discussion goes, and the pace that is asked of each reader while it is heated. Pure.

The limit is visible: the page says that there is one, and who is too early is told when they can go on. Nothing is lost by it.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from enum import Enum

WINDOW = timedelta(minutes=10)  # over which comments are counted: as `rulefacts.Facts.heat` is
WARM = 30  # comments within it: three a minute, as many as anybody can read
HEATED = 90  # one every seven seconds: nobody reads what they answer
RESTRICTED_SHARE = 0.2  # of the comments within it that had to wait or were removed: heat is not only speed
LEAST_COUNTED = 10  # comments before a share says anything

PACES = (timedelta(0), timedelta(minutes=1), timedelta(minutes=3))  # between two comments of one reader: calm, warm, heated


class Heat(Enum):
    """How heated a discussion is."""

    CALM = 0
    WARM = 1
    HEATED = 2

    @property
    def pace(self) -> timedelta:
        """Return the time a reader waits between two comments."""
        return PACES[self.value]


@dataclass(frozen=True)
class Recent:
    """What was posted in a discussion within `WINDOW`: how much, and how much of that had to wait or was removed."""

    posted: int
    restricted: int = 0

    @property
    def heat(self) -> Heat:
        """Return how heated it is; one step more where much of it had to be held or removed."""
        step = (self.posted >= WARM) + (self.posted >= HEATED)
        if self.posted >= LEAST_COUNTED and self.restricted >= RESTRICTED_SHARE * self.posted:
            step += 1
        return Heat(min(step, Heat.HEATED.value))
