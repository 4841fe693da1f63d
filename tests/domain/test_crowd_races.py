"""A crowd that changes while a job works it out, in transactions of their own."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import pytest
from flask import Flask

from domain import crowds, readers
from domain.crowds import WorkedOut
from extensions import db
from models import Prediction, Reader
from tests import factories, history
from tests.applications import site_of_its_own
from tests.racing import until_somebody_waits


@pytest.fixture
def live_app(database_url: str) -> Iterator[Flask]:
    """Return an application on a database of its own, in which commits are real."""
    with site_of_its_own(database_url) as app:
        yield app


@dataclass(frozen=True)
class Cast:
    """The ids of what has been committed."""

    prediction: int
    people: list[int]


@pytest.fixture
def closed(live_app: Flask) -> Cast:
    """Return a question that no answer can change any more, of people who can still confirm their addresses."""
    with live_app.app_context():
        now = datetime.now(UTC)
        article = factories.open_article(now)
        poll, prediction = factories.asked(article)
        people = [factories.account(confirmed=False) for _ in range(2)]
        for one in people:
            history.predicts(article, one, now, 0.5, 0.3, 0.2)
        poll.closed_at = prediction.closed_at = now - 2 * crowds.SETTLED_AFTER
        db.session.commit()
        return Cast(prediction.id, [one.id for one in people])


def confirm(reader_id: int) -> None:
    readers.confirm_email(db.session.get_one(Reader, reader_id), now=datetime.now(UTC))


def worked_out(live_app: Flask, closed: Cast) -> WorkedOut:
    """Let one confirm their address, so that the crowd is left to a job, and return what the job found."""
    with live_app.app_context():
        crowds.refresh(db.session.get_one(Prediction, closed.prediction), now=datetime.now(UTC))
        confirm(closed.people[0])
        db.session.commit()
        found = crowds.worked_out(db.session.get_one(Prediction, closed.prediction))
        assert found is not None
        return found


def keep(live_app: Flask, found: WorkedOut) -> None:
    with live_app.app_context():
        crowds.keep(found, now=datetime.now(UTC))
        db.session.commit()


def is_stale(live_app: Flask) -> bool:
    """Whether any crowd is left to a job, even in a year."""
    with live_app.app_context():
        return crowds.stale(now=datetime.now(UTC) + timedelta(days=365)) is not None


def test_a_crowd_to_which_nothing_happened_meanwhile_is_up_to_date(live_app: Flask, closed: Cast) -> None:
    keep(live_app, worked_out(live_app, closed))
    assert not is_stale(live_app)


def test_a_crowd_that_was_changed_meanwhile_is_left_to_the_next_job(live_app: Flask, closed: Cast) -> None:
    found = worked_out(live_app, closed)
    with live_app.app_context():
        confirm(closed.people[1])
        db.session.commit()
    keep(live_app, found)
    assert is_stale(live_app)


def test_whoever_is_just_changing_a_crowd_is_waited_for(live_app: Flask, closed: Cast) -> None:
    found = worked_out(live_app, closed)
    with live_app.app_context(), ThreadPoolExecutor(1) as pool:
        confirm(closed.people[1])
        keeping = pool.submit(keep, live_app, found)
        until_somebody_waits()
        db.session.commit()
        keeping.result()
    assert is_stale(live_app)


def test_what_is_up_to_date_is_not_overwritten_by_what_is_older(live_app: Flask, closed: Cast) -> None:
    found = worked_out(live_app, closed)
    with live_app.app_context():
        prediction = db.session.get_one(Prediction, closed.prediction)
        confirm(closed.people[1])
        crowds.refresh(prediction, now=datetime.now(UTC))
        db.session.commit()
    keep(live_app, found)
    assert not is_stale(live_app)
