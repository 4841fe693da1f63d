"""What is being done at the moment in this thread, so that every line of the log can say what it belongs to."""

from __future__ import annotations

import re
import secrets
from contextvars import ContextVar
from dataclasses import dataclass, field
from time import perf_counter

WELL_FORMED = re.compile(r"[A-Za-z0-9_-]{8,64}")  # what proxies make: hexadecimals, UUIDs, trace ids


@dataclass(slots=True)
class Trace:
    """A request or a job: its number, what it is, and what it has asked the database so far."""

    request_id: str
    place: str  # the endpoint, or the name of the job
    kind: str = "endpoint"  # or "job"
    started: float = field(default_factory=perf_counter)  # seconds
    queries: int = 0
    query_seconds: float = 0.0

    @property
    def seconds(self) -> float:
        """Return how long it has taken up to now."""
        return perf_counter() - self.started


current: ContextVar[Trace | None] = ContextVar("trace", default=None)


def milliseconds(seconds: float) -> float:
    """Return a time as lines have it."""
    return round(seconds * 1000, 2)


def new_id() -> str:
    """Return a number nobody has had before, short enough to be read out."""
    return secrets.token_hex(8)


def request_id() -> str:
    """Return the number of what is being done; empty outside of requests and jobs."""
    trace = current.get()
    return trace.request_id if trace else ""
