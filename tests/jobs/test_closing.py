from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from flask.testing import FlaskClient

from domain import articles
from extensions import db
from jobs import tasks
from models import Article
from tests import factories

pytestmark = pytest.mark.usefixtures("stage")


def close() -> int:
    """Run the job as the queue does, and see what came of it."""
    db.session.commit()
    closed: int = tasks.close_questions.call_local()
    db.session.expire_all()
    return closed


def end(article: Article, at: datetime) -> None:
    for question in factories.asked(article):
        question.closes_at = at


def test_questions_are_closed_once_their_time_is_over(article: Article, now: datetime) -> None:
    end(article, now - timedelta(seconds=1))
    assert close() == 2
    poll, prediction = factories.asked(article)
    assert poll.closed_at == prediction.closed_at == now - timedelta(seconds=1)


def test_questions_are_not_closed_before(article: Article) -> None:
    assert close() == 0
    assert factories.asked(article)[0].closed_at is None


def test_one_question_may_close_before_the_other(article: Article, now: datetime) -> None:
    poll, prediction = factories.asked(article)
    poll.closes_at = now - timedelta(seconds=1)
    assert close() == 1
    assert prediction.closed_at is None


def test_running_twice_changes_nothing(article: Article, now: datetime) -> None:
    end(article, now - timedelta(minutes=3))
    assert (close(), close()) == (2, 0)


def test_a_question_closed_by_hand_keeps_its_time(article: Article, now: datetime) -> None:
    articles.close(article, now=now - timedelta(minutes=1))
    end(article, now - timedelta(seconds=1))
    assert close() == 0
    assert factories.asked(article)[0].closed_at == now - timedelta(minutes=1)


def test_a_draft_is_not_closed(now: datetime) -> None:
    draft = articles.create(factories.draft(now), now=now)
    end(draft, now - timedelta(minutes=1))
    assert close() == 0


def test_results_appear_and_caches_turn_over(client: FlaskClient, article: Article, now: datetime) -> None:
    before = client.get(f"/articles/{article.slug}")
    assert "What readers say" not in before.text
    end(article, now - timedelta(seconds=1))
    close()
    after = client.get(f"/articles/{article.slug}", headers={"If-None-Match": before.headers["ETag"]})
    assert after.status_code == 200
    assert "What readers say" in after.text


def test_the_discussion_stays_open(article: Article, now: datetime) -> None:
    end(article, now - timedelta(seconds=1))
    close()
    assert article.is_open
