from __future__ import annotations

from datetime import datetime

import pytest
from click.testing import Result
from flask import Flask
from sqlalchemy import update

from extensions import db
from models import ForecastScore, MethodScore, Prediction, Reader
from tests import factories, ledgers


@pytest.fixture
def prediction(stage: None, reader: Reader, now: datetime) -> Prediction:
    """Return a question that is final, and whose scores wait."""
    prediction = ledgers.question(now)
    ledgers.say(prediction, reader, 1, (0.6, 0.3, 0.1))
    for number in range(5):
        ledgers.say(prediction, factories.account(), number, (0.2, 0.3, 0.5), pick=2)
    ledgers.end(prediction)
    db.session.commit()
    return prediction


def run(app: Flask, *arguments: str) -> Result:
    result = app.test_cli_runner().invoke(args=["predictions", *arguments])
    db.session.expire_all()
    return result


def spoilt(prediction: Prediction, reader: Reader) -> None:
    """Let a score be wrong that nobody waits for."""
    ledgers.scored(prediction)
    mine = (ForecastScore.prediction_id == prediction.id) & (ForecastScore.reader_id == reader.id)
    db.session.execute(update(ForecastScore).where(mine).values(brier=1.25))
    db.session.commit()


def test_what_waits_is_scored(app: Flask, prediction: Prediction) -> None:
    result = run(app, "score")
    assert (result.exit_code, result.stdout.strip()) == (0, "Scored: 1.")
    assert len(ledgers.kept(prediction)) == 6
    assert prediction.score_due_at is None


def test_what_does_not_wait_is_left_alone(app: Flask, prediction: Prediction) -> None:
    run(app, "score")
    assert run(app, "score").stdout.strip() == "Scored: 0."


def test_scores_that_are_right_are_said_to_be(app: Flask, prediction: Prediction) -> None:
    run(app, "score")
    result = run(app, "recompute", "--all")
    assert (result.exit_code, result.stdout.strip()) == (0, "Every score is what the forecasts say.")


def test_a_wrong_score_is_one_line_is_put_right_and_ends_with_one(app: Flask, prediction: Prediction, reader: Reader) -> None:
    spoilt(prediction, reader)
    right = 0.16 + 0.09 + 0.01
    result = run(app, "recompute", str(prediction.id))
    line, last = result.stdout.splitlines()
    assert line.startswith(f"prediction {prediction.id}, reader {reader.id}: brier is 1.25, should be 0.26")
    assert (result.exit_code, last) == (1, "Put right: 1.")
    assert ledgers.kept(prediction)[reader.id].brier == pytest.approx(right)


def test_what_waits_to_be_scored_is_no_difference(app: Flask, prediction: Prediction) -> None:
    result = run(app, "recompute", "--all")
    assert result.exit_code == 0
    assert len(ledgers.kept(prediction)) == 6


def test_scores_of_what_is_not_final_are_found(app: Flask, article: None, prediction: Prediction, now: datetime) -> None:
    open_one = ledgers.question(now, headline="Another")
    db.session.add(
        MethodScore(prediction_id=open_one.id, method="crowd", forecasts=5, chance=0, brier=0, logarithmic=0, baseline=0)
    )
    db.session.commit()
    result = run(app, "recompute", "--all")
    assert result.exit_code == 1
    assert f"prediction {open_one.id}, method crowd: method is crowd, should be None" in result.stdout
    assert not ledgers.methods_of(open_one)


def test_there_has_to_be_such_a_prediction(app: Flask, prediction: Prediction) -> None:
    result = run(app, "recompute", "999999")
    assert (result.exit_code, "There is no prediction 999999." in result.stderr) == (1, True)


@pytest.mark.parametrize("arguments", [["recompute"], ["recompute", "1", "--all"]])
@pytest.mark.usefixtures("stage")
def test_one_says_which(app: Flask, arguments: list[str]) -> None:
    assert run(app, *arguments).exit_code == 2
