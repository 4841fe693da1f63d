"""Copying a database into another, table by table and page by page, so that what was interrupted can be taken up again.

How far it has got is a row in the target, written with the rows it tells of. What points to a row of its own table comes after
that row (`comment.parent_id`, `outcome.split_from_id`, …), because a key is given when a row is made.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

import psycopg
import sqlalchemy as sa
from flask_migrate import upgrade
from sqlalchemy import Connection, Engine, Row
from sqlalchemy.exc import DBAPIError

from commands import refusals
from commands.database import places, rows
from extensions import db

PROGRESS = sa.Table(
    "foresay_copy",
    sa.MetaData(),
    sa.Column("table_name", sa.String(63), primary_key=True),
    sa.Column("source", sa.Text, nullable=False),
    sa.Column("after", sa.Text),  # the key of the last row that is there; null before the first
    sa.Column("is_done", sa.Boolean(create_constraint=False), nullable=False),
)


def prepare(source: Engine, target: Engine) -> None:
    """See that a copy can begin or go on, and make the target's tables; end the command where it cannot."""
    with places.snapshot(source) as connection:
        if places.revision_of(connection) != places.newest_revision():
            refusals.stop("The source is not up to date. Run `flask db upgrade` on it first.")
    with target.connect() as connection:
        is_begun = sa.inspect(connection).has_table(PROGRESS.name)
        if is_begun:
            _refuse_another(connection, _name(source))
        elif not places.is_empty(connection):
            refusals.stop("The target is not empty. Copy into a database that has no rows.")
    if not is_begun:
        _make(target)
        with target.begin() as connection:
            _begin(connection, _name(source))


def counted(source: Connection) -> int:
    """Return how many rows there are to copy."""
    return sum(source.scalar(sa.select(sa.func.count()).select_from(table)) or 0 for table in db.metadata.sorted_tables)


def copied(source: Connection, target: Engine) -> Iterator[tuple[int, bool]]:
    """Copy what is not there yet. Yield, page by page, how many rows are there, and whether they were before."""
    for table in db.metadata.sorted_tables:
        with target.connect() as connection:
            after, is_done = _progress_of(connection, table)
            there = connection.scalar(sa.select(sa.func.count()).select_from(table)) or 0
        yield there, True
        while not is_done:
            key = rows.key_in(table, after) if after else None
            found = source.execute(rows.page(table, key)).all()
            after = rows.key_of(table, found[-1]) if found else after
            is_done = len(found) < rows.AT_ONCE
            _add(target, table, found, {"after": after, "is_done": is_done})
            yield len(found), False


def finish(target: Engine) -> None:
    """Let new rows be numbered on from those that are there."""
    with target.begin() as connection:
        for table in db.metadata.sorted_tables:
            rows.number_on(connection, table)


def forget(target: Engine) -> None:
    """Take away what tells how far a copy has got."""
    with target.begin() as connection:
        PROGRESS.drop(connection, checkfirst=True)


def _make(target: Engine) -> None:
    with places.in_use(target):
        upgrade()


def _begin(connection: Connection, source: str) -> None:
    """Note that nothing is copied yet, and make room for the rows that the migrations wrote on both sides."""
    for name in places.SEEDED:
        connection.execute(db.metadata.tables[name].delete())
    PROGRESS.create(connection)
    begun = [{"table_name": name, "source": source, "is_done": False} for name in db.metadata.tables]
    connection.execute(PROGRESS.insert(), begun)


def _refuse_another(connection: Connection, source: str) -> None:
    begun_from = connection.scalar(sa.select(PROGRESS.c.source).limit(1))
    if begun_from != source:
        refusals.stop(f"The target holds an unfinished copy of another database, {begun_from}.")
    if places.revision_of(connection) != places.newest_revision():
        refusals.stop("The target holds a copy that another version of Foresay began. Copy into an empty one.")


def _add(target: Engine, table: sa.Table, found: Sequence[Row[*tuple[Any, ...]]], got_to: dict[str, Any]) -> None:
    try:
        with target.begin() as connection:
            if found:
                rows.add(connection, table, found)
            connection.execute(PROGRESS.update().where(PROGRESS.c.table_name == table.name).values(got_to))
    except (DBAPIError, psycopg.Error) as error:
        if place := rows.without_place(table, found):
            refusals.stop(f"{place} holds a NUL character, which PostgreSQL cannot keep. Take it out there.")
        refusals.stop(f"{table.name}: {_first_line(error)}")


def _first_line(error: DBAPIError | psycopg.Error) -> str:
    said = str(error.orig if isinstance(error, DBAPIError) else error)
    return " ".join(said.split())


def _progress_of(connection: Connection, table: sa.Table) -> tuple[str | None, bool]:
    """Return the key of the last row of a table that is there, and whether all are."""
    got_to = connection.execute(sa.select(PROGRESS).where(PROGRESS.c.table_name == table.name)).mappings().one()
    return got_to["after"], got_to["is_done"]


def _name(engine: Engine) -> str:
    return engine.url.set(query={}).render_as_string(hide_password=True)
