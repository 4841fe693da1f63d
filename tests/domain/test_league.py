from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from sqlalchemy import delete, select, update

from domain import league, verifying
from extensions import db
from models import MethodScore, MethodSum, Prediction, ResultsVisibility
from tests import factories, ledgers
from tests.statements import counted_statements

pytestmark = pytest.mark.usefixtures("stage")

BRIERS = {"even": 0.6, "crowd": 0.2, "mean": 0.4, "median": 0.3, "recent_median": 0.25, "balanced": 0.35}


def heard(prediction: Prediction, scale: float, *, without: str = "") -> None:
    """Let every method have come so near in a question."""
    for method, brier in BRIERS.items():
        if method != without:
            figures = {"brier": brier * scale, "logarithmic": -brier, "baseline": -100 * brier}
            db.session.add(MethodScore(prediction_id=prediction.id, method=method, forecasts=9, chance=0.5, **figures))
    db.session.add(
        MethodScore(prediction_id=prediction.id, method="picks", forecasts=9, chance=0, brier=0, logarithmic=0, baseline=0)
    )
    league.add_up()


def test_the_nearest_method_stands_first(now: datetime) -> None:
    heard(ledgers.question(now), 1)
    order = [one.method for one in league.table(now=now).averages]
    assert order == ["crowd", "recent_median", "median", "balanced", "mean", "even"]


def test_averages_are_over_questions(now: datetime) -> None:
    for scale in (1, 2, 3):
        heard(ledgers.question(now, headline=f"Question {scale}"), scale)
    table = league.table(now=now)
    assert table.questions == 3
    assert {one.method: one.brier for one in table.averages} == pytest.approx(
        {name: 2 * brier for name, brier in BRIERS.items()}
    )


def test_only_questions_on_which_all_were_heard_are_compared(now: datetime) -> None:
    heard(ledgers.question(now), 1)
    heard(ledgers.question(now, headline="Another"), 9, without="balanced")
    table = league.table(now=now)
    assert table.questions == 1
    assert next(one.brier for one in table.averages if one.method == "crowd") == pytest.approx(0.2)
    assert len(league.rows_after(0, now=now)) == len(BRIERS)


def test_a_question_whose_counts_a_law_hides_is_left_out(now: datetime) -> None:
    for headline in ("One", "Another"):
        prediction = ledgers.question(now, headline=headline)
        heard(prediction, 1)
    prediction.article.hides_counts = True
    db.session.flush()
    assert league.table(now=now).questions == len(league.rows_after(0, now=now)) / len(BRIERS) == 1


def test_sums_that_are_behind_show_nothing_of_a_hidden_question(now: datetime) -> None:
    prediction = ledgers.question(now)
    heard(prediction, 1)
    db.session.execute(update(MethodSum).values(questions=0))
    prediction.article.hides_counts = True
    db.session.flush()
    assert league.table(now=now) == league.League()


def test_what_is_kept_and_what_is_hidden_are_of_one_moment(now: datetime) -> None:
    heard(ledgers.question(now), 1)
    with counted_statements() as statements:
        league.table(now=now)
    assert len(statements) == 1


def test_scoring_keeps_what_the_methods_add_up_to(now: datetime) -> None:
    prediction = ledgers.question(now)
    for number in range(5):
        ledgers.say(prediction, factories.account(), number, (0.5, 0.3, 0.2))
    ledgers.end(prediction)
    ledgers.scored(prediction)
    rows = db.session.scalars(select(MethodScore).where(MethodScore.prediction_id == prediction.id))
    assert {row.method: (1, row.brier, row.logarithmic, row.baseline) for row in rows if row.method in league.COMPARED} == {
        method: pytest.approx(sums) for method, sums in league.recount()[0].items()
    }


def test_sums_that_do_not_follow_are_named(now: datetime) -> None:
    heard(ledgers.question(now), 1)
    assert wrong(now) == []
    db.session.execute(update(MethodSum).where(MethodSum.method == "crowd").values(questions=3))
    (found,) = wrong(now)
    assert found.startswith("method_sum of crowd: is (3, ")


def test_sums_that_are_missing_are_named(now: datetime) -> None:
    heard(ledgers.question(now), 1)
    db.session.execute(delete(MethodSum))
    assert sorted(one.partition(", should be (1, ")[0] for one in wrong(now)) == [
        f"method_sum of {method}: is None" for method in sorted(BRIERS)
    ]


def wrong(now: datetime) -> list[str]:
    found = (str(one) for check in verifying.checks() for one in verifying.findings(check, now=now))
    return [one for one in found if one.startswith("method_sum")]


def test_before_anything_is_final_there_is_no_table(now: datetime) -> None:
    assert league.table(now=now) == league.League()


def test_the_rows_name_their_question(now: datetime) -> None:
    prediction = ledgers.question(now)
    heard(prediction, 1)
    assert {(row.prediction_id, row.question) for row in league.rows_after(0, now=now)} == {
        (prediction.id, prediction.question)
    }


@pytest.mark.parametrize(("seen", "questions"), [(ResultsVisibility.ALWAYS, 1), (ResultsVisibility.AFTER_VOTING, 0)])
def test_while_takes_are_hidden_their_question_is_left_out(now: datetime, seen: ResultsVisibility, questions: int) -> None:
    prediction = ledgers.question(now)
    heard(prediction, 1)
    poll, _ = factories.asked(prediction.article)
    poll.visibility, poll.closes_at, poll.closed_at = seen, now + timedelta(hours=1), None
    db.session.flush()
    assert league.table(now=now).questions == len(league.rows_after(0, now=now)) / len(BRIERS) == questions
    assert league.table(now=now + timedelta(hours=1)).questions == 1
