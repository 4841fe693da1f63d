"""How connections to each database behave: one writer at a time on SQLite, bounded waits on PostgreSQL and Redis."""

from __future__ import annotations

import fcntl
import os
import sqlite3
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from pathlib import Path
from time import monotonic
from typing import TYPE_CHECKING, Any

from sqlalchemy import Connection, Engine, ExceptionContext, event, make_url
from sqlalchemy.exc import InvalidatePoolError

from lazily import lazily

if TYPE_CHECKING:
    import redis
    from redis import backoff, retry
else:
    redis, backoff, retry = lazily("redis"), lazily("redis.backoff"), lazily("redis.retry")

LONGEST_WAIT = 15.0  # seconds a writer waits for its turn, or anybody for a connection, before they give up with an error
LONGEST_GREETING = 5  # seconds for PostgreSQL to take a new connection
LOST = {  # after `LONGEST_WAIT` without a sign of the host of PostgreSQL; of itself Linux waits for hours, or a quarter of one
    "keepalives": 1,
    "keepalives_idle": 6,  # seconds of silence, then it is asked
    "keepalives_interval": 3,  # seconds between questions
    "keepalives_count": 3,  # without an answer
    "tcp_user_timeout": int(LONGEST_WAIT * 1000),  # milliseconds for what was sent to arrive
}
POSTGRESQL = {  # comments are in memory or on flash: looking up costs no arm's way
    "lock_timeout": "10s",
    "statement_timeout": "30s",
    "random_page_cost": "1.1",
}
LOST_BY_SERVER = {  # the same from its side, where the locks of a host that is gone would keep all others from writing
    f"tcp_{name.removeprefix('tcp_')}": str(value) for name, value in LOST.items() if name != "keepalives"
}

FEATURE_NOT_SUPPORTED = "0A000"
OUTDATED = "cached plan must not change result type"  # PostgreSQL's words: it has no number of its own

SURE_FOR = 1.0  # seconds for which a connection is trusted without being asked: PostgreSQL does not restart any faster
REDIS_ANSWERS = 0.5  # seconds a request waits for Redis, which answers in a thousandth of that or is away

# Whether the next transaction on SQLite is going to write. True outside requests; a GET sets it to False.
expects_writes: ContextVar[bool] = ContextVar("expects_writes", default=True)


class NoTurn(TimeoutError):
    """A writer of SQLite waited for its turn as long as anybody may."""


@dataclass
class Fate:
    """What has become of what a request writes: while it is being stored, a lost connection leaves that unknown."""

    is_being_stored: bool = False
    is_stored: bool = False


fate: ContextVar[Fate | None] = ContextVar("fate", default=None)


# Whether rows are looked up in the replica, which may be a moment behind.
reads_replica: ContextVar[bool] = ContextVar("reads_replica", default=False)


@contextmanager
def from_replica() -> Iterator[None]:
    """Look up in the replica what is looked up inside the block."""
    token = reads_replica.set(True)
    try:
        yield
    finally:
        reads_replica.reset(token)


@contextmanager
def only_reads() -> Iterator[None]:
    """Let the transactions that begin inside the block not take the writer's turn, for which all voters wait."""
    token = expects_writes.set(False)
    try:
        yield
    finally:
        expects_writes.reset(token)


class WriterTurn:
    """One writer of a SQLite file at a time, among all threads and processes.

    SQLite's own busy handler polls, and starves: eight writers waited 1.6 s each where this lock took 2 ms. A wait for a lock
    of the system cannot be ended, so a thread of its own waits; a process that is stopped as it writes holds nobody for ever.
    """

    def __init__(self, database: Path) -> None:
        self._among_threads = threading.Lock()
        self._path = database.with_name(f"{database.name}.writer")
        self._descriptor: int | None = None
        self._process = 0
        self._handing_over = threading.Lock()
        self._given = threading.Semaphore(0)  # by the thread that waits, to the one that wants to write
        self._is_wanted, self._is_waited_for = False, False

    def take(self) -> None:
        """Wait for the turn; raise `NoTurn` after `LONGEST_WAIT`."""
        end = time.monotonic() + LONGEST_WAIT
        if not self._among_threads.acquire(timeout=LONGEST_WAIT):
            raise _no_turn()
        try:
            if not self._begins() and not self._given.acquire(timeout=max(0.0, end - time.monotonic())):
                self._give_up()
        except BaseException:
            self._among_threads.release()
            raise

    def leave(self) -> None:
        """Give the turn to the next writer."""
        fcntl.flock(self._file(), fcntl.LOCK_UN)
        self._among_threads.release()

    def _begins(self) -> bool:
        """Take the turn where it is free; otherwise let it be waited for."""
        with self._handing_over:
            if not self._is_waited_for and self._locks_at_once():
                return True
            self._is_wanted = True
            if not self._is_waited_for:
                threading.Thread(target=self._lock, daemon=True).start()
            self._is_waited_for = True
            return False

    def _give_up(self) -> None:
        """Raise `NoTurn`, unless the turn has come at the last moment."""
        with self._handing_over:
            self._is_wanted = False
            if not self._given.acquire(blocking=False):
                raise _no_turn()

    def _lock(self) -> None:
        """Wait for the turn as long as it takes, and hand it over, or on where nobody wants it any more."""
        fcntl.flock(self._file(), fcntl.LOCK_EX)
        with self._handing_over:
            self._is_waited_for = False
            if self._is_wanted:
                self._given.release()
            else:
                fcntl.flock(self._file(), fcntl.LOCK_UN)

    def _locks_at_once(self) -> bool:
        try:
            fcntl.flock(self._file(), fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
        return True

    def _file(self) -> int:
        if self._descriptor is None or self._process != os.getpid():  # what a copied process has inherited is one lock for both
            self._process = os.getpid()
            self._descriptor = os.open(self._path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        return self._descriptor


def _no_turn() -> NoTurn:
    return NoTurn(f"no turn to write within {LONGEST_WAIT} s")


def go_on_writing(connection: Connection) -> None:
    """Let a transaction that has only read write from here on, with what it has read kept.

    On SQLite it waits for its turn here, and others may have written since it began, as on PostgreSQL they may at any time.
    """
    turn: WriterTurn | None = connection.info.get("turn")
    if turn is None or connection.info.get("holds_turn"):
        return
    connection.exec_driver_sql("ROLLBACK")
    turn.take()
    connection.info["holds_turn"] = True
    connection.exec_driver_sql("BEGIN IMMEDIATE")


def redis_options(answers: float = REDIS_ANSWERS) -> dict[str, Any]:
    """Return how Redis is spoken to: a connection that its restart has ended is made once anew, and nobody waits any further."""
    again = retry.Retry(backoff.NoBackoff(), 1, supported_errors=(redis.ConnectionError,))
    return {"socket_timeout": answers, "socket_connect_timeout": answers, "retry": again}


def configure(engine: Engine, *, is_pooled: bool = False) -> None:
    """Attach this module's rules to `engine`; call once, before its first connection."""
    if engine.dialect.name == "sqlite":
        _configure_sqlite(engine)
    else:
        ask_the_idle(engine)
        leave_outdated(engine)
        if is_pooled:
            _set_in_each_transaction(engine)

    @event.listens_for(engine, "commit")
    def storing(_connection: Connection) -> None:
        if known := fate.get():
            known.is_being_stored = True


def note_stored(_session: object) -> None:
    """Note that a commit has succeeded; to be called after each of a session, nested ones too, which store nothing yet."""
    known = fate.get()
    if known and known.is_being_stored:
        known.is_being_stored, known.is_stored = False, True


def engine_options(url: str, *, threads: int, is_pooled: bool, only_reads: bool = False) -> dict[str, Any]:
    """Return how SQLAlchemy connects: each thread finds a connection, and nobody waits for ever for one that does not come."""
    pool = {
        "pool_size": threads + 1,
        "max_overflow": 10,
        "pool_timeout": LONGEST_WAIT,
        "hide_parameters": True,  # errors would repeat what was typed
    }
    if url.startswith("sqlite"):
        return pool
    given = {**POSTGRESQL, **LOST_BY_SERVER, **({"default_transaction_read_only": "on"} if only_reads else {})}
    own: dict[str, Any] = {"options": " ".join(f"-c {name}={value}" for name, value in given.items())}
    ways = {"prepare_threshold": None} if is_pooled else own  # what one transaction prepares, another connection does not know
    return {**pool, "connect_args": {**libpq_options(url), **ways}}


def libpq_options(url: str) -> dict[str, Any]:
    """Return how a connection to PostgreSQL notices that it leads nowhere. What the address says itself is left to it."""
    said = make_url(url).query
    return {name: value for name, value in {"connect_timeout": LONGEST_GREETING, **LOST}.items() if name not in said}


def ask_the_idle(engine: Engine) -> None:
    """Ask a connection that was not used for `SURE_FOR` whether it still leads anywhere; where one does not, make all anew.

    To ask each time costs a vote a tenth of what it asks the database.
    """

    @event.listens_for(engine, "checkin")
    def left(_connection: Any, record: Any) -> None:
        record.info["left_at"] = monotonic()

    @event.listens_for(engine, "checkout")
    def taken(connection: Any, record: Any, _proxy: Any) -> None:
        if monotonic() - record.info.pop("left_at", monotonic()) < SURE_FOR:
            return
        try:
            engine.dialect.do_ping(connection)
        except engine.dialect.loaded_dbapi.Error as error:
            raise InvalidatePoolError from error


def leave_outdated(engine: Engine) -> None:
    """Treat a connection as lost when what it has prepared answers in types that a migration has changed; so are all others.

    The next release brings its tables while this one runs. What is prepared anew on another connection succeeds.
    """

    @event.listens_for(engine, "handle_error")
    def failed(context: ExceptionContext) -> None:
        error = context.original_exception
        if getattr(error, "sqlstate", None) == FEATURE_NOT_SUPPORTED and OUTDATED in str(error):
            context.is_disconnect = True


def _set_in_each_transaction(engine: Engine) -> None:
    """Set what a pooler in transaction mode would lose: the next transaction may have another connection."""
    words = "; ".join(f"SET LOCAL {name} = '{value}'" for name, value in POSTGRESQL.items())

    @event.listens_for(engine, "begin")
    def begin(connection: Connection) -> None:
        connection.exec_driver_sql(words)


def _configure_sqlite(engine: Engine) -> None:
    turn = WriterTurn(Path(engine.url.database or "foresay.db"))
    event.listen(engine, "connect", _prepare_sqlite)
    event.listen(engine, "connect", lambda _connection, record: record.info.update(turn=turn))

    @event.listens_for(engine, "begin")
    def begin(connection: Connection) -> None:
        if not expects_writes.get():
            connection.exec_driver_sql("BEGIN")
            return
        if not connection.info.get("holds_turn"):  # a connection that begins again, as a migration does, still has it
            turn.take()
            connection.info["holds_turn"] = True
        connection.exec_driver_sql("BEGIN IMMEDIATE")

    # `commit` and `rollback` fire before the database has done it, so the turn ends when the connection comes back.
    def leave(record: Any) -> None:
        if record.info.pop("holds_turn", False):
            turn.leave()

    @event.listens_for(engine, "checkin")
    def returned(_connection: Any, record: Any) -> None:
        leave(record)

    @event.listens_for(engine, "invalidate")
    def lost(_connection: Any, record: Any, _error: Any) -> None:
        leave(record)


def _prepare_sqlite(connection: sqlite3.Connection, _record: Any) -> None:
    connection.isolation_level = None  # the driver opens transactions too late; `begin` above opens them
    for pragma in ("journal_mode = WAL", "foreign_keys = ON", "busy_timeout = 5000", "synchronous = FULL"):
        connection.execute(f"PRAGMA {pragma}")
