"""Statements put to PostgreSQL by its own `pgbench`: many clients, and no web server or driver in between."""

from __future__ import annotations

import os
import re
import subprocess
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from sqlalchemy import Engine, event, make_url

from connections import POSTGRESQL
from tests.servers import postgres_programs

THREADS = 2
PATIENT = {"lock_timeout": 0, "statement_timeout": 0}  # where the site answers an error, a client here would leave
MOST_TRIES = 100  # of a transaction that PostgreSQL ends to undo a deadlock


@dataclass(frozen=True)
class Statement:
    """A statement as the site sent it, and what it sent along."""

    words: str
    given: Mapping[str, Any]

    def script(self, name: Callable[[str, Any], str | None]) -> str:
        """Return it as `pgbench` takes it, without its end: each value is the variable `name` gives for it, or itself."""
        return re.sub(r"%\((\w+)\)s", lambda found: name(found[1], self.given[found[1]]) or self._literal(found[1]), self.words)

    def _literal(self, key: str) -> str:
        match self.given[key]:
            case None:
                return "NULL"
            case datetime():
                return "now()"
            case int(number):
                return str(number)
            case str(text) if not set(text) & set("':\\"):
                return f"'{text}'"
        message = f"{key} is something a script cannot say"
        raise TypeError(message)


@contextmanager
def recorded(engine: Engine) -> Iterator[list[Statement]]:
    """Give the list of what is sent inside the block."""
    sent: list[Statement] = []

    def note(_connection: object, _cursor: object, words: str, given: Mapping[str, Any], *_others: object) -> None:
        sent.append(Statement(words, given))

    event.listen(engine, "before_cursor_execute", note)
    try:
        yield sent
    finally:
        event.remove(engine, "before_cursor_execute", note)


@dataclass(frozen=True)
class Pressed:
    """What came of one run."""

    rate: float  # transactions a second, without the time it took to connect
    done: int
    retries: int
    failed: int


def press(database_url: str, script: Path, *, clients: int, seconds: int, numbers: Mapping[str, int]) -> Pressed:
    """Let each client repeat the script; `numbers` are its variables. An error that is no deadlock raises `RuntimeError`."""
    url = make_url(database_url)
    options = [f"--client={clients}", f"--jobs={THREADS}", f"--time={seconds}", f"--max-tries={MOST_TRIES}", f"--file={script}"]
    options += ["--no-vacuum", "--protocol=prepared", *(f"--define={name}={number}" for name, number in numbers.items())]
    where = [f"--host={url.query['host']}", f"--username={url.username}", str(url.database)]
    settings = " ".join(f"-c {name}={value}" for name, value in {**POSTGRESQL, **PATIENT}.items())
    ended = subprocess.run(  # noqa: S603 - as installed
        [postgres_programs() / "pgbench", *options, *where],
        env={**os.environ, "PGOPTIONS": settings, "LC_ALL": "C.UTF-8"},
        capture_output=True,
        text=True,
        check=False,
    )
    if ended.returncode:
        message = f"{script.name}: {ended.stderr[-3000:]}"
        raise RuntimeError(message)
    return Pressed(
        rate=_figure(r"tps = ([\d.]+)", ended.stdout),
        done=int(_figure(r"actually processed: (\d+)", ended.stdout)),
        retries=int(_figure(r"total number of retries: (\d+)", ended.stdout)),
        failed=int(_figure(r"failed transactions: (\d+)", ended.stdout)),
    )


def _figure(pattern: str, text: str) -> float:
    found = re.search(pattern, text)
    if found is None:
        message = f"pgbench said nothing like {pattern}:\n{text}"
        raise RuntimeError(message)
    return float(found[1])
