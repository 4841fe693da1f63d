"""The figures that Prometheus reads. Each is a count since the start, or how much there is now; `docs/watching.md` lists them.

Who may call what: `blueprints.support.tracing` counts requests, `jobs.tracing` jobs, `queries` slow statements. The cache before
Flask is told of `cache_answered` and `cache_holds` where it is bound (`blueprints.support.caching`).

Every figure has a label: one without would be kept in this process from its making on, before `sharing.share` can say where.
"""

from __future__ import annotations

from functools import cache

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram

from observing.trace import Trace

registry = CollectorRegistry()
SECONDS = (0.002, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0)  # a cached answer to one nobody waits for
JOB_SECONDS = (0.01, 0.1, 0.5, 1.0, 5.0, 15.0, 60.0, 300.0)

REQUESTS = Counter("foresay_requests", "Answers.", ["endpoint", "method", "status"], registry=registry)
REQUEST_TIME = Histogram("foresay_request_seconds", "How long answers took.", ["endpoint"], buckets=SECONDS, registry=registry)
QUERIES = Counter("foresay_queries", "Statements to the database.", ["place"], registry=registry)
QUERY_TIME = Counter("foresay_query_seconds", "How long statements took.", ["place"], registry=registry)
SLOW_QUERIES = Counter("foresay_slow_queries", "Statements slower than FORESAY_SLOW_QUERY_MS.", ["place"], registry=registry)
JOBS = Counter("foresay_jobs", "Jobs that ended.", ["job", "outcome"], registry=registry)
JOB_TIME = Histogram("foresay_job_seconds", "How long jobs took.", ["job"], buckets=JOB_SECONDS, registry=registry)
ACCEPTED = Counter("foresay_accepted", "What readers gave, once it is stored.", ["what"], registry=registry)
VERDICTS = Counter("foresay_screening_verdicts", "What checks said of texts.", ["check", "finding"], registry=registry)
CACHE_ANSWERS = Counter("foresay_cache_answers", "Requests the cache has seen.", ["event"], registry=registry)
CACHE_HOLDS = Gauge(
    "foresay_cache_holds", "What the caches of all workers hold.", ["of"], multiprocess_mode="livesum", registry=registry
)


def count_request(trace: Trace, method: str, status: int) -> None:
    """Count an answer, and what it asked the database."""
    REQUESTS.labels(trace.place, method, status).inc()
    REQUEST_TIME.labels(trace.place).observe(trace.seconds)
    _count_queries(trace)


def count_job(trace: Trace, outcome: str) -> None:
    """Count a job that ended, and what it asked the database."""
    JOBS.labels(trace.place, outcome).inc()
    JOB_TIME.labels(trace.place).observe(trace.seconds)
    _count_queries(trace)


def _count_queries(trace: Trace) -> None:
    """Count what was asked in one go: the cost of a figure in a file is felt at each statement."""
    if trace.queries:
        QUERIES.labels(trace.place).inc(trace.queries)
        QUERY_TIME.labels(trace.place).inc(trace.query_seconds)


def cache_answered(event: str) -> None:
    """Count what the cache did with a request: `hit`, `old`, `checked`, `made` or `passed` on."""
    _cache_answers(event).inc()


def cache_holds(size: int) -> None:
    """Say how many bytes this process's cache holds."""
    CACHE_HOLDS.labels("bytes").set(size)


@cache
def _cache_answers(event: str) -> Counter:
    """Return the figure of an event. It is kept because a hit costs little more than looking for it."""
    return CACHE_ANSWERS.labels(event)
