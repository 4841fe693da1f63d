"""A real hot standby, which follows its primary, as the replica."""

from __future__ import annotations

import signal
import time
from collections.abc import Callable, Iterator
from datetime import datetime
from pathlib import Path

import pytest
import sqlalchemy as sa
from flask import Flask

from blueprints.support import replica
from extensions import db
from models import Article, Comment
from tests import factories
from tests.applications import another_app, empty_database
from tests.conftest import SeparateContextClient
from tests.servers import PrivatePostgres, postgres_server

PATIENCE = 30.0  # seconds, on a busy machine
SOON = 1.2  # seconds: a page in memory is older than it may be, and an article's cache, too
FEED = "/comments.atom"
FIRST = "What stands there from the start."


@pytest.fixture(scope="module")
def primary() -> Iterator[PrivatePostgres]:
    with postgres_server() as server:
        yield server


@pytest.fixture(scope="module")
def standby(primary: PrivatePostgres) -> Iterator[PrivatePostgres]:
    with postgres_server(follows=primary) as server:
        yield server


@pytest.fixture
def site(primary: PrivatePostgres, standby: PrivatePostgres, tmp_path: Path, now: datetime) -> Iterator[Flask]:
    """Return a site with an article, which asks the standby what may lag."""
    with empty_database(primary.url, f"site_{tmp_path.name}") as url:
        there = sa.make_url(standby.url).set(database=sa.make_url(url).database).render_as_string()
        with another_app(url, replica_url=there, instance=tmp_path) as site, site.app_context():
            site.test_client_class = SeparateContextClient
            db.create_all()
            factories.comment(factories.open_article(now), factories.account(), FIRST)
            db.session.commit()
            until(lambda: has_arrived(site.extensions["replica"]))
            yield site
            replica._away.clear()  # noqa: SLF001 - whatever a test did to it
            site.extensions["replica"].dispose()


def has_arrived(copy: sa.Engine) -> bool:
    """Whether the copy has the first comment."""
    try:
        with copy.connect() as connection:
            return connection.scalar(sa.select(Comment.id)) is not None
    except sa.exc.DBAPIError:  # not even the database or its table
        return False


def shown(site: Flask) -> str:
    return site.test_client().get(FEED).text


def until(is_so: Callable[[], bool]) -> None:
    end = time.monotonic() + PATIENCE
    while not is_so():
        assert time.monotonic() < end
        time.sleep(0.05)


def say(site: Flask, body: str) -> None:
    """Write a comment on the primary, as another process would."""
    with site.app_context():
        article = db.session.scalars(sa.select(Article)).one()
        factories.comment(article, factories.account(), body)
        db.session.commit()


@pytest.fixture
def asked(site: Flask) -> Iterator[list[str]]:
    """Return who is asked for something, one name a statement."""
    said: list[str] = []
    engines = {"primary": db.engine, "standby": site.extensions["replica"]}
    notes: dict[str, Callable[..., None]] = {name: lambda *_, name=name: said.append(name) for name in engines}
    for name, engine in engines.items():
        sa.event.listen(engine, "before_cursor_execute", notes[name])
    yield said
    for name, engine in engines.items():
        sa.event.remove(engine, "before_cursor_execute", notes[name])


def test_what_is_written_reaches_readers_through_the_standby(site: Flask, asked: list[str]) -> None:
    say(site, "What comes over the wire.")
    asked.clear()
    until(lambda: "What comes over the wire." in shown(site))
    assert set(asked) == {"standby"}


def test_a_standby_that_lags_shows_what_it_has_until_it_catches_up(site: Flask) -> None:
    with site.extensions["replica"].connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.exec_driver_sql("SELECT pg_wal_replay_pause()")
        say(site, "What is on its way.")
        time.sleep(SOON)
        assert "What is on its way." not in shown(site)
        connection.exec_driver_sql("SELECT pg_wal_replay_resume()")
    until(lambda: "What is on its way." in shown(site))


def test_while_the_standby_is_down_the_primary_answers(site: Flask, standby: PrivatePostgres, asked: list[str]) -> None:
    standby.stop(signal.SIGQUIT)
    try:
        say(site, "What no standby has seen.")
        asked.clear()
        until(lambda: "What no standby has seen." in shown(site))
        assert "primary" in asked
    finally:
        standby.start()


def test_a_standby_that_is_back_is_asked_again(
    site: Flask, standby: PrivatePostgres, asked: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(replica, "PAUSE", SOON)
    standby.stop(signal.SIGQUIT)
    assert FIRST in shown(site)
    standby.start()
    time.sleep(SOON)
    asked.clear()
    say(site, "What it catches up with.")
    until(lambda: "What it catches up with." in shown(site))
    assert "standby" in asked
