from __future__ import annotations

import math
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select

from domain import scorekeeping
from extensions import db
from models import Forecast, ForecastScore, Outcome, Prediction, PredictionKind, Reader, ResolutionAct
from tests import factories, ledgers
from tests.ledgers import end, kept, question, say, scored

pytestmark = pytest.mark.usefixtures("stage")

EVEN = (1 / 3, 1 / 3, 1 / 3)


@pytest.fixture
def prediction(stage: None, now: datetime) -> Prediction:
    """Return a question that was open for ten hours."""
    return question(now)


def test_a_final_question_has_a_row_for_everybody_who_predicted(
    prediction: Prediction, reader: Reader, another_reader: Reader, stranger: Reader
) -> None:
    say(prediction, reader, 1, (0.6, 0.3, 0.1))
    say(prediction, another_reader, 2, pick=1)
    say(prediction, stranger, 3, EVEN, until=4)
    end(prediction)
    assert scored(prediction).keys() == {reader.id, another_reader.id, stranger.id}


def test_the_figures_are_those_of_the_formulas(prediction: Prediction, reader: Reader, another_reader: Reader) -> None:
    say(prediction, reader, 0, (0.6, 0.3, 0.1))
    say(prediction, another_reader, 5, (0.2, 0.4, 0.4))
    end(prediction)
    row = scored(prediction)[reader.id]
    assert row.coverage == pytest.approx(1, abs=1e-12)
    assert row.brier == pytest.approx(0.16 + 0.09 + 0.01, abs=1e-12)
    assert row.logarithmic == pytest.approx(math.log(0.6), abs=1e-12)
    assert row.baseline == pytest.approx(100 * math.log(1.8) / math.log(3), abs=1e-12)
    mean = (math.log(0.6) + math.log(0.2)) / 2
    assert row.peer == pytest.approx(0.5 * 100 * 2 * (math.log(0.6) - mean), abs=1e-9)


def test_a_pick_alone_has_no_figures_and_is_called_or_not(
    prediction: Prediction, reader: Reader, another_reader: Reader
) -> None:
    say(prediction, reader, 1, pick=0)
    say(prediction, another_reader, 1, pick=1)
    end(prediction, outcome=0)
    rows = scored(prediction)
    assert [rows[one.id].is_called for one in (reader, another_reader)] == [True, False]
    mine = rows[reader.id]
    assert {mine.brier, mine.logarithmic, mine.ranked, mine.baseline, mine.peer} == {None}
    assert mine.coverage == 0


def test_the_last_pick_in_time_is_the_one_that_is_called(prediction: Prediction, reader: Reader) -> None:
    say(prediction, reader, 1, pick=1)
    say(prediction, reader, 2, pick=0)
    end(prediction, outcome=0)
    assert scored(prediction)[reader.id].is_called


def test_who_withdrew_called_nothing(prediction: Prediction, reader: Reader) -> None:
    say(prediction, reader, 1, pick=0, until=2)
    end(prediction, outcome=0)
    assert not scored(prediction)[reader.id].is_called


def test_what_is_said_once_it_is_known_does_not_count(prediction: Prediction, reader: Reader, another_reader: Reader) -> None:
    say(prediction, reader, 1, (0.2, 0.8, 0.0), pick=1)
    say(prediction, reader, 6, (0.99, 0.01, 0.0), pick=0)
    say(prediction, another_reader, 6, (0.99, 0.01, 0.0), pick=0)
    end(prediction, outcome=0, known=5)
    rows = scored(prediction)
    assert rows[reader.id].coverage == pytest.approx(0.4, abs=1e-12)
    assert rows[reader.id].logarithmic == pytest.approx(math.log(0.2), abs=1e-12)
    assert not rows[reader.id].is_called
    assert (rows[another_reader.id].peer, rows[another_reader.id].is_called) == (None, False)


def test_ordered_outcomes_have_a_ranked_score(prediction: Prediction, reader: Reader) -> None:
    prediction.kind = PredictionKind.NUMBER
    say(prediction, reader, 0, (0.0, 1.0, 0.0), pick=1)
    end(prediction, outcome=0)
    assert scored(prediction)[reader.id].ranked == pytest.approx(0.5, abs=1e-12)


def test_an_outcome_added_later_has_half_of_what_it_was_split_from(prediction: Prediction, reader: Reader) -> None:
    say(prediction, reader, 0, (0.6, 0.3, 0.1))
    split = Outcome(position=4, label="Postponed", added_at=ledgers.at(prediction, 2), split_from_id=prediction.outcomes[0].id)
    prediction.outcomes.append(split)
    end(prediction, outcome=0)
    assert scored(prediction)[reader.id].logarithmic == pytest.approx(math.log(0.3), abs=1e-12)


def test_histories_that_were_merged_count_once_at_a_time(prediction: Prediction, reader: Reader) -> None:
    say(prediction, reader, 0, (0.6, 0.3, 0.1), until=4)
    db.session.add(say(prediction, reader, 2, (0.2, 0.7, 0.1), until=5))
    end(prediction)
    assert scored(prediction)[reader.id].coverage == pytest.approx(0.5, abs=1e-12)


# --- when there are scores --------------------------------------------------------------------------------------------


def test_scoring_again_changes_nothing(prediction: Prediction, reader: Reader) -> None:
    say(prediction, reader, 1, (0.6, 0.3, 0.1))
    end(prediction)
    first = [(row.brier, row.peer, row.coverage) for row in scored(prediction).values()]
    assert [(row.brier, row.peer, row.coverage) for row in scored(prediction).values()] == first


@pytest.mark.parametrize("act", [act for act in ResolutionAct if act is not ResolutionAct.FINAL])
def test_what_is_no_longer_final_has_no_scores(prediction: Prediction, reader: Reader, act: ResolutionAct) -> None:
    for number in range(5):
        say(prediction, factories.account(), number, (0.6, 0.3, 0.1))
    end(prediction)
    assert scored(prediction)
    assert ledgers.methods_of(prediction)
    end(prediction, act=act)
    assert not scored(prediction)
    assert not ledgers.methods_of(prediction)


def test_once_scored_it_waits_no_longer(prediction: Prediction, reader: Reader) -> None:
    end(prediction)
    assert scorekeeping.due() == prediction
    scored(prediction)
    assert scorekeeping.due() is None


def test_another_outcome_makes_other_scores(prediction: Prediction, reader: Reader) -> None:
    say(prediction, reader, 0, (0.6, 0.3, 0.1))
    end(prediction, outcome=0)
    scored(prediction)
    end(prediction, outcome=1)
    row = scored(prediction)[reader.id]
    assert row.logarithmic == pytest.approx(math.log(0.3), abs=1e-12)
    assert not row.is_called


def test_only_final_questions_are_made_due(prediction: Prediction, now: datetime) -> None:
    scorekeeping.make_due([prediction.id], now=now)
    assert prediction.score_due_at is None
    end(prediction)
    prediction.score_due_at = None
    scorekeeping.make_due([prediction.id], now=now)
    assert prediction.score_due_at == now


# --- what is not ordinary ---------------------------------------------------------------------------------------------


def test_one_forecaster_has_no_peers_and_so_a_peer_score_of_nothing(prediction: Prediction, reader: Reader) -> None:
    say(prediction, reader, 0, (0.6, 0.3, 0.1))
    end(prediction)
    row = scored(prediction)[reader.id]
    assert (row.peer, row.coverage) == (0, 1)
    assert row.baseline is not None
    assert row.baseline > 0


def test_where_all_are_equal_nobody_is_better(prediction: Prediction) -> None:
    for number in range(7):
        say(prediction, factories.account(), number / 10, (0.6, 0.3, 0.1))
    end(prediction)
    assert {row.peer for row in scored(prediction).values()} == {0}
    told = ledgers.methods_of(prediction)
    assert told["mean"].chance == told["median"].chance == pytest.approx(0.6, abs=1e-12)


def test_certainty_is_clipped_and_finite(prediction: Prediction, reader: Reader, another_reader: Reader) -> None:
    say(prediction, reader, 0, (1.0, 0.0, 0.0))
    say(prediction, another_reader, 0, (0.0, 1.0, 0.0), pick=1)
    end(prediction, outcome=0)
    right, wrong = (scored(prediction)[one.id] for one in (reader, another_reader))
    assert right.logarithmic == pytest.approx(math.log(0.99), abs=1e-12)
    assert wrong.logarithmic == pytest.approx(math.log(0.01), abs=1e-12)
    assert (right.brier, wrong.brier) == (0, 2)


def test_of_two_forecasts_in_one_second_each_counts_for_its_time(prediction: Prediction, reader: Reader) -> None:
    say(prediction, reader, 0, (0.2, 0.7, 0.1))
    say(prediction, reader, 0.25 / 3600, (0.4, 0.5, 0.1))
    end(prediction)
    row = scored(prediction)[reader.id]
    part = 0.25 / 36_000
    assert row.coverage == pytest.approx(1, abs=1e-12)
    assert row.logarithmic == pytest.approx(part * math.log(0.2) + (1 - part) * math.log(0.4), abs=1e-12)


def test_two_forecasts_at_the_same_instant_leave_the_later_one(prediction: Prediction, reader: Reader) -> None:
    say(prediction, reader, 1, (0.2, 0.7, 0.1), pick=1)
    say(prediction, reader, 1, (0.4, 0.5, 0.1), pick=0)
    end(prediction)
    row = scored(prediction)[reader.id]
    assert row.logarithmic == pytest.approx(math.log(0.4), abs=1e-12)
    assert row.is_called


def test_a_forecast_that_ended_before_it_was_made_ends_no_other(prediction: Prediction, reader: Reader) -> None:
    say(prediction, reader, 1, (0.2, 0.7, 0.1), until=0.5)
    say(prediction, reader, 0, (0.4, 0.5, 0.1))
    end(prediction)
    assert scored(prediction)[reader.id].coverage == pytest.approx(1, abs=1e-12)


def test_a_forecast_at_the_closing_instant_counts_for_nothing(prediction: Prediction, reader: Reader) -> None:
    say(prediction, reader, 10, (0.6, 0.3, 0.1))
    end(prediction)
    row = scored(prediction)[reader.id]
    assert (row.coverage, row.peer, row.is_called) == (0, None, False)


def test_a_forecast_changed_at_the_closing_instant_counts_as_it_was(prediction: Prediction, reader: Reader) -> None:
    say(prediction, reader, 0, (0.6, 0.3, 0.1), pick=0)
    say(prediction, reader, 10, (0.1, 0.8, 0.1), pick=1)
    end(prediction, outcome=0)
    row = scored(prediction)[reader.id]
    assert row.logarithmic == pytest.approx(math.log(0.6), abs=1e-12)
    assert row.is_called


def test_what_was_known_before_the_question_opened_scores_nobody(prediction: Prediction, reader: Reader) -> None:
    for number in range(6):
        say(prediction, factories.account(), number, (0.6, 0.3, 0.1))
    end(prediction, known=-1)
    rows = scored(prediction).values()
    assert {(row.peer, row.coverage, row.is_called) for row in rows} == {(None, 0, False)}
    assert not ledgers.methods_of(prediction)


def test_a_question_without_forecasts_is_scored_to_nothing(prediction: Prediction) -> None:
    end(prediction)
    assert not scored(prediction)
    assert not ledgers.methods_of(prediction)


@pytest.mark.parametrize("day", [datetime(2026, 3, 28, 23, tzinfo=UTC), datetime(2026, 10, 24, 22, tzinfo=UTC)])
def test_a_day_on_which_clocks_change_is_as_long_as_it_is(prediction: Prediction, reader: Reader, day: datetime) -> None:
    hours = {3: 23, 10: 25}[day.month]  # the day in Berlin
    prediction.opened_at, prediction.closes_at, prediction.closed_at = day, day + timedelta(hours=hours), None
    say(prediction, reader, hours / 2, (0.6, 0.3, 0.1))
    end(prediction)
    assert scored(prediction)[reader.id].coverage == pytest.approx(0.5, abs=1e-12)


def test_a_question_closed_early_is_measured_by_its_schedule(prediction: Prediction, reader: Reader) -> None:
    prediction.closed_at = ledgers.at(prediction, 4)
    say(prediction, reader, 0, (0.6, 0.3, 0.1))
    end(prediction)
    assert scored(prediction)[reader.id].coverage == pytest.approx(0.4, abs=1e-12)


# --- comparing ---------------------------------------------------------------------------------------------------------


def test_what_was_written_down_does_not_differ(prediction: Prediction) -> None:
    for number in range(8):
        say(prediction, factories.account(), number, (0.5, 0.3, 0.2))
    end(prediction)
    scored(prediction)
    assert not list(scorekeeping.differences(prediction))


def test_every_kind_of_difference_is_found(prediction: Prediction, reader: Reader, another_reader: Reader) -> None:
    for number in range(6):
        say(prediction, factories.account(), number, (0.5, 0.3, 0.2))
    say(prediction, reader, 1, (0.6, 0.3, 0.1))
    end(prediction)
    rows = scored(prediction)
    rows[reader.id].brier = 1.5
    db.session.delete(next(row for key, row in rows.items() if key != reader.id))
    db.session.add(ForecastScore(prediction_id=prediction.id, reader_id=another_reader.id, is_called=True, coverage=0))
    ledgers.methods_of(prediction)["crowd"].chance = 0.1
    db.session.flush()
    found = [str(one) for one in scorekeeping.differences(prediction)]
    assert len(found) == 4
    assert f"prediction {prediction.id}, method crowd: chance is 0.1" in found[-1]


def test_looking_for_differences_changes_nothing(prediction: Prediction, reader: Reader) -> None:
    say(prediction, reader, 1, (0.6, 0.3, 0.1))
    end(prediction)
    assert list(scorekeeping.differences(prediction))
    assert not kept(prediction)


def test_scoring_leaves_the_ledger_alone(prediction: Prediction, reader: Reader) -> None:
    row = say(prediction, reader, 1, (0.6, 0.3, 0.1))
    end(prediction)
    scored(prediction)
    left = db.session.scalars(select(Forecast).where(Forecast.prediction_id == prediction.id)).one()
    assert (left.id, left.superseded_at, len(left.probabilities)) == (row.id, None, 3)
