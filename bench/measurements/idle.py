"""What the whole embedded set-up costs while nobody is there: `flask serve` with its jobs, on SQLite, set as it comes."""

from __future__ import annotations

import tempfile
import time
from pathlib import Path
from statistics import median

from bench.load import fetch, get
from bench.report import Check, Comparison, Plan, Report
from bench.servers import BARE, GRANIAN, SITE, Size, served, site_and_floor
from bench.sites import article_with_talk, must_show, prepared
from extensions import db

AS_IT_COMES = Size(workers=1, threads=4)
COMMENTS = 40
MINUTE = 65.0  # seconds, after which every job of a minute has run once and has loaded what it needs
MOST_MEGABYTES, LONGEST_START = 120, 1.5  # target 11


def measure(plan: Plan) -> Report:
    """Start ours and bare Flask in turns, read a page, and look at the memory when the first minute's jobs are done."""
    with tempfile.TemporaryDirectory(prefix="bench-") as name, site_and_floor("sqlite", Path(name)) as (url, _):
        folder = Path(name)
        with prepared(url, folder):
            path = f"/articles/{article_with_talk(COMMENTS).slug}"
            db.session.commit()
        starts: dict[str, list[float]] = {SITE: [], BARE: []}
        for _ in range(plan.rounds):
            for factory, seconds in starts.items():
                seconds.append(_start(factory, url, folder))
        with served(GRANIAN, BARE, url, folder, AS_IT_COMES) as bare:
            least = bare.megabytes()
        with served(GRANIAN, SITE, url, folder, AS_IT_COMES) as site:
            must_show(fetch(site.port, get(path)), COMMENTS)
            early = site.megabytes()
            time.sleep(MINUTE)
            held, processes = site.megabytes(), site.shares()
    return Report(
        name="idle",
        title="`flask serve` with its jobs on SQLite, set as it comes, beside one Flask greeting on the same server",
        comparisons=[
            Comparison(name="memory", against="bare Flask", unit=" MB", ours=[held], theirs=[least]),
            Comparison(name="first answer", against="bare Flask", unit=" s", ours=starts[SITE], theirs=starts[BARE]),
        ],
        checks=[
            _at_most("memory after a page and the first minute's jobs", held, MOST_MEGABYTES, "MB"),
            _at_most(f"first answer after the start, median of {plan.rounds}", median(starts[SITE]), LONGEST_START, "s"),
        ],
        facts=[
            "memory is that of all processes, what they share counted once; a start takes the longer the more runs beside",
            f"after the first page {early:.0f} MB, and a minute later {held:.0f}, of which its processes hold for themselves "
            + " + ".join(f"{one:.0f}" for one in processes),
        ],
    )


def _start(factory: str, url: str, folder: Path) -> float:
    with served(GRANIAN, factory, url, folder, AS_IT_COMES) as server:
        return server.seconds_to_first_answer


def _at_most(name: str, found: float, most: float, unit: str) -> Check:
    return Check(
        name=name, found=f"{found:.3g} {unit}", wanted=f"≤ {most:g} {unit} (target 11)", passes=found <= most, must_hold=False
    )
