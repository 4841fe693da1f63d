"""Hidden until you act, proven: two worlds that differ in votes and forecasts alone are the same to who may not see them."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from functools import cache

import pytest
from flask import Flask
from sqlalchemy import update

from extensions import db
from models import Article, LegalState, ResultsVisibility
from tests import crawling, worlds
from tests.applications import staged
from tests.crawling import Crawl, differing
from tests.worlds import ONE, OTHER, OTHER_FORECASTS, OTHER_TAKES, World

VOTING, CLOSING = ResultsVisibility.AFTER_VOTING, ResultsVisibility.AFTER_CLOSING
HIDDEN_BY_LAW = "hidden by law"
SITES = {
    "after voting": ((VOTING, VOTING), False),
    "after closing": ((CLOSING, CLOSING), False),
    "takes after closing, forecasts known to all": ((CLOSING, VOTING), True),
    HIDDEN_BY_LAW: ((ResultsVisibility.ALWAYS, VOTING), False),
}
# Each pair is two walks through all the site has, some ten seconds: the fewest that tell every way of hiding apart.
HIDDEN = [  # where, for whom, and what may differ without being noticed
    ("after voting", "stranger", OTHER),
    ("after voting", "reader", OTHER),
    ("after voting", "voter", OTHER_FORECASTS),
    ("after voting", "forecaster", OTHER_TAKES),
    ("after closing", "both", OTHER),
    ("takes after closing, forecasts known to all", "stranger", OTHER_TAKES),
    (HIDDEN_BY_LAW, "both", OTHER),
]
SHOWN = [  # and what who may see it can tell: the same crawl finds it, so it would find what leaks
    ("after voting", "both", OTHER),
    ("takes after closing, forecasts known to all", "stranger", OTHER_FORECASTS),
]
DESKS = ("/moderation/", "/newsroom")
EVERYWHERE = ("after voting", "reader", ONE)
LOOKED = {(site, who, world) for site, who, other in [*HIDDEN, *SHOWN] for world in (ONE, other)}
Crawls = dict[tuple[str, World], Crawl]  # by who looks, and into which world
CrawlsOf = Callable[[str], Crawls]


pytestmark = pytest.mark.timeout(600)  # seconds: the first test that asks about a site plays all its worlds


@pytest.fixture(scope="module")
def crawls(app: Flask) -> CrawlsOf:
    """Return what each who looks at a site gets to read in each world."""
    return cache(lambda name: played(app, name))


def played(app: Flask, name: str) -> Crawls:
    found: Crawls = {}
    seen, is_resolved = SITES[name]
    with staged(app) as stage:
        site = worlds.build(app, datetime.now(UTC), seen, is_resolved=is_resolved)
        if name == HIDDEN_BY_LAW:
            db.session.execute(update(Article).values(hides_counts=True, legal_state=LegalState.COURT_ORDER))
        db.session.commit()
        for world in (ONE, OTHER, OTHER_TAKES, OTHER_FORECASTS):
            people = [who for place, who, looked in sorted(LOOKED, key=repr) if (place, looked) == (name, world)]
            if not people:
                continue
            with worlds.acted_out(site, world, stage):
                found |= {(who, world): crawling.crawl(site, who, without=left_out(name, who, world)) for who in people}
    return found


def left_out(site: str, who: str, world: World) -> tuple[str, ...]:
    """Return where one need not look: nobody here works at a desk, and one who tries every door is enough."""
    return () if (site, who, world) == EVERYWHERE else DESKS


def public(found: Crawl) -> Crawl:
    """Return what was found outside the desks: who works there sees the take beside a comment, and how many have answered."""
    return {asked: answer for asked, answer in found.items() if not asked[0].startswith(DESKS)}


@pytest.mark.parametrize(("site", "who", "other"), HIDDEN)
def test_who_may_not_see_them_cannot_tell_how_others_answered(crawls: CrawlsOf, site: str, who: str, other: World) -> None:
    found = crawls(site)
    assert differing(public(found[who, ONE]), public(found[who, other])) == {}


@pytest.mark.parametrize(("site", "who", "other"), SHOWN)
def test_who_may_see_them_can_tell(crawls: CrawlsOf, site: str, who: str, other: World) -> None:
    found = crawls(site)
    assert differing(found[who, ONE], found[who, other])


def test_every_address_that_can_be_read_is(app: Flask, crawls: CrawlsOf) -> None:
    asked = {path.partition("?")[0] for path, _ in crawls("after voting")["reader", ONE]}
    unread = []
    for rule in crawling.read_rules(app):
        adapter = app.url_map.bind("localhost")
        if not any(
            path.startswith("/") and adapter.test(path, "GET") and adapter.match(path)[0] == rule.endpoint for path in asked
        ):
            unread.append(rule.endpoint)
    assert unread == []
