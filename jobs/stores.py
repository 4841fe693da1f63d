"""Where jobs wait: in Redis where there is one, otherwise beside the database."""

from __future__ import annotations

from typing import Any

import psycopg
from huey.storage import BaseStorage, MemoryStorage, PostgresStorage, RedisExpireStorage, SqliteStorage
from redis import ConnectionPool

from config import Config
from connections import redis_options
from extensions import jobs

PATIENCE = 10.0  # seconds: a worker asks Redis to answer within one second, or when there is a job; cut off, it would lose that


def store_for(config: Config) -> tuple[type[BaseStorage], dict[str, Any]]:
    """Return the kind of store and what it is made with."""
    if config.redis_url:
        return RedisExpireStorage, {"connection_pool": ConnectionPool.from_url(config.redis_url, **redis_options())}
    if config.testing:
        return MemoryStorage, {}
    if config.database_url.startswith("sqlite"):
        # a file of its own, so that the queue does not take turns with readers
        return SqliteStorage, {"filename": str(config.instance / "jobs.db"), "journal_mode": "wal", "timeout": 10}
    dsn = config.database_url.replace("+psycopg", "")
    if not config.database_pooler:
        return PostgresStorage, {"dsn": dsn}
    # a pooler hands no news on, so that the queue is looked at now and then; nor does it know what was prepared before
    return PostgresStorage, {"connection": lambda: psycopg.connect(dsn, prepare_threshold=None), "blocking": False}


def wait_for_jobs(config: Config) -> None:
    """Let this process, which works off the queue, wait for Redis longer than a request would."""
    if config.redis_url:
        jobs.storage_kwargs = {"connection_pool": ConnectionPool.from_url(config.redis_url, **redis_options(PATIENCE))}
        jobs.storage = jobs.create_storage()
