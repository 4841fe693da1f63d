from __future__ import annotations

from datetime import datetime

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select

from domain import happenings
from extensions import db
from models import Article
from tests import factories
from tests.figures import change_of

pytestmark = pytest.mark.usefixtures("stage")


def answer(client: FlaskClient, article: Article, reason: str = "Because it is.") -> None:
    """Take part as a guest does."""
    poll, prediction = factories.asked(article)
    given = {"choice": str(poll.choices[0].id), "outcome": str(prediction.outcomes[0].id), "reason": reason}
    assert client.post(f"/articles/{article.slug}/participation", data=given, follow_redirects=True).status_code == 200


@pytest.mark.parametrize("what", ["vote", "forecast", "comment"])
def test_what_a_reader_gives_is_counted_once(client: FlaskClient, article: Article, what: str) -> None:
    assert change_of("foresay_accepted_total", lambda: answer(client, article), what=what) == 1


@pytest.mark.parametrize("what", ["vote", "forecast", "comment"])
def test_the_same_again_is_not(client: FlaskClient, article: Article, what: str) -> None:
    answer(client, article)
    assert change_of("foresay_accepted_total", lambda: answer(client, article), what=what) == 0


def test_what_is_not_stored_is_not_counted(client: FlaskClient, article: Article) -> None:
    refused = {"choice": "999999", "outcome": "999999", "reason": "Because."}
    act = lambda: client.post(f"/articles/{article.slug}/participation?cookie=set", data=refused)  # noqa: E731 - done inside
    assert change_of("foresay_accepted_total", act, what="vote") == 0


def test_what_is_taken_back_before_it_is_stored_is_forgotten() -> None:
    def act() -> None:
        db.session.execute(select(1))
        happenings.note("accepted", "vote")
        db.session.rollback()
        db.session.commit()

    assert change_of("foresay_accepted_total", act, what="vote") == 0


def test_what_is_stored_is_counted_when_it_is() -> None:
    happenings.note("accepted", "vote")
    assert change_of("foresay_accepted_total", db.session.flush, what="vote") == 0
    assert change_of("foresay_accepted_total", db.session.commit, what="vote") == 1


def test_part_of_a_transaction_counts_with_the_whole() -> None:
    with db.session.begin_nested():
        happenings.note("accepted", "vote")
    assert change_of("foresay_accepted_total", db.session.commit, what="vote") == 1


def test_verdicts_of_screening_are_counted_by_check_and_finding(client: FlaskClient, article: Article, now: datetime) -> None:
    told = {"check": "links", "finding": "hold"}
    body = "See https://a.example/ https://b.example/ https://c.example/ https://d.example/ https://e.example/"
    assert change_of("foresay_screening_verdicts_total", lambda: answer(client, article, body), **told) >= 1
