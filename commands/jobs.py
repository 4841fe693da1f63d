"""`flask jobs work`: works off the queue, for a site served by another server."""

from __future__ import annotations

import signal
import threading

import click
from flask import current_app
from flask.cli import AppGroup

from commands.hosts import warn_of_own_keys
from jobs import start_consumer

group = AppGroup("jobs", help="Work that can wait.")


@group.command("work")
def work() -> None:
    """Work off the queue until interrupted."""
    ended = threading.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda _number, _frame: ended.set())
    warn_of_own_keys(current_app.extensions["foresay"])
    consumer = start_consumer()
    click.echo("working (Ctrl-C ends it)")
    ended.wait()
    consumer.stop(graceful=True)
