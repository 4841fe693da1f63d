"""Crowds that are too large to be worked out while their voter waits."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pytest

from connections import expects_writes
from domain import crowds, participation
from domain.crowds import PAUSE
from domain.participation import Answer
from extensions import db
from jobs import tasks
from jobs.reading import reading
from models import Article, CrowdForecast, Outcome, Prediction
from tests import factories, multitudes

MANY = 2_000  # of which the oldest weigh nothing
BY_RECENCY = ("chances", "low", "high", "recent_median")
OF_ALL = ("mean", "median", "camps", "balanced", "gap")


@pytest.fixture
def prediction(article: Article, now: datetime) -> Prediction:
    """Return a prediction of which the crowd is up to date but for one forecast, which is unlike the others."""
    multitudes.take_part(article, multitudes.readers(MANY, now=now))
    _, prediction = factories.asked(article)
    refresh(prediction, now - timedelta(minutes=1))
    forecast(article, now)
    return prediction


def refresh(prediction: Prediction, now: datetime) -> None:
    found = crowds.worked_out(prediction)
    assert found is not None
    crowds.keep(found, now=now)


def forecast(article: Article, now: datetime) -> None:
    poll, prediction = factories.asked(article)
    chances = dict(zip([one.id for one in prediction.outcomes], (0.0, 0.0, 1.0), strict=True))
    answer = Answer(choices=poll.choices[:1], outcome=prediction.outcomes[2], probabilities=chances)
    participation.submit(article, answer, by=factories.guest(), now=now)


def kept(prediction: Prediction) -> CrowdForecast:
    return db.session.get_one(CrowdForecast, prediction.id, populate_existing=True)


def figures(summary: Any, names: tuple[str, ...]) -> list[Any]:
    return [summary[name] for name in names]


def test_the_newest_forecasts_say_what_all_of_them_do(prediction: Prediction, now: datetime) -> None:
    before = figures(kept(prediction).summary, BY_RECENCY)
    found, (count, whole) = crowds.newest_worked_out(prediction, now=now), crowds.computed(prediction)
    assert found is not None
    assert found.forecasts == count == MANY + 1
    for name in BY_RECENCY:
        assert found.summary[name] == pytest.approx(whole[name], abs=1e-12)
    assert figures(found.summary, BY_RECENCY) != before


def test_what_all_of_them_decide_stays_as_it_was_kept(prediction: Prediction, now: datetime) -> None:
    found = crowds.newest_worked_out(prediction, now=now)
    assert found is not None
    assert figures(found.summary, OF_ALL) == figures(kept(prediction).summary, OF_ALL)
    assert figures(found.summary, OF_ALL) != figures(crowds.computed(prediction)[1], OF_ALL)


def test_a_crowd_of_which_only_the_newest_were_looked_at_is_stale(prediction: Prediction, now: datetime) -> None:
    found = crowds.newest_worked_out(prediction, now=now)
    assert found is not None
    crowds.keep(found, now=now)
    assert crowds.stale(now=now) is prediction
    refresh(prediction, now)
    assert crowds.stale(now=now) is None
    assert (kept(prediction).forecasts, kept(prediction).summary) == crowds.computed(prediction)


def test_the_newest_are_not_looked_at_again_at_once(prediction: Prediction, article: Article, now: datetime) -> None:
    found = crowds.newest_worked_out(prediction, now=now)
    assert found is not None
    crowds.keep(found, now=now)
    forecast(article, now)
    assert crowds.newest_worked_out(prediction, now=now + PAUSE / 2) is None
    assert crowds.newest_worked_out(prediction, now=now + PAUSE) is not None


def test_with_another_outcome_all_are_looked_at(prediction: Prediction, now: datetime) -> None:
    split = prediction.outcomes[0].id
    prediction.outcomes.append(Outcome(position=3, label="Something else", added_at=now, split_from_id=split))
    db.session.flush()
    found = crowds.newest_worked_out(prediction, now=now)
    assert found is not None
    assert (found.forecasts, found.summary) == crowds.computed(prediction)
    assert found.basis == crowds.basis_of(prediction)


def test_a_crowd_that_no_answer_can_change_is_not_looked_at(prediction: Prediction, article: Article, now: datetime) -> None:
    poll, _ = factories.asked(article)
    poll.closed_at = prediction.closed_at = now - crowds.SETTLED_AFTER - timedelta(seconds=1)
    assert crowds.stale(now=now) is None
    crowds.leave_stale([prediction.id])
    assert crowds.stale(now=now) is prediction


@pytest.mark.parametrize("question", ["poll", "prediction"])
def test_one_that_takes_or_forecasts_can_change_is(
    prediction: Prediction, article: Article, question: str, now: datetime
) -> None:
    poll, _ = factories.asked(article)
    poll.closed_at = prediction.closed_at = now - crowds.SETTLED_AFTER - timedelta(seconds=1)
    getattr(article, question).closed_at = None
    assert crowds.stale(now=now) is prediction


def test_a_job_looks_at_the_newest_and_the_next_minute_at_all(prediction: Prediction) -> None:
    db.session.commit()
    tasks.refresh_crowd.call_local(prediction.id)
    db.session.expire_all()
    assert (kept(prediction).forecasts, kept(prediction).basis) == (MANY + 1, "")
    tasks.refresh_left_crowds.call_local()
    db.session.expire_all()
    assert kept(prediction).basis == crowds.basis_of(prediction)


@pytest.mark.usefixtures("stage")
def test_nobody_waits_while_a_job_looks() -> None:
    with reading():
        assert not expects_writes.get()
    assert expects_writes.get()
