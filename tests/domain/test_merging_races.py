"""A reader in two tabs at once, with real commits: what a rolled-back transaction cannot show."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial
from threading import Barrier

import pytest
from flask import Flask
from sqlalchemy import func, select

from domain import articles, merging, participation, readers
from domain.errors import Conflict
from domain.participation import Answer
from extensions import db
from models import OpinionVote, Reader
from tests import factories
from tests.applications import leave_empty
from tests.recount import assert_counters_equal_a_recount

ROUNDS = 12


@dataclass(frozen=True)
class Cast:
    """The ids of what has been committed."""

    articles: list[int]
    guest: int
    account: int


@pytest.fixture
def committed(app: Flask) -> Iterator[Cast]:
    """Give articles, a guest who took part in some of them and an account, all committed; leave an empty database."""
    with app.app_context():
        now = datetime.now(UTC)
        pieces = [factories.open_article(now, f"Headline {place}").id for place in range(ROUNDS)]
        guest, account = factories.guest(), factories.account(confirmed=False)
        for article_id in pieces[: ROUNDS // 2]:
            vote(article_id, guest)
        db.session.commit()
        cast = Cast(pieces, guest.id, account.id)
        db.session.remove()
        yield cast
        leave_empty()


def vote(article_id: int, by: Reader, place: int = 0) -> None:
    article = articles.by_id(article_id)
    poll, prediction = factories.asked(article)
    answer = Answer(choices=[poll.choices[place % 3]], outcome=prediction.outcomes[place % 3])
    participation.submit(article, answer, by=by, now=datetime.now(UTC))


def at_once(app: Flask, acts: list[Callable[[], object]]) -> int:
    """Let every act happen at the same moment in a transaction of its own; return how many were refused."""
    start = Barrier(len(acts))

    def one(act: Callable[[], object]) -> int:
        with app.app_context():
            start.wait(30)
            try:
                act()
                db.session.commit()
            except Conflict:
                db.session.rollback()
                return 1
            finally:
                db.session.remove()
            return 0

    with ThreadPoolExecutor(len(acts)) as pool:
        return sum(pool.map(one, acts))


def reader(reader_id: int) -> Reader:
    return db.session.get_one(Reader, reader_id)


def test_voting_while_one_confirms_ends_in_the_right_tier(app: Flask, committed: Cast) -> None:
    def confirm() -> None:
        readers.confirm_email(reader(committed.account), now=datetime.now(UTC))

    at_once(app, [partial(lambda piece: vote(piece, reader(committed.account)), piece) for piece in committed.articles[:8]])
    votes = [partial(lambda piece: vote(piece, reader(committed.account), 1), piece) for piece in committed.articles]
    assert at_once(app, [confirm, *votes, confirm]) == 0
    with app.app_context():
        assert_counters_equal_a_recount()
        mine = select(OpinionVote.tier).where(OpinionVote.reader_id == committed.account)
        assert set(db.session.scalars(mine)) == {reader(committed.account).tier}


def test_voting_as_a_guest_while_one_signs_in_counts_once(app: Flask, committed: Cast) -> None:
    def merge() -> None:
        merging.absorb(reader(committed.guest), reader(committed.account), now=datetime.now(UTC))

    as_guest = [lambda piece=piece: vote(piece, reader(committed.guest), 1) for piece in committed.articles]
    as_account = [lambda piece=piece: vote(piece, reader(committed.account), 2) for piece in committed.articles[::3]]
    at_once(app, [*as_guest, merge, *as_account, merge])
    with app.app_context():
        assert_counters_equal_a_recount()
        assert set(db.session.scalars(select(OpinionVote.reader_id))) == {committed.account}


def test_the_same_sign_up_at_once_makes_one_account(app: Flask, committed: Cast) -> None:
    def sign_up() -> None:
        given = {"name": "Ann Lee", "email": "ann@example.org", "password_hash": factories.PASSWORD_HASH}
        readers.sign_up(**given, now=datetime.now(UTC))

    assert at_once(app, [sign_up] * 8) == 0
    with app.app_context():
        assert db.session.scalar(select(func.count()).where(Reader.email == "ann@example.org")) == 1
        assert reader(committed.account).name != "Ann Lee"
