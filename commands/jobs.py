"""`flask jobs work`: works off the queue, for a site served by another server."""

from __future__ import annotations

import signal

import click
from flask import current_app
from flask.cli import AppGroup

from commands.hosts import warn_of_own_keys
from commands.watcher import ENDS
from jobs import start_consumer

group = AppGroup("jobs", help="Work that can wait.")


@group.command("work")
def work() -> None:
    """Work off the queue until interrupted."""
    signal.pthread_sigmask(signal.SIG_BLOCK, ENDS)  # for the threads that are begun from here on, too
    warn_of_own_keys(current_app.extensions["foresay"])
    consumer = start_consumer()
    click.echo("working (Ctrl-C ends it)")
    signal.sigwait(ENDS)
    consumer.stop(graceful=True)
