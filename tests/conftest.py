"""The stage of every test: the application on each database, a transaction rolled back, and a cast of readers."""

from __future__ import annotations

import contextvars
import gc
import tempfile
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from flask import Flask, has_app_context
from flask.testing import FlaskClient
from flask_migrate import upgrade
from hypothesis import HealthCheck, settings
from werkzeug.test import TestResponse

from app import create_app
from config import Config
from connections import expects_writes
from domain import screened
from extensions import db
from models import Article, Reader, Role
from tests import factories
from tests.applications import COMPILED, staged
from tests.pages import check_page
from tests.servers import PrivateRedis, private_postgres, private_redis, quickest_folder

pytest_plugins = ["tests.scheduling", "tests.loglines"]
# A busy machine is no fault of what is tried, and a change is not refused for an example that only chance came upon.
settings.register_profile("patient", deadline=None, derandomize=True, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("patient")
screened.PATIENCE = timedelta(seconds=30)  # with a classifier that does not hang
SECRET = "a key for tests, long enough to be one"
tempfile.tempdir = quickest_folder()  # so what every test writes is there
VAPID_KEY = "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8"
SAME_ORIGIN = {"Sec-Fetch-Site": "same-origin"}


@pytest.hookimpl(trylast=True)
def pytest_collection_finish() -> None:
    """Let the collector pass over what stays to the end, which is most of what there is, and come round less often."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(20_000, 50, 100)  # objects: a page makes some ten thousand, and most go without it


@pytest.hookimpl(tryfirst=True)
def pytest_runtest_setup() -> None:
    """Let every test begin as one who writes: a GET sent in the context of an earlier one left it a reader on SQLite."""
    expects_writes.set(True)


class SeparateContextClient(FlaskClient):
    """Each request runs outside the test's own application context, as it does in production."""

    def open(self, *args: Any, **kwargs: Any) -> TestResponse:
        """Send a request as a browser does from our own page, and check the page that comes back."""
        if not has_app_context():  # a redirect being followed
            if body := getattr(args[0], "input_stream", None):
                body.seek(0)  # a browser sends the same body again, however much of it was read the first time
            return super().open(*args, **kwargs)
        kwargs["headers"] = {**SAME_ORIGIN, **dict(kwargs.get("headers") or {})}
        db.session.flush()
        response: TestResponse = contextvars.Context().run(super().open, *args, **kwargs)
        db.session.expire_all()
        if response.mimetype == "text/html" and response.data and response.status_code not in {302, 303, 307, 308}:
            check_page(response.text)
        return response


@pytest.fixture(scope="session", params=["sqlite", "postgresql"])
def database_url(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Return the address of an empty database, of each kind in turn."""
    if request.param == "sqlite":
        yield f"sqlite:///{tmp_path_factory.mktemp('database') / 'test.db'}"
        return
    with private_postgres() as url:
        yield url


@pytest.fixture(scope="session")
def app(database_url: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Flask]:
    """Return the application with its tables made by the migrations."""
    instance: Path = tmp_path_factory.mktemp("instance")
    config = Config(secret_key=SECRET, vapid_key=VAPID_KEY, database_url=database_url, instance=instance)
    app = create_app(replace(config, rate_limits=False, slow_query_ms=0, testing=True))
    app.test_client_class = SeparateContextClient
    app.jinja_env.bytecode_cache = COMPILED[app.extensions["foresay"].locale]
    with app.app_context():
        upgrade()
        db.session.remove()
        db.session.configure(join_transaction_mode="create_savepoint")
    yield app
    with app.app_context():
        db.engine.dispose()


@pytest.fixture
def redis_server() -> Iterator[PrivateRedis]:
    """Return a Redis that can be killed, frozen and started again."""
    with private_redis() as server:
        yield server


@pytest.fixture
def stage(app: Flask) -> Iterator[None]:
    """Run the test inside one transaction that is rolled back at its end."""
    with staged(app):
        yield


@pytest.fixture
def now() -> datetime:
    """Return the instant at which the test plays: the real one, because routes read the clock."""
    return datetime.now(UTC)


@pytest.fixture
def client(app: Flask, stage: None) -> FlaskClient:
    """Return a browser that has never been here."""
    return app.test_client()


@pytest.fixture
def reader(stage: None) -> Reader:
    """Return a registered reader with a confirmed address."""
    return factories.account("reader one")


@pytest.fixture
def another_reader(stage: None) -> Reader:
    """Return a second registered reader."""
    return factories.account("reader two")


@pytest.fixture
def moderator(stage: None) -> Reader:
    """Return a moderator."""
    return factories.account("Mo", role=Role.MODERATOR)


@pytest.fixture
def editor(stage: None) -> Reader:
    """Return an editor."""
    return factories.account("Ed", role=Role.EDITOR)


@pytest.fixture
def stranger(stage: None) -> Reader:
    """Return a guest who has taken part before."""
    return factories.guest()


@pytest.fixture
def article(stage: None, now: datetime) -> Article:
    """Return an open article with a poll and a prediction of three outcomes."""
    return factories.open_article(now)
