"""Whether requests can be sent to this process. Checks run beside the request, which waits a second for them at most.

`CHECKS` is open: whoever brings something the site cannot do without adds a check of it; what it can do without is in `BESIDE`,
and is only named. A check returns where all is well, and raises `NotReady` with a word for the reason where it is not. Of any other error the kind is told, never where it looked.
"""

from __future__ import annotations

import os
import re
import shutil
import threading
from collections.abc import Callable
from concurrent.futures import Future, wait
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from sqlalchemy import Engine, text

from config import ROOT, Config
from connections import only_reads, redis_options
from lazily import lazily

if TYPE_CHECKING:
    import redis as client
else:
    client = lazily("redis")

LONGEST_WAIT = 1.0  # seconds for all of them together: who asks gives up soon after
FOLLOWS = re.compile(r"^down_revision\b.*$", re.MULTILINE)
QUOTED = re.compile(r"['\"](\w+)['\"]")
LEAST_SPACE = 16_000_000  # bytes: SQLite's own journal may grow to a few million before it is folded in


class NotReady(Exception):
    """Something is missing; the message says what, in a word or two."""


Check = Callable[[Engine, Config], None]


def database(engine: Engine, _config: Config) -> None:
    """Ask the database something that reads no table."""
    with engine.connect() as connection:
        connection.execute(text("SELECT 1"))


def schema(engine: Engine, _config: Config) -> None:
    """Look whether the database has the tables of this code. One that is ahead has: the next release is on its way."""
    with engine.connect() as connection:
        version = connection.scalar(text("SELECT version_num FROM alembic_version"))
    if version is None or version in _earlier_revisions():
        raise NotReady("behind")


def writing(engine: Engine, _config: Config) -> None:
    """Look whether writing is possible: a PostgreSQL that follows another takes nothing, nor does a full or closed disk."""
    if engine.dialect.name == "postgresql":
        with engine.connect() as connection:
            if connection.scalar(text("SHOW transaction_read_only")) != "off":
                raise NotReady("read only")
        return
    folder = Path(engine.url.database or "").absolute().parent
    if not os.access(folder, os.W_OK):
        raise NotReady("read only")
    if shutil.disk_usage(folder).free < LEAST_SPACE:
        raise NotReady("disk full")


def redis(_engine: Engine, config: Config) -> None:
    """Ask Redis, where there is to be one."""
    if config.redis_url:
        with client.Redis.from_url(config.redis_url, **redis_options()) as connection:
            connection.ping()


CHECKS: dict[str, Check] = {"database": database, "schema": schema, "writing": writing}
BESIDE: dict[str, Check] = {"redis": redis}  # the site goes on without: taking every host away for it would stop it


class Readiness:
    """The checks of one application. One that runs is not begun a second time: probes share its answer, and pile up no threads."""

    def __init__(self, engine: Engine, config: Config) -> None:
        self._engine, self._config = engine, config
        self._running: dict[str, Future[str]] = {}
        self._lock = threading.Lock()

    def missing(self) -> dict[str, str]:
        """Return what is not ready, and why in a word; nothing where all is."""
        answers = {name: self._begun(name, check) for name, check in (CHECKS | BESIDE).items()}
        wait(answers.values(), LONGEST_WAIT)
        found = {name: answer.result() if answer.done() else "no answer" for name, answer in answers.items()}
        return {name: why for name, why in found.items() if why}

    def _begun(self, name: str, check: Check) -> Future[str]:
        """Return what will be the answer of a check, which runs already or begins now."""
        with self._lock:
            if name not in self._running:
                answer = Future[str]()
                threading.Thread(target=self._ask, args=(name, check, answer), daemon=True).start()
                self._running[name] = answer
            return self._running[name]

    def _ask(self, name: str, check: Check, answer: Future[str]) -> None:
        why = self._why_not(check)
        with self._lock:
            del self._running[name]  # who asks from now on wants to know how it is then
        answer.set_result(why)

    def _why_not(self, check: Check) -> str:
        try:
            with only_reads():
                check(self._engine, self._config)
        except NotReady as reason:
            return str(reason)
        except Exception as error:  # noqa: BLE001 - whatever a check raises, it says that something is missing
            return type(error).__name__
        return ""


@cache
def _earlier_revisions() -> frozenset[str]:
    """Return the migrations that others of this code follow. Alembic would need a second to say it."""
    scripts = (ROOT / "migrations" / "versions").glob("*.py")
    return frozenset(
        name for script in scripts for line in FOLLOWS.findall(script.read_text()) for name in QUOTED.findall(line)
    )
