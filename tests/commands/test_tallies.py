from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from click.testing import Result
from flask import Flask
from sqlalchemy import update

from connections import expects_writes
from domain import crowds, series
from extensions import db
from models import Article, OpinionTally
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
