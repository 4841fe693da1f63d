"""The order of comments: how good points, camps and replies become a rank. Pure arithmetic.

Ranks are whole numbers so that both databases sort and compare them alike, and a cursor in an address names a place exactly.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

Z = 1.281551565545  # the normal quantile of a two-sided 80 % interval
SCALE = 1_000_000_000  # a score from 0 to 1 in units of a rank
LEAST_RATINGS = 5  # of each camp, before a comment can be common ground


@dataclass(frozen=True)
class Counted:
    """Ratings counted: good points among all."""

    good: int
    rated: int


def wilson_interval(count: int, total: int) -> tuple[float, float]:
    """Return both ends of Wilson's 80 % score interval for a share; from 0 to 1 where there is nothing to judge by.

    E. B. Wilson, "Probable inference, the law of succession, and statistical inference", JASA 22 (1927), 209-212.
    """
    if total == 0:
        return 0.0, 1.0
    share, width = count / total, 1 + Z**2 / total
    middle = share + Z**2 / (2 * total)
    spread = Z * math.sqrt((share * (1 - share) + Z**2 / (4 * total)) / total)
    return max(0.0, (middle - spread) / width), min(1.0, (middle + spread) / width)


def wilson_lower_bound(good: int, rated: int) -> float:
    """Return the lower end of `wilson_interval` for the share of good points; 0 without ratings."""
    return wilson_interval(good, rated)[0]


def common_ground(camps: Iterable[Counted]) -> float | None:
    """Return the geometric mean over camps of (good + 1) / (rated + 2); None until each camp has rated often enough."""
    counted = list(camps)
    if not counted or any(camp.rated < LEAST_RATINGS for camp in counted):
        return None
    return math.exp(sum(math.log((camp.good + 1) / (camp.rated + 2)) for camp in counted) / len(counted))


def best_rank(good: int, rated: int) -> int:
    """Return the rank for the sort *best*, from 0 to `SCALE`."""
    return round(wilson_lower_bound(good, rated) * SCALE)


def common_rank(best: int, by_camp: Mapping[str, Counted], camps: Iterable[str]) -> int:
    """Return the rank for the sort *common ground*: above `SCALE` where all camps have spoken, below it the rank `best`."""
    score = common_ground(by_camp.get(camp, Counted(0, 0)) for camp in camps)
    return best if score is None else SCALE + round(score * SCALE)


def is_common_ground(rank: int) -> bool:
    """Whether a rank of `common_rank` says that every camp has rated the comment often enough."""
    return rank > SCALE
