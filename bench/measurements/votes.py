"""Votes on one hot poll over HTTP, each on the disk when it is acknowledged, beside one inserted row."""

from __future__ import annotations

import tempfile
from collections.abc import Iterable, Iterator, Sequence
from datetime import UTC, datetime
from pathlib import Path

from sqlalchemy import func, select

from bench import peers
from bench.floors import GREETING, adding, make_table
from bench.load import Period, Script, get, post, repeated
from bench.report import Check, Comparison, Plan, Report, Sample, Target, alternate, beside, percentile, same
from bench.servers import FLOOR, GRANIAN, UNLIMITED, served, site_and_floor
from bench.sites import prepared
from extensions import db
from models import OpinionTally, OpinionVote, OpinionVoteEvent
from tests import factories, multitudes

CONNECTIONS = 8
SLOWEST = 50.0  # milliseconds, for 99 of 100: target 7
AS_FAST = Target(bound=0.9, why="target 7: within 10 % at a million")


class HotPoll:
    """One poll, as its voters know it, and what they were told was done."""

    def __init__(self, poll_id: int, path: str, choices: Sequence[str], *, voters: int) -> None:
        self.id = poll_id
        self.voters = self.there = voters
        self.changes = 0
        self._path = path
        self._choices = choices
        self._held: dict[str, int] = {}  # by cookie, of those who change their mind

    def arrivals(self, period: Period) -> list[Script]:
        """Return guests who have never been here, each casting one vote, all for the same choice."""
        return [self._arrive(period) for _ in range(CONNECTIONS)]

    def second_thoughts(self, period: Period) -> list[Script]:
        """Return guests who change their vote with every request. Some must have arrived before."""
        return [self._change(period, cookie) for cookie in self._held]

    def _arrive(self, period: Period) -> Script:
        fields = {"choice": self._choices[0]}
        while period.lasts():
            sent_round = (yield post(self._path, fields)).must(307)
            cookie = sent_round.header("Set-Cookie").partition(";")[0]
            answer = yield post(sent_round.header("Location"), fields, cookie)
            period.note(answer.must(303))
            self.voters += 1
            if len(self._held) < CONNECTIONS:
                self._held[cookie] = 0

    def _change(self, period: Period, cookie: str) -> Script:
        while period.lasts():
            choice = (self._held[cookie] + 1) % len(self._choices)
            answer = yield post(self._path, {"choice": self._choices[choice]}, cookie)
            period.note(answer.must(303))
            self.changes += 1
            self._held[cookie] = choice


def measure(plan: Plan) -> Report:
    """Measure first votes and changed votes on each database."""
    comparisons: list[Comparison] = []
    checks: list[Check] = []
    for database in plan.databases:
        with tempfile.TemporaryDirectory(prefix="bench-") as name:
            found = _on(database, plan, Path(name))
        comparisons += found[0]
        checks += found[1]
    return Report(
        name="votes",
        title=f"{CONNECTIONS} clients on one poll, every vote durable, beside one durable row from bare Flask",
        facts=["a first vote is two requests: the first gives the guest a cookie and sends the vote round again"],
        comparisons=comparisons,
        checks=checks,
    )


def _on(database: str, plan: Plan, folder: Path) -> tuple[list[Comparison], list[Check]]:
    with site_and_floor(database, folder) as (site_url, floor_url):
        make_table(floor_url)
        with prepared(site_url, folder):
            polls = poll, crowded = _open_poll(), _open_poll(plan.many)
        with (
            served(GRANIAN, UNLIMITED, site_url, folder, plan.size) as site,
            served(GRANIAN, FLOOR, floor_url, folder, plan.size) as floor,
        ):
            first, changed, row, hello = (f"{database}: {thing}" for thing in ("first votes", "changed votes", "rows", "hello"))
            among = f"{first} among {plan.many:,}"
            found = alternate(
                plan,
                {
                    first: (site, poll.arrivals),
                    among: (site, crowded.arrivals),
                    row: (floor, adding(CONNECTIONS)),
                    changed: (site, poll.second_thoughts),
                    hello: (floor, repeated(get("/"), 200, GREETING, connections=peers.GREETED)),
                },
            )
        with prepared(site_url, folder):
            checks = [check for one in polls for check in _checks(f"{database}: of {one.there:,}", one)]
            checks.append(_patience(database, found[first] + found[among] + found[changed]))
    return [
        beside(found, first, hello, target=peers.VOTES),
        beside(found, changed, hello, target=peers.HOT_VOTES),
        beside(found, row, hello),  # what is left for a vote to cost: the target lies near it
        beside(found, first, row),
        beside(found, changed, row),
        beside(found, first, row, by="milliseconds"),
        beside(found, first, row, by="cpu_milliseconds"),
        beside(found, among, first, target=AS_FAST),
    ], checks


def _open_poll(voters: int = 0) -> HotPoll:
    """Open a poll in which so many have voted."""
    now = datetime.now(UTC)
    article = factories.open_article(now)
    poll, _ = factories.asked(article)
    if voters:
        multitudes.take_part(article, multitudes.readers(voters, now=now), predicts=False)
    db.session.commit()
    return HotPoll(
        poll.id, f"/articles/{article.slug}/participation", [str(choice.id) for choice in poll.choices], voters=voters
    )


def _checks(where: str, poll: HotPoll) -> Iterator[Check]:
    """Compare what the voters were told with what the database holds."""
    votes, events, counted = (
        db.session.scalar(statement) or 0
        for statement in (
            select(func.count()).where(OpinionVote.poll_id == poll.id),
            select(func.count()).where(OpinionVoteEvent.poll_id == poll.id),
            select(func.sum(OpinionTally.votes)).where(OpinionTally.poll_id == poll.id),
        )
    )
    recount = select(OpinionVote.choice_id, func.count()).where(OpinionVote.poll_id == poll.id)
    tally = select(OpinionTally.choice_id, func.sum(OpinionTally.votes)).where(OpinionTally.poll_id == poll.id)
    by_choice, by_tally = (
        sorted((choice, int(number)) for choice, number in db.session.execute(statement).tuples() if number)
        for statement in (recount.group_by(OpinionVote.choice_id), tally.group_by(OpinionTally.choice_id))
    )
    yield same(f"{where}: votes for {poll.voters:,} voters", votes, poll.voters)
    yield same(f"{where}: the tally's sum", int(counted), poll.voters)
    yield same(f"{where}: the tally of each choice, as recounted", by_tally, by_choice)
    yield same(f"{where}: entries of the ledger", events, poll.voters + poll.changes)


def _patience(database: str, samples: Iterable[Sample]) -> Check:
    """Return how long nearly all voters waited for their acknowledgement."""
    waits = [seconds for one in samples for seconds in one.latencies]
    slow = percentile(waits, 99)
    return Check(
        name=f"{database}: 99 of 100 votes acknowledged (half of them in {percentile(waits, 50):.1f} ms)",
        found=f"within {slow:.1f} ms",
        wanted=f"≤ {SLOWEST:g} ms (target 7)",
        passes=slow <= SLOWEST,
        must_hold=False,
    )
