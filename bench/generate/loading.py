"""Putting rows into either database as fast as it takes them: COPY, or one prepared statement over and over."""

from __future__ import annotations

import sqlite3
from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime, timedelta
from functools import cache
from typing import Any, Protocol

import psycopg
import sqlalchemy as sa

AT_ONCE = 100_000  # rows of a table in memory
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
DAY = 86_400  # seconds
CLOCK = [f" {second // 3_600:02}:{second // 60 % 60:02}:{second % 60:02}.000000" for second in range(DAY)]
QUICK_POSTGRES = (
    "SET statement_timeout = 0",
    "SET lock_timeout = 0",
    "SET timezone = 'UTC'",
    "SET synchronous_commit = off",
    "SET maintenance_work_mem = '1GB'",
    "SET session_replication_role = replica",  # references are right by construction; looking at each takes most of the time
)
QUICK_SQLITE = ("journal_mode = OFF", "synchronous = OFF", "foreign_keys = OFF", "cache_size = -500000", "temp_store = MEMORY")

Row = Sequence[Any]


class Loader(Protocol):
    """Takes rows, whose values are texts, numbers or nothing, for tables by their names and columns."""

    def put(self, table: str, columns: str, rows: Iterable[Row]) -> None:
        """Take rows; they are there after `finish` at the latest."""

    def finish(self) -> None:
        """Write what is left, make the indexes again, and let the database know what its tables hold."""


def instant(seconds: float) -> str:
    """Return an instant, in seconds since 1970, as both databases read it. Asked for by the million."""
    day, second = divmod(int(seconds), DAY)
    return _day(day) + CLOCK[second]


@cache
def _day(number: int) -> str:
    return f"{EPOCH + timedelta(days=number):%Y-%m-%d}"


def loader(url: str) -> Loader:
    """Return the loader for a database that nobody else writes to."""
    address = sa.make_url(url)
    return _Sqlite(str(address.database)) if address.get_backend_name() == "sqlite" else _Postgres(address)


class _Buffered:
    def __init__(self) -> None:
        self._waiting: defaultdict[tuple[str, str], list[Row]] = defaultdict(list)

    def put(self, table: str, columns: str, rows: Iterable[Row]) -> None:
        waiting = self._waiting[table, columns]
        waiting.extend(rows)
        if len(waiting) >= AT_ONCE:
            self._write(table, columns, waiting)
            waiting.clear()

    def _drain(self) -> None:
        for (table, columns), rows in self._waiting.items():
            self._write(table, columns, rows)
        self._waiting.clear()

    def _write(self, table: str, columns: str, rows: list[Row]) -> None:
        raise NotImplementedError


class _Sqlite(_Buffered):
    def __init__(self, path: str) -> None:
        super().__init__()
        self._connection = sqlite3.connect(path, isolation_level=None)
        for pragma in QUICK_SQLITE:
            self._connection.execute(f"PRAGMA {pragma}")
        found = self._connection.execute("SELECT name, sql FROM sqlite_master WHERE type = 'index' AND sql IS NOT NULL")
        self._indexes = dict(found.fetchall())
        for name in self._indexes:
            self._connection.execute(f"DROP INDEX {name}")

    def _write(self, table: str, columns: str, rows: list[Row]) -> None:
        places = ", ".join("?" * len(columns.split(",")))
        self._connection.execute("BEGIN")
        self._connection.executemany(f"INSERT INTO {table} ({columns}) VALUES ({places})", rows)  # noqa: S608 - our own names
        self._connection.execute("COMMIT")

    def finish(self) -> None:
        self._drain()
        for sql in self._indexes.values():
            self._connection.execute(sql)
        self._connection.close()  # without ANALYZE, as a site on SQLite is


class _Postgres(_Buffered):
    def __init__(self, address: sa.URL) -> None:
        super().__init__()
        plain = address.set(drivername="postgresql").render_as_string(hide_password=False)
        self._connection = psycopg.connect(plain, autocommit=True)
        for setting in QUICK_POSTGRES:
            self._connection.execute(setting)
        ours = "schemaname = 'public' AND indexname NOT IN (SELECT conname FROM pg_constraint)"
        found = self._connection.execute(f"SELECT indexname, indexdef FROM pg_indexes WHERE {ours}")  # noqa: S608 - our own names
        self._indexes: dict[str, str] = dict(found.fetchall())
        for name in self._indexes:
            self._connection.execute(f"DROP INDEX {name}")

    def _write(self, table: str, columns: str, rows: list[Row]) -> None:
        with self._connection.cursor() as cursor, cursor.copy(f"COPY {table} ({columns}) FROM STDIN") as copy:
            for row in rows:
                copy.write_row(row)

    def finish(self) -> None:
        self._drain()
        for sql in self._indexes.values():
            self._connection.execute(sql)
        numbered = "SELECT table_name, column_name FROM information_schema.columns WHERE column_default LIKE 'nextval%'"
        for table, column in self._connection.execute(numbered).fetchall():
            highest = f"(SELECT max({column}) FROM {table})"  # noqa: S608 - our own names
            setting = f"SELECT setval(pg_get_serial_sequence('{table}', '{column}'), {highest}) WHERE {highest} > 0"
            self._connection.execute(setting)
        self._connection.execute("VACUUM ANALYZE")
        self._connection.close()
