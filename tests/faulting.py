"""Real faults of real databases, each for as long as a block lasts."""

from __future__ import annotations

import contextlib
import resource
import signal
import sqlite3
import subprocess
import sys
from collections.abc import Callable, Iterator

import sqlalchemy as sa
from sqlalchemy import Engine, event

import connections
from config import ROOT

LITTLE = 8_192  # bytes
Fault = Callable[[Engine], contextlib.AbstractContextManager[None]]
LOCKING = """
import sqlite3, sys
database = sqlite3.connect(sys.argv[1])
database.execute("BEGIN EXCLUSIVE")
print("locked", flush=True)
sys.stdin.read()
"""
WRITING = """
import sys
from pathlib import Path
from connections import WriterTurn
WriterTurn(Path(sys.argv[1])).take()
print("writing", flush=True)
sys.stdin.read()
"""
FULL = """
CREATE FUNCTION full_disk() RETURNS trigger LANGUAGE plpgsql AS
$$ BEGIN RAISE EXCEPTION 'could not extend file: No space left on device' USING ERRCODE = 'disk_full'; END $$;
CREATE TRIGGER full_disk BEFORE INSERT ON comment EXECUTE FUNCTION full_disk();
"""


@contextlib.contextmanager
def _at_checkout(engine: Engine, *words: str) -> Iterator[None]:
    """Say something on each connection before it is used."""

    def say(connection: sqlite3.Connection, *_: object) -> None:
        for word in words:
            connection.execute(word)

    event.listen(engine, "checkout", say)
    yield
    event.remove(engine, "checkout", say)
    engine.dispose()


@contextlib.contextmanager
def full_file(engine: Engine) -> Iterator[None]:
    """Let the file of SQLite grow no further than it is."""
    with contextlib.closing(sqlite3.connect(str(engine.url.database))) as database:
        database.execute("VACUUM")  # or there would be free pages inside it
        (pages,) = database.execute("PRAGMA page_count").fetchone()
    with _at_checkout(engine, f"PRAGMA max_page_count = {pages}"):
        yield


@contextlib.contextmanager
def full_disk_under_file(engine: Engine) -> Iterator[None]:
    """Let the system take no more than a page or so for a file of this process: what is written has no room."""
    with contextlib.closing(sqlite3.connect(str(engine.url.database))) as database:
        database.execute("PRAGMA wal_checkpoint(TRUNCATE)")  # or there would be room inside it
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (LITTLE, hard))
    yield
    resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))


@contextlib.contextmanager
def locked_file(engine: Engine) -> Iterator[None]:
    """Let another program hold SQLite's own lock."""
    with _at_checkout(engine, "PRAGMA busy_timeout = 300"), _another_process(LOCKING, engine):
        yield


@contextlib.contextmanager
def stopped_writer(engine: Engine) -> Iterator[None]:
    """Let a process of the site be stopped while it has the turn to write."""
    kept, connections.LONGEST_WAIT = connections.LONGEST_WAIT, 0.3  # nobody wants to wait here
    with _another_process(WRITING, engine) as other:
        other.send_signal(signal.SIGSTOP)
        yield
    connections.LONGEST_WAIT = kept


@contextlib.contextmanager
def _another_process(words: str, engine: Engine) -> Iterator[subprocess.Popen[bytes]]:
    """Run a program on the file of SQLite that says when it has begun, until the block ends."""
    command = [sys.executable, "-c", words, str(engine.url.database)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, cwd=ROOT) as other:  # noqa: S603 - our own
        assert other.stdout
        other.stdout.readline()
        yield other
        other.kill()


@contextlib.contextmanager
def read_only_file(engine: Engine) -> Iterator[None]:
    """Let SQLite refuse to write."""
    with _at_checkout(engine, "PRAGMA query_only = ON"):
        yield


@contextlib.contextmanager
def read_only_database(engine: Engine) -> Iterator[None]:
    """Let PostgreSQL refuse to write, as a standby does."""
    name = engine.url.database
    _say(engine, f"ALTER DATABASE {name} SET default_transaction_read_only = on")
    engine.dispose()
    yield
    _say(engine, "SET default_transaction_read_only = off", f"ALTER DATABASE {name} RESET default_transaction_read_only")
    engine.dispose()


@contextlib.contextmanager
def full_disk(engine: Engine) -> Iterator[None]:
    """Let PostgreSQL say what it says of a full disk."""
    _say(engine, FULL)
    yield
    _say(engine, "DROP TRIGGER full_disk ON comment", "DROP FUNCTION full_disk")


@contextlib.contextmanager
def long_lock(engine: Engine) -> Iterator[None]:
    """Let somebody hold what a comment has to lock."""
    with _at_checkout(engine, "SET lock_timeout = '200ms'"), engine.connect() as other, other.begin():
        other.exec_driver_sql("LOCK TABLE comment IN SHARE ROW EXCLUSIVE MODE")
        yield


@contextlib.contextmanager
def long_statement(engine: Engine) -> Iterator[None]:
    """Let a statement take longer than any may."""
    with _at_checkout(engine, "SET statement_timeout = '300ms'"), engine.connect() as other, other.begin():
        other.exec_driver_sql("LOCK TABLE comment IN SHARE ROW EXCLUSIVE MODE")
        yield


@contextlib.contextmanager
def none_free(engine: Engine) -> Iterator[None]:
    """Let others hold every connection there is."""
    pool = engine.pool
    assert isinstance(pool, sa.QueuePool)
    kept, pool._timeout = pool._timeout, 0.1  # noqa: SLF001 - nobody wants to wait here
    with contextlib.ExitStack() as stack:
        for _ in range(pool.size() + pool._max_overflow):  # noqa: SLF001 - the same
            stack.enter_context(engine.connect())
        yield
    pool._timeout = kept  # noqa: SLF001


@contextlib.contextmanager
def killed_while_writing(engine: Engine) -> Iterator[None]:
    """Let PostgreSQL end the connection at the first row of a comment."""

    def at_comment(connection: sa.Connection, _cursor: object, statement: str, *_: object) -> None:
        if statement.startswith("INSERT INTO comment "):
            end(engine, connection)

    event.listen(engine, "before_cursor_execute", at_comment)
    yield
    event.remove(engine, "before_cursor_execute", at_comment)


@contextlib.contextmanager
def killed_once(engine: Engine) -> Iterator[None]:
    """Let PostgreSQL end the connection at the first row of a comment, but not the next."""
    ended: list[str] = []

    def at_comment(connection: sa.Connection, _cursor: object, statement: str, *_: object) -> None:
        if statement.startswith("INSERT INTO comment ") and not ended:
            ended.append(statement)
            end(engine, connection)

    event.listen(engine, "before_cursor_execute", at_comment)
    yield
    event.remove(engine, "before_cursor_execute", at_comment)
    assert ended


@contextlib.contextmanager
def killed_while_storing(engine: Engine) -> Iterator[None]:
    """Let PostgreSQL end the connection when the commit is about to be sent."""

    def at_commit(connection: sa.Connection) -> None:
        end(engine, connection)

    event.listen(engine, "commit", at_commit)
    yield
    event.remove(engine, "commit", at_commit)


@contextlib.contextmanager
def killed_at_the_end(engine: Engine) -> Iterator[None]:
    """Let PostgreSQL end the connection when nothing is left but to undo what was only read."""

    def at_rollback(connection: sa.Connection) -> None:
        end(engine, connection)

    event.listen(engine, "rollback", at_rollback)
    yield
    event.remove(engine, "rollback", at_rollback)


def end(engine: Engine, connection: sa.Connection) -> None:
    """Let PostgreSQL end a connection."""
    number = connection.connection.driver_connection.info.backend_pid  # type: ignore[union-attr]
    _say(engine, f"SELECT pg_terminate_backend({number}, 5000)")


def _say(engine: Engine, *words: str) -> None:
    """Say something as somebody else, and at once."""
    other = sa.create_engine(engine.url, isolation_level="AUTOCOMMIT", poolclass=sa.NullPool)
    with other.connect() as connection:
        for word in words:
            connection.exec_driver_sql(word)


@contextlib.contextmanager
def lost_after_storing(engine: Engine) -> Iterator[None]:
    """Let PostgreSQL store what is committed, and its answer be lost on the way."""

    def lose(connection: sa.Connection) -> None:
        driver = connection.connection.driver_connection
        assert driver is not None
        driver.pgconn.exec_(b"COMMIT")
        driver.pgconn.exec_(b"BEGIN")  # or the driver would see that there is nothing left to commit
        end(engine, connection)

    event.listen(engine, "commit", lose)
    yield
    event.remove(engine, "commit", lose)


def end_all(engine: Engine) -> None:
    """Let PostgreSQL end every connection to the database of the site."""
    others = "datname = current_database() AND pid <> pg_backend_pid()"
    _say(engine, f"SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity WHERE {others}")  # noqa: S608 - our own words


@contextlib.contextmanager
def migrated_meanwhile(engine: Engine) -> Iterator[None]:
    """Let a migration change the type of a column that statements which are prepared answer with."""
    _say(engine, "ALTER TABLE article ALTER COLUMN headline TYPE text")
    yield
    _say(engine, "ALTER TABLE article ALTER COLUMN headline TYPE varchar(200)")
    engine.dispose()
