from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.chances import WHOLE, completed, even, leaning, likeliest, moved, shared, whole

distributions = st.lists(st.integers(0, 1_000), min_size=2, max_size=16).map(
    lambda weights: shared(dict(enumerate(weights)), WHOLE)
)
typed = st.lists(st.none() | st.integers(0, 999), min_size=2, max_size=16).map(lambda row: dict(enumerate(row)))


@given(distributions, st.data(), st.integers(-120, 120))
def test_a_move_keeps_the_sum_and_the_range(chances: dict[int, int], data: st.DataObject, by: int) -> None:
    outcome = data.draw(st.sampled_from(sorted(chances)))
    after = moved(chances, outcome, by)
    assert sum(after.values()) == WHOLE
    assert all(0 <= chance <= WHOLE for chance in after.values())
    assert after[outcome] == min(max(chances[outcome] + by, 0), WHOLE)


@given(distributions, st.data(), st.integers(-120, 120))
def test_no_other_outcome_moves_the_same_way(chances: dict[int, int], data: st.DataObject, by: int) -> None:
    outcome = data.draw(st.sampled_from(sorted(chances)))
    after = moved(chances, outcome, by)
    ways = {math.copysign(1, by) * (after[other] - chances[other]) for other in chances if other != outcome}
    assert max(ways) <= 0


@given(typed)
def test_half_a_distribution_is_made_whole(row: dict[int, int | None]) -> None:
    assert sum(completed(row).values()) == WHOLE


@pytest.mark.parametrize(
    ("row", "meant"),
    [
        ({1: 60, 2: None, 3: None}, {1: 60, 2: 20, 3: 20}),
        ({1: None, 2: None, 3: None}, {1: 34, 2: 33, 3: 33}),
        ({1: 100, 2: 100, 3: None}, {1: 50, 2: 50, 3: 0}),
        ({1: 10, 2: 10, 3: 0}, {1: 50, 2: 50, 3: 0}),
        ({1: 0, 2: 0}, {1: 50, 2: 50}),
    ],
)
def test_what_is_left_goes_to_those_without_a_number(row: dict[int, int | None], meant: dict[int, int]) -> None:
    assert completed(row) == meant


def test_others_give_in_proportion() -> None:
    assert moved({1: 20, 2: 60, 3: 20}, 1, 20) == {1: 40, 2: 45, 3: 15}


def test_who_has_everything_gives_to_all_alike() -> None:
    assert moved({1: 100, 2: 0, 3: 0}, 1, -10) == {1: 90, 2: 5, 3: 5}


def test_a_pick_leans_and_the_rest_is_even() -> None:
    assert leaning([7, 8, 9], 8, 70) == {7: 15, 8: 70, 9: 15}
    assert even([7, 8, 9]) == {7: 34, 8: 33, 9: 33}


def test_thirds_in_whole_percents_still_sum_to_a_hundred() -> None:
    assert whole({1: 1 / 3, 2: 1 / 3, 3: 1 / 3}) == {1: 34, 2: 33, 3: 33}


def test_of_equal_chances_the_first_is_the_likeliest() -> None:
    assert likeliest({1: 20, 2: 40, 3: 40}) == 2
