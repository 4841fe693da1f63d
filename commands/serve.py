"""`flask serve`: the site on a real server, with its jobs worked off beside it."""

from __future__ import annotations

import multiprocessing
import resource
import socket
import sys
from typing import Any

import click
from flask import current_app
from flask.cli import with_appcontext
from flask_migrate import upgrade
from granian.constants import Interfaces
from granian.server.common import AbstractServer

import jobs
from commands.demo import load_once
from commands.hosts import warn_of_own_keys
from commands.respawning import LastingServer
from config import Config
from extensions import db
from observing import sharing

OURS: dict[str, Any] = {"handlers": [], "propagate": True}  # the server's own lines pass our formatter
CONNECTIONS = 16_384  # that a worker keeps open at once; by itself the server takes 1,024 among all, and the next reader waits
WAITING = 4_096  # connections that the kernel may hold until a worker takes them
SPARE_FILES = 512  # of the database, the log and what else a worker opens
LONGEST_FAREWELL = 10  # seconds a worker may take to finish its answers


@click.command("serve")
@click.option(
    "--prepare", is_flag=True, help="First bring the database up to date and, unless FORESAY_DEMO=0, load the demo once."
)
@click.option("--reload", "reloads", is_flag=True, help="Start again whenever a file changes.")
@click.option(
    "--jobs/--no-jobs", "works", default=True, help="Whether to work off the jobs beside; else run `flask jobs work`."
)
@with_appcontext
def serve(*, prepare: bool, reloads: bool, works: bool) -> None:
    """Serve the site on FORESAY_BIND until it is interrupted."""
    config: Config = current_app.extensions["foresay"]
    _refuse_taken_port(*config.bind)
    sharing.share(config.instance / "metrics")
    if prepare:
        upgrade()
        if config.demo:
            load_once()
    db.session.remove()
    db.engine.dispose()
    warn_of_own_keys(config)
    consumer = jobs.start_consumer() if works else None
    click.echo(f"{config.site_name} is at {config.site_url}  (Ctrl-C ends it)")
    try:
        server_for(config, reloads=reloads).serve()
    finally:
        if consumer:
            consumer.stop(graceful=True)


def server_for(config: Config, *, reloads: bool = False, factory: str = "app:create_worker") -> AbstractServer[Any]:
    """Return the web server for the application that `factory` makes; the site's, unless it is to be measured beside another."""
    # Workers start afresh: a forked one would inherit SQLite's locks as this process held them at that moment.
    multiprocessing.set_start_method("spawn", force=True)
    host, port = config.bind
    _allow_files(CONNECTIONS + SPARE_FILES)
    return LastingServer(
        factory,
        factory=True,
        interface=Interfaces.WSGI,
        address=host,
        port=port,
        workers=config.workers,
        blocking_threads=config.threads,
        websockets=False,
        backlog=WAITING,
        backpressure=CONNECTIONS,
        respawn_failed_workers=True,
        workers_kill_timeout=LONGEST_FAREWELL,
        reload=reloads,
        log_dictconfig={"loggers": {"_granian": OURS, "granian.access": OURS}} if config.log == "json" else None,
    )


def _allow_files(count: int) -> None:
    """Let this process and its workers hold so many files, or as many as the system lets them. Each connection is one."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = count if hard == resource.RLIM_INFINITY else min(count, hard)
    if soft != resource.RLIM_INFINITY and soft < wanted:
        resource.setrlimit(resource.RLIMIT_NOFILE, (wanted, hard))


def _refuse_taken_port(host: str, port: int) -> None:
    """Stop with one line when something else listens there already."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family, socket.SOCK_STREAM) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as error:
            sys.exit(f"foresay: cannot listen on {host}:{port}: {error.strerror}. Set FORESAY_BIND to another HOST:PORT.")
