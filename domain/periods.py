"""Half-years, of which reports are made. One division of time and no other: what two that overlap hide, their difference tells. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime

from domain.errors import N_, Missing

NAME = re.compile(r"([0-9]{4})-H([12])")
EARLIEST, LATEST = 2000, 9998  # years


@dataclass(frozen=True, order=True)
class Period:
    """Half a year in UTC, from its beginning until just before its end."""

    year: int
    half: int

    def __str__(self) -> str:
        return f"{self.year:04}-H{self.half}"

    @property
    def start(self) -> datetime:
        """Return when it begins."""
        return datetime(self.year, 1 if self.half == 1 else 7, 1, tzinfo=UTC)

    @property
    def end(self) -> datetime:
        """Return when it is over."""
        return self.next.start

    @property
    def next(self) -> Period:
        """Return the one after it."""
        return Period(self.year, 2) if self.half == 1 else Period(self.year + 1, 1)

    def is_over(self, now: datetime) -> bool:
        """Whether nothing is added to it any more."""
        return now >= self.end


def named(name: str) -> Period:
    """Return the period of a name; raise `Missing` for what is none."""
    found = NAME.fullmatch(name)
    if found is None or not EARLIEST <= int(found.group(1)) <= LATEST:
        raise Missing(N_("There is no such report. They are of half-years, like 2026-H1."))
    return Period(int(found.group(1)), int(found.group(2)))


def containing(at: datetime) -> Period:
    """Return the period in which a moment lies."""
    at = at.astimezone(UTC)
    return Period(at.year, 1 if at.month < 7 else 2)  # noqa: PLR2004 - July begins the second half


def between(first: datetime, now: datetime) -> Iterator[Period]:
    """Yield every period from the one in which something first happened to the one that runs now."""
    period = containing(first)
    while period.start <= now:
        yield period
        period = period.next
