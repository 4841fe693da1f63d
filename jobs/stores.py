"""Where jobs wait: in Redis where there is one, otherwise beside the database."""

from __future__ import annotations

from copy import copy
from importlib import reload
from typing import TYPE_CHECKING, Any

from huey import storage

from config import Config
from connections import REDIS_ANSWERS, libpq_options, redis_options
from extensions import Queue
from lazily import lazily

if TYPE_CHECKING:
    import psycopg
    import redis
else:
    psycopg, redis = lazily("psycopg"), lazily("redis")

PATIENCE = 10.0  # seconds: a worker asks Redis to answer within one second, or when there is a job; cut off, it would lose that


def store_for(config: Config) -> tuple[type[storage.BaseStorage], dict[str, Any]]:
    """Return the kind of store and what it is made with."""
    if config.redis_url:
        return _with_drivers().RedisExpireStorage, {"connection_pool": _pool(config.redis_url)}
    if config.testing:
        return storage.MemoryStorage, {}
    if config.database_url.startswith("sqlite"):
        # a file of its own, so that the queue does not take turns with readers
        return storage.SqliteStorage, {"filename": str(config.instance / "jobs.db"), "journal_mode": "wal", "timeout": 10}
    dsn = config.database_url.replace("+psycopg", "")
    kind, options = _with_drivers().PostgresStorage, libpq_options(dsn)
    if not config.database_pooler:
        return kind, {"dsn": dsn, **options}
    # a pooler hands no news on, so that the queue is looked at now and then; nor does it know what was prepared before
    return kind, {"connection": lambda: psycopg.connect(dsn, prepare_threshold=None, **options), "blocking": False}


def patient(queue: Queue, config: Config) -> Queue:
    """Return the queue for who works it off, who waits for Redis longer than requests of the same process do."""
    if not config.redis_url:
        return queue
    same = copy(queue)
    same.storage = queue.storage_class(queue.name, connection_pool=_pool(config.redis_url, PATIENCE))
    return same


def _pool(url: str, answers: float = REDIS_ANSWERS) -> redis.ConnectionPool:
    return redis.ConnectionPool.from_url(url, **redis_options(answers))


def _with_drivers() -> Any:
    """Return huey's stores, which found no drivers when they were loaded (`extensions`). Of each there is a new one from then on."""
    return storage if storage.Redis and storage.psycopg else reload(storage)
