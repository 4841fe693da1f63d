"""Values over time as lines: where they run, what is written at their ends, and what can be read from them. Pure."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, tzinfo
from functools import cached_property
from operator import itemgetter
from typing import TypeVar

from blueprints.support.charts.axes import Level, TimeMark, count_levels, share_levels, time_marks

UNITS = 1_000  # of a path each way: less than a pixel on any screen
THOUSANDTHS = 1_000  # what shares are sent to the script in: a tenth of a per cent
MOST_READINGS = 400  # instants that the script can read values at: about one a pixel
MOST_ROWS = 25  # of a table below a chart: what is read, not searched; the file has them all
LONGEST_NAME = 14  # characters of a line's name that fit beside its end
NAME_HEIGHT = 7.5  # per cent of the height that a name beside a line takes
CAMPS = ("for", "against", "unsure", "other")  # each has its shape wherever it stands, as beside a comment
SHAPES = 6  # of a line's end, and of the line: hue alone tells nobody apart
LONELY = timedelta(hours=1)  # what is shown on both sides of a single instant

Point = TypeVar("Point", tuple[datetime, float], tuple[datetime, float, float])


@dataclass(frozen=True)
class Series:
    """Values that each hold until the next, in a tone (for, against, foresight …), with the range around them."""

    label: str
    tone: str
    points: Sequence[tuple[datetime, float]]
    band: Sequence[tuple[datetime, float, float]] | None = None


@dataclass(frozen=True)
class Reading:
    """What a line shows at an instant."""

    value: float
    low: float | None = None
    high: float | None = None


@dataclass(frozen=True)
class Line:
    """A series as it is drawn, and where it ends: per cent from the left and from above."""

    label: str
    tone: str
    shape: int
    path: str
    band_path: str
    x: float
    y: float
    name_y: float  # where its name stands, not to touch another's
    last: Reading


@dataclass(frozen=True)
class Row:
    """An instant with the values at it, in the order of the lines; none where a line has not begun."""

    at: datetime
    readings: tuple[Reading | None, ...]


@dataclass(frozen=True)
class LineChart:
    """Values over time, drawn as steps: shares from 0 to 1, or counts. The axis starts at zero.

    Without `starts_at` and `ends_at` it reaches from the first value to the last; what is given outside is not drawn.
    """

    series: Sequence[Series]
    is_count: bool = False
    zone: tzinfo = UTC
    starts_at: datetime | None = None
    ends_at: datetime | None = None

    @cached_property
    def drawn(self) -> list[Series]:
        """Return the series that have a value here, in the order of time."""
        within = [
            Series(one.label, one.tone, self._within(one.points), self._within(one.band or ()) or None) for one in self.series
        ]
        return [one for one in within if one.points]

    @property
    def is_empty(self) -> bool:
        """Whether there is nothing to draw."""
        return not self.drawn

    @property
    def has_band(self) -> bool:
        """Whether a range is drawn around a line."""
        return any(one.band for one in self.drawn)

    @cached_property
    def times(self) -> list[datetime]:
        """Return every instant at which a value changes."""
        return sorted({at for one in self.drawn for at, _ in one.points})

    @property
    def until(self) -> datetime:
        """Return the instant at which the lines end."""
        return self.ends_at or self.times[-1]

    @cached_property
    def span(self) -> tuple[datetime, datetime]:
        """Return the instants at the edges; a single instant stands in the middle."""
        start, end = self.starts_at or self.times[0], self.until
        return (start, end) if start < end else (end - LONELY, end + LONELY)

    @property
    def is_single(self) -> bool:
        """Whether there is but one instant to show."""
        return (self.starts_at or self.times[0]) >= self.until

    @cached_property
    def levels(self) -> list[Level]:
        """Return the values that are marked, from zero up."""
        points = [value for one in self.drawn for _, value in one.points]
        edges = [high for one in self.drawn for _, _, high in one.band or ()]
        values = (count_levels if self.is_count else share_levels)(max([*points, *edges], default=0))
        return [Level(value, round(100 - 100 * value / values[-1], 2)) for value in values]

    @cached_property
    def marks(self) -> list[TimeMark]:
        """Return the times that are marked."""
        if self.is_single:
            return [TimeMark(self.until, 50, "day_time", is_spared=False)]
        return time_marks(*self.span, self.zone)

    @cached_property
    def lines(self) -> list[Line]:
        """Return the lines in the order of the series."""
        x = round(100 * self._part(self.until), 2)
        lasts = [Reading(one.points[-1][1], *(one.band[-1][1:] if one.band else ())) for one in self.drawn]
        ends = [round(100 * self._y(last.value) / UNITS, 2) for last in lasts]
        return [
            Line(one.label, one.tone, shape, self._path(one.points), self._band_path(one.band or ()), x, y, name_y, last)
            for one, shape, y, name_y, last in zip(self.drawn, self._shapes, ends, apart(ends), lasts, strict=True)
        ]

    @property
    def is_named_at_the_ends(self) -> bool:
        """Whether every line's name has room beside its end."""
        return len(self.drawn) > 1 and not self.is_single and all(len(one.label) <= LONGEST_NAME for one in self.drawn)

    @property
    def rows(self) -> list[Row]:
        """Return the values at some instants, the first and the last among them."""
        return [self._row(at) for at in some_of(self.times, MOST_ROWS)]

    @property
    def readings(self) -> dict[str, object]:
        """Return what the script reads: times in seconds from the start, and of each line values and ranges in units."""
        rows = [self._row(at) for at in some_of(self.times, MOST_READINGS)]
        start, end = self.span
        columns = range(len(self.drawn))
        return {
            "start": round(start.timestamp()),
            "span": (end - start).total_seconds(),
            "unit": 1 if self.is_count else THOUSANDTHS,
            "zone": str(self.zone),
            "until": (self.until - start).total_seconds(),
            "times": [round((row.at - start).total_seconds()) for row in rows],
            "values": [[self._whole(row.readings[column]) for row in rows] for column in columns],
            "ranges": [
                [self._edges(row.readings[column]) for row in rows] if self.drawn[column].band else [] for column in columns
            ],
            "top": self._top * (1 if self.is_count else THOUSANDTHS),
        }

    def _within(self, points: Sequence[Point]) -> list[Point]:
        """Return the points that can be seen: until the end, and from the one on that holds at the start."""
        until = [point for point in sorted(points, key=itemgetter(0)) if self.ends_at is None or point[0] <= self.ends_at]
        begun = bisect_right(until, self.starts_at, key=itemgetter(0)) if self.starts_at else 0
        return until[max(0, begun - 1) :]

    @property
    def _shapes(self) -> list[int]:
        """Return the number of each line's shape: its camp's, where the lines are camps."""
        tones = [one.tone for one in self.drawn]
        if len(set(tones)) == len(tones) and set(tones) <= set(CAMPS):
            return [CAMPS.index(tone) for tone in tones]
        return [place % SHAPES for place in range(len(tones))]

    @property
    def _top(self) -> float:
        return self.levels[-1].value

    def _part(self, at: datetime) -> float:
        """Return how far across the chart an instant is, from 0 to 1."""
        start, end = self.span
        return min(1, max(0, (at - start) / (end - start)))

    def _x(self, at: datetime) -> int:
        return round(UNITS * self._part(at))

    def _y(self, value: float) -> int:
        return round(UNITS - UNITS * min(1, max(0, value / self._top)))

    def _path(self, points: Sequence[tuple[datetime, float]]) -> str:
        """Return a line that keeps each value until the next, and the last until the end."""
        (first, value), *more = points
        steps = [f"H{self._x(at)}V{self._y(value)}" for at, value in more]
        return f"M{self._x(first)} {self._y(value)}{''.join(steps)}H{self._x(self.until)}"

    def _band_path(self, band: Sequence[tuple[datetime, float, float]]) -> str:
        """Return the outline of a range: its upper edge to the end, and its lower edge back."""
        if not band:
            return ""
        back = [f"V{self._y(low)}H{self._x(at)}" for at, low, _ in reversed(band)]
        return f"{self._path([(at, high) for at, _, high in band])}{''.join(back)}Z"

    def _row(self, at: datetime) -> Row:
        return Row(at, tuple(reading_at(one, at) for one in self.drawn))

    def _whole(self, reading: Reading | None) -> int | None:
        return None if reading is None else round(reading.value * (1 if self.is_count else THOUSANDTHS))

    def _edges(self, reading: Reading | None) -> list[int] | None:
        if reading is None or reading.low is None or reading.high is None:
            return None
        unit = 1 if self.is_count else THOUSANDTHS
        return [round(reading.low * unit), round(reading.high * unit)]


def reading_at(series: Series, at: datetime) -> Reading | None:
    """Return what holds at an instant: the last value until then, with its range."""
    place = bisect_right(series.points, at, key=itemgetter(0))
    if not place:
        return None
    edge = bisect_right(series.band or (), at, key=itemgetter(0))
    low, high = series.band[edge - 1][1:] if series.band and edge else (None, None)
    return Reading(series.points[place - 1][1], low, high)


def some_of(times: Sequence[datetime], most: int) -> list[datetime]:
    """Return at most so many, evenly chosen, the first and the last among them."""
    if len(times) <= most:
        return list(times)
    return [times[round(place * (len(times) - 1) / (most - 1))] for place in range(most)]


def apart(places: Sequence[float]) -> list[float]:
    """Return places near these from 0 to 100 at which names do not touch, in the same order from above."""
    moved = sorted((place, number) for number, place in enumerate(places))
    lowest, found = 0.0, dict.fromkeys(range(len(places)), 0.0)
    for place, number in moved:  # down from above …
        found[number] = lowest = max(place, lowest)
        lowest += NAME_HEIGHT
    highest = 100.0
    for _, number in reversed(moved):  # … and back up where that led below the edge
        found[number] = highest = min(found[number], highest)
        highest -= NAME_HEIGHT
    return [round(found[number], 2) for number in range(len(places))]
