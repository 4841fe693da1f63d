"""A forecast over ordered answers as bars, and an interval with its point. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import accumulate

from blueprints.support.charts.axes import share_levels

MOST_COLUMNS = 10  # bars that stand side by side; with more, their names have no room
LONGEST_COLUMN_NAME = 24  # characters under a standing bar: three short lines
VALUE_HEIGHT = 12  # per cent of the height that the value above a standing bar takes
NARROWEST = 0.8  # per cent: an interval without a width is still seen


@dataclass(frozen=True)
class Bin:
    """One answer: its chance, one's own, and how long both are drawn, in per cent of the longest bar there can be."""

    label: str
    chance: float
    length: float
    own: float | None
    own_length: float | None
    value_length: float  # where the value is written above a standing bar: clear of one's own mark close by
    is_middle: bool
    happened: bool


@dataclass(frozen=True)
class Distribution:
    """The crowd's chances for answers in an order, beside one's own, with the number of the answer that happened."""

    labels: Sequence[str]
    crowd: Sequence[float]
    own: Sequence[float] | None = None
    happened: int | None = None

    @cached_property
    def bins(self) -> list[Bin]:
        """Return the answers in their order."""
        owned: Sequence[float | None] = self.own or [None] * len(self.labels)
        middle = self.middle
        return [
            self._bin(label, chance, own, is_middle=place == middle, happened=place == self.happened)
            for place, (label, chance, own) in enumerate(zip(self.labels, self.crowd, owned, strict=True))
        ]

    @property
    def middle(self) -> int | None:
        """Return the number of the first answer by which half of the chances are reached; none where there are no chances."""
        half = sum(self.crowd) / 2
        sums = accumulate(self.crowd)
        return next((place for place, reached in enumerate(sums) if reached >= half - 1e-9), None) if half else None

    @property
    def is_empty(self) -> bool:
        """Whether there is nothing to draw."""
        return not any([*self.crowd, *(self.own or ())])

    @property
    def can_stand(self) -> bool:
        """Whether the bars can stand side by side where there is room."""
        return len(self.labels) <= MOST_COLUMNS and all(len(label) <= LONGEST_COLUMN_NAME for label in self.labels)

    @cached_property
    def _top(self) -> float:
        return share_levels(max([*self.crowd, *(self.own or ())], default=0))[-1]

    def _length(self, chance: float) -> float:
        return round(100 * min(1, max(0, chance / self._top)), 2)

    def _bin(self, label: str, chance: float, own: float | None, *, is_middle: bool, happened: bool) -> Bin:
        length = self._length(chance)
        own_length = None if own is None else self._length(own)
        is_close = own_length is not None and 0 < own_length - length < VALUE_HEIGHT
        value_length = own_length if own_length is not None and is_close else length
        return Bin(label, chance, length, own, own_length, value_length, is_middle, happened)


@dataclass(frozen=True)
class Interval:
    """A value with its interval on a scale, and what it is measured against, if anything."""

    point: float
    low: float
    high: float
    minimum: float = 0
    maximum: float = 1
    against: float | None = None

    @property
    def x(self) -> float:
        """Return where the point is, in per cent of the scale."""
        return self._place(self.point)

    @property
    def start(self) -> float:
        """Return where the interval begins."""
        return min(self._place(self.low), 100 - NARROWEST)

    @property
    def width(self) -> float:
        """Return how wide the interval is."""
        return max(NARROWEST, round(self._place(self.high) - self.start, 2))

    @property
    def against_x(self) -> float | None:
        """Return where that is which it is measured against."""
        return None if self.against is None else self._place(self.against)

    def _place(self, value: float) -> float:
        return round(100 * min(1, max(0, (value - self.minimum) / (self.maximum - self.minimum))), 2)
