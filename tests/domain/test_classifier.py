from __future__ import annotations

import math
from typing import Any

import pytest

from domain.classifier import Advice, Bin, Part, Report, Score, Threshold

HOLD, FLAG = Threshold(0.8, caught=50, right=45), Threshold(0.5, caught=100, right=70)
BINS = (Bin(0.1, removed=20, count=100), Bin(0.6, removed=60, count=100))


def report(**changes: Any) -> Report:
    told: dict[str, Any] = {"examples": 200, "removed": 80, "brier": 0.12, "calibration": BINS, "hold": HOLD, "flag": FLAG}
    return Report(**told | changes)


@pytest.mark.parametrize("nonsense", [math.nan, math.inf, -0.1, 1.1, None, "0.5", 1, True])
def test_what_is_no_probability_is_no_score(nonsense: Any) -> None:
    with pytest.raises(ValueError, match="probability"):
        Score(nonsense, Advice.PASS)


@pytest.mark.parametrize("nonsense", ["hold", "remove", None])
def test_nothing_but_to_pass_to_flag_or_to_hold_can_be_advised(nonsense: Any) -> None:
    with pytest.raises(ValueError, match="advice"):
        Score(0.5, nonsense)


@pytest.mark.parametrize("parts", [{"base": math.nan}, {"rest": math.inf}, {"parts": (Part("word", math.nan),)}])
def test_an_explanation_is_made_of_numbers(parts: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match="number"):
        Score(0.5, Advice.PASS, **parts)


@pytest.mark.parametrize(
    ("probability", "advice"),
    [(0.0, Advice.PASS), (0.49, Advice.PASS), (0.5, Advice.FLAG), (0.79, Advice.FLAG), (0.8, Advice.HOLD), (1.0, Advice.HOLD)],
)
def test_a_threshold_catches_from_its_value_on(probability: float, advice: Advice) -> None:
    assert report().advice(probability) is advice


def test_without_thresholds_nothing_is_caught() -> None:
    assert report(hold=None, flag=None).advice(1.0) is Advice.PASS
    assert report(hold=None).advice(1.0) is Advice.FLAG


def test_a_threshold_tells_its_precision() -> None:
    assert HOLD.precision == 0.9


def test_skill_is_what_it_errs_less_than_the_base_rate() -> None:
    assert report().skill == pytest.approx(1 - 0.12 / (0.4 * 0.6))
    assert report(brier=0.24).skill == pytest.approx(0)


def test_the_calibration_error_averages_over_the_texts() -> None:
    assert report().calibration_error == pytest.approx((100 * 0.1 + 100 * 0) / 200)
