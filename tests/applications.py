"""Applications besides the one of the fixtures: with other settings, on other databases."""

from __future__ import annotations

import contextlib
import re
import secrets
import shutil
from collections import defaultdict
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from types import CodeType
from typing import Any, cast

import sqlalchemy as sa
from flask import Flask
from flask_migrate import upgrade
from jinja2.bccache import Bucket, BytecodeCache
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


class CompiledOnce(BytecodeCache):
    """Templates as compiled for an application before, in the same language."""

    def __init__(self) -> None:
        self._kept: dict[tuple[str, str], CodeType | None] = {}

    def load_bytecode(self, bucket: Bucket) -> None:
        """Fill the bucket, where this very source was compiled."""
        bucket.code = self._kept.get((bucket.key, bucket.checksum))

    def dump_bytecode(self, bucket: Bucket) -> None:
        """Keep what was compiled."""
        self._kept[bucket.key, bucket.checksum] = bucket.code


COMPILED: defaultdict[str, CompiledOnce] = defaultdict(CompiledOnce)  # by language: constants are worked out in it


@contextlib.contextmanager
def another_app(database_url: str, **settings: Any) -> Iterator[Flask]:
    """Build an application, and afterwards give the queue and the limits back to the one they belonged to."""
    kept = list(tasks._apps), queue.storage, limiter.enabled  # noqa: SLF001 - there is one queue in a process, and it serves the newest
    usual = {"secret_key": SECRET, "rate_limits": False, "slow_query_ms": 0, "testing": True}
    config = Config(database_url=database_url, **{**usual, **settings})
    app = create_app(config)
    app.jinja_env.bytecode_cache = COMPILED[config.locale]
    try:
        yield app
    finally:
        if tasks._apps == [app]:  # noqa: SLF001 - else the tests have gone on to another database, and its application has them
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
def twin(url: str) -> Iterator[str]:
    """Give the address of a copy of a database that nobody has open, and remove it."""
    made = sa.make_url(url)
    name = f"twin_{secrets.token_hex(4)}"
    if made.get_backend_name() == "sqlite":
        path = Path(made.database or "").with_name(f"{name}.db")
        shutil.copy(made.database or "", path)
        yield f"sqlite:///{path}"
        return
    server = sa.create_engine(made.set(database="postgres"), isolation_level="AUTOCOMMIT")
    with server.connect() as connection:
        connection.exec_driver_sql(f'CREATE DATABASE "{name}" TEMPLATE "{made.database}"')
        yield made.set(database=name).render_as_string(hide_password=False)
        connection.exec_driver_sql(f'DROP DATABASE "{name}" WITH (FORCE)')
    server.dispose()


@cache
def migrated(database_url: str) -> str:
    """Return the address of a database beside the one given with nothing but its tables: to be copied, not to be used."""
    url = sa.make_url(database_url)
    name = f"migrated_{secrets.token_hex(4)}"
    if url.get_backend_name() == "sqlite":
        made = url.set(database=f"{url.database}.{name}")
    else:
        made = url.set(database=name)
        server = sa.create_engine(url, isolation_level="AUTOCOMMIT")
        with server.connect() as connection:
            connection.exec_driver_sql(f"CREATE DATABASE {name}")
        server.dispose()
    address = made.render_as_string(hide_password=False)
    with another_app(address) as app, app.app_context():
        upgrade()
    return address


@contextlib.contextmanager
def site_of_its_own(database_url: str) -> Iterator[Flask]:
    """Give an application on a new database beside the one given, with its tables, in which commits are real."""
    with twin(migrated(database_url)) as url, another_app(url) as app:
        yield app


@contextlib.contextmanager
def staged(app: Flask) -> Iterator[Connection]:
    """Do everything inside in one transaction that is rolled back at its end, requests too."""
    with app.app_context():
        engines = cast("dict[str | None, Engine | Connection]", db.engines)
        engine = db.engine
        expects_writes.set(True)  # as everything but a request that only reads does
        connection = engine.connect()
        transaction = connection.begin()
        engines[None] = connection
        if "cache" in app.extensions:
            app.extensions["cache"].store.clear()  # rows of another test have the same numbers
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
