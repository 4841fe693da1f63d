"""What is sent again because nobody said what had become of it counts once: the first time it was stored."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select

from domain import clauses
from extensions import db
from models import Role
from tests import factories, faulting
from tests.applications import leave_empty
from tests.recount import assert_counters_equal_a_recount

Rows = dict[str, int]
WORKED_OUT = {"crowd_forecast"}  # from what is stored, after it is


@dataclass(frozen=True, kw_only=True)
class Cast:
    """Who sends, and about what."""

    reader: FlaskClient
    moderator: FlaskClient
    article: str
    answer: dict[str, str]
    shown: int
    own: int
    held: int
    reason: str


Form = tuple[FlaskClient, str, dict[str, str]]  # whose, where to, and what is in it
FORMS: dict[str, Callable[[Cast], Form]] = {
    "a take and a forecast": lambda cast: (cast.reader, f"/articles/{cast.article}/participation", cast.answer),
    "a rating": lambda cast: (cast.reader, f"/comments/{cast.shown}/rating", {"verdict": "good"}),
    "a complaint": lambda cast: (cast.reader, f"/comments/{cast.shown}/reports", {"reason": "spam"}),
    "a reply": lambda cast: (cast.reader, f"/comments/{cast.shown}/replies", {"body": "And who is to pay for it?"}),
    "a withdrawal": lambda cast: (cast.reader, f"/comments/{cast.own}/withdrawal", {}),
    "an approval": lambda cast: (cast.moderator, f"/moderation/comments/{cast.held}/approval", {"version": "1", "report": "0"}),
    "a removal": lambda cast: (
        cast.moderator,
        f"/moderation/comments/{cast.held}/removal",
        {"version": "1", "report": "0", "reason": cast.reason},
    ),
}


def acted(lone_site: Flask) -> Cast:
    """Return people, and comments of theirs, that are committed."""
    now = datetime.now(UTC)
    article, reader, moderator = factories.open_article(now), factories.account(), factories.account(role=Role.MODERATOR)
    poll, prediction = factories.asked(article)
    comments = [factories.comment(article, by) for by in (factories.account(), reader, factories.guest())]
    made = Cast(
        reader=factories.browser_of(lone_site, reader),
        moderator=factories.browser_of(lone_site, moderator),
        article=article.slug,
        answer={"choice": str(poll.choices[0].id), "outcome": str(prediction.outcomes[0].id), "confidence": "70"},
        shown=comments[0].id,
        own=comments[1].id,
        held=comments[2].id,
        reason=clauses.reasons()[0].clause.code,
    )
    db.session.commit()
    return made


@pytest.fixture
def cast(lone_site: Flask) -> Iterator[Cast]:
    """Return them as long as a test goes on."""
    yield acted(lone_site)
    leave_empty()


def rows() -> Rows:
    """Return how many rows each table has."""
    counts = {
        table.name: select(func.count()).select_from(table)
        for table in db.metadata.sorted_tables
        if table.name not in WORKED_OUT
    }
    found = {name: db.session.scalar(query) or 0 for name, query in counts.items()}
    db.session.rollback()  # the test holds no turn and no connection
    return found


@pytest.mark.parametrize("name", FORMS)
def test_what_was_stored_without_an_answer_counts_once_when_it_is_sent_again(cast: Cast, name: str) -> None:
    browser, path, fields = FORMS[name](cast)
    before = rows()
    is_lost = db.engine.dialect.name == "postgresql"  # SQLite has no connection to lose: a worker may die after it has stored
    with faulting.lost_after_storing(db.engine) if is_lost else contextlib.nullcontext():
        first = browser.post(path, data=fields)
    stored = rows()
    again = browser.post(path, data=fields)
    assert (first.status_code, stored != before) == (503 if is_lost else 303, True)
    assert again.status_code in {303, 409}
    assert rows().items() - stored.items() == set()
    assert_counters_equal_a_recount()
