"""How a database carries out what the site asks of it: which tables a statement reads as a whole."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from sqlalchemy import Connection, event, text
from sqlalchemy.engine import Engine

from extensions import db

KEPT_SMALL = {  # by those who work here, however many read and write; of sums, a row for each method
    "alembic_version",
    "article_subject",
    "classifier_model",
    "clause_version",
    "clause_wording",
    "listed_word",
    "method_sum",
    "moderation_rule",
    "policy_clause",
    "rule_version",
    "saved_filter",
}
ONLY_WHAT_WAITS = re.compile(
    r"_(open|waiting|unspread|due|ending|failed|current|unread|unmailed|hides_counts)$"
)  # short indexes
Plan = dict[str, Any]


@contextmanager
def whole_reads() -> Iterator[dict[str, set[str]]]:
    """Give, for each statement that runs inside the block, the growing tables that it reads as a whole, if any."""
    found: dict[str, set[str]] = {}

    def look(connection: Connection, statement: str, parameters: Any) -> None:
        if statement not in found and statement.startswith(("SELECT", "UPDATE", "DELETE", "WITH")):
            found[statement] = set(_whole_of(connection, statement, parameters))

    with _before_each(look):
        yield found


@contextmanager
def plans() -> Iterator[list[str]]:
    """Give the steps in which every statement on comments that runs inside the block is carried out."""
    steps: list[str] = []

    def explain(connection: Connection, statement: str, parameters: Any) -> None:
        if "comment" in statement and statement.startswith(("SELECT", "UPDATE")):
            how = "EXPLAIN QUERY PLAN " if connection.dialect.name == "sqlite" else "EXPLAIN "
            steps.extend(str(row[-1]).strip() for row in connection.exec_driver_sql(how + statement, parameters))

    with _before_each(explain):
        yield steps


@contextmanager
def _before_each(look: Callable[[Connection, str, Any], None]) -> Iterator[None]:
    """Call a function before each statement inside the block, but those that it sends itself."""
    is_looking = False

    def listen(connection: Connection, _cursor: Any, statement: str, parameters: Any, *_rest: Any) -> None:
        nonlocal is_looking
        if is_looking:
            return
        is_looking = True
        try:
            look(connection, statement, parameters)
        finally:
            is_looking = False

    event.listen(Engine, "before_cursor_execute", listen)
    try:
        yield
    finally:
        event.remove(Engine, "before_cursor_execute", listen)


def forbid_what_can_be_avoided() -> None:
    """Let PostgreSQL read a table as it lies only where no index leads to what is asked for: few rows are else read so."""
    if db.engine.dialect.name == "postgresql":
        db.session.execute(text(f"ALTER DATABASE {db.engine.url.database} SET enable_seqscan = off"))
        db.session.commit()
        db.engine.dispose()


def _whole_of(connection: Connection, statement: str, parameters: Any) -> Iterator[str]:
    if connection.dialect.name == "sqlite":
        steps = connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}", parameters)
        yield from _scanned([row[-1] for row in steps], is_limited=" LIMIT " in statement.replace("\n", " "))
        return
    (plans,) = connection.exec_driver_sql(f"EXPLAIN (FORMAT JSON) {statement}", parameters).one()
    yield from _read_as_they_lie(plans[0]["Plan"])


def _scanned(steps: list[str], *, is_limited: bool) -> Iterator[str]:
    """Yield the tables that SQLite reads from end to end. Where the order is an index's, a limit ends that."""
    is_limited &= not any("USE TEMP B-TREE" in step and " PART OF " not in step for step in steps)
    for step in steps:
        words = step.split()
        table, index = re.sub(r"_\d+$", "", words[1]), words[-1] if "INDEX" in words else ""
        is_whole = "AUTOMATIC" in words or (words[0] == "SCAN" and not ONLY_WHAT_WAITS.search(index) and not is_limited)
        if is_whole and table in _growing():
            yield table


def _read_as_they_lie(plan: Plan) -> Iterator[str]:
    """Yield the tables to which PostgreSQL finds no index that would help."""
    if plan["Node Type"] == "Seq Scan" and plan["Relation Name"] in _growing():
        yield plan["Relation Name"]
    for part in plan.get("Plans", ()):
        yield from _read_as_they_lie(part)


def _growing() -> set[str]:
    return {table.name for table in db.metadata.sorted_tables} - KEPT_SMALL
