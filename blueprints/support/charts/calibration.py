"""How often what was called likely came true: points beside the line on which they should lie. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

LARGEST, SMALLEST = 9.0, 3.0  # pixels across the middle of a point; its area is for how many forecasts it stands
LEVELS = (0.0, 0.25, 0.5, 0.75, 1.0)


@dataclass(frozen=True)
class CalibrationBin:
    """Forecasts of about the same chance: the mean of what was said, how often it came true, and the band around that."""

    said: float
    came_true: float
    count: int
    low: float | None = None
    high: float | None = None


@dataclass(frozen=True)
class Dot:
    """A bin as it is drawn: per cent from the left and from above, and half its width in pixels."""

    x: float
    y: float
    radius: float
    top: float | None
    bottom: float | None


@dataclass(frozen=True)
class CalibrationPlot:
    """Bins of forecasts, each by what was said and what came true."""

    bins: Sequence[CalibrationBin]

    @property
    def is_empty(self) -> bool:
        """Whether there is nothing to draw."""
        return not self.dots

    @property
    def levels(self) -> tuple[float, ...]:
        """Return the chances that are marked on both axes."""
        return LEVELS

    @cached_property
    def filled(self) -> list[CalibrationBin]:
        """Return the bins with a forecast in them."""
        return [one for one in self.bins if one.count > 0]

    @cached_property
    def dots(self) -> list[Dot]:
        """Return the points, the largest first, so that none covers a smaller one."""
        most = max((one.count for one in self.filled), default=0)
        return [
            Dot(
                x=across(one.said),
                y=down(one.came_true),
                radius=round(max(SMALLEST, LARGEST * (one.count / most) ** 0.5), 1),
                top=None if one.high is None else down(one.high),
                bottom=None if one.low is None else down(one.low),
            )
            for one in sorted(self.filled, key=lambda one: -one.count)
        ]


def across(share: float) -> float:
    """Return how far from the left a share stands, in per cent."""
    return round(100 * min(1, max(0, share)), 2)


def down(share: float) -> float:
    """Return how far from above a share stands, in per cent."""
    return round(100 - across(share), 2)
