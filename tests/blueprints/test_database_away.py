"""A PostgreSQL that stops and comes back, and one that has to break a deadlock."""

from __future__ import annotations

import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient

from extensions import db
from models import Article, Comment, OpinionVote, Participation
from tests import factories
from tests.applications import another_app, leave_empty
from tests.conftest import SAME_ORIGIN, SeparateContextClient
from tests.servers import PrivatePostgres, postgres_server


@pytest.fixture(scope="module")
def server() -> Iterator[PrivatePostgres]:
    with postgres_server() as server:
        yield server


@pytest.fixture
def site(server: PrivatePostgres, tmp_path: Path) -> Iterator[Flask]:
    with another_app(server.url, instance=tmp_path) as site, site.app_context():
        site.test_client_class = SeparateContextClient
        db.create_all()
        yield site
        leave_empty()


@pytest.fixture
def article(site: Flask, now: object) -> Article:
    article = factories.open_article(now)  # type: ignore[arg-type]
    db.session.commit()
    return article


@pytest.fixture
def author(site: Flask, article: Article) -> FlaskClient:
    """Return the browser of somebody who is signed in and has never taken part."""
    browser = factories.browser_of(site, factories.account("Ann"))
    db.session.commit()
    return browser


def test_who_is_signed_in_is_told_while_it_is_away_and_served_when_it_is_back(
    server: PrivatePostgres, author: FlaskClient, article: Article
) -> None:
    path = f"/articles/{article.slug}"
    db.session.remove()
    server.stop()
    read = author.get(path)
    written = author.post(f"{path}/comments", data={"body": "Let them pay."})
    server.start()
    assert (read.status_code, written.status_code, "Let them pay." in written.text) == (503, 503, True)
    assert author.get(path).status_code == 200
    assert author.post(f"{path}/comments", data={"body": "Let them pay."}).status_code == 303
    assert [comment.body_source for comment in db.session.scalars(sa.select(Comment))] == ["Let them pay."]


def until_somebody_waits(connection: sa.Connection) -> None:
    end = time.monotonic() + 20
    while not connection.scalar(sa.text("SELECT count(*) FROM pg_locks WHERE NOT granted")):
        assert time.monotonic() < end
        time.sleep(0.01)


def test_who_gives_way_in_a_deadlock_is_served_all_the_same(author: FlaskClient, article: Article) -> None:
    path, choice = f"/articles/{article.slug}/participation", factories.asked(article)[0].choices[0].id
    author.post(path, data={"choice": factories.asked(article)[0].choices[1].id})
    db.session.rollback()
    with db.engine.connect() as other, other.begin(), ThreadPoolExecutor(1) as pool:
        other.execute(sa.select(OpinionVote).with_for_update())
        answer = pool.submit(author.post, path, data={"choice": choice}, headers=SAME_ORIGIN)
        until_somebody_waits(other)  # it holds its turn, and wants the vote
        other.execute(sa.select(Participation).with_for_update())
        other.rollback()
        assert answer.result(20).status_code == 303
    assert db.session.scalars(sa.select(OpinionVote)).one().choice_id == choice
