"""Reading long discussions beside short ones: the first page in every order, one thread of many, and a reply deep in a thread."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from bench import sites
from bench.floors import GREETING
from bench.load import Load, fetch, get, repeated
from bench.report import Comparison, Plan, Report, Target, alternate, beside
from bench.servers import FLOOR, GRANIAN, SITE, RunningServer, served, site_and_floor
from domain.threads import COMMENTS_A_PAGE, REPLIES_A_PAGE, REPLIES_SHOWN, Sort
from extensions import db
from models import Reader
from tests import factories, talks
from tests.talks import Shape

SHORT, LONG = 100, 10_000  # comments
SHAPES = (Shape.LIVELY, Shape.LOPSIDED, Shape.CHAIN)
AS_QUICK = Target(bound=1.2, why="target 9", is_least=False)


@dataclass(frozen=True)
class Page:
    """A page that is read, and how many comments have to stand on it."""

    path: str
    holds: int


def measure(plan: Plan) -> Report:
    """Measure each page in a short and in a long discussion, on each database."""
    comparisons: list[Comparison] = []
    for database in plan.databases:
        with tempfile.TemporaryDirectory(prefix="bench-") as name:
            comparisons += _on(database, plan, Path(name))
    return Report(
        name="discussions",
        title=f"pages of discussions of {LONG:,} comments beside the same of {SHORT}, each rendered whole, for one reader",
        comparisons=comparisons,
        facts=[
            "lively: many threads at once; lopsided: everybody answers the first comment; chain: everybody answers the last",
            "every page of a pair shows as many comments; ranks are those of random ratings",
            "ms at best: within which a tenth of the answers came; what else runs on the machine hardly touches it",
        ],
    )


def _on(database: str, plan: Plan, folder: Path) -> list[Comparison]:
    with site_and_floor(database, folder) as (site_url, floor_url):
        with sites.prepared(site_url, folder):
            people = sites.people()
            pages = {size: _pages(size, people) for size in (SHORT, LONG)}
            db.session.commit()
        with (
            served(GRANIAN, SITE, site_url, folder, plan.size) as site,
            served(GRANIAN, FLOOR, floor_url, folder, plan.size) as floor,
        ):
            return list(_compared(database, plan, site, floor, pages))


def _pages(size: int, people: list[Reader]) -> dict[str, Page]:
    """Make discussions of one size and return what is read of them."""
    slugs: dict[Shape, str] = {}
    deep: dict[Shape, int] = {}
    for shape in SHAPES:
        article = factories.open_article(datetime.now(UTC))
        numbers = talks.fill(article, size, people, shape=shape, html_of=sites.remark_html)
        slugs[shape], deep[shape] = article.slug, numbers[size // 2]
    one_thread, its_page = 1 + REPLIES_SHOWN, 1 + REPLIES_A_PAGE
    lively = {
        f"first page, {sort.value}": Page(f"/articles/{slugs[Shape.LIVELY]}?sort={sort.value}", COMMENTS_A_PAGE)
        for sort in Sort
    }
    return lively | {
        "first page, lopsided": Page(f"/articles/{slugs[Shape.LOPSIDED]}", one_thread),
        "deep reply, lopsided": Page(f"/comments/{deep[Shape.LOPSIDED]}", its_page),
        "deep reply, chain": Page(f"/comments/{deep[Shape.CHAIN]}", its_page),
    }


def _compared(
    database: str, plan: Plan, site: RunningServer, floor: RunningServer, pages: dict[int, dict[str, Page]]
) -> Iterator[Comparison]:
    hello = f"{database}: hello"
    # a pair is measured one right after the other, so that what disturbs the machine disturbs both
    things = {
        f"{database}: {name} of {size:,}": (site, _load(site, pages[size][name])) for name in pages[LONG] for size in pages
    }
    found = alternate(plan, {**things, hello: (floor, repeated(get("/"), 200, GREETING, connections=1))})
    for name in pages[LONG]:
        long, short = (f"{database}: {name} of {size:,}" for size in (LONG, SHORT))
        yield beside(found, long, short, by="quick_milliseconds", target=AS_QUICK)
        yield beside(found, long, short, by="cpu_milliseconds")
    yield beside(found, f"{database}: first page, {Sort.BEST.value} of {LONG:,}", hello, by="milliseconds")


def _load(site: RunningServer, page: Page) -> Load:
    request = get(page.path)
    shown = fetch(site.port, request)
    sites.must_show(shown, page.holds)
    return repeated(request, 200, shown.body, connections=1)
