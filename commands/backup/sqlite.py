"""Dumps of SQLite: a copy of the file as it was at one moment, made while others write, and put in another's place."""

from __future__ import annotations

import os
import sqlite3
from contextlib import closing
from pathlib import Path

import sqlalchemy as sa

from commands import refusals
from commands.backup import archives
from commands.backup.archives import Told
from connections import WriterTurn

PAGES = 1_000  # copied before somebody hears of it


def dump(path: Path, to: Path, *, told: Told) -> None:
    """Copy a database. Nobody waits for it, and what is written meanwhile is not in it."""
    with closing(_opened(path)) as source, closing(sqlite3.connect(to)) as copy:
        source.execute("BEGIN")
        source.execute("SELECT count(*) FROM sqlite_master")  # from here on it sees this moment, whoever writes
        size, left = (source.execute(f"PRAGMA {name}").fetchone()[0] for name in ("page_size", "page_count"))

        def progress(_status: int, remaining: int, _pages: int) -> None:
            nonlocal left
            told((left - remaining) * size)
            left = remaining

        source.backup(copy, pages=PAGES, progress=progress)
    settle(to)


def size_of(path: Path) -> int:
    """Return how many bytes a copy will have."""
    with closing(_opened(path)) as source:
        size, pages = (int(source.execute(f"PRAGMA {name}").fetchone()[0]) for name in ("page_size", "page_count"))
        return size * pages


def settle(path: Path) -> None:
    """Let everything be in the file itself, and the file on the disk. Nobody else may have it open."""
    with closing(_opened(path)) as connection:
        connection.execute("PRAGMA journal_mode = DELETE")
    with path.open("rb+") as file:
        os.fsync(file.fileno())


def faults(path: Path) -> list[str]:
    """Return what SQLite itself finds wrong with a file."""
    with closing(_opened(path)) as connection:
        found = [row[0] for row in connection.execute("PRAGMA integrity_check") if row[0] != "ok"]
        lost = connection.execute("PRAGMA foreign_key_check").fetchmany(100)
    return found + [f"{table}: row {row} points to a {other} that is not there" for table, row, other, _ in lost]


def put_in_place(made: Path, path: Path) -> None:
    """Let a settled file be the database from now on. Either it is, or nothing has changed."""
    turn = WriterTurn(path)
    turn.take()
    try:
        _close(path)
        made.replace(path)
        archives.keep_name(path.parent)
    finally:
        turn.leave()


def path_of(url: sa.URL) -> Path:
    """Return where a database is, links followed."""
    return Path(url.database or "").resolve()


def _close(path: Path) -> None:
    """Take away the journal of a database that is going to be replaced; end the command while anybody has it open."""
    try:
        if path.exists():
            with closing(_opened(path)) as connection:
                connection.execute("PRAGMA journal_mode = DELETE")  # works only for whoever is alone
    except sqlite3.OperationalError:
        refusals.stop("Something still has the database open. Stop the site first.")
    except sqlite3.DatabaseError:
        pass  # it is broken: so much the better that it goes
    for journal in ("-wal", "-shm"):
        path.with_name(path.name + journal).unlink(missing_ok=True)


def _opened(path: Path) -> sqlite3.Connection:
    """Open a database that is there: SQLite would make one that is not."""
    return sqlite3.connect(f"{path.absolute().as_uri()}?mode=rw", uri=True, isolation_level=None)
