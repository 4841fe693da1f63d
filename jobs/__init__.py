"""Work that can wait. What must not be lost is a row written with its cause; a job only drains it, and may run twice."""

from __future__ import annotations

from typing import Any

from flask import Flask

from config import Config
from extensions import jobs
from jobs import forgetting as forgetting
from jobs import moderating as moderating  # its tasks have to be known to the queue
from jobs import policy as policy  # these too
from jobs import stores, tasks
from jobs import telling as telling  # and these
from jobs import tracing as tracing  # which watches them all
from jobs.consumer import EmbeddedConsumer

LONGEST_NAP = 1.0  # seconds between two looks for a job, and after a store that was away


def bind(app: Flask, config: Config) -> None:
    """Give the queue the store that fits the database, and its tasks the application."""
    tasks.bind(app)
    jobs.storage_class, jobs.storage_kwargs = stores.store_for(config)
    jobs.storage = jobs.create_storage()


def start_consumer(**options: Any) -> EmbeddedConsumer:
    """Start working off the queue in threads of this process; `stop(graceful=True)` ends it."""
    queue = stores.patient(jobs, tasks.app_of_jobs().extensions["foresay"])
    consumer = EmbeddedConsumer(queue, workers=1, worker_type="thread", periodic=True, max_delay=LONGEST_NAP, **options)
    consumer.start()
    return consumer
