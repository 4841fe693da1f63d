"""Scores worked out by several at once, in real threads with real commits, on both databases."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime

import pytest
from flask import Flask

from domain import scorekeeping
from extensions import db
from models import Prediction
from tests import factories, ledgers
from tests.applications import site_of_its_own

SCORERS = 8
FORECASTS = 12


@pytest.fixture
def live_app(database_url: str) -> Iterator[Flask]:
    """Return an application on a database of its own, in which commits are real."""
    with site_of_its_own(database_url) as app:
        yield app


@pytest.fixture
def waiting(live_app: Flask) -> int:
    """Return the id of a committed prediction whose scores wait."""
    with live_app.app_context():
        prediction = ledgers.question(datetime.now(UTC))
        for number in range(FORECASTS):
            ledgers.say(prediction, factories.account(), number / 2, (0.5, 0.3, 0.2))
        ledgers.end(prediction)
        db.session.commit()
        return prediction.id


def test_several_who_score_at_once_leave_one_row_each(live_app: Flask, waiting: int) -> None:
    def score(_number: int) -> None:
        with live_app.app_context():
            scorekeeping.score(db.session.get_one(Prediction, waiting), now=datetime.now(UTC))
            db.session.commit()

    with ThreadPoolExecutor(SCORERS) as pool:
        list(pool.map(score, range(SCORERS)))
    with live_app.app_context():
        prediction = db.session.get_one(Prediction, waiting)
        assert len(ledgers.kept(prediction)) == FORECASTS
        assert not list(scorekeeping.differences(prediction))
        assert prediction.score_due_at is None


def test_what_somebody_is_scoring_is_left_to_them(live_app: Flask, waiting: int) -> None:
    with live_app.app_context():
        assert scorekeeping.due() is not None
        is_free = live_app.extensions["foresay"].database_url.startswith("sqlite")  # there one writer waits for the other
        with ThreadPoolExecutor(1) as pool:
            assert is_free or pool.submit(seen_by_another, live_app).result() is None
        db.session.rollback()
    assert seen_by_another(live_app) == waiting


def seen_by_another(live_app: Flask) -> int | None:
    with live_app.app_context():
        found = scorekeeping.due()
        return found.id if found else None
