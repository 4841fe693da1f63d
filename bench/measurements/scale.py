"""Every page and the hot writes on a site of a million comments beside the same on a small one: the processor time of making each.

Inside this process and past every cache: a reader's own pages, in turns on the one and on the other site.
"""

from __future__ import annotations

import contextlib
import tempfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from time import thread_time_ns
from typing import Any, cast

from sqlalchemy import Connection, event
from sqlalchemy.engine import Engine

from bench import places, visits
from bench.generate import checking, making
from bench.generate.size import Size
from bench.places import Site
from bench.report import Check, Comparison, Plan, Report, Target, same
from bench.servers import database_server
from bench.sites import prepared
from bench.visits import Visit
from tests.applications import empty_database

SMALL = Size(comments=10_000, readers=1_000, votes=200_000, articles_at_least=320)  # the least on which every page is full
AS_QUICK = Target(bound=1.2, why="issue 6", is_least=False)
WARM_UP, TIMES = 2, 3  # requests, unread and read, of which the cheapest counts: what else runs here touches that least
RECOUNTED = 25  # one of so many pieces of the large site is counted again
MORE = 1.1  # times as many rows are more
DONE = 400  # statuses from here on are no pages


@dataclass
class Cost:
    """What one visit cost: the cheapest of each round in milliseconds of processor time, and the statements of the last.

    `rows` are those that it showed.
    """

    rounds: list[float]
    rows: int
    statements: int = 0
    status: int = 0


def measure(plan: Plan) -> Report:
    """Measure each page and act on each database, on sites that are made for it or are given."""
    comparisons: list[Comparison] = []
    checks: list[Check] = []
    facts: list[str] = []
    for database in plan.databases:
        with _sites(database, plan) as (small, large, wrong):
            checks += [same(f"{database}: wrong after a recount", wrong, 0)] if wrong is not None else []
            facts.append(f"{database}: {large.comments:,} comments beside {small.comments:,}")
            found = _alternate(plan, small, large)
        for name, (ours, theirs) in found.items():
            if ours.status >= DONE or ours.status != theirs.status:
                facts.append(f"{database}: {name} answers {theirs.status} and {ours.status}")
                continue
            comparisons.append(_compared(database, name, ours, theirs))
            checks.append(_as_many(f"{database}: {name}", ours.statements, theirs.statements))
    return Report(
        name="scale",
        title="every page on a large site beside the same on a small one; the statements in brackets",
        comparisons=comparisons,
        checks=[check for check in checks if not check.passes or check.must_hold],
        facts=["large: a tenth as many readers as comments, and ten times as many votes", *facts],
    )


def _compared(database: str, name: str, ours: Cost, theirs: Cost) -> Comparison:
    return Comparison(
        name=f"{database}: {name} ({ours.statements}{_shown(ours.rows, theirs.rows)})",
        against="small",
        unit=" ms CPU",
        ours=ours.rounds,
        theirs=theirs.rounds,
        target=AS_QUICK,
    )


def _shown(ours: int, theirs: int) -> str:
    """Return how much more or less a page shows: what it costs is then no sign of what a large site costs."""
    return f", {ours} rows beside {theirs}" if max(ours, theirs) > min(ours, theirs) * MORE else ""


def _as_many(name: str, ours: int, theirs: int) -> Check:
    """Check that a page asks no more of a large site; a short list may need fewer statements."""
    return Check(name=f"{name}, statements", found=str(ours), wanted=str(theirs), passes=ours <= theirs, must_hold=False)


@contextlib.contextmanager
def _sites(database: str, plan: Plan) -> Iterator[tuple[Site, Site, int | None]]:
    """Give a small and a large site, and how much of the large one was found wrong, if it was made now."""
    with contextlib.ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="bench-")))
        urls, wrong = plan.kept.get(database), None
        if urls is None:
            url = stack.enter_context(database_server(database, folder))
            names = [stack.enter_context(empty_database(url, name)) for name in ("small", "large")]
            urls = names[0], names[1]
            wrong = _make(urls, plan, folder)
        small, large = (_opened(stack, url, folder) for url in urls)
        yield small, large, wrong


def _make(urls: tuple[str, str], plan: Plan, folder: Path) -> int:
    sizes = SMALL, Size(comments=plan.many, readers=plan.many // 10, votes=plan.many * 10)
    wrong = 0
    for url, size in zip(urls, sizes, strict=True):
        with prepared(url, folder):
            making.make(url, size, now=datetime.now(UTC), is_shown=True)
            wrong = len(checking.wrong(every=RECOUNTED, now=datetime.now(UTC)))
    return wrong


def _opened(stack: contextlib.ExitStack, url: str, folder: Path) -> Site:
    return places.site_of(stack.enter_context(prepared(url, folder)))


def _alternate(plan: Plan, small: Site, large: Site) -> Mapping[str, tuple[Cost, Cost]]:
    """Return what each visit costs on the large and on the small site, one right after the other."""
    found: dict[str, tuple[Cost, Cost]] = {}
    for visits_of in (visits.reading, visits.writing):
        theirs = {visit.name: visit for visit in visits_of(small)}
        for visit in visits_of(large):
            if visit.name in theirs:
                found[visit.name] = _costs(plan, (visit, theirs[visit.name]))
    return found


def _costs(plan: Plan, pair: tuple[Visit, Visit]) -> tuple[Cost, Cost]:
    ours, theirs = pair
    costs = Cost([], ours.rows()), Cost([], theirs.rows())
    for visit in pair:
        for _ in range(WARM_UP):
            visit.send()
    for _ in range(plan.rounds):
        times: tuple[list[float], list[float]] = ([], [])
        for _ in range(TIMES):
            for visit, cost, taken in zip(pair, costs, times, strict=True):
                taken.append(_timed(visit, cost))
        for cost, taken in zip(costs, times, strict=True):
            cost.rounds.append(min(taken))
    return costs


def _timed(visit: Visit, cost: Cost) -> float:
    """Return the processor time of one visit in milliseconds: of this thread, and of PostgreSQL's processes on its behalf."""
    with _watched() as seen:
        began, before = thread_time_ns(), _of_servers(seen.pids)
        cost.status = visit.send()
        took = thread_time_ns() - began + _of_servers(seen.pids) - before
    cost.statements = seen.statements
    return took / 1_000_000


@dataclass
class _Seen:
    """How many statements ran, and the numbers of the server's processes that answer us."""

    pids: set[int]
    statements: int = 0


_PIDS: set[int] = set()


@contextlib.contextmanager
def _watched() -> Iterator[_Seen]:
    seen = _Seen(_PIDS)

    def note(connection: Connection, *_rest: object) -> None:
        seen.statements += 1
        if connection.dialect.name == "postgresql":
            _PIDS.add(cast("Any", connection.connection.driver_connection).info.backend_pid)

    event.listen(Engine, "before_cursor_execute", note)
    try:
        yield seen
    finally:
        event.remove(Engine, "before_cursor_execute", note)


def _of_servers(pids: set[int]) -> int:
    """Return the nanoseconds the processes were on a processor."""
    files = (Path(f"/proc/{pid}/schedstat") for pid in pids)
    return sum(int(file.read_text().split()[0]) for file in files if file.exists())
