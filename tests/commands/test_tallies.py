from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from time import sleep

import pytest
from click.testing import Result
from flask import Flask
from sqlalchemy import update

from connections import expects_writes
from domain import crowds, series, verifying
from domain.verifying import Finding
from extensions import db
from models import Article, OpinionPoll, OpinionTally
from tests import factories, history


@pytest.fixture
def article(stage: None, now: datetime) -> Article:
    """Return an article with two takes and a crowd of five, everything about it kept."""
    article = history.opened(now, timedelta(days=2))
    for place in range(2):
        history.takes(article, factories.guest(), now - timedelta(days=1), place)
    history.crowd_predicts(article, now - timedelta(days=1), 5)
    for question in factories.asked(article):
        series.extend(question, now=now)
    crowds.refresh(factories.asked(article)[1], now=now)
    db.session.commit()
    return article


def run(app: Flask) -> Result:
    return app.test_cli_runner().invoke(args=["tallies", "verify"])


@pytest.mark.usefixtures("article")
def test_where_everything_is_right_it_says_so(app: Flask) -> None:
    result = run(app)
    assert (result.exit_code, result.stdout) == (0, "Everything is what the ledgers say.\n")
    assert expects_writes.get()


def test_a_difference_is_one_line_and_ends_with_one(app: Flask, article: Article) -> None:
    poll, _ = factories.asked(article)
    choice = poll.choices[0].id
    db.session.execute(update(OpinionTally).where(OpinionTally.choice_id == choice).values(votes=9))
    db.session.commit()
    result = run(app)
    line = f"opinion_tally of poll {poll.id}, choice {choice}, guest: is 9, should be 1"
    assert (result.exit_code, result.stdout.splitlines()) == (1, [line])
    assert "docs/operating.md" in result.stderr


def test_what_waits_for_a_job_is_said_and_is_no_fault(app: Flask, article: Article, now: datetime) -> None:
    history.predicts(article, factories.guest(), now, 0.3, 0.3, 0.4)
    db.session.commit()
    result = run(app)
    assert result.exit_code == 0
    assert result.stdout.splitlines() == [
        f"crowd_forecast of prediction {factories.asked(article)[1].id}: waits for a refresh",
        "Waiting for the jobs, which is no fault: 1.",
        "Everything is what the ledgers say.",
    ]


def test_what_the_jobs_add_meanwhile_is_no_fault(
    app: Flask, stage: None, now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    soon = now + timedelta(seconds=2)
    article = history.opened(now, timedelta(hours=2, seconds=-2) + series.SETTLED)  # so its first point is due then
    history.takes(article, factories.guest(), now - timedelta(hours=1), 0)
    poll, _ = factories.asked(article)
    db.session.commit()

    def job(question: OpinionPoll, _now: datetime) -> Iterator[Finding]:
        sleep(max(0.0, (soon - datetime.now(UTC)).total_seconds()))
        series.extend(question, now=datetime.now(UTC))
        db.session.commit()
        yield from ()

    monkeypatch.setitem(verifying.LOOKS, OpinionPoll, (job, *verifying.LOOKS[OpinionPoll]))
    result = run(app)
    assert (result.exit_code, result.stdout, len(series.kept_of(poll))) == (0, "Everything is what the ledgers say.\n", 1)


@pytest.mark.usefixtures("article")
def test_what_a_job_wrote_between_two_statements_is_no_fault(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    faults = [Finding("seen halfway")]

    def torn(_poll: OpinionPoll, _now: datetime) -> Iterator[Finding]:
        yield from (faults.pop() for _ in faults[:1])

    monkeypatch.setitem(verifying.LOOKS, OpinionPoll, (torn,))
    result = run(app)
    assert (result.exit_code, result.stdout, faults) == (0, "Everything is what the ledgers say.\n", [])
