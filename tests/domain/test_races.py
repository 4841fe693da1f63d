"""Many requests at once, in real threads with real commits, on both databases."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime

import pytest
from flask import Flask
from sqlalchemy import func, select

from domain import articles, participation, readers, tallies, visits
from domain.participation import Answer
from extensions import db
from models import Article, Comment, Forecast, OpinionVote, OpinionVoteEvent, Reader, Visit
from tests import factories
from tests.applications import site_of_its_own

THREADS = 20


@pytest.fixture
def live_app(database_url: str) -> Iterator[Flask]:
    """Return an application on a database of its own, in which commits are real."""
    with site_of_its_own(database_url) as app:
        yield app


@pytest.fixture
def open_article(live_app: Flask) -> int:
    """Return the id of a committed, open article."""
    with live_app.app_context():
        article = factories.open_article(datetime.now(UTC))
        db.session.commit()
        return article.id


def at_once(live_app: Flask, count: int, act: Callable[[int], object]) -> None:
    """Run `act` for each number below `count`, in threads, each in a transaction of its own that it commits."""

    def in_context(number: int) -> None:
        with live_app.app_context():
            act(number)
            db.session.commit()

    with ThreadPoolExecutor(THREADS) as pool:
        list(pool.map(in_context, range(count)))


def answer(article: Article, number: int) -> Answer:
    assert article.poll is not None
    assert article.prediction is not None
    return Answer(choices=[article.poll.choices[number % 3]], outcome=article.prediction.outcomes[number % 3])


def test_two_hundred_identical_votes_of_one_reader_leave_one(live_app: Flask, open_article: int) -> None:
    with live_app.app_context():
        reader_id = factories.guest().id
        db.session.commit()

    def vote(_number: int) -> None:
        article = articles.by_id(open_article)
        participation.submit(article, answer(article, 0), by=db.session.get_one(Reader, reader_id), now=datetime.now(UTC))

    at_once(live_app, 200, vote)
    with live_app.app_context():
        assert db.session.scalar(select(func.count()).select_from(OpinionVote)) == 1
        assert db.session.scalar(select(func.count()).select_from(OpinionVoteEvent)) == 1
        assert db.session.scalar(select(func.count()).select_from(Forecast)) == 1
        article = articles.by_id(open_article)
        assert article.poll is not None
        assert [share.count for share in tallies.takes(article.poll).shares] == [1, 0, 0]


def test_one_reader_changing_their_mind_everywhere_is_counted_once(live_app: Flask, open_article: int) -> None:
    with live_app.app_context():
        reader_id = factories.guest().id
        db.session.commit()

    def vote(number: int) -> None:
        article = articles.by_id(open_article)
        participation.submit(article, answer(article, number), by=db.session.get_one(Reader, reader_id), now=datetime.now(UTC))

    at_once(live_app, 60, vote)
    with live_app.app_context():
        article = articles.by_id(open_article)
        assert article.poll is not None
        assert sum(share.count for share in tallies.takes(article.poll).shares) == 1
        assert sum(row.total for row in tallies.cross_tab(article)) == 1


def test_many_readers_at_once_are_all_counted(live_app: Flask, open_article: int) -> None:
    def vote(number: int) -> None:
        article = articles.by_id(open_article)
        participation.submit(article, answer(article, number), by=factories.guest(), now=datetime.now(UTC))

    at_once(live_app, 120, vote)
    with live_app.app_context():
        article = articles.by_id(open_article)
        assert article.poll is not None
        assert [share.count for share in tallies.takes(article.poll).shares] == [40, 40, 40]


def test_the_same_guest_arriving_twice_at_once_is_one_reader(live_app: Flask) -> None:
    key = readers.new_key()
    at_once(live_app, 40, lambda _number: readers.welcome_guest(key, now=datetime.now(UTC)))
    with live_app.app_context():
        assert db.session.scalar(select(func.count()).select_from(Reader)) == 1


def test_the_same_comment_sent_at_once_is_posted_once(live_app: Flask, open_article: int) -> None:
    with live_app.app_context():
        reader_id = factories.guest().id
        db.session.commit()

    def post(_number: int) -> None:
        article = articles.by_id(open_article)
        factories.comment(article, db.session.get_one(Reader, reader_id), "The same words.")

    at_once(live_app, 30, post)
    with live_app.app_context():
        assert db.session.scalar(select(func.count()).select_from(Comment)) == 1


def test_comments_posted_at_once_appear_one_after_another(live_app: Flask, open_article: int) -> None:
    with live_app.app_context():
        people = [factories.account(confirmed=False).id for _ in range(THREADS)]
        db.session.commit()

    def post(number: int) -> None:
        factories.comment(articles.by_id(open_article), db.session.get_one(Reader, people[number]))

    at_once(live_app, THREADS, post)
    with live_app.app_context():
        places = db.session.scalars(select(Comment.appeared).order_by(Comment.appeared))
        assert list(places) == list(range(1, THREADS + 1))
        assert articles.by_id(open_article).appeared == THREADS


def test_marks_from_many_tabs_at_once_leave_the_farthest(live_app: Flask, open_article: int) -> None:
    with live_app.app_context():
        reader_id = factories.account().id
        for _ in range(THREADS):
            factories.comment(articles.by_id(open_article), factories.account(confirmed=False))
        db.session.commit()

    def leave(number: int) -> None:
        reader = db.session.get_one(Reader, reader_id)
        visits.mark(articles.by_id(open_article), (7 * number) % THREADS + 1, by=reader, now=datetime.now(UTC))

    at_once(live_app, THREADS, leave)
    with live_app.app_context():
        assert db.session.get_one(Visit, (open_article, reader_id)).seen == THREADS
