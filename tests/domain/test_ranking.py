from __future__ import annotations

from math import prod
from statistics import NormalDist

import pytest

from domain import ranking
from domain.ranking import Counted

SOME = [(0, 1), (1, 1), (1, 2), (3, 10), (10, 10), (50, 100), (999, 1000), (1, 100_000)]


def lower_root(good: int, rated: int) -> float:
    """Find, by halving, the least p at which the normal test would not yet reject that p is behind what was seen."""
    seen, low, high = good / rated, 0.0, good / rated
    for _ in range(200):
        p = (low + high) / 2
        is_rejected = (seen - p) ** 2 > ranking.Z**2 * p * (1 - p) / rated
        low, high = (p, high) if is_rejected else (low, p)
    return high


def test_z_bounds_eighty_percent_of_the_normal_distribution() -> None:
    assert pytest.approx(NormalDist().inv_cdf(0.9), abs=1e-9) == ranking.Z


@pytest.mark.parametrize(("good", "rated"), SOME)
def test_best_is_the_least_share_that_the_ratings_do_not_rule_out(good: int, rated: int) -> None:
    assert ranking.wilson_lower_bound(good, rated) == pytest.approx(lower_root(good, rated), abs=1e-9)


def test_best_of_what_nobody_has_rated_is_nothing() -> None:
    assert ranking.wilson_lower_bound(0, 0) == 0


@pytest.mark.parametrize(("count", "total"), [(0, 1), (1, 1), (3, 7), (50, 100), (999, 1_000)])
def test_both_ends_of_an_interval_are_as_far_from_one_share_as_from_the_other(count: int, total: int) -> None:
    low, high = ranking.wilson_interval(count, total)
    assert 0 <= low <= count / total <= high <= 1
    assert (low, high) == pytest.approx(tuple(1 - end for end in reversed(ranking.wilson_interval(total - count, total))))
    assert low == ranking.wilson_lower_bound(count, total)


def test_where_nobody_is_asked_every_share_is_possible() -> None:
    assert ranking.wilson_interval(0, 0) == (0, 1)


@pytest.mark.parametrize(("good", "rated"), [(1, 2), (5, 9), (40, 80)])
def test_a_good_point_raises_and_an_unconvinced_reader_lowers(good: int, rated: int) -> None:
    assert ranking.best_rank(good + 1, rated + 1) > ranking.best_rank(good, rated) > ranking.best_rank(good, rated + 1)


def test_many_good_points_among_many_beat_one_of_one() -> None:
    assert ranking.best_rank(90, 100) > ranking.best_rank(1, 1)


@pytest.mark.parametrize(
    "camps",
    [[(5, 5), (5, 5)], [(5, 5), (0, 5)], [(4, 9), (20, 30), (0, 7)], [(5, 5)], [(999, 1000), (1, 1000), (500, 1000), (3, 5)]],
)
def test_common_ground_is_the_geometric_mean_over_camps(camps: list[tuple[int, int]]) -> None:
    mean = prod((good + 1) / (rated + 2) for good, rated in camps) ** (1 / len(camps))
    assert ranking.common_ground(Counted(*camp) for camp in camps) == pytest.approx(mean, abs=1e-9)


def test_liked_by_both_sides_beats_loved_by_one() -> None:
    both = ranking.common_rank(0, {"for": Counted(7, 10), "against": Counted(7, 10)}, ["for", "against"])
    one = ranking.common_rank(0, {"for": Counted(10, 10), "against": Counted(4, 10)}, ["for", "against"])
    assert both > one


@pytest.mark.parametrize("rated", [4, 5])
def test_common_ground_takes_five_ratings_of_every_camp(rated: int) -> None:
    by_camp = {"for": Counted(50, 50), "against": Counted(rated, rated)}
    rank = ranking.common_rank(ranking.best_rank(50, 60), by_camp, ["for", "against"])
    assert ranking.is_common_ground(rank) is (rated == ranking.LEAST_RATINGS)


def test_a_camp_that_has_not_rated_at_all_counts_as_silent() -> None:
    assert ranking.common_rank(7, {"for": Counted(9, 9)}, ["for", "against"]) == 7


def test_without_camps_there_is_no_common_ground() -> None:
    assert ranking.common_rank(7, {}, []) == 7


def test_common_ground_stands_above_everything_else() -> None:
    worst = ranking.common_rank(0, {"for": Counted(0, 10**6), "against": Counted(0, 10**6)}, ["for", "against"])
    assert worst > ranking.best_rank(10**9, 10**9)


@pytest.mark.parametrize(("good", "rated"), SOME)
def test_ranks_keep_nine_digits_of_a_score(good: int, rated: int) -> None:
    assert ranking.best_rank(good, rated) / ranking.SCALE == pytest.approx(ranking.wilson_lower_bound(good, rated), abs=1e-9)
