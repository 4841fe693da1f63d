from __future__ import annotations

import math

import numpy as np
import pytest

from domain import crowd
from tests.definitions import crowd_forecast, interquartile_mean, log_odds, random_rows, recency_weights


def test_in_the_balance_every_camp_has_the_same_say() -> None:
    camps = {"for": random_rows(3, 3), "against": random_rows(200, 3), "unsure": random_rows(1, 3)}
    means = [[interquartile_mean(column, recency_weights(len(rows))) for column in log_odds(rows).T] for rows in camps.values()]
    shares = 1 / (1 + np.exp(-1.25 * np.mean(means, axis=0)))
    assert crowd.stance_balanced(camps) == pytest.approx(shares / shares.sum(), abs=1e-12)


def test_two_camps_of_opposite_minds_balance_at_even_odds() -> None:
    assert crowd.stance_balanced({"for": [[0.9, 0.1]] * 50, "against": [[0.1, 0.9]]}) == pytest.approx([0.5, 0.5])


def test_one_camp_alone_is_balanced_as_the_crowd_it_is() -> None:
    rows = random_rows(20, 2)
    assert crowd.stance_balanced({"for": rows}) == pytest.approx(crowd_forecast(rows), abs=1e-12)


def test_of_a_large_camp_the_newest_forecasts_are_enough() -> None:
    rows = random_rows(5000, 2)
    newest = rows[-crowd.newest_that_count(5000) :]
    assert len(newest) < 5000
    balance = crowd.stance_balanced({"for": newest, "against": [[0.3, 0.7]]}, totals={"for": 5000, "against": 1})
    assert balance == pytest.approx(crowd.stance_balanced({"for": rows, "against": [[0.3, 0.7]]}), abs=1e-12)


def test_no_camps_have_no_balance() -> None:
    with pytest.raises(ValueError, match="at least one camp"):
        crowd.stance_balanced({})


def test_a_camp_without_forecasts_cannot_be_balanced() -> None:
    with pytest.raises(ValueError, match="at least one forecast"):
        crowd.stance_balanced({"for": [[0.5, 0.5]], "against": []})


def test_the_wishful_gap_is_the_difference_of_the_mean_log_odds() -> None:
    ours, theirs = random_rows(50, 4), random_rows(7, 4)
    assert crowd.wishful_gap(ours, theirs) == pytest.approx(
        log_odds(ours).mean(axis=0) - log_odds(theirs).mean(axis=0), abs=1e-12
    )


def test_of_two_outcomes_the_second_gap_is_minus_the_first() -> None:
    first, second = crowd.wishful_gap([[1.0, 0.0]], [[0.5, 0.5]])
    assert first == pytest.approx(math.log(99))
    assert second == -first


def test_camps_that_think_alike_have_no_gap() -> None:
    assert crowd.wishful_gap([[0.3, 0.7]], [[0.3, 0.7]] * 4) == pytest.approx([0, 0])


def test_a_forecast_that_knows_every_outcome_is_only_put_in_order() -> None:
    assert crowd.completed({7: 0.2, 8: 0.3, 9: 0.5}, [(9, None), (7, None), (8, 7)]) == [0.5, 0.2, 0.3]


def test_an_outcome_split_off_later_takes_half_of_its_parent() -> None:
    assert crowd.completed({1: 0.25, 2: 0.75}, [(1, None), (2, None), (3, 2)]) == [0.25, 0.375, 0.375]


def test_two_outcomes_split_off_one_after_the_other_share_in_the_order_of_adding() -> None:
    assert crowd.completed({1: 0.2, 2: 0.8}, [(1, None), (2, None), (3, 2), (4, 2)]) == [0.2, 0.2, 0.4, 0.2]


def test_an_outcome_split_off_a_child_shares_with_the_child() -> None:
    assert crowd.completed({1: 0.2, 2: 0.8}, [(1, None), (2, None), (3, 2), (4, 3)]) == [0.2, 0.4, 0.2, 0.2]


def test_a_forecast_between_two_splits_is_split_by_the_second_alone() -> None:
    assert crowd.completed({1: 0.5, 2: 0.1, 3: 0.4}, [(1, None), (2, None), (3, 2), (4, 2)]) == [0.5, 0.05, 0.4, 0.05]


def test_splitting_keeps_the_sum() -> None:
    outcomes = [(1, None), (2, None), (3, 1), (4, 3), (5, 1), (6, 2)]
    assert math.fsum(crowd.completed({1: 0.3, 2: 0.7}, outcomes)) == pytest.approx(1, abs=1e-15)


def test_an_outcome_that_is_no_split_and_unknown_has_nothing() -> None:
    assert crowd.completed({1: 1.0}, [(1, None), (2, None)]) == [1.0, 0.0]


def test_a_probability_of_an_outcome_of_another_question_is_refused() -> None:
    with pytest.raises(ValueError, match="not there"):
        crowd.completed({1: 0.5, 5: 0.5}, [(1, None), (2, None)])


def test_a_parent_comes_before_its_child() -> None:
    with pytest.raises(ValueError, match="later one"):
        crowd.completed({1: 1.0}, [(1, None), (3, 2), (2, None)])


def test_many_forecasts_are_completed_like_one() -> None:
    outcomes = [(1, None), (2, None), (3, 2), (4, 3), (5, 2)]
    made = [{1: 0.2, 2: 0.8}, {1: 0.3, 2: 0.3, 3: 0.4}, {1: 0.1, 2: 0.2, 3: 0.3, 4: 0.3, 5: 0.1}, {1: 1.0}]
    rows = np.array([[forecast.get(outcome, np.nan) for outcome, _ in outcomes] for forecast in made])
    full = crowd.completed_rows(rows, [None, None, 1, 2, 1])
    assert full.tolist() == [crowd.completed(forecast, outcomes) for forecast in made]
