"""Ten thousand readers with one article open while others write: what it costs, and how soon they hear of it."""

from __future__ import annotations

import os
import tempfile
import threading
from pathlib import Path
from statistics import median
from time import perf_counter

from bench.listeners import OFTEN, Audience, Heard, listen
from bench.load import fetch, post
from bench.report import Check, Plan, Report, percentile, same
from bench.servers import GRANIAN, UNLIMITED, RunningServer, database_server, served
from bench.sites import article_with_talk, cookie_of, people, prepared, remark
from extensions import db

READERS, FEW = 10_000, 2_000
BEFORE = 40  # comments
SECONDS, SHORT = 60.0, 20.0
EVERY = 5.0  # seconds between two comments
AT_FIRST = 5.0  # seconds in which everybody asks for the first time, unread
HALF = 0.5  # of all cores: target 10
SOON = 2.0  # seconds, for half of the readers: target 10


class Writer:
    """Somebody who comments every few seconds, each time with another account."""

    def __init__(self, port: int, path: str, cookies: list[str]) -> None:
        self.published: list[float] = []  # when each comment was acknowledged
        self.asked: list[float] = []
        self._port, self._path, self._cookies = port, f"{path}/comments", cookies
        self._thread: threading.Thread | None = None

    def look(self, elapsed: float) -> None:
        """Write if it is time."""
        if elapsed > AT_FIRST + EVERY * len(self.asked) and len(self.asked) < len(self._cookies):
            self.asked.append(perf_counter())
            self._thread = threading.Thread(target=self._write, args=(len(self.asked),))
            self._thread.start()

    def end(self) -> None:
        """Wait until the last comment is acknowledged."""
        if self._thread is not None:
            self._thread.join()

    def _write(self, number: int) -> None:
        answer = fetch(self._port, post(self._path, {"body": remark(10_000 + number)}, self._cookies[number - 1]))
        answer.must(303)
        self.published.append(perf_counter())


def measure(plan: Plan) -> Report:
    """Measure on each database."""
    readers, seconds = (READERS, SECONDS) if plan.many >= 1_000_000 else (FEW, SHORT)  # noqa: PLR2004 - or --quick
    checks: list[Check] = []
    facts: list[str] = []
    for database in plan.databases:
        with tempfile.TemporaryDirectory(prefix="bench-") as name:
            found = _on(database, plan, Path(name), (readers, seconds))
        checks += found[0]
        facts.append(found[1])
    return Report(
        name="live",
        title=f"{readers:,} pages that listen to one article, a comment every {EVERY:g} s, for {seconds:g} s",
        facts=[f"each asks every {OFTEN:g} s as long as things happen; the client has the same cores as the servers", *facts],
        checks=checks,
    )


def _on(database: str, plan: Plan, folder: Path, much: tuple[int, float]) -> tuple[list[Check], str]:
    readers, seconds = much
    with database_server(database, folder) as url:
        with prepared(url, folder) as app:
            path = f"/articles/{article_with_talk(BEFORE).slug}"
            cookies = [cookie_of(app, person) for person in people()]
            db.session.commit()
        with served(GRANIAN, UNLIMITED, url, folder, plan.size) as server:
            writer = Writer(server.port, path, cookies)
            before, began = server.cpu_seconds(), perf_counter()
            audience = Audience(pages=readers, comments=BEFORE, seconds=seconds)
            heard = listen(server.port, f"{path}/pulse", audience, writer.look)
            writer.end()
            share = (server.cpu_seconds() - before) / (perf_counter() - began) / (os.cpu_count() or 1)
            everybody = [len(heard.news.get(BEFORE + 1 + number, [])) for number in range(len(writer.published) - 1)]
            whole = same(f"{database}: readers told of each comment but the last", set(everybody), {readers})
            return [*_checks(database, heard, writer, share), whole], _fact(database, heard, server, readers)


def _checks(database: str, heard: Heard, writer: Writer, share: float) -> list[Check]:
    waits = [at - done for number, done in enumerate(writer.published, BEFORE + 1) for at in heard.news.get(number, [])] or [
        float("inf")
    ]
    return [
        Check(
            name=f"{database}: the servers' share of all cores",
            found=f"{share:.0%}",
            wanted=f"≤ {HALF:.0%} (target 10)",
            passes=share <= HALF,
            must_hold=False,
        ),
        Check(
            name=f"{database}: until half the readers know of a comment, from its acknowledgement",
            found=f"{median(waits):.2f} s, and 99 of 100 within {percentile(waits, 99) / 1000:.2f} s",
            wanted=f"≤ {SOON:g} s (target 10)",
            passes=median(waits) <= SOON,
            must_hold=False,
        ),
    ]


def _fact(database: str, heard: Heard, server: RunningServer, readers: int) -> str:
    return (
        f"{database}: {heard.answers:,} answers, {heard.unchanged / heard.answers:.0%} of them that nothing has changed; half of them "
        f"within {median(heard.lateness) * 1000:.1f} ms, 99 of 100 within {percentile(heard.lateness, 99):.0f} ms; "
        f"{server.megabytes():.0f} MB with {readers:,} connections"
    )
