from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from sqlalchemy import select

from domain import disputes, finality, resolutions
from domain.resolutions import TIME_TO_DISPUTE
from extensions import db
from jobs import tasks
from models import Article, News, Prediction, Reader, Resolution, ResolutionAct, Role
from tests import factories
from tests.resolving import dispute, finalise, finding, resolve

pytestmark = pytest.mark.usefixtures("stage")


@pytest.fixture
def prediction(article: Article, editor: Reader, now: datetime) -> Prediction:
    """Return a prediction whose time to be disputed is just over."""
    resolve(article, editor, now - TIME_TO_DISPUTE)
    return factories.asked(article)[1]


def test_what_nobody_disputes_becomes_final_by_time_alone(prediction: Prediction, now: datetime) -> None:
    (provisional,) = prediction.resolutions
    row = finality.finalise(prediction, now=now)
    assert row is not None
    assert (row.act, row.number, row.editor_id, row.resolved_at) == (ResolutionAct.FINAL, 2, None, now)
    assert resolutions.finding_of(row) == resolutions.finding_of(provisional)
    assert prediction.is_final


def test_the_outcome_becoming_final_is_news_and_lets_scores_be_worked_out(prediction: Prediction, now: datetime) -> None:
    before = prediction.article.version
    row = finality.finalise(prediction, now=now)
    assert row is not None
    assert db.session.scalar(select(News.id).where(News.resolution_id == row.id))
    assert (prediction.score_due_at, prediction.article.version) == (now, before + 1)


def test_a_moment_earlier_it_does_not(prediction: Prediction, now: datetime) -> None:
    earlier = now - timedelta(microseconds=1)
    assert (finality.finalise(prediction, now=earlier), finality.next_due(earlier), finality.count_due(earlier)) == (
        None,
        None,
        0,
    )


def test_an_undecided_dispute_holds_it_up(prediction: Prediction, reader: Reader, now: datetime) -> None:
    dispute(prediction, reader, now - timedelta(hours=1))
    assert (finality.finalise(prediction, now=now), finality.next_due(now), finality.count_due(now)) == (None, None, 0)
    assert finality.held_up(now) == [(prediction, 1)]


def test_a_dismissed_dispute_does_not(prediction: Prediction, reader: Reader, now: datetime) -> None:
    one = dispute(prediction, reader, now - timedelta(hours=1))
    disputes.dismiss(one, "It does not say so.", by=factories.account(role=Role.EDITOR), now=now)
    assert finality.held_up(now) == []
    assert finality.next_due(now) == prediction
    assert finality.finalise(prediction, now=now)


def test_another_finding_begins_the_time_anew(prediction: Prediction, reader: Reader, editor: Reader, now: datetime) -> None:
    dispute(prediction, reader, now - timedelta(hours=2))
    other = finding(prediction.outcomes[1], now - timedelta(hours=1))
    resolutions.resolve(prediction, other, by=editor, now=now - timedelta(hours=1))
    assert finality.finalise(prediction, now=now) is None
    row = finality.finalise(prediction, now=now + timedelta(hours=71))
    assert row is not None
    assert row.outcome == prediction.outcomes[1]


@pytest.mark.parametrize("act", [ResolutionAct.ANNULLED, ResolutionAct.AMBIGUOUS, ResolutionAct.REOPENED])
def test_what_was_taken_back_never_becomes_final(
    prediction: Prediction, editor: Reader, now: datetime, act: ResolutionAct
) -> None:
    resolutions.declare(prediction, act, "Because.", by=editor, now=now)
    assert (finality.next_due(now), finality.finalise(prediction, now=now)) == (None, None)


def test_doing_it_again_changes_nothing(prediction: Prediction, now: datetime) -> None:
    finality.finalise(prediction, now=now)
    assert (finality.finalise(prediction, now=now), finality.next_due(now)) == (None, None)
    assert len(prediction.resolutions) == 2


def test_the_job_makes_everything_final_that_is_due(prediction: Prediction, editor: Reader, now: datetime) -> None:
    other, waits = (factories.asked(factories.open_article(now, f"Article {number}"))[1] for number in range(2))
    resolve(other.article, editor, now - TIME_TO_DISPUTE)
    resolve(waits.article, editor, now)
    db.session.commit()
    tasks.make_final.call_local()
    db.session.expire_all()
    assert [one.is_final for one in (prediction, other, waits)] == [True, True, False]


def test_what_is_final_can_be_reopened_and_become_final_again(prediction: Prediction, editor: Reader, now: datetime) -> None:
    finality.finalise(prediction, now=now)
    resolutions.reopen(prediction, "The court reversed it.", by=editor, now=now)
    resolve(prediction.article, editor, now)
    assert finalise(prediction, now).number == 5
    assert db.session.scalars(select(Resolution.number).order_by(Resolution.id)).all() == [1, 2, 3, 4, 5]
