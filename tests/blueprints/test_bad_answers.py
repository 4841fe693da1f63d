"""Answers that are none: each is refused in words, and nothing of it is left in any table."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest
from bs4 import BeautifulSoup
from flask import Flask
from sqlalchemy import Connection
from werkzeug.test import TestResponse

from domain import participation
from domain.participation import Answer
from extensions import db
from models import Article, Question, Reader, ResolutionAct, Role
from tests import factories, ledgers
from tests.applications import staged
from tests.resolving import resolve
from tests.scene import changes

HUGE = "9" * 4_000
NUMBERS = (
    "nan",
    "NaN",
    "inf",
    "-inf",
    "1e309",
    "1e2",
    "-0",
    "-1",
    "101",
    "33.4",
    "0x64",
    "1_00",
    "\u0661\u0660\u0660",
    "\uff11\uff10\uff10",
    "\0",
    "[]",
    HUGE,
)
KEYS = ("0", "-1", "1e3", "nan", "\0", "None", HUGE, str(2**63), "1 OR 1=1", "\u2177")
Sent = dict[str, Any]


@pytest.fixture
def played(app: Flask, now: datetime) -> Any:
    """Return an open article on which a reader holds an answer, that reader, and the connection on which all happens."""
    with staged(app) as stage:
        article, reader = factories.open_article(now), factories.account("somebody")
        poll, prediction = factories.asked(article)
        held = Answer(choices=poll.choices[:1], outcome=prediction.outcomes[0], probabilities=None)
        participation.submit(article, held, by=reader, now=now)
        db.session.commit()
        yield article, reader, stage


Played = tuple[Article, Reader, Connection]


def send(app: Flask, played: Played, sent: Sent, *, by_guest: bool) -> tuple[TestResponse, bool]:
    """Send an answer as the reader who holds one, or as a guest who has never been here; return whether anything changed."""
    article, reader, stage = played
    browser = app.test_client() if by_guest else factories.browser_of(app, reader)
    path = f"/articles/{article.slug}/participation"
    db.session.commit()
    with changes(stage) as is_changed:
        response = browser.post(path, data=sent)
        if response.status_code == 307:  # sent round for a cookie
            response = browser.post(response.headers["Location"], data=sent)
        return response, is_changed()


def chances(article: Article, *given: str) -> Sent:
    _, prediction = factories.asked(article)
    return {f"chances-{outcome.id}": text for outcome, text in zip(prediction.outcomes, given, strict=False)}


def foreign(article: Article, now: datetime) -> tuple[Sent, ...]:
    """Return answers to another article's questions."""
    poll, prediction = factories.asked(factories.open_article(now, "Another matter"))
    ids = [outcome.id for outcome in prediction.outcomes]
    return (
        {"choice": poll.choices[0].id},
        {"outcome": ids[0]},
        {f"chances-{one}": "50" for one in ids[:2]},
        {**chances(article, "50", "50", "0"), f"chances-{ids[0]}": "0x"},
        {"choice": poll.choices[0].id, "reason": "Because."},
    )


def told(response: TestResponse) -> str:
    """Return what the page says is wrong."""
    page = BeautifulSoup(response.text, "lxml")
    return " ".join(tag.get_text(" ", strip=True) for tag in page.select("[role=alert]:not([hidden])"))


def assert_refused(app: Flask, played: Played, sent: Sent, statuses: frozenset[int] = frozenset({422})) -> None:
    for by_guest in (False, True):
        response, is_changed = send(app, played, sent, by_guest=by_guest)
        assert response.status_code in statuses, (sent, response.status_code)
        assert told(response), sent
        assert not is_changed, sent


@pytest.mark.parametrize("number", NUMBERS)
def test_what_is_no_percentage_is_refused(app: Flask, played: Played, number: str) -> None:
    assert_refused(app, played, chances(played[0], number, "50", "50"))
    assert_refused(app, played, chances(played[0], number, number, number))


@pytest.mark.parametrize(
    "given", [("50", "50", "1"), ("99", "0", "0"), ("100", "100", "100"), ("33", "33", "33"), ("0", "0", "0")]
)
def test_chances_that_are_not_a_hundred_are_refused(app: Flask, played: Played, given: tuple[str, ...]) -> None:
    assert_refused(app, played, chances(played[0], *given))


@pytest.mark.parametrize("key", KEYS)
@pytest.mark.parametrize("field", ["choice", "outcome"])
def test_what_is_no_answer_is_refused(app: Flask, played: Played, field: str, key: str) -> None:
    assert_refused(app, played, {field: key})
    assert_refused(app, played, {field: key, "reason": "Because."})


@pytest.mark.parametrize("words", ["nan", "1e309", "-35", "36", "100", HUGE, "\0"])
def test_what_is_no_confidence_is_refused(app: Flask, played: Played, words: str) -> None:
    _, prediction = factories.asked(played[0])
    assert_refused(app, played, {"outcome": prediction.outcomes[0].id, "confidence": words})


@pytest.mark.parametrize("place", range(5))
def test_answers_to_anothers_questions_are_refused(app: Flask, played: Played, now: datetime, place: int) -> None:
    assert_refused(app, played, foreign(played[0], now)[place])


def test_seventeen_of_anything_are_refused(app: Flask, played: Played) -> None:
    article = played[0]
    poll, prediction = factories.asked(article)
    last = max(outcome.id for outcome in prediction.outcomes)
    many = {f"chances-{last + more}": "5" for more in range(1, 15)}
    assert_refused(app, played, {**chances(article, "10", "10", "10"), **many})
    assert_refused(app, played, {"choice": [choice.id for choice in poll.choices] * 6})
    assert_refused(app, played, {"outcome": [outcome.id for outcome in prediction.outcomes] * 6})


@pytest.mark.parametrize("name", ["choice[]", "outcome[0]", "chances", "chances-", "chances-\0", "rank-1", "choice\0"])
def test_fields_there_are_not_give_no_answer(app: Flask, played: Played, name: str) -> None:
    assert_refused(app, played, {name: "1"})


def test_a_good_answer_beside_a_bad_one_is_not_kept_either(app: Flask, played: Played) -> None:
    poll, _ = factories.asked(played[0])
    assert_refused(app, played, {"choice": poll.choices[1].id, "reason": "So it is.", **chances(played[0], "50", "50", "50")})
    assert_refused(app, played, {"choice": poll.choices[1].id, "reason": "x" * 5_001})


def ended(question: Question, now: datetime) -> None:
    question.closed_at = question.closes_at = now - timedelta(seconds=1)


def poll_closed(article: Article, now: datetime) -> None:
    ended(factories.asked(article)[0], now)


def all_closed(article: Article, now: datetime) -> None:
    for question in factories.asked(article):
        ended(question, now)


def resolved(article: Article, now: datetime) -> None:
    poll_closed(article, now)
    resolve(article, factories.account("the desk", role=Role.EDITOR), now)


def annulled(article: Article, now: datetime) -> None:
    all_closed(article, now)
    ledgers.end(factories.asked(article)[1], act=ResolutionAct.ANNULLED)


def made_final(article: Article, now: datetime) -> None:
    all_closed(article, now)
    ledgers.end(factories.asked(article)[1])


@pytest.mark.parametrize("end", [all_closed, resolved, annulled, made_final])
def test_after_the_end_nothing_is_taken(
    app: Flask, played: Played, now: datetime, end: Callable[[Article, datetime], None]
) -> None:
    article = played[0]
    poll, prediction = factories.asked(article)
    answers = {"choice": poll.choices[1].id}, {"outcome": prediction.outcomes[1].id}, chances(article, "20", "30", "50")
    end(article, now)
    for sent in (*answers, {**answers[0], "reason": "Too late?"}, {**answers[1], **answers[0]}):
        assert_refused(app, played, sent, frozenset({409, 422}))
