"""A line for each request: what it asked for by its endpoint, never by its address, which may hold a token."""

from __future__ import annotations

from flask import Flask, Response, g, request

from blueprints.support.readers import is_nobody, is_signed_in
from blueprints.support.site import config
from observing import metrics
from observing.logs import log
from observing.trace import WELL_FORMED, Trace, current, milliseconds, new_id

HEADER = "X-Request-ID"
METHODS = {"GET", "HEAD", "POST", "OPTIONS"}  # others are the client's invention
NO_ENDPOINT = "unmatched"


def bind(app: Flask) -> None:
    """Begin before everything else that a request passes, and end after it: call this before anything else is bound."""
    app.before_request(_begin)
    app.after_request(_end)
    app.teardown_request(_forget)


def _begin() -> None:
    current.set(Trace(_given() or new_id(), request.endpoint or NO_ENDPOINT))


def _given() -> str:
    """Return the number a proxy in front has given the request, if it is one to be trusted."""
    number = request.headers.get(HEADER, "") if config().trusted_proxies else ""
    return number if WELL_FORMED.fullmatch(number) else ""


def _end(response: Response) -> Response:
    if (trace := current.get()) is None:
        return response
    if not response.cache_control.public:  # an answer for everybody is no one's request
        response.headers[HEADER] = trace.request_id
    seconds = trace.seconds
    metrics.count_request(trace, method(), response.status_code)
    log.info(
        "request",
        method=method(),
        status=response.status_code,
        duration_ms=milliseconds(seconds),
        queries=trace.queries,
        reader=reader_kind(),
    )
    return response


def _forget(_error: BaseException | None) -> None:
    current.set(None)


def method() -> str:
    """Return the method of the request; one of a few words, whatever was sent."""
    return request.method if request.method in METHODS else "other"


def reader_kind() -> str:
    """Return what is known of who is asking. `unasked` has a cookie of ours at which nothing had to look."""
    if g.get("reader") is not None:
        return "account" if is_signed_in() else "guest"
    return "nobody" if is_nobody() else "unasked"
