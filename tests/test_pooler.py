"""The site behind PgBouncer in transaction mode: each transaction may have another connection."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
import sqlalchemy as sa
from flask import Flask
from flask_migrate import upgrade

from domain import participation, tallies
from domain.participation import Answer
from extensions import db
from extensions import jobs as queue
from jobs import stores
from models import Article, OpinionVote, Reader
from tests import factories
from tests.applications import another_app, leave_empty
from tests.conftest import SeparateContextClient
from tests.servers import private_pgbouncer, private_postgres

THREADS = 12


@pytest.fixture(scope="module")
def pooled(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Flask]:
    folder: Path = tmp_path_factory.mktemp("instance")
    with ExitStack() as stack:
        pooler = stack.enter_context(private_pgbouncer(stack.enter_context(private_postgres())))
        site = stack.enter_context(another_app(pooler, instance=folder, database_pooler=True, threads=THREADS))
        site.test_client_class = SeparateContextClient
        stack.enter_context(site.app_context())
        upgrade()
        db.session.remove()
        yield site


@pytest.fixture
def article(pooled: Flask) -> Iterator[Article]:
    article = factories.open_article(datetime.now(UTC))
    db.session.commit()
    yield article
    leave_empty()


def test_a_page_is_served_and_a_comment_taken(pooled: Flask, article: Article) -> None:
    path, browser = f"/articles/{article.slug}", factories.browser_of(pooled, factories.account("Ann"))
    db.session.commit()
    assert browser.post(f"{path}/comments", data={"body": "Let them pay."}).status_code == 303
    assert "Let them pay." in pooled.test_client().get(path).text


def test_each_transaction_keeps_its_bounds(pooled: Flask) -> None:
    with ThreadPoolExecutor(THREADS) as pool:
        found = set(pool.map(lambda _: _bounds(pooled), range(5 * THREADS)))
    assert found == {("10s", "30s")}


def _bounds(site: Flask) -> tuple[str, str]:
    with site.app_context(), db.engine.connect() as connection:
        lock = connection.scalar(sa.text("SHOW lock_timeout"))
        return str(lock), str(connection.scalar(sa.text("SHOW statement_timeout")))


def test_votes_at_once_are_each_counted_once(pooled: Flask, article: Article) -> None:
    readers = [factories.guest().id for _ in range(3 * THREADS)]
    db.session.commit()
    article_id = article.id

    def vote(reader_id: int) -> None:
        with pooled.app_context():
            mine, reader = db.session.get_one(Article, article_id), db.session.get_one(Reader, reader_id)
            choice = factories.asked(mine)[0].choices[reader_id % 3]
            participation.submit(mine, Answer(choices=[choice]), by=reader, now=datetime.now(UTC))
            db.session.commit()

    with ThreadPoolExecutor(THREADS) as pool:
        list(pool.map(vote, readers * 2))
    assert db.session.scalar(sa.select(sa.func.count()).select_from(OpinionVote)) == len(readers)
    assert tallies.takes(factories.asked(article)[0]).total == len(readers)


def test_jobs_wait_behind_it_too(pooled: Flask) -> None:
    kind, given = stores.store_for(replace(pooled.extensions["foresay"], testing=False))
    store = kind(queue.name, **given)
    for number in range(20):
        store.enqueue(b"%d" % number)
    assert sorted(int(store.dequeue()) for _ in range(20)) == list(range(20))
    assert store.dequeue() is None
    store.close()
