"""Comments in short and in long discussions: posting one, and reading the first page."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import count, cycle
from pathlib import Path

from flask import Flask
from sqlalchemy import func, select

from bench import peers, sites
from bench.floors import GREETING, adding, make_table
from bench.load import Load, Period, Script, WrongAnswerError, fetch, get, post, repeated
from bench.report import Check, Comparison, Plan, Report, Target, alternate, beside, same
from bench.servers import FLOOR, GRANIAN, UNLIMITED, RunningServer, served, site_and_floor
from domain.threads import THREADS_A_PAGE
from extensions import db
from models import Article, Comment, CommentState, Reader
from tests import factories

CONNECTIONS = 8
BUSY = 2_000  # comments in the thread that is posted into
SHORT, LONG = 100, 10_000  # comments in the threads that are read
ON_A_PAGE = THREADS_A_PAGE * 5 // 3  # threads with their replies, as `sites.fill` makes them
AS_FAST = Target(bound=0.8, why="our own", is_least=True)
AS_QUICK = Target(bound=1.2, why="target 9", is_least=False)


@dataclass(frozen=True, kw_only=True)
class Talk:
    """Articles by how much has been said under them, and the browsers of those who will say more."""

    silent: list[str]  # one for each round, so that it is silent when the round begins
    busy: str
    read: dict[int, str]
    cookies: list[str]


class Writers:
    """Registered readers who post one comment after another, never the same words twice, each period under the next article."""

    def __init__(self, slugs: Sequence[str], cookies: Sequence[str]) -> None:
        self.slugs = slugs
        self.posted = 0
        self._next = cycle(slugs)
        self._cookies = cookies
        self._numbers = count(LONG)  # words that are nowhere yet: a repeat would not be posted

    def load(self, period: Period) -> list[Script]:
        """Return the scripts of one period."""
        path = f"/articles/{next(self._next)}/comments"
        return [self._write(period, path, cookie) for cookie in self._cookies]

    def _write(self, period: Period, path: str, cookie: str) -> Script:
        while period.lasts():
            body = sites.remark(next(self._numbers))
            answer = period.note((yield post(path, {"body": body}, cookie)).must(303))
            if "#comment-" not in answer.header("Location"):
                message = f"a post led to {answer.header('Location')!r}, not to its comment"
                raise WrongAnswerError(message)
            self.posted += 1


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
        title="posting by 8 readers and reading by one, in short and in long discussions",
        comparisons=comparisons,
        checks=checks,
    )


def _on(database: str, plan: Plan, folder: Path) -> tuple[list[Comparison], list[Check]]:
    with site_and_floor(database, folder) as (site_url, floor_url):
        make_table(floor_url)
        with sites.prepared(site_url, folder) as app:
            talk = _talk(app, plan.rounds + 1)  # one to warm up in
        silent, busy = Writers(talk.silent, talk.cookies), Writers([talk.busy], talk.cookies)
        with (
            served(GRANIAN, UNLIMITED, site_url, folder, plan.size) as site,
            served(GRANIAN, FLOOR, floor_url, folder, plan.size) as floor,
        ):
            comparisons = [*_reading(database, plan, site, talk), *_posting(database, plan, (site, floor), (silent, busy))]
        with sites.prepared(site_url, folder):
            checks = [
                same(f"{database}: comments where none were", _published(silent.slugs), silent.posted),
                same(f"{database}: comments where {BUSY:,} were", _published(busy.slugs), BUSY + busy.posted),
            ]
    return comparisons, checks


def _talk(app: Flask, rounds: int) -> Talk:
    """Make the articles, their comments and their readers."""
    people = sites.people()
    silent = [_article(0, people) for _ in range(rounds)]
    busy = _article(BUSY, people)
    read = {size: _article(size, people) for size in (SHORT, LONG)}
    cookies = [sites.cookie_of(app, reader) for reader in people[:CONNECTIONS]]
    db.session.commit()
    return Talk(silent=silent, busy=busy, read=read, cookies=cookies)


def _article(size: int, people: list[Reader]) -> str:
    article = factories.open_article(datetime.now(UTC))
    if size:
        sites.fill(article, size, people)
    return article.slug


def _reading(database: str, plan: Plan, site: RunningServer, talk: Talk) -> Iterator[Comparison]:
    short, long = (f"{database}: first page of {size:,}" for size in (SHORT, LONG))
    found = alternate(plan, {name: (site, _page(site, talk.read[size])) for name, size in ((short, SHORT), (long, LONG))})
    yield beside(found, long, short, by="milliseconds", target=AS_QUICK)
    yield beside(found, long, short, by="cpu_milliseconds")


def _page(site: RunningServer, slug: str) -> Load:
    request = get(f"/articles/{slug}")
    page = fetch(site.port, request)
    sites.must_show(page, ON_A_PAGE)
    return repeated(request, 200, page.body, connections=1)


def _posting(
    database: str, plan: Plan, servers: tuple[RunningServer, RunningServer], writers: tuple[Writers, Writers]
) -> Iterator[Comparison]:
    site, floor = servers
    silent, busy, row, hello = (f"{database}: {thing}" for thing in ("first posts", f"posts after {BUSY:,}", "rows", "hello"))
    found = alternate(
        plan,
        {
            silent: (site, writers[0].load),
            busy: (site, writers[1].load),
            row: (floor, adding(CONNECTIONS)),
            hello: (floor, repeated(get("/"), 200, GREETING, connections=peers.GREETED)),
        },
    )
    yield beside(found, busy, silent, target=AS_FAST)
    yield beside(found, busy, hello, target=peers.COMMENTS)
    yield beside(found, busy, row)
    yield beside(found, busy, row, by="cpu_milliseconds")


def _published(slugs: Sequence[str]) -> int:
    found = select(func.count()).select_from(Comment).join(Article).where(Article.slug.in_(slugs))
    return db.session.scalar(found.where(Comment.state == CommentState.PUBLISHED)) or 0
