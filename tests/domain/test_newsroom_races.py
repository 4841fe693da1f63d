"""Editors at once, with real commits: what a rolled-back transaction cannot show."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, datetime
from threading import Barrier

import pytest
from flask import Flask
from sqlalchemy import func, select

from domain import articles, participation, resolutions
from domain.errors import DomainError
from domain.participation import Answer
from domain.resolutions import Finding
from extensions import db
from models import Article, Reader, Resolution, Role
from tests import factories
from tests.applications import leave_empty

EDITORS = 12


@pytest.fixture
def committed(app: Flask) -> Iterator[Callable[[bool], int]]:
    """Give a function that makes a committed article, open or a draft; leave an empty database."""

    def make(is_open: bool) -> int:  # noqa: FBT001 - read at its calls as make(is_open=...)
        now = datetime.now(UTC)
        article = factories.open_article(now) if is_open else articles.create(factories.draft(now), now=now)
        db.session.commit()
        return article.id

    with app.app_context():
        yield make
        leave_empty()


def at_once(app: Flask, count: int, act: Callable[[int], object]) -> Counter[str]:
    """Run `act` for each number at the same moment, each in a transaction of its own, and count how it ended."""
    start = Barrier(count)

    def alone(number: int) -> str:
        with app.app_context():
            start.wait(20)
            try:
                act(number)
                db.session.commit()
            except DomainError as refusal:
                db.session.rollback()
                return type(refusal).__name__
            finally:
                db.session.remove()
        return "done"

    db.session.remove()
    with ThreadPoolExecutor(count) as pool:
        return Counter(pool.map(alone, range(count)))


def finding(article: Article, number: int, now: datetime) -> Finding:
    outcome = factories.asked(article)[1].outcomes[number % 3]
    return Finding(outcome=outcome, source_url="https://a.example", evidence="", happened_at=now, known_at=now)


def test_of_many_editors_who_save_at_once_one_is_not_overwritten(app: Flask, committed: Callable[..., int]) -> None:
    article_id = committed(is_open=False)
    seen = articles.edition_of(articles.by_id(article_id))

    def save(number: int) -> None:
        draft = factories.draft(datetime.now(UTC), f"The headline of editor {number}")
        articles.revise(articles.by_id(article_id), draft, expected=seen)

    assert at_once(app, EDITORS, save) == {"done": 1, "Conflict": EDITORS - 1}


def test_an_article_is_opened_by_one_editor(app: Flask, committed: Callable[..., int]) -> None:
    article_id = committed(is_open=False)

    def publish(_number: int) -> None:
        articles.open_to_readers(articles.by_id(article_id), now=datetime.now(UTC))

    assert at_once(app, EDITORS, publish) == {"done": 1, "Conflict": EDITORS - 1}


def test_a_prediction_is_resolved_by_one_editor(app: Flask, committed: Callable[..., int]) -> None:
    article_id = committed(is_open=True)
    editor_ids = [factories.account(role=Role.EDITOR).id for _ in range(EDITORS)]
    db.session.commit()

    def resolve(number: int) -> None:
        article, now = articles.by_id(article_id), datetime.now(UTC)
        editor = db.session.get_one(Reader, editor_ids[number])
        found = finding(article, number, now)
        resolutions.resolve(factories.asked(article)[1], found, by=editor, now=now, expected=0)

    assert at_once(app, EDITORS, resolve) == {"done": 1, "Conflict": EDITORS - 1}
    assert db.session.scalar(select(func.count()).select_from(Resolution)) == 1


def test_one_form_sent_many_times_at_once_makes_one_article(app: Flask, committed: Callable[..., int]) -> None:
    del committed  # empties the database afterwards

    def create(_number: int) -> None:
        now = datetime.now(UTC)
        articles.create_once(replace(factories.draft(now), source_digest="a" * 64), now=now)

    assert at_once(app, EDITORS, create) == {"done": EDITORS}
    assert db.session.scalar(select(func.count()).select_from(Article)) == 1


def test_two_articles_with_one_headline_made_at_once_are_two(app: Flask, committed: Callable[..., int]) -> None:
    del committed

    def create(number: int) -> None:
        now = datetime.now(UTC)
        articles.create_once(replace(factories.draft(now), source_digest=f"{number:064}"), now=now)

    assert at_once(app, 2, create) == {"done": 2}
    assert len(set(db.session.scalars(select(Article.slug)))) == 2


def test_closing_resolving_and_taking_part_at_once_end_well(app: Flask, committed: Callable[..., int]) -> None:
    article_id = committed(is_open=True)
    editor_id = factories.account(role=Role.EDITOR).id
    reader_ids = [factories.guest().id for _ in range(EDITORS)]
    db.session.commit()

    def act(number: int) -> None:
        article, now = articles.by_id(article_id), datetime.now(UTC)
        poll, prediction = factories.asked(article)
        if number == 0:
            articles.close(article, now=now)
        elif number == 1:
            editor = db.session.get_one(Reader, editor_id)
            resolutions.resolve(prediction, finding(article, 0, now), by=editor, now=now)
        else:
            answer = Answer(choices=[poll.choices[0]], outcome=prediction.outcomes[0], reason=f"Reason {number}")
            participation.submit(article, answer, by=db.session.get_one(Reader, reader_ids[number]), now=now)

    ended = at_once(app, EDITORS, act)
    assert set(ended) <= {"done", "Closed"}
    assert ended["done"] >= 2
