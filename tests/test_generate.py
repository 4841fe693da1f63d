from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

from bench import sites
from bench.generate import checking, making
from bench.generate.size import Size
from tests.applications import empty_database

SIZE = Size(comments=400, readers=200, votes=4_000, articles_at_least=8)


def test_a_generated_site_is_what_its_ledgers_say(database_url: str, tmp_path: Path) -> None:
    with empty_database(database_url, "generated") as url, sites.prepared(url, tmp_path):
        making.make(url, SIZE, now=datetime.now(UTC))
        assert checking.wrong(every=1, now=datetime.now(UTC)) == []
