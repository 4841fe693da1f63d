from __future__ import annotations

import json

import pytest
from sqlalchemy import text

from extensions import db
from tests.applications import another_app
from tests.figures import change_of

SLOW = "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL\n SELECT i + 1 FROM n WHERE i < 200000) SELECT count(*) FROM n WHERE :name <> 'x'"


def told_of(database_url: str, statement: str, capsys: pytest.CaptureFixture[str], *, slow_ms: int) -> list[str]:
    """Return the lines that are written when a site sends this statement."""
    with another_app(database_url, log="json", slow_query_ms=slow_ms) as app, app.app_context():
        db.session.execute(text(statement), {"name": "a-secret-of-mine"})
        return capsys.readouterr().err.splitlines()


def test_a_slow_statement_is_told_with_its_time(database_url: str, capsys: pytest.CaptureFixture[str]) -> None:
    line = json.loads(told_of(database_url, SLOW, capsys, slow_ms=5)[0])
    assert (line["event"], line["level"], line["duration_ms"] >= 5) == ("slow statement", "warning", True)
    assert line["statement"].startswith("WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n")


def test_a_slow_statement_is_counted(database_url: str, capsys: pytest.CaptureFixture[str]) -> None:
    act = lambda: told_of(database_url, SLOW, capsys, slow_ms=5)  # noqa: E731 - done inside
    assert change_of("foresay_slow_queries_total", act, place="") >= 1


def test_its_parameters_are_not(database_url: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert "a-secret-of-mine" not in told_of(database_url, SLOW, capsys, slow_ms=5)[0]


def test_a_quick_one_is_not_told(database_url: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert told_of(database_url, "SELECT :name", capsys, slow_ms=5_000) == []


def test_zero_tells_none(database_url: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert told_of(database_url, SLOW, capsys, slow_ms=0) == []


def test_a_long_statement_is_cut(database_url: str, capsys: pytest.CaptureFixture[str]) -> None:
    line = json.loads(told_of(database_url, f"{SLOW} AND 'y' <> '{'z' * 9_000}'", capsys, slow_ms=5)[0])
    assert len(line["statement"]) == 2_000
