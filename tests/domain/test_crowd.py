from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain import crowd
from tests.definitions import clipped, crowd_forecast, random_rows, recency_weights


@pytest.mark.parametrize("count", [1, 2, 5, 100, 100_000])
@pytest.mark.parametrize("outcomes", [2, 3, 6])
def test_the_crowd_forecast_agrees_with_its_definition(count: int, outcomes: int) -> None:
    rows = random_rows(count, outcomes)
    assert crowd.crowd_forecast(rows) == pytest.approx(crowd_forecast(rows), abs=1e-12)


def whole_percents(outcomes: int) -> st.SearchStrategy[list[list[float]]]:
    percent = st.integers(0, 100)
    return st.lists(st.lists(percent.map(lambda whole: whole / 100), min_size=outcomes, max_size=outcomes), min_size=1)


@given(st.integers(2, 5).flatmap(whole_percents))
def test_any_crowd_forecast_agrees_with_its_definition(rows: list[list[float]]) -> None:
    assert crowd.crowd_forecast(rows) == pytest.approx(crowd_forecast(np.array(rows)), abs=1e-12)


def test_one_forecaster_is_made_bolder() -> None:
    assert crowd.crowd_forecast([[0.7, 0.3]])[0] == pytest.approx(1 / (1 + math.exp(-1.25 * math.log(0.7 / 0.3))))


def test_the_shares_of_many_outcomes_add_up_to_one() -> None:
    assert math.fsum(crowd.crowd_forecast([[0.5, 0.3, 0.2], [0.1, 0.1, 0.8]])) == pytest.approx(1, abs=1e-15)


def test_certainty_is_clipped_so_nobody_decides_alone() -> None:
    assert 0 < crowd.crowd_forecast([[1.0, 0.0]] * 3)[1] < 0.01


def test_a_wild_minority_at_the_edge_changes_nothing() -> None:
    calm = [[0.6, 0.4]] * 8
    assert crowd.crowd_forecast([[0.01, 0.99], *calm])[0] == pytest.approx(crowd.crowd_forecast(calm)[0])


def test_a_later_forecast_weighs_more() -> None:
    weights = crowd.recency_weights(5)
    assert weights == sorted(weights)
    assert weights[-1] == 1


def test_two_forecasters_weigh_the_same() -> None:
    assert crowd.recency_weights(2) == [1.0, 1.0]


def test_a_value_on_the_edge_of_the_middle_half_counts_in_part() -> None:
    assert crowd.interquartile_mean([30.0, 0.0, 12.0], [1.0, 1.0, 1.0]) == pytest.approx((0.25 * 0 + 12 + 0.25 * 30) / 1.5)


def test_no_forecasts_make_no_crowd() -> None:
    with pytest.raises(ValueError, match="at least one"):
        crowd.crowd_forecast([])


@pytest.mark.parametrize("count", [1, 2, 5, 100, 1156])
def test_in_a_small_crowd_everybody_counts(count: int) -> None:
    assert crowd.newest_that_count(count) == count


@pytest.mark.parametrize("total", [1300, 20_000, 100_000, 1_000_000])
def test_what_does_not_count_weighs_next_to_nothing(total: int) -> None:
    weights = np.array(crowd.recency_weights(total))
    newest = crowd.newest_that_count(total)
    assert newest < total
    assert weights[: total - newest].sum() < 1e-14 * weights.sum()


def test_the_forecasts_that_count_make_the_forecast_of_all() -> None:
    rows = np.concatenate([np.tile([0.98, 0.01, 0.01], (79_000, 1)), random_rows(21_000, 3)])
    newest = rows[-crowd.newest_that_count(100_000) :].tolist()
    assert crowd.crowd_forecast(newest, total=100_000) == pytest.approx(crowd_forecast(rows), abs=1e-12)


@pytest.mark.parametrize("given", [1, 20_000, 100_001])
def test_too_few_or_too_many_forecasts_of_a_total_are_refused(given: int) -> None:
    with pytest.raises(ValueError, match="no more than all"):
        crowd.crowd_forecast(random_rows(given, 2), total=100_000)


@pytest.mark.parametrize("count", [1, 2, 5, 100, 100_000])
def test_the_band_holds_the_middle_half_of_the_weight(count: int) -> None:
    rows, weights = random_rows(count, 3), recency_weights(count)
    for column, (low, high) in zip(clipped(rows).T, crowd.interquartile_band(rows), strict=True):
        assert weights[column < low].sum() < 0.25 * weights.sum() <= weights[column <= low].sum()
        assert weights[column < high].sum() < 0.75 * weights.sum() <= weights[column <= high].sum()


def test_the_bands_of_two_outcomes_mirror_each_other() -> None:
    (low, high), second = crowd.interquartile_band(random_rows(100, 2))
    assert second == (1 - high, 1 - low)


def test_the_band_of_one_forecaster_has_no_width() -> None:
    assert crowd.interquartile_band([[0.7, 0.2, 0.1]]) == [(0.7, 0.7), (0.2, 0.2), (0.1, 0.1)]


def test_the_mean_and_the_median_are_those_of_clipped_probabilities() -> None:
    rows = [[1.0, 0.0], [0.6, 0.4], [0.2, 0.8]]
    assert crowd.mean(rows) == pytest.approx([(0.99 + 0.6 + 0.2) / 3, 1 - (0.99 + 0.6 + 0.2) / 3])
    assert crowd.median(rows) == [0.6, 0.4]


def test_the_medians_of_three_outcomes_are_divided_by_their_sum() -> None:
    rows = [[0.1, 0.2, 0.7], [0.3, 0.3, 0.4], [0.5, 0.4, 0.1], [0.9, 0.05, 0.05]]
    assert crowd.median(rows) == pytest.approx([0.4 / 0.9, 0.25 / 0.9, 0.25 / 0.9])


def test_the_mean_of_certain_forecasts_of_three_outcomes_adds_up_to_one() -> None:
    assert crowd.mean([[1.0, 0.0, 0.0]]) == pytest.approx([0.99 / 1.01, 0.01 / 1.01, 0.01 / 1.01])


@pytest.mark.parametrize("count", [1, 5, 100, 100_000])
def test_half_of_the_weight_lies_up_to_the_recency_weighted_median(count: int) -> None:
    rows, weights = random_rows(count, 2), recency_weights(count)
    first, column = crowd.recency_weighted_median(rows)[0], clipped(rows)[:, 0]
    assert weights[column < first].sum() < 0.5 * weights.sum() <= weights[column <= first].sum()


def test_the_recency_weighted_median_of_two_equals_is_their_midpoint() -> None:
    assert crowd.recency_weighted_median([[0.2, 0.8], [0.6, 0.4]]) == [0.4, 0.6]


def test_the_recency_weighted_medians_of_three_outcomes_add_up_to_one() -> None:
    assert math.fsum(crowd.recency_weighted_median(random_rows(7, 3))) == pytest.approx(1, abs=1e-15)


@pytest.mark.parametrize("average", [crowd.mean, crowd.median, crowd.recency_weighted_median, crowd.interquartile_band])
def test_nothing_is_averaged_of_no_forecasts(average: object) -> None:
    assert callable(average)
    with pytest.raises(ValueError, match="at least one"):
        average([])
