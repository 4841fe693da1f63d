"""Work that can wait. What must not be lost is a row written with its cause; a job only drains it, and may run twice."""

from __future__ import annotations

from typing import Any

from flask import Flask
from huey.consumer import Consumer
from huey.storage import MemoryStorage, PostgresStorage, SqliteStorage

from config import Config
from extensions import jobs
from jobs import moderating as moderating  # its tasks have to be known to the queue
from jobs import policy as policy  # these too
from jobs import tasks
from jobs import telling as telling  # and these


def bind(app: Flask, config: Config) -> None:
    """Give the queue the store that fits the database, and its tasks the application."""
    tasks.bind(app)
    if config.testing:
        jobs.storage_class, jobs.storage_kwargs = MemoryStorage, {}
    elif config.database_url.startswith("sqlite"):
        # a file of its own, so that the queue does not take turns with readers
        jobs.storage_class = SqliteStorage
        jobs.storage_kwargs = {"filename": str(config.instance / "jobs.db"), "journal_mode": "wal", "timeout": 10}
    else:
        jobs.storage_class = PostgresStorage
        jobs.storage_kwargs = {"dsn": config.database_url.replace("+psycopg", "")}
    jobs.storage = jobs.create_storage()


class EmbeddedConsumer(Consumer):
    """A consumer that runs inside another program and leaves its signals alone."""

    def _set_signal_handlers(self) -> None:
        pass


def start_consumer(**options: Any) -> EmbeddedConsumer:
    """Start working off the queue in threads of this process; `stop(graceful=True)` ends it."""
    consumer = EmbeddedConsumer(jobs, workers=1, worker_type="thread", periodic=True, **options)
    consumer.start()
    return consumer
