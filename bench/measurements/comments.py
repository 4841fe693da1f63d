"""Posting: comments and replies, where there is nothing yet and where there are thousands."""

from __future__ import annotations

import itertools
import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import count, cycle
from pathlib import Path
from time import perf_counter

from flask import Flask
from sqlalchemy import func, select

from bench import peers, sites
from bench.floors import GREETING, adding, make_table
from bench.load import Answer, Load, Period, Script, WrongAnswerError, get, post, repeated, run
from bench.report import Check, Comparison, Plan, Report, Target, alternate, beside, same
from bench.servers import FLOOR, GRANIAN, UNLIMITED, RunningServer, served, site_and_floor
from domain import recounting
from extensions import db
from models import Article, Comment, CommentState
from tests import factories, talks
from tests.talks import Shape

CONNECTIONS = 8
STREAK = "posts in a row"
STREAKS = 50  # a streak has a fiftieth of the plan's many acts: 20,000
STALL = 1.0  # seconds
BUSY = 10_000  # comments in the discussion, and in the thread, that are posted into
NEW = count(BUSY)  # of words that are nowhere yet, whoever writes: a repeat would not be published
FIRST, LATER = "posts where none are", f"posts where {BUSY:,} are"
FIRST_REPLY, LATER_REPLY = "replies where none are", f"replies to one where {BUSY:,} are"
COUNTED = {"replies", "numbered", "is_listed", "published_comments", "appeared"}  # ratings are made up, not given
AS_STEADY = Target(bound=0.8, why="target 6: without a stall")
AS_QUICK = Target(bound=1.2, why="issue 3", is_least=False)


@dataclass(frozen=True, kw_only=True)
class Talk:
    """Where is posted, and the browsers of those who do. Of silent places there is one for each round, so that it is silent then."""

    slugs: dict[str, list[str]]  # articles by what is posted there
    paths: dict[str, list[str]]
    cookies: list[str]


class Writers:
    """Registered readers who post one comment after another, never the same words twice, each period in the next place."""

    def __init__(self, paths: Sequence[str], cookies: Sequence[str]) -> None:
        self.posted = 0
        self._next = cycle(paths)
        self._cookies = cookies

    def load(self, period: Period) -> list[Script]:
        """Return the scripts of one period."""
        path = next(self._next)
        return [self._write(period, path, cookie) for cookie in self._cookies]

    def _write(self, period: Period, path: str, cookie: str) -> Script:
        while period.lasts():
            body = sites.remark(next(NEW))
            answer = period.note((yield post(path, {"body": body}, cookie)).must(303))
            if "#comment-" not in answer.header("Location"):
                message = f"a post led to {answer.header('Location')!r}, not to its comment"
                raise WrongAnswerError(message)
            self.posted += 1


class Streak(Period):
    """So many acts one after another, however long they take, and the moment at which each was acknowledged."""

    def __init__(self, acts: int) -> None:
        super().__init__(seconds=0)
        self.moments: list[float] = []
        self._left = acts

    def lasts(self) -> bool:
        """Whether there is one more act to do."""
        self._left -= 1
        return self._left >= 0

    def note(self, answer: Answer) -> Answer:
        """Keep when an answer came, and return it."""
        self.moments.append(perf_counter())
        return super().note(answer)

    def tenth(self, number: int) -> float:
        """Return the acknowledgements a second of one tenth, numbered from 0, between its first and its last."""
        size = len(self.moments) // 10
        part = self.moments[number * size : (number + 1) * size]
        return (size - 1) / (part[-1] - part[0])

    def longest_pause(self) -> float:
        """Return the longest time in seconds in which nobody was answered."""
        return max(later - earlier for earlier, later in itertools.pairwise(self.moments))


def measure(plan: Plan) -> Report:
    """Measure posting and reading on each database."""
    comparisons: list[Comparison] = []
    checks: list[Check] = []
    for database in plan.databases:
        with tempfile.TemporaryDirectory(prefix="bench-") as name:
            found = _on(database, plan, Path(name))
        comparisons += found[0]
        checks += found[1]
    return Report(
        name="comments",
        title=f"posting by {CONNECTIONS} readers, where {BUSY:,} comments are and where none is",
        comparisons=comparisons,
        checks=checks,
    )


def _on(database: str, plan: Plan, folder: Path) -> tuple[list[Comparison], list[Check]]:
    with site_and_floor(database, folder) as (site_url, floor_url):
        make_table(floor_url)
        with sites.prepared(site_url, folder) as app:
            talk = _talk(app, plan.rounds + 1)  # one to warm up in
            before = {name: _published(slugs) for name, slugs in talk.slugs.items()}
        writers = {name: Writers(paths, talk.cookies) for name, paths in talk.paths.items()}
        with (
            served(GRANIAN, UNLIMITED, site_url, folder, plan.size) as site,
            served(GRANIAN, FLOOR, floor_url, folder, plan.size) as floor,
        ):
            comparisons = list(_posting(database, plan, (site, floor), writers))
            streak = Streak(plan.many // STREAKS)
            run(site.port, writers[STREAK].load(streak))
        comparisons.append(_steadiness(database, streak))
        with sites.prepared(site_url, folder):
            checks = [
                same(f"{database}: {name}", _published(slugs), before[name] + writers[name].posted)
                for name, slugs in talk.slugs.items()
            ]
            checks.append(same(f"{database}: different texts in the streak", _texts(talk.slugs[STREAK]), len(streak.moments)))
            checks.append(same(f"{database}: wrong counters", _wrong_counters(), 0))
            checks.append(_patience(database, streak))
    return comparisons, checks


def _talk(app: Flask, rounds: int) -> Talk:
    """Make the articles, their comments and their readers."""
    people = sites.people()
    silent = [factories.open_article(datetime.now(UTC)).slug for _ in range(rounds)]
    busy, lopsided = factories.open_article(datetime.now(UTC)), factories.open_article(datetime.now(UTC))
    talks.fill(busy, BUSY, people, html_of=sites.remark_html)
    answered = talks.fill(lopsided, BUSY, people, shape=Shape.LOPSIDED, html_of=sites.remark_html)[0]
    long = factories.open_article(datetime.now(UTC))
    alone = [factories.open_article(datetime.now(UTC)) for _ in range(rounds)]
    unanswered = [factories.comment(article, people[-1]).id for article in alone]
    slugs = {FIRST: silent, LATER: [busy.slug], FIRST_REPLY: [one.slug for one in alone], LATER_REPLY: [lopsided.slug]}
    slugs[STREAK] = [long.slug]
    paths = {
        FIRST: [f"/articles/{slug}/comments" for slug in silent],
        LATER: [f"/articles/{busy.slug}/comments"],
        FIRST_REPLY: [f"/comments/{comment_id}/replies" for comment_id in unanswered],
        LATER_REPLY: [f"/comments/{answered}/replies"],
        STREAK: [f"/articles/{long.slug}/comments"],
    }
    cookies = [sites.cookie_of(app, reader) for reader in people[:CONNECTIONS]]
    db.session.commit()
    return Talk(slugs=slugs, paths=paths, cookies=cookies)


def _posting(
    database: str, plan: Plan, servers: tuple[RunningServer, RunningServer], writers: dict[str, Writers]
) -> Iterator[Comparison]:
    site, floor = servers
    row, hello = (f"{database}: {thing}" for thing in ("rows", "hello"))
    things: dict[str, tuple[RunningServer, Load]] = {
        f"{database}: {name}": (site, one.load) for name, one in writers.items() if name != STREAK
    }
    things |= {row: (floor, adding(CONNECTIONS)), hello: (floor, repeated(get("/"), 200, GREETING, connections=peers.GREETED))}
    found = alternate(plan, things)
    for later, first in ((LATER, FIRST), (LATER_REPLY, FIRST_REPLY)):
        ours, theirs = f"{database}: {later}", f"{database}: {first}"
        yield beside(found, ours, theirs, by="quick_milliseconds", target=AS_QUICK)
        yield beside(found, ours, theirs, by="cpu_milliseconds")
    posts = f"{database}: {LATER}"
    yield beside(found, posts, hello, target=peers.COMMENTS)
    yield beside(found, row, hello)  # what is left for a comment to cost
    yield beside(found, posts, row)
    yield beside(found, posts, row, by="cpu_milliseconds")


def _steadiness(database: str, streak: Streak) -> Comparison:
    """Hold the end of a streak against its beginning."""
    return Comparison(
        name=f"{database}: last tenth of {len(streak.moments):,} posts",
        against="the first tenth",
        unit="/s",
        ours=[streak.tenth(9)],
        theirs=[streak.tenth(0)],
        target=AS_STEADY,
    )


def _patience(database: str, streak: Streak) -> Check:
    pause = streak.longest_pause()
    return Check(
        name=f"{database}: longest pause within {len(streak.moments):,} posts in a row",
        found=f"{pause * 1000:.0f} ms",
        wanted=f"≤ {STALL * 1000:.0f} ms (target 6)",
        passes=pause <= STALL,
        must_hold=False,
    )


def _texts(slugs: Sequence[str]) -> int:
    found = select(func.count(func.distinct(Comment.body_source))).join(Article).where(Article.slug.in_(slugs))
    return db.session.scalar(found) or 0


def _wrong_counters() -> int:
    """Count what a recount says otherwise."""
    differences = [one for batch in recounting.batches() for one in recounting.differences(batch)]
    return sum(one.column in COUNTED for one in differences)


def _published(slugs: Sequence[str]) -> int:
    found = select(func.count()).select_from(Comment).join(Article).where(Article.slug.in_(slugs))
    return db.session.scalar(found.where(Comment.state == CommentState.PUBLISHED)) or 0
