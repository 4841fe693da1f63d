"""`flask serve`: the site on a real server, with its jobs worked off beside it."""

from __future__ import annotations

import multiprocessing
import sys
from functools import partial
from typing import TYPE_CHECKING

import click
from flask import Flask
from flask.cli import ScriptInfo, pass_script_info, with_appcontext

from commands import webserver, workers
from commands.hosts import warn_of_own_keys
from config import ROOT, Config
from extensions import db, jobs
from lazily import lazily
from observing import readiness, sharing
from observing.logs import log

if TYPE_CHECKING:
    import flask_migrate

    from commands import demo
else:
    demo, flask_migrate = lazily("commands.demo"), lazily("flask_migrate")


@click.command("serve")
@click.option(
    "--prepare", is_flag=True, help="First bring the database up to date and, unless FORESAY_DEMO=0, load the demo once."
)
@click.option("--reload", "reloads", is_flag=True, help="Start again whenever a file changes.")
@click.option(
    "--jobs/--no-jobs", "works", default=True, help="Whether to work off the jobs beside; else run `flask jobs work`."
)
@click.option("--role", hidden=True, help="Be the worker of this role, for one that has ended.")
@click.option("--after", type=int, hidden=True, help="How that one has ended: its code, or minus the signal.")
@click.option("--parent", type=int, hidden=True, help="The number of the main process, which may be gone by now.")
@pass_script_info
@with_appcontext
def serve(info: ScriptInfo, *, prepare: bool, reloads: bool, works: bool, role: str | None, after: int, parent: int) -> None:
    """Serve the site on FORESAY_BIND until it is interrupted."""
    app = info.load_app()
    config: Config = app.extensions["foresay"]
    work = partial(_work, app=app, reloads=reloads)
    if role:
        log.warning("worker ended", role=role, code=after)
        workers.begin(role, work, parent)
    webserver.refuse_taken_port(*config.bind)
    webserver.allow_files()
    sharing.share(config.instance / "metrics")
    if prepare:
        _in_a_copy(app)
    _close()
    warn_of_own_keys(config)
    click.echo(f"{config.site_name} is at {config.site_url}  (Ctrl-C ends it)")
    workers.start(workers.roles(config, works=works), work)


def _work(role: str, *, app: Flask, reloads: bool) -> None:
    if reloads:
        workers.end_at_changes(ROOT)
    workers.work(role, app, app.extensions["foresay"])


def _close() -> None:
    """Close what is open: of SQLite above all, a process must not have what another has opened."""
    db.session.remove()
    db.engine.dispose()
    jobs.storage.close()


def _in_a_copy(app: Flask) -> None:
    """Prepare the database in a process that takes with it whatever that loads; end where it fails."""
    _close()
    copy = multiprocessing.get_context("fork").Process(target=_prepare, args=(app,))
    copy.start()
    copy.join()
    if copy.exitcode:
        sys.exit(copy.exitcode)


def _prepare(app: Flask) -> None:
    with app.app_context():
        config: Config = app.extensions["foresay"]
        try:
            readiness.schema(db.engine, config)
        except Exception:  # noqa: BLE001 - whatever it is that the tables lack, bringing them up to date says more
            flask_migrate.upgrade()
        if config.demo:
            demo.load_once()
