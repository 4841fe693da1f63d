"""Statements to the database: how many a request sends, and which are slow. Parameters are never looked at."""

from __future__ import annotations

from time import perf_counter
from typing import Any

from sqlalchemy import Engine, event

from observing.logs import log
from observing.metrics import SLOW_QUERIES
from observing.trace import current, milliseconds

LONGEST_STATEMENT = 2_000  # characters of it in a line: a page's longest has about as many
TRANSACTIONS = ("BEGIN", "SAVEPOINT", "RELEASE", "ROLLBACK")  # begin and end something, and ask nothing


def watch(engine: Engine, *, slow_ms: int) -> None:
    """Count the statements sent over this engine, and write a line of each that takes `slow_ms` or longer; 0 writes none."""
    slow = slow_ms / 1000 if slow_ms else float("inf")

    # Each is given the connection, the cursor, the statement, its parameters, the context and whether there are many.
    @event.listens_for(engine, "before_cursor_execute")
    def begin(*given: Any) -> None:
        given[4].foresay_began = perf_counter()

    @event.listens_for(engine, "after_cursor_execute")
    def end(*given: Any) -> None:
        statement, context = given[2], given[4]
        if statement.startswith(TRANSACTIONS):
            return
        seconds = perf_counter() - context.foresay_began
        trace = current.get()
        if trace is not None:
            trace.queries += 1
            trace.query_seconds += seconds
        if seconds >= slow:
            _tell(statement, seconds, trace.place if trace else "")


def _tell(statement: str, seconds: float, place: str) -> None:
    SLOW_QUERIES.labels(place).inc()
    text = " ".join(statement.split())
    log.warning("slow statement", statement=text[:LONGEST_STATEMENT], duration_ms=milliseconds(seconds))
