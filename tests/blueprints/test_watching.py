from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
import sqlalchemy as sa
from alembic.script import ScriptDirectory
from flask import Flask
from flask.testing import FlaskClient
from flask_migrate import downgrade

from config import ROOT
from extensions import db
from observing import readiness
from tests.applications import another_app, empty_database, site_of_its_own
from tests.loglines import Lines, one
from tests.servers import private_redis

USUAL_WAIT = readiness.LONGEST_WAIT
NOWHERE = "postgresql+psycopg://nobody:the-password@127.0.0.1:1/nothing"


@pytest.fixture
def checks() -> Iterator[dict[str, readiness.Check]]:
    """Return the list of checks, which is as before after the test."""
    usual = dict(readiness.CHECKS)
    yield readiness.CHECKS
    readiness.CHECKS.clear()
    readiness.CHECKS.update(usual)


@pytest.fixture(autouse=True)
def patient(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let checks that do not hang take their time: the machine may be busy."""
    monkeypatch.setattr(readiness, "LONGEST_WAIT", 20.0)


@pytest.fixture
def own(database_url: str) -> Iterator[Flask]:
    """Return a site on a database of its own that is not staged."""
    with site_of_its_own(database_url) as app:
        yield app


def until(is_so: Callable[[], bool]) -> None:
    end = time.monotonic() + 15
    while not is_so():
        assert time.monotonic() < end
        time.sleep(0.01)


def ready(app: Flask) -> tuple[int, dict[str, str]]:
    answer = app.test_client().get("/readyz")
    return answer.status_code, answer.get_json().get("missing", {})


@pytest.mark.parametrize("path", ["/healthz", "/readyz"])
def test_answers_for_machines_are_kept_by_nobody_and_set_no_cookie(client: FlaskClient, path: str) -> None:
    answer = client.get(path)
    assert (answer.headers["Cache-Control"], "Set-Cookie" in answer.headers) == ("private, no-store", False)


def test_being_alive_asks_no_database(client: FlaskClient, lines: Lines) -> None:
    assert client.get("/healthz").get_json() == {"status": "alive"}
    assert one(lines(), "request")["queries"] == 0


def test_a_site_without_a_database_lives_and_is_not_ready() -> None:
    with another_app(NOWHERE) as app:
        assert app.test_client().get("/healthz").status_code == 200
        answer = app.test_client().get("/readyz")
    assert (answer.status_code, answer.get_json()["missing"]["database"]) == (503, "OperationalError")
    assert [word for word in ("nobody", "the-password", "127.0.0.1", "nothing") if word in answer.text] == []


def test_a_site_is_ready_when_its_database_is_as_new_as_its_code(own: Flask) -> None:
    assert ready(own) == (200, {})


def test_a_database_without_tables_is_not_ready(database_url: str) -> None:
    with empty_database(database_url, "without_tables") as url, another_app(url) as app:
        status, missing = ready(app)
    assert (status, list(missing)) == (503, ["schema"])


def test_a_database_that_is_behind_is_not_ready(own: Flask) -> None:
    with own.app_context():
        downgrade()
    assert ready(own) == (503, {"schema": "behind"})


def test_a_database_that_is_ahead_is_ready(own: Flask) -> None:
    with own.app_context():
        db.session.execute(sa.text("UPDATE alembic_version SET version_num = 'of tomorrow'"))
        db.session.commit()
    assert ready(own) == (200, {})


def test_a_full_disk_is_not_ready(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(readiness, "LEAST_SPACE", 10**18)
    is_file = app.extensions["foresay"].database_url.startswith("sqlite")
    assert ready(app) == ((503, {"writing": "disk full"}) if is_file else (200, {}))


def test_a_database_that_takes_no_writes_is_not_ready(own: Flask) -> None:
    with own.app_context():
        if db.engine.dialect.name == "sqlite":
            return
        db.session.execute(sa.text(f"ALTER DATABASE {db.engine.url.database} SET default_transaction_read_only = on"))
        db.session.commit()
        db.engine.dispose()
    assert ready(own) == (503, {"writing": "read only"})


def test_earlier_migrations_are_all_but_the_newest() -> None:
    scripts = ScriptDirectory(str(ROOT / "migrations"))
    newest = set(scripts.get_heads())
    assert readiness._earlier_revisions() == {one.revision for one in scripts.walk_revisions()} - newest  # noqa: SLF001 - it looks into files by itself


def test_what_hangs_is_not_ready_within_a_second_or_so(
    app: Flask, checks: dict[str, readiness.Check], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(readiness, "LONGEST_WAIT", USUAL_WAIT)
    go_on = threading.Event()
    checks["slow"] = lambda _engine, _config: (go_on.wait(60), None)[1]
    status, missing = ready(app)
    go_on.set()
    assert (status, missing["slow"], USUAL_WAIT) == (503, "no answer", 1.0)


def test_two_probes_at_once_share_the_answer_of_a_check(app: Flask, checks: dict[str, readiness.Check]) -> None:
    go_on = threading.Event()

    def slow(_engine: sa.Engine, _config: object) -> None:
        asked.append(1)
        go_on.wait(30)

    asked: list[int] = []
    came: list[int] = []
    checks |= {"slow": slow, "next": lambda _engine, _config: came.append(1)}
    running = app.extensions["readiness"]._running  # noqa: SLF001 - nothing else says who has come
    with ThreadPoolExecutor() as pool:
        first = pool.submit(ready, app)
        until(lambda: bool(came) and set(running) == {"slow"})
        second = pool.submit(ready, app)
        until(lambda: len(came) == 2)
        go_on.set()
        assert [first.result(), second.result()] == [(200, {})] * 2
    assert len(asked) == 1


def test_redis_is_named_when_it_is_away_and_the_site_goes_on(app: Flask, database_url: str, tmp_path: Path) -> None:
    with private_redis() as server, another_app(database_url, redis_url=server.url, instance=tmp_path) as site:
        assert ready(site) == (200, {})
        server.kill()
        assert ready(site) == (200, {"redis": "ConnectionError"})


def test_a_check_that_was_added_is_asked(app: Flask, checks: dict[str, readiness.Check]) -> None:
    def away(_engine: sa.Engine, _config: object) -> None:
        raise readiness.NotReady("away")

    checks["mail"] = away
    assert ready(app) == (503, {"mail": "away"})
