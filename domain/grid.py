"""The moments at which a question's numbers are kept: evenly spaced from its opening on, and never too many. Pure."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta

MOST = 400  # moments of one question, its close included: a line as fine as a screen shows, and a table that can be sent

_HOUR, _DAY, _WEEK = timedelta(hours=1), timedelta(days=1), timedelta(weeks=1)
_STEPS = (_HOUR, 2 * _HOUR, 3 * _HOUR, 6 * _HOUR, 12 * _HOUR, _DAY, 2 * _DAY, _WEEK, 4 * _WEEK)


def step_of(opened_at: datetime, closes_at: datetime) -> timedelta:
    """Return the time between two moments: the least round one with which there are at most `MOST`, one for the close among
    them. Beyond four weeks it doubles."""
    length = closes_at - opened_at
    return next(step for step in _steps() if length // step + 2 <= MOST)


def moments(opened_at: datetime, closes_at: datetime, until: datetime) -> Iterator[datetime]:
    """Yield the moments from the opening on, up to `until` and the scheduled close; neither of these unless it is on the grid."""
    step, end = step_of(opened_at, closes_at), min(until, closes_at)
    yield from (opened_at + place * step for place in range((end - opened_at) // step + 1))


def _steps() -> Iterator[timedelta]:
    yield from _STEPS
    step = _STEPS[-1]
    while True:
        step *= 2
        yield step
