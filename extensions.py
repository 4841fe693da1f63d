"""The extensions, made here and bound to the application in `app.py`."""

from __future__ import annotations

import logging
import sqlite3
import time
from typing import TYPE_CHECKING, Any

from flask import current_app
from flask_babel import Babel
from flask_limiter import Limiter
from flask_limiter.util import get_remote_address
from flask_login import LoginManager
from flask_sqlalchemy import SQLAlchemy
from flask_sqlalchemy.session import Session
from sqlalchemy import Connection, Engine, MetaData
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import DeclarativeBase

from connections import reads_replica
from lazily import lazily, without

with without("psycopg", "redis"):  # huey loads both where they are installed; `jobs.stores` gives it the one that is needed
    from huey.api import Huey, TaskWrapper
    from huey.storage import MemoryStorage

if TYPE_CHECKING:
    import psycopg
    import redis
else:
    psycopg, redis = lazily("psycopg"), lazily("redis")


class Queue(Huey):
    """The jobs that wait. That their store is away hurts nobody who asks for one: what must not be lost is a row, and each minute
    a job looks for such rows."""

    pause = 5.0  # seconds in which nobody waits again for a store that is away
    _away_until = 0.0

    @property
    def away(self) -> tuple[type[Exception], ...]:
        """The errors of a store that is away."""
        return redis.RedisError, psycopg.Error, sqlite3.Error, OSError

    @property
    def ended(self) -> tuple[type[Exception], ...]:
        """Those of which perhaps only this connection has died, by a restart of the server."""
        return redis.ConnectionError, psycopg.OperationalError

    def enqueue(self, task: Any) -> Any:
        """Let a job be done, and return where its result will be; nothing, and a line in the log, when its store is away."""
        if time.monotonic() < self._away_until:
            return None
        try:
            try:
                return super().enqueue(task)
            except self.ended:
                return super().enqueue(task)
        except self.away as error:
            self._away_until = time.monotonic() + self.pause
            logging.getLogger("foresay").warning("the queue is away, %s is left to the next minute: %s", task, error)
            return None

    def has_waiting(self, job: TaskWrapper) -> bool:
        """Whether such a job is still to be begun. While the store is away nobody knows, and it is said that none is."""
        try:
            return any(isinstance(task, job.task_class) for task in self.pending())
        except self.away:
            return False


class Base(DeclarativeBase):
    """The base of every table. Constraints are named so that migrations can address them on both databases."""

    metadata = MetaData(
        naming_convention={
            "ix": "ix_%(table_name)s_%(column_0_N_name)s",
            "uq": "uq_%(table_name)s_%(column_0_N_name)s",
            "ck": "ck_%(table_name)s_%(constraint_name)s",
            "fk": "fk_%(table_name)s_%(column_0_N_name)s",
            "pk": "pk_%(table_name)s",
        }
    )


class Lookup(Session):
    """A session that looks up in the replica what may be a moment old, and whose end undoes no answer."""

    def get_bind(self, *args: Any, **options: Any) -> Engine | Connection:
        """Return where a statement goes."""
        if reads_replica.get() and options.get("bind") is None:
            engine: Engine = current_app.extensions["replica"]
            return engine
        return super().get_bind(*args, **options)

    def close(self) -> None:
        """End it. A connection that is lost meanwhile has nothing left to undo, and the answer that is made already stands."""
        try:
            super().close()
        except DBAPIError as error:
            if not error.connection_invalidated:
                raise
            self.invalidate()


db = SQLAlchemy(model_class=Base, session_options={"class_": Lookup})
login_manager = LoginManager()
limiter = Limiter(key_func=get_remote_address)
babel = Babel()
jobs = Queue("foresay", storage_class=MemoryStorage)  # app.py gives it the store that fits the database
