"""Where the marks on a chart's axes stand: round values from zero up, and round times of the site's zone. Pure."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, tzinfo

MOST_TIMES = 6  # beyond it their words run into each other
MOST_STEPS = 5  # values between zero and the top: more lines than that are a fence
# How high a chart of shares reaches, and from line to line. The first that holds every value is taken.
SHARES = ((0.1, 0.05), (0.2, 0.05), (0.4, 0.1), (0.6, 0.2), (0.8, 0.2), (1.0, 0.25))
LENGTHS = {"minute": 60, "hour": 3_600, "day": 86_400, "month": 30 * 86_400, "year": 365 * 86_400}  # seconds, about
STEPS = [
    *(("minute", size) for size in (1, 5, 15, 30)),
    *(("hour", size) for size in (1, 2, 3, 6, 12)),
    *(("day", size) for size in (1, 2, 4, 7, 14)),
    *(("month", size) for size in (1, 3, 6)),
    *(("year", size) for size in (1, 2, 5, 10, 25, 100, 500)),
]


@dataclass(frozen=True)
class Level:
    """A value that a line across the chart stands for."""

    value: float
    y: float  # per cent from above


@dataclass(frozen=True)
class TimeMark:
    """A round time below the chart. `form` says what of it is written."""

    at: datetime
    x: float  # per cent from the left
    form: str
    is_spared: bool  # left out where there is little room


def share_levels(highest: float) -> list[float]:
    """Return the values that are marked for shares up to this one, from zero to the top."""
    top, step = next(((top, step) for top, step in SHARES if highest <= top), SHARES[-1])
    return [round(step * place, 2) for place in range(round(top / step) + 1)]


def count_levels(highest: float) -> list[float]:
    """Return the values that are marked for counts up to this one, from zero to the top: 1, 2 or 5 with noughts."""
    size = 10.0 ** max(0, math.floor(math.log10(max(highest, 1))) - 1)
    steps = (size * factor for factor in (1, 2, 5, 10, 20, 50))
    step = next(step for step in steps if highest <= step * MOST_STEPS)
    return [step * place for place in range(max(1, math.ceil(highest / step)) + 1)]


def time_marks(start: datetime, end: datetime, zone: tzinfo) -> list[TimeMark]:
    """Return a few round times between two instants, as clocks in the zone show them."""
    seconds = (end - start).total_seconds()
    for unit, size in STEPS:
        if seconds / (LENGTHS[unit] * size) > MOST_TIMES:
            continue
        times = [at for at in _round_times(start, end, zone, (unit, size)) if start <= at <= end]
        if len(times) <= MOST_TIMES:
            break
    if not times:  # nothing round in so short a time
        return [TimeMark(at=start, x=0, form="day_time", is_spared=False)]
    forms = _forms([at.astimezone(zone) for at in times], unit)
    places = [round(100 * (at - start).total_seconds() / seconds, 2) for at in times]
    return [
        TimeMark(at, x, form, is_spared) for at, x, form, is_spared in zip(times, places, forms, _spared(forms), strict=True)
    ]


def _spared(forms: list[str]) -> list[bool]:
    """Return which marks can go: every other, but not those where a larger unit begins."""
    if len(forms) <= MOST_TIMES // 2:
        return [False] * len(forms)
    larger = {"time": "day", "month": "month_year"}
    begun = next((place for place, form in enumerate(forms) if place and form in {larger.get(one) for one in forms}), 0)
    return [place % 2 != begun % 2 for place in range(len(forms))]


def _round_times(start: datetime, end: datetime, zone: tzinfo, step: tuple[str, int]) -> Iterator[datetime]:
    """Yield the instants at which clocks in the zone show a round time, from just before the start on."""
    unit, size = step
    local = _floor(start.astimezone(zone).replace(tzinfo=None, second=0, microsecond=0), unit, size)
    before = None
    while (at := local.replace(tzinfo=zone).astimezone(UTC)) <= end:
        if at != before:  # an hour that the clocks leave out is the one after it
            yield at
        before, local = at, _next(local, unit, size)


def _floor(local: datetime, unit: str, size: int) -> datetime:
    midnight = local.replace(hour=0, minute=0)
    match unit:
        case "minute":
            return local.replace(minute=local.minute - local.minute % size)
        case "hour":
            return midnight.replace(hour=local.hour - local.hour % size)
        case "day":  # seven days go from Monday to Monday
            return midnight - timedelta(days=(local.toordinal() - 1) % size)
        case "month":
            return midnight.replace(day=1, month=local.month - (local.month - 1) % size)
    return midnight.replace(day=1, month=1, year=max(1, local.year - local.year % size))


def _next(local: datetime, unit: str, size: int) -> datetime:
    match unit:
        case "month":
            months = local.month - 1 + size
            return local.replace(year=local.year + months // 12, month=months % 12 + 1)
        case "year":
            return local.replace(year=local.year + size - local.year % size)
    return local + timedelta(seconds=LENGTHS[unit] * size)


def _forms(times: list[datetime], unit: str) -> list[str]:
    """Return what is written of each time: the larger unit only where it begins."""
    match unit:
        case "minute" | "hour":
            forms = ["day" if (at.hour, at.minute) == (0, 0) else "time" for at in times]
            return forms if "day" in forms else ["day_time", *forms[1:]]
        case "month":
            forms = ["month_year" if at.month == 1 else "month" for at in times]
            return ["month_year", *forms[1:]]
    return [unit] * len(times)
