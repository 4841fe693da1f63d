"""Rows as both databases have them: read page by page in the order of their keys, added, and told apart by a digest.

JSON and enums are read as the text that is stored, so that what is added elsewhere is the same to the letter, null included.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from psycopg import sql
from sqlalchemy import ColumnElement, Connection, Row, Select, TableClause

from models import UTCDateTime

AT_ONCE = 5_000  # rows in memory
DIGESTS = 1 << 256  # the number of SHA-256's values


@dataclass(frozen=True)
class Content:
    """What a table holds: how many rows, and the sum of their SHA-256, which does not ask in which order they come."""

    rows: int
    digest: str


def page(table: sa.Table, after: Sequence[Any] | None) -> Select[*tuple[Any, ...]]:
    """Select the rows whose keys follow upon one, the first of all without."""
    plain = _plain(table)
    keys = [plain.c[column.name] for column in table.primary_key]
    found = sa.select(*_stored(table, plain)).order_by(*keys).limit(AT_ONCE)
    if after is None:
        return found
    given = [sa.literal(value, key.type) for key, value in zip(keys, after, strict=True)]
    return found.where(sa.tuple_(*keys) > sa.tuple_(*given))


def key_of(table: sa.Table, row: Row[*tuple[Any, ...]]) -> str:
    """Return the key of a row in words."""
    values = [row[list(table.c.keys()).index(column.key)] for column in table.primary_key]
    return json.dumps([value.isoformat() if isinstance(value, datetime) else value for value in values])


def key_in(table: sa.Table, words: str) -> list[Any]:
    """Return the key that `key_of` has put in words."""
    pairs = zip(table.primary_key, json.loads(words), strict=True)
    return [datetime.fromisoformat(value) if isinstance(column.type, UTCDateTime) else value for column, value in pairs]


def add(connection: Connection, table: sa.Table, found: Sequence[Row[*tuple[Any, ...]]]) -> None:
    """Add rows as they were read."""
    if connection.dialect.name != "postgresql":
        names = list(table.c.keys())
        connection.execute(_plain(table).insert(), [dict(zip(names, row, strict=True)) for row in found])
        return
    driver: Any = connection.connection.driver_connection
    columns = sql.SQL(", ").join(sql.Identifier(name) for name in table.c.keys())  # noqa: SIM118 - no mapping
    statement = sql.SQL("COPY {} ({}) FROM STDIN").format(sql.Identifier(table.name), columns)
    with driver.cursor() as cursor, cursor.copy(statement) as copy:
        for row in found:
            copy.write_row(row)


def without_place(table: sa.Table, found: Sequence[Row[*tuple[Any, ...]]]) -> str | None:
    """Name the first row that PostgreSQL cannot keep, because a text in it holds the character with the number 0."""
    for row in found:
        for name, value in zip(table.c.keys(), row, strict=True):
            if isinstance(value, str) and "\0" in value:
                return f"{table.name} {key_of(table, row)}: {name}"
    return None


def content(connection: Connection, table: sa.Table, *, told: Callable[[int], None]) -> Content:
    """Read a whole table and return what is in it; `told` hears of every some thousand rows."""
    rows = total = 0
    found = connection.execution_options(yield_per=AT_ONCE).execute(sa.select(*_stored(table, _plain(table))))
    for part in found.partitions():
        total += sum(int.from_bytes(hashlib.sha256(repr(tuple(row)).encode()).digest(), "big") for row in part)
        rows += len(part)
        told(len(part))
    return Content(rows, f"{total % DIGESTS:064x}")


def number_on(connection: Connection, table: sa.Table) -> None:
    """Let the numbers that PostgreSQL gives new rows follow upon those that are there."""
    key = table.autoincrement_column
    if connection.dialect.name != "postgresql" or key is None:
        return
    sequence = connection.scalar(sa.select(sa.func.pg_get_serial_sequence(table.name, key.name)))
    if sequence:
        highest = connection.scalar(sa.select(sa.func.max(key)))
        connection.execute(sa.select(sa.func.setval(sequence, highest or 1, highest is not None)))


def _plain(table: sa.Table) -> TableClause:
    """Return a table whose texts are no more than that."""
    columns: list[sa.ColumnClause[Any]] = [
        sa.column(column.name, sa.Text() if isinstance(column.type, sa.JSON | sa.Enum) else column.type) for column in table.c
    ]
    return sa.table(table.name, *columns)


def _stored(table: sa.Table, plain: TableClause) -> list[ColumnElement[Any]]:
    """Return what is selected: the driver for PostgreSQL would read JSON, and not tell its null from the database's."""
    return [
        sa.cast(plain.c[column.name], sa.Text) if isinstance(column.type, sa.JSON) else plain.c[column.name]
        for column in table.c
    ]
