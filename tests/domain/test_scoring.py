from __future__ import annotations

import math
from datetime import datetime
from itertools import pairwise
from zoneinfo import ZoneInfo

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain import scoring
from domain.scoring import History, Period, QuestionScores, ReaderScore
from tests.definitions import peer_over_time, random_rows, scores_of

Forecast = tuple[int, float, float, float]  # reader, start, end, probability of what happened
NEVER = math.inf
HUNDRED = Period(opened=0, scheduled_close=100, actual_close=100)


def history_of(forecasts: list[Forecast]) -> History:
    reader, start, end, p_k = (np.array(column) for column in zip(*forecasts, strict=True))
    return History(reader=reader, start=start, end=end, p_k=p_k, brier=2 * (1 - p_k) ** 2, ranked=(1 - p_k) ** 2)


def scored(*forecasts: Forecast, period: Period = HUNDRED, outcomes: int = 2) -> dict[int, ReaderScore]:
    return {score.reader: score for score in scoring.question_scores(history_of([*forecasts]), period, outcomes=outcomes)}


def peers(scores: dict[int, ReaderScore]) -> list[float]:
    return [score.peer for score in scores.values()]


def test_brier_is_0_for_being_sure_and_right_and_2_for_being_sure_and_wrong() -> None:
    assert scoring.brier([0, 1, 0], 1) == 0
    assert scoring.brier([0, 1, 0], 2) == 2


def test_brier_sums_the_squared_differences_over_all_outcomes() -> None:
    assert scoring.brier([0.5, 0.3, 0.2], 0) == pytest.approx(0.25 + 0.09 + 0.04)


def test_the_logarithmic_score_is_clipped_at_both_ends() -> None:
    assert [scoring.logarithmic(p) for p in (0, 0.5, 1)] == [math.log(0.01), math.log(0.5), math.log(0.99)]


@pytest.mark.parametrize("outcomes", [2, 3, 17])
def test_equal_chances_are_the_baseline(outcomes: int) -> None:
    assert scoring.baseline(1 / outcomes, outcomes) == pytest.approx(0, abs=1e-12)


def test_the_baseline_score_measures_in_hundredths_of_what_could_be_known() -> None:
    assert scoring.baseline(0.8, 3) == pytest.approx(100 * math.log(0.8 * 3) / math.log(3))


def test_a_question_of_one_outcome_has_no_baseline() -> None:
    with pytest.raises(ValueError, match="two outcomes"):
        scoring.baseline(1, 1)


def test_a_near_miss_among_ordered_outcomes_counts_less() -> None:
    assert [scoring.ranked([0, 0, 1], k) for k in (2, 1, 0)] == [0, 0.5, 1]


def test_the_ranked_score_compares_cumulative_probabilities() -> None:
    assert scoring.ranked([0.2, 0.5, 0.2, 0.1], 2) == pytest.approx((0.2**2 + 0.7**2 + 0.1**2) / 3)


def test_many_forecasts_score_like_each_alone() -> None:
    rows = random_rows(20, 4)
    assert scoring.briers(rows, 2) == pytest.approx([scoring.brier(row, 2) for row in rows.tolist()])
    assert scoring.ranked_scores(rows, 2) == pytest.approx([scoring.ranked(row, 2) for row in rows.tolist()])


@pytest.mark.parametrize(
    ("probabilities", "place"),
    [([0.5, 0.5], 0), ([0.49, 0.51], 1), ([0.1, 0.1, 0.1, 0.2, 0.5], 3), ([0, 0, 1], 2), ([0.3, 0.3, 0.4], 1), ([1.0], 0)],
)
def test_the_median_is_where_the_cumulative_probability_first_reaches_a_half(probabilities: list[float], place: int) -> None:
    assert scoring.median_bin(probabilities) == place


def test_no_outcomes_have_no_median() -> None:
    with pytest.raises(ValueError, match="none"):
        scoring.median_bin([])


moments = st.lists(st.integers(-20, 130), min_size=2, max_size=7).map(sorted)
chances = st.integers(0, 100).map(lambda percent: percent / 100)


@st.composite
def forecasts_of_one(draw: st.DrawFn) -> list[tuple[float, float, float]]:
    """One reader's forecasts, each until the next; the last withdrawn or not; some in the same instant."""
    times = [float(moment) for moment in draw(moments)]
    if draw(st.booleans()):
        times[-1] = NEVER
    return [(start, end, draw(chances)) for start, end in pairwise(times)]


@st.composite
def histories(draw: st.DrawFn) -> History:
    everybody = draw(st.lists(forecasts_of_one(), min_size=1, max_size=7))
    forecasts = [(reader * 3, *forecast) for reader, own in enumerate(everybody) for forecast in own]
    return history_of(draw(st.permutations(forecasts)))


@st.composite
def periods(draw: st.DrawFn) -> Period:
    return Period(opened=draw(st.integers(-5, 5)), scheduled_close=100, actual_close=draw(st.integers(-10, 120)))


def assert_as_defined(scores: QuestionScores, history: History, period: Period, outcomes: int) -> None:
    for score in scores:
        assert {name: getattr(score, name) for name in ("brier", "logarithmic", "coverage", "baseline", "peer")} == {
            name: None if value is None else pytest.approx(value, abs=1e-9)
            for name, value in scores_of(score.reader, history, period, outcomes).items()
        }


@given(histories(), periods(), st.integers(2, 17))
def test_the_scores_of_any_history_agree_with_their_definition(history: History, period: Period, outcomes: int) -> None:
    assert_as_defined(scoring.question_scores(history, period, outcomes=outcomes), history, period, outcomes)


def random_history(readers: int, changes: int, *, moments: int) -> History:
    dice = np.random.default_rng(readers)
    times = np.sort(dice.integers(0, moments, (readers, changes)) * (120 / moments) + 1_700_000_000, axis=1)
    ends = np.concatenate([times[:, 1:], np.where(dice.random((readers, 1)) < 0.5, np.inf, 1_700_000_110)], axis=1)
    ends = np.maximum(ends, times)
    p_k = dice.random(readers * changes).round(2)
    reader = np.repeat(np.arange(readers), changes)
    return History(reader=reader, start=times.ravel(), end=ends.ravel(), p_k=p_k, brier=2 * (1 - p_k) ** 2)


@pytest.mark.parametrize(("readers", "moments"), [(1, 1000), (2, 1000), (5, 1000), (100, 100_000), (100_000, 40)])
def test_the_peer_scores_of_a_crowd_agree_with_their_definition(readers: int, moments: int) -> None:
    history = random_history(readers, 3, moments=moments)
    period = Period(opened=1_700_000_003, scheduled_close=1_700_000_103, actual_close=1_700_000_090)
    stated = np.bincount(history.reader, weights=peer_over_time(history, period))
    assert np.abs(scoring.question_scores(history, period, outcomes=2).peer - stated).max() < 1e-9


def test_a_long_history_leaves_no_rounding_to_those_who_come_after() -> None:
    dice = np.random.default_rng(4)
    first, second = 0.37, 0.41
    crowd = [(reader, start, start + dice.random(), dice.random()) for reader, start in enumerate(98 * dice.random(200_000))]
    scores = scored(*crowd, (300_000, 99.5, NEVER, first), (300_001, 99.5, NEVER, second))
    assert scores[300_000].peer == pytest.approx(100 * math.log(first / second) * 0.005, abs=1e-11)


def test_a_lone_forecaster_has_no_peers_to_beat() -> None:
    (alone,) = scored((1, 0.0, NEVER, 0.9)).values()
    assert (alone.peer, alone.coverage) == (0, 1)
    assert alone.baseline == pytest.approx(100 * math.log(1.8) / math.log(2))


def test_forecasters_who_never_meet_score_exactly_nothing() -> None:
    assert peers(scored((1, 0.0, 7.0, 0.2), (2, 7.0, 20.0, 0.7), (3, 30.0, 61.0, 0.61))) == [0, 0, 0]


def test_a_forecast_that_ends_before_it_starts_counts_for_nothing() -> None:
    score = scored((1, 70.0, 40.0, 0.2), (1, 0.0, 40.0, 0.5))[1]
    assert (score.coverage, score.brier) == (0.4, 0.5)


def test_time_alone_adds_nothing_to_the_peer_score() -> None:
    assert scored((1, 0.0, NEVER, 0.8), (2, 75.0, NEVER, 0.4))[1].peer == pytest.approx(100 * math.log(2) * 0.25)


def test_forecasters_who_all_agree_score_exactly_nothing() -> None:
    assert peers(scored(*[(reader, float(reader), NEVER, 0.37) for reader in range(9)])) == [0.0] * 9


def test_the_peer_scores_of_one_moment_cancel_out() -> None:
    assert math.fsum(peers(scored(*[(reader, 0.0, NEVER, reader / 10) for reader in range(9)]))) == pytest.approx(0, abs=1e-9)


def test_certainty_is_clipped_before_it_is_scored() -> None:
    right, wrong = scored((1, 0.0, NEVER, 1.0), (2, 0.0, NEVER, 0.0)).values()
    assert (right.peer, wrong.peer) == pytest.approx((100 * math.log(99), -100 * math.log(99)))
    assert (right.logarithmic, wrong.logarithmic) == (math.log(0.99), math.log(0.01))


def test_certainty_is_not_clipped_in_the_brier_score() -> None:
    right, wrong = scored((1, 0.0, NEVER, 1.0), (2, 0.0, NEVER, 0.0)).values()
    assert (right.brier, wrong.brier) == (0, 2)


def test_of_two_forecasts_in_the_same_instant_the_later_counts() -> None:
    twice = scored((1, 10.0, 10.0, 0.01), (1, 10.0, NEVER, 0.8), (2, 0.0, NEVER, 0.5))
    assert twice == scored((1, 10.0, NEVER, 0.8), (2, 0.0, NEVER, 0.5))


def test_a_forecast_at_the_closing_instant_counts_for_nothing() -> None:
    scores = scored((1, 0.0, NEVER, 0.5), (2, 100.0, NEVER, 0.99))
    assert scores[2] == ReaderScore(reader=2, coverage=0, baseline=0, peer=0, brier=None, logarithmic=None, ranked=None)
    assert scores[1].peer == 0


@pytest.mark.parametrize("known", [-7.0, 0.0])
def test_a_question_known_before_it_opened_scores_nobody(known: float) -> None:
    period = Period(opened=0, scheduled_close=100, actual_close=known)
    (score,) = scored((1, -20.0, NEVER, 0.9), period=period).values()
    assert score == ReaderScore(reader=1, coverage=0, baseline=0, peer=0, brier=None, logarithmic=None, ranked=None)


def test_a_question_open_for_no_time_cannot_be_scored() -> None:
    with pytest.raises(ValueError, match="open for some time"):
        scored((1, 0.0, NEVER, 0.5), period=Period(opened=5, scheduled_close=5, actual_close=5))


def test_an_early_end_is_still_divided_by_the_scheduled_length() -> None:
    scores = scored((1, 0.0, NEVER, 0.8), (2, 0.0, NEVER, 0.4), period=Period(opened=0, scheduled_close=100, actual_close=25))
    assert (scores[1].coverage, scores[1].peer) == pytest.approx((0.25, 2 * 100 * math.log(0.8 / math.sqrt(0.32)) * 0.25))


def test_nothing_after_the_scheduled_close_is_covered() -> None:
    late = Period(opened=0, scheduled_close=100, actual_close=150)
    assert scored((1, 90.0, NEVER, 0.5), period=late)[1].coverage == pytest.approx(0.1)


def test_the_means_are_over_the_time_covered() -> None:
    score = scored((1, 60.0, 90.0, 1.0), (1, 90.0, NEVER, 0.0))[1]
    assert (score.brier, score.ranked) == pytest.approx((0.25 * 2, 0.25))


def test_a_withdrawn_forecast_counts_until_it_is_withdrawn() -> None:
    scores = scored((1, 0.0, 50.0, 0.8), (2, 0.0, NEVER, 0.4))
    assert (scores[1].coverage, scores[1].peer) == pytest.approx((0.5, 100 * math.log(2) * 0.5))


def test_unordered_outcomes_have_no_ranked_score() -> None:
    history = random_history(2, 1, moments=3)
    period = Period(opened=1_700_000_000, scheduled_close=1_700_000_120, actual_close=1_700_000_120)
    assert [score.ranked for score in scoring.question_scores(history, period, outcomes=3)] == [None, None]


def test_a_question_without_forecasts_has_no_scores() -> None:
    none = np.array([], dtype=np.float64)
    history = History(reader=none.astype(np.int64), start=none, end=none, p_k=none, brier=none)
    assert list(scoring.question_scores(history, HUNDRED, outcomes=2)) == []


@pytest.mark.parametrize(
    ("day", "following", "hours"),
    [("2024-03-31", "2024-04-01", 23), ("2024-10-27", "2024-10-28", 25), ("2024-06-01", "2024-06-02", 24)],
)
def test_a_day_on_which_the_clocks_change_is_as_long_as_it_is(day: str, following: str, hours: int) -> None:
    opened, closed = (datetime.fromisoformat(date).replace(tzinfo=ZoneInfo("Europe/Berlin")) for date in (day, following))
    score = scored((1, opened.replace(hour=12).timestamp(), NEVER, 0.7), period=Period.of(opened, closed, closed))[1]
    assert score.coverage == pytest.approx(12 / hours, abs=1e-12)


def test_a_time_without_a_zone_is_refused() -> None:
    naive = datetime(2024, 3, 31)  # noqa: DTZ001 - the point
    with pytest.raises(ValueError, match="zone"):
        Period.of(naive, naive, naive)
