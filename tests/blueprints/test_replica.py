"""Two databases that differ: what is read from the replica shows its words, and all else does not."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from datetime import UTC, datetime
from pathlib import Path

import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient

from blueprints.support import replica
from extensions import db
from models import Article
from tests import factories
from tests.applications import another_app, empty_database, twin
from tests.conftest import SeparateContextClient
from tests.servers import private_postgres

SLUG = "harbour-bridge-tolls-to-be-dropped"
LAGS = [
    "/feed.atom",
    "/comments.atom",
    f"/articles/{SLUG}/feed.atom",
    f"/oembed?url=http://127.0.0.1:8000/articles/{SLUG}",
]
WORDLESS = ["/moderation-log", "/transparency", "/leaderboard", "/league", "/league.csv", f"/articles/{SLUG}/results.csv"]
NEVER = ["/", f"/articles/{SLUG}", f"/articles/{SLUG}/pulse", f"/articles/{SLUG}/news", "/comments/1", "/rules", "/sign-in"]
Pair = tuple[str, str]


@pytest.fixture(scope="module")
def postgres() -> Iterator[str]:
    with private_postgres() as url:
        yield url


@pytest.fixture(scope="module")
def pair(postgres: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Pair]:
    """Return the addresses of two databases, of which the second calls everything old: what is done to them stays."""
    folder, now = tmp_path_factory.mktemp("pair"), datetime.now(UTC)
    with empty_database(postgres, "site") as url, empty_database(postgres, "lagging") as copy:
        _fill(url, folder, now, "New words")
        _fill(copy, folder, now, "Old words")
        yield url, copy


@contextmanager
def opened(pair: Pair, folder: Path) -> Iterator[Flask]:
    with another_app(pair[0], replica_url=pair[1], instance=folder) as site, site.app_context():
        site.test_client_class = SeparateContextClient
        yield site
        db.session.remove()
        copy_of(site).dispose()
        replica._away.clear()  # noqa: SLF001 - whatever a test did to it


@pytest.fixture
def site(pair: Pair, tmp_path: Path) -> Iterator[Flask]:
    """Return a site whose replica calls everything old, and of which no page was asked for yet."""
    with opened(pair, tmp_path) as site:
        yield site


@pytest.fixture
def own(pair: Pair, tmp_path: Path) -> Iterator[Flask]:
    """Return one on databases of its own."""
    with twin(pair[0]) as url, twin(pair[1]) as copy, opened((url, copy), tmp_path) as site:
        yield site


def _fill(url: str, folder: Path, now: datetime, headline: str) -> None:
    with another_app(url, instance=folder) as copy, copy.app_context():
        _write(now, headline)


def _write(now: datetime, headline: str) -> None:
    db.create_all()
    article = factories.open_article(now)
    article.headline = headline
    factories.comment(article, factories.account("Ann"), f"{headline} of a comment")
    db.session.commit()


def copy_of(site: Flask) -> sa.Engine:
    engine: sa.Engine = site.extensions["replica"]
    return engine


def shown(client: FlaskClient, path: str) -> set[str]:
    text = client.get(path).text
    return {word for word in ("Old", "New") if f"{word} words" in text}


@pytest.mark.parametrize("path", LAGS)
def test_what_may_lag_is_read_from_the_replica(site: Flask, path: str) -> None:
    assert shown(site.test_client(), path) == {"Old"}


def asked(site: Flask, path: str, client: FlaskClient | None = None) -> tuple[bool, bool]:
    """Return whether the database is asked for a page, and whether the replica is."""
    said: list[str] = []
    with ExitStack() as stack:
        for engine in (db.engine, copy_of(site)):

            def note(connection: sa.Connection, *_: object) -> None:
                said.append(str(connection.engine.url.database))

            sa.event.listen(engine, "before_cursor_execute", note)
            stack.callback(sa.event.remove, engine, "before_cursor_execute", note)
        (client or site.test_client()).get(path)
    return any(name.startswith("site") for name in said), any(name.startswith("lagging") for name in said)


@pytest.mark.parametrize("path", [*LAGS, *WORDLESS])
def test_nothing_of_what_may_lag_is_asked_of_the_database(site: Flask, path: str) -> None:
    assert not asked(site, path)[0]


@pytest.mark.parametrize("path", NEVER)
def test_nothing_of_all_else_is_asked_of_the_replica(site: Flask, path: str) -> None:
    assert not asked(site, path)[1]


@pytest.mark.parametrize("path", WORDLESS)
def test_nothing_of_a_page_of_a_reader_we_know_is_asked_of_the_replica(site: Flask, path: str) -> None:
    reader = factories.browser_of(site, factories.guest())
    db.session.commit()
    assert not asked(site, path, reader)[1]


def test_nothing_is_written_to_the_replica(own: Flask) -> None:
    reader = factories.browser_of(own, factories.guest())
    db.session.commit()
    assert reader.post(f"/articles/{SLUG}/comments", data={"body": "A thought."}).status_code == 303
    with copy_of(own).connect() as copy:
        assert copy.scalar(sa.text("SELECT count(*) FROM comment")) == 1


def test_the_replica_refuses_to_be_written_to(site: Flask) -> None:
    with copy_of(site).connect() as copy, pytest.raises(sa.exc.InternalError, match="read-only transaction"):
        copy.execute(sa.delete(Article))


@pytest.mark.parametrize("path", LAGS)
def test_without_the_replica_the_database_answers(own: Flask, path: str) -> None:
    name = copy_of(own).url.database
    with db.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.exec_driver_sql(f"DROP DATABASE {name} WITH (FORCE)")
        answer = shown(own.test_client(), path)
        connection.exec_driver_sql(f"CREATE DATABASE {name}")
    assert answer == {"New"}


def test_what_the_replica_said_is_forgotten(site: Flask) -> None:
    client = site.test_client()
    assert [shown(client, path) for path in ("/feed.atom", "/", "/feed.atom")] == [{"Old"}, {"New"}, {"Old"}]
