"""Two hundred identical votes of one reader at the same moment, over HTTP: one is left."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

from sqlalchemy import func, select

from bench.floors import adding_once, make_table
from bench.load import Period, Script, fetch, post
from bench.report import Check, Comparison, Plan, Report, alternate, beside, same
from bench.servers import FLOOR, GRANIAN, UNLIMITED, served, site_and_floor
from bench.sites import prepared
from extensions import db
from models import OpinionTally, OpinionVote, OpinionVoteEvent, Participation, Reader
from tests import factories

PRESSES = 200
THREADS = 12  # in each worker: as many at once as one worker's pool has connections for, a few aside


class OneReader:
    """A new guest each time, whose button is pressed `PRESSES` times at once."""

    def __init__(self, path: str, choice: str) -> None:
        self.readers = 0
        self.port = 0
        self._path = path
        self._fields = {"choice": choice}

    def load(self, period: Period) -> list[Script]:
        """Get one cookie, and return one script a press; all of them carry it."""
        sent_round = fetch(self.port, post(self._path, self._fields)).must(307)
        cookie = sent_round.header("Set-Cookie").partition(";")[0]
        self.readers += 1
        return [self._press(period, post(sent_round.header("Location"), self._fields, cookie)) for _ in range(PRESSES)]

    def _press(self, period: Period, request: bytes) -> Script:
        period.note((yield request).must(303))


def measure(plan: Plan) -> Report:
    """Race on each database."""
    comparisons: list[Comparison] = []
    checks: list[Check] = []
    for database in plan.databases:
        with tempfile.TemporaryDirectory(prefix="bench-") as name:
            found = _on(database, plan, Path(name))
        comparisons.append(found[0])
        checks += found[1]
    return Report(
        name="races",
        title=f"{PRESSES} simultaneous identical first votes of one guest, beside as many durable rows from bare Flask",
        comparisons=comparisons,
        checks=checks,
    )


def _on(database: str, plan: Plan, folder: Path) -> tuple[Comparison, list[Check]]:
    size = replace(plan.size, threads=THREADS)
    with site_and_floor(database, folder) as (site_url, floor_url):
        make_table(floor_url)
        with prepared(site_url, folder):
            guest = _guest()
        with (
            served(GRANIAN, UNLIMITED, site_url, folder, size) as site,
            served(GRANIAN, FLOOR, floor_url, folder, size) as floor,
        ):
            guest.port = site.port
            votes, rows = f"{database}: {PRESSES} votes of one", f"{database}: {PRESSES} rows"
            found = alternate(plan, {votes: (site, guest.load), rows: (floor, adding_once(PRESSES))})
        with prepared(site_url, folder):
            checks = list(_checks(database, guest.readers))
    return beside(found, votes, rows, by="total"), checks


def _guest() -> OneReader:
    article = factories.open_article(datetime.now(UTC))
    poll, _ = factories.asked(article)
    db.session.commit()
    return OneReader(f"/articles/{article.slug}/participation", str(poll.choices[0].id))


def _checks(database: str, readers: int) -> Iterator[Check]:
    """Count what is left after each of so many readers pressed so often."""
    for name, counted in {
        "guests": select(func.count()).select_from(Reader),
        "turns": select(func.count()).select_from(Participation),
        "votes": select(func.count()).select_from(OpinionVote),
        "entries of the ledger": select(func.count()).select_from(OpinionVoteEvent),
        "votes in the tally": select(func.sum(OpinionTally.votes)),
    }.items():
        found = int(db.session.scalar(counted) or 0)
        yield same(f"{database}: {name} after {readers} times {PRESSES} presses", found, readers)
