"""What is due each minute, done by two workers at the same moment: nothing breaks, and nothing is done twice."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from threading import Barrier
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask

from domain import outbox
from extensions import db
from extensions import jobs as queue
from jobs import tasks
from models import OpinionPoll, OutgoingMail, Prediction, Role
from tests import factories
from tests.applications import site_of_its_own


@pytest.fixture
def site(database_url: str) -> Iterator[Flask]:
    """Return a site where questions are due, a decision is to be told and sealed, and mail is to be sent."""
    with site_of_its_own(database_url) as site:
        with site.app_context():
            _fill(datetime.now(UTC))
        yield site


def _fill(now: datetime) -> None:
    article = factories.open_article(now)
    author, moderator = factories.account("Ann"), factories.account("Mo", role=Role.MODERATOR)
    factories.approve(factories.comment(article, author), moderator)
    db.session.execute(sa.update(OpinionPoll).values(closes_at=now - timedelta(seconds=1)))
    db.session.execute(sa.update(Prediction).values(closes_at=now - timedelta(seconds=1)))
    for place in range(5):
        outbox.queue_mail(f"reader{place}@example.org", "Hello", "A text.", now=now - timedelta(seconds=1))
    db.session.commit()


def at_once(task: type[Any]) -> list[Any]:
    """Let two workers do the same."""
    start = Barrier(2)

    def one(_: int) -> Any:
        start.wait(30)
        return task().execute()

    with ThreadPoolExecutor(2) as pool:
        return list(pool.map(one, range(2)))


def test_no_job_of_a_minute_breaks(site: Flask) -> None:
    for task in queue._registry.periodic_tasks:  # noqa: SLF001 - there is no other list of them
        at_once(type(task))


def test_each_question_is_closed_once(site: Flask) -> None:
    assert sum(at_once(tasks.close_questions.task_class)) == 2


def test_each_mail_leaves_once(site: Flask, capfd: pytest.CaptureFixture[str]) -> None:
    at_once(tasks.send_left_mail.task_class)
    printed = capfd.readouterr().out
    with site.app_context():
        assert db.session.scalars(sa.select(OutgoingMail.tries)).all() == [1] * 5
    assert [printed.count(f"To: reader{place}@example.org") for place in range(5)] == [1] * 5
