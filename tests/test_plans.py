"""No page, and nothing that readers do often, reads a table as a whole that grows with the site."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from bench import places, sites, visits
from bench.generate import making
from bench.generate.size import Size
from bench.places import Site
from bench.visits import Visit
from tests.applications import empty_database
from tests.plans import forbid_what_can_be_avoided, whole_reads

OK = 200
SIZE = Size(comments=600, readers=300, votes=6_000, articles_at_least=16)

OF_EVERYTHING = {  # pages whose figures are of all articles: docs/scaling.md says what they cost
    "newsroom.index": {"article"},
}


@pytest.fixture(scope="module")
def site(database_url: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """Return a generated site with something of everything."""
    folder: Path = tmp_path_factory.mktemp("plans")
    with empty_database(database_url, "plans") as url, sites.prepared(url, folder) as app:
        making.make(url, SIZE, now=datetime.now(UTC))
        forbid_what_can_be_avoided()
        yield places.site_of(app)


def test_no_page_reads_a_growing_table_as_a_whole(site: Site) -> None:
    assert_found_from_indexes(visits.reading(site))


def test_nothing_done_often_reads_a_growing_table_as_a_whole(site: Site) -> None:
    assert_found_from_indexes(visits.writing(site))


def test_every_page_there_is_opens(site: Site) -> None:
    pages = {visit.name: visit.send() for visit in visits.reading(site)}
    assert {name: status for name, status in pages.items() if status != OK} == {}
    endpoints = {rule.endpoint for rule in site.app.url_map.iter_rules() if "GET" in (rule.methods or ())}
    assert endpoints - {name.partition(" ")[0] for name in pages} == visits.NOT_READ.keys()


def assert_found_from_indexes(opened: Iterator[Visit]) -> None:
    wrong, seen = [], set[str]()
    with whole_reads() as reads:  # each statement is looked at once, on the first page that has it
        for visit in opened:
            visit.send()
            allowed = OF_EVERYTHING.get(visit.name.partition(" ")[0], set())
            fresh = {statement: tables for statement, tables in reads.items() if statement not in seen}
            wrong += [
                f"{visit.name}: {statement} reads all of {tables}" for statement, tables in fresh.items() if tables - allowed
            ]
            seen |= fresh.keys()
    assert not wrong, "\n\n".join(wrong)
