from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain import scoring
from domain.scoring import CalibrationBin

Z = 1.281551565545
Forecast = tuple[int, float, bool, float]  # question, probability, whether it happened, weight


def bins_of(*forecasts: Forecast) -> tuple[CalibrationBin, ...]:
    return scoring.calibration(*zip(*forecasts, strict=True))


def stated_band(forecasts: list[Forecast]) -> tuple[float, float]:
    """The ratio estimator's interval, question by question."""
    whole = sum(weight for *_, weight in forecasts)
    share = sum(weight * happened for _, _, happened, weight in forecasts) / whole
    questions = {question for question, *_ in forecasts}
    squares = sum(
        sum(weight * (happened - share) for question, _, happened, weight in forecasts if question == one) ** 2
        for one in questions
    )
    margin = Z * math.sqrt(squares * len(questions) / (len(questions) - 1)) / whole
    return max(0, share - margin), min(1, share + margin)


@given(st.lists(st.tuples(st.integers(1, 6), st.floats(0.6, 0.69), st.booleans(), st.floats(0.01, 5)), min_size=1))
def test_a_bin_agrees_with_its_definition(forecasts: list[Forecast]) -> None:
    (one,) = bins_of(*forecasts)
    weights = np.array([weight for *_, weight in forecasts])
    assert one.forecast == pytest.approx(np.average([forecast[1] for forecast in forecasts], weights=weights), abs=1e-9)
    assert one.happened == pytest.approx(np.average([forecast[2] for forecast in forecasts], weights=weights), abs=1e-9)
    assert one.questions == len({forecast[0] for forecast in forecasts})
    if one.questions > 1 and len({forecast[2] for forecast in forecasts}) > 1:
        assert one.band == pytest.approx(stated_band(forecasts), abs=1e-9)


def test_there_are_ten_bins_and_the_last_includes_certainty() -> None:
    edges = [0.0, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 1.0]
    bins = bins_of(*[(1, edge, True, 1.0) for edge in edges])
    assert [(one.low, one.high) for one in bins] == [(place / 10, (place + 1) / 10) for place in range(10)]
    assert bins[-1].forecast == pytest.approx(0.95)


def test_a_sum_of_tenths_is_in_the_bin_of_its_tenth() -> None:
    (one,) = bins_of((1, 0.7 - 0.4, True, 1.0), (1, 0.1 + 0.2, True, 1.0))
    assert one.low == 0.3


def test_bins_without_forecasts_are_left_out() -> None:
    assert [one.low for one in bins_of((1, 0.05, True, 1.0), (2, 0.55, False, 1.0), (3, 0.75, False, 0.0))] == [0.0, 0.5]


def test_one_question_makes_no_band() -> None:
    (one,) = bins_of(*[(7, 0.85, True, 1.0)] * 50, (7, 0.81, False, 1.0))
    assert (one.questions, one.band) == (1, None)


def test_more_forecasts_of_the_same_questions_make_no_narrower_band() -> None:
    once = [(1, 0.85, True, 1.0), (2, 0.85, True, 1.0), (3, 0.85, False, 1.0)]
    assert bins_of(*once * 40)[0].band == pytest.approx(bins_of(*once)[0].band)


def test_more_questions_make_a_narrower_band() -> None:
    few, many = (
        bins_of(*[(question, 0.65, question % 3 > 0, 1.0) for question in range(count)])[0].band for count in (12, 300)
    )
    assert few is not None
    assert many is not None
    assert many[1] - many[0] < (few[1] - few[0]) / 4


@pytest.mark.parametrize("happened", [True, False])
def test_what_always_or_never_happened_is_not_certain(happened: bool) -> None:  # noqa: FBT001 - a parameter
    (one,) = bins_of(*[(question, 0.95, happened, 1.0) for question in range(4)])
    sure = 4 / (4 + Z**2)
    assert one.band == pytest.approx((sure, 1) if happened else (0, 1 - sure))


def test_a_heavy_question_among_light_ones_counts_for_less_than_all_of_them() -> None:
    heavy = bins_of((1, 0.95, True, 1000.0), (2, 0.95, True, 1.0), (3, 0.95, True, 1.0))[0].band
    light = bins_of((1, 0.95, True, 1.0), (2, 0.95, True, 1.0), (3, 0.95, True, 1.0))[0].band
    assert heavy is not None
    assert light is not None
    assert heavy[0] < light[0]


def test_no_forecasts_have_no_calibration() -> None:
    assert scoring.calibration([], [], [], []) == ()


def test_skill_is_peer_points_for_a_covered_question_with_thirty_more_of_nothing() -> None:
    shown = scoring.skill([30.0, -5.0, 20.0], [1.0, 0.5, 0.0])
    assert shown.value == pytest.approx(45 / 31.5)
    assert (shown.questions, shown.coverage) == (2, 1.5)


def test_the_interval_of_skill_is_a_shrunken_sandwich() -> None:
    shown = scoring.skill([30.0, -5.0, 20.0], [1.0, 0.5, 0.25], shrinkage=10)
    value = 45 / 11.75
    margin = Z * math.sqrt((30 - value) ** 2 + (-5 - value * 0.5) ** 2 + (20 - value * 0.25) ** 2) / 11.75
    assert (shown.value, shown.low, shown.high) == pytest.approx((value, value - margin, value + margin))


def test_a_reader_without_scores_has_no_skill_to_show() -> None:
    assert scoring.skill([], []) == scoring.Skill(value=0, low=0, high=0, questions=0, coverage=0)


def test_one_lucky_question_is_shrunk_to_little() -> None:
    assert scoring.skill([300.0], [1.0]).value < 10
