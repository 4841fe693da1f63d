"""Applications besides the one of the fixtures: with other settings, on other databases."""

from __future__ import annotations

import contextlib
import re
from collections.abc import Iterator
from typing import Any, cast

import sqlalchemy as sa
from flask import Flask
from sqlalchemy import Connection, Engine

from app import create_app
from config import Config
from connections import expects_writes
from extensions import db, limiter
from extensions import jobs as queue
from jobs import tasks
from models import ClauseVersion, PolicyClause
from observing import logs

SEEDED = {"policy_clause", "clause_version"}
SECRET = "a key for tests, long enough to be one"


@contextlib.contextmanager
def another_app(database_url: str, **settings: Any) -> Iterator[Flask]:
    """Build an application, and afterwards give the queue and the limits back to the one they belonged to."""
    kept = list(tasks._apps), queue.storage, limiter.enabled  # noqa: SLF001 - there is one queue in a process, and it serves the newest
    usual = {"secret_key": SECRET, "rate_limits": False, "testing": True}
    app = create_app(Config(database_url=database_url, **{**usual, **settings}))
    try:
        yield app
    finally:
        for of_before in kept[0]:
            logs.configure(of_before.extensions["foresay"])
        tasks._apps[:], queue.storage, limiter.enabled = kept  # noqa: SLF001 - the same
        limiter._storage_dead, queue._away_until = False, 0.0  # noqa: SLF001 - what this application went without
        with app.app_context():
            db.session.remove()
            db.engine.dispose()


@contextlib.contextmanager
def empty_database(database_url: str, name: str) -> Iterator[str]:
    """Give the address of a new, empty database beside the one given, and remove it."""
    name = re.sub(r"\W", "_", name)
    url = sa.make_url(database_url)
    if url.get_backend_name() == "sqlite":
        path = f"{url.database}.{name}"
        yield url.set(database=path).render_as_string(hide_password=False)
        return
    server = sa.create_engine(url, isolation_level="AUTOCOMMIT")
    with server.connect() as connection:
        connection.exec_driver_sql(f"CREATE DATABASE {name}")
        yield url.set(database=name).render_as_string(hide_password=False)
        connection.exec_driver_sql(f"DROP DATABASE {name} WITH (FORCE)")
    server.dispose()


@contextlib.contextmanager
def staged(app: Flask) -> Iterator[Connection]:
    """Do everything inside in one transaction that is rolled back at its end, requests too."""
    with app.app_context():
        engines = cast("dict[str | None, Engine | Connection]", db.engines)
        engine = db.engine
        connection = engine.connect()
        transaction = connection.begin()
        engines[None] = connection
        if "cache" in app.extensions:
            app.extensions["cache"].store.clear()  # rows of another test have the same numbers
        expects_writes.set(True)  # as everything but a request that only reads does
        try:
            yield connection
        finally:
            db.session.remove()
            engines[None] = engine
            transaction.rollback()
            connection.close()


def leave_empty() -> None:
    """Delete every row that tests have committed, those that may not be deleted as well; what the migrations wrote stays."""
    db.session.remove()
    with _unguarded():
        for table in reversed(db.metadata.sorted_tables):
            if table.name not in SEEDED:
                db.session.execute(table.delete())
            elif table.name == ClauseVersion.__tablename__:  # before the readers who made some
                db.session.execute(sa.delete(ClauseVersion).where(ClauseVersion.made_by_id.is_not(None)))
        db.session.execute(sa.delete(PolicyClause).where(PolicyClause.id.not_in(sa.select(ClauseVersion.clause_id))))
    db.session.commit()


@contextlib.contextmanager
def _unguarded() -> Iterator[None]:
    """Switch off the triggers that refuse to delete, within the transaction."""
    if db.session.get_bind().dialect.name == "postgresql":
        db.session.execute(sa.text("SET LOCAL session_replication_role = replica"))
        yield
        return
    triggers = db.session.execute(sa.text("SELECT name, sql FROM sqlite_master WHERE type = 'trigger'")).all()
    for name, _ in triggers:
        db.session.execute(sa.text(f"DROP TRIGGER {name}"))
    yield
    for _, sql in triggers:
        db.session.connection().exec_driver_sql(sql)
