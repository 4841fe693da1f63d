"""A database besides the site's own: opened by its address, asked what it holds, and worked on for a while."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import cast

import sqlalchemy as sa
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from flask import current_app
from sqlalchemy import Connection, Engine
from sqlalchemy.exc import ArgumentError

import connections
from commands import refusals
from connections import only_reads
from extensions import db

KINDS = {"sqlite": "SQLite", "postgresql": "PostgreSQL"}
SEEDED = ("clause_version", "policy_clause")  # what the migrations write rows into; what points to another comes first
QUEUE = "huey_"  # how the tables of the job queue begin, which shares the database on PostgreSQL


def address(text: str) -> sa.URL:
    """Return the address of a database; end the command where it is none."""
    try:
        url = sa.make_url(text)
    except ArgumentError:
        url = sa.URL.create("")
    if url.drivername not in {"sqlite", "postgresql+psycopg"} or not url.database:
        refusals.stop("An address is sqlite:///PATH or postgresql+psycopg://USER:PASSWORD@HOST/NAME.")
    return url


@contextmanager
def opened(url: sa.URL) -> Iterator[Engine]:
    """Give a database to work with, and close it at the end."""
    engine = sa.create_engine(url)
    connections.configure(engine)
    try:
        yield engine
    finally:
        engine.dispose()


@contextmanager
def in_use(engine: Engine) -> Iterator[None]:
    """Let what is inside, the domain and the migrations, work on this database instead of the site's."""
    engines = cast("dict[str | None, Engine]", db.engines)
    db.session.remove()
    before, engines[None] = engines[None], engine
    try:
        yield
    finally:
        db.session.remove()
        engines[None] = before


@contextmanager
def snapshot(engine: Engine) -> Iterator[Connection]:
    """Give a connection that sees one moment however long it takes, and for which nobody waits."""
    with engine.connect() as connection:
        is_postgresql = engine.dialect.name == "postgresql"
        if is_postgresql:
            connection.execution_options(isolation_level="REPEATABLE READ", postgresql_readonly=True)
        with only_reads():
            transaction = connection.begin()
        with transaction:
            if is_postgresql:
                connection.exec_driver_sql("SET LOCAL statement_timeout = 0")
            yield connection


def exists(url: sa.URL) -> bool:
    """Tell whether there is anything at an address: SQLite makes an empty database of a file that is not there."""
    return url.get_backend_name() != "sqlite" or Path(url.database or "").exists()


def tables_of(connection: Connection) -> list[str]:
    """Return the names of the tables there are, but for those of the job queue."""
    return sorted(name for name in sa.inspect(connection).get_table_names() if not name.startswith(QUEUE))


def is_empty(connection: Connection) -> bool:
    """Tell whether nothing is lost with what is in a database: it has at most what the migrations wrote."""
    for name in set(tables_of(connection)) & db.metadata.tables.keys() - {"policy_clause"}:
        found = sa.select(sa.literal(1)).select_from(sa.table(name)).limit(1)
        if name == "clause_version":
            found = found.where(sa.column("made_by_id").is_not(None))
        if connection.scalar(found):
            return False
    return True


def revision_of(connection: Connection) -> str | None:
    """Return which migration a database has got to; nothing where none was made."""
    return MigrationContext.configure(connection).get_current_revision()


def newest_revision() -> str | None:
    """Return which migration this code needs."""
    return _scripts().get_current_head()


def is_known(revision: str) -> bool:
    """Tell whether this code has a migration; if not, what made it is newer."""
    return revision in {script.revision for script in _scripts().walk_revisions()}


def _scripts() -> ScriptDirectory:
    return ScriptDirectory.from_config(current_app.extensions["migrate"].migrate.get_config())
