"""What every request must satisfy and every response must carry."""

from __future__ import annotations

from flask import Flask, Response, abort, request
from werkzeug.routing import IntegerConverter, Map

from blueprints.support.paths import parts_of
from connections import expects_writes

SAFE_METHODS = {"GET", "HEAD", "OPTIONS"}
LARGEST_ID = 2**63 - 1
# The one address to which a computer of a mail provider writes for a reader who wants no more mail (RFC 8058). It says
# nothing of where it comes from. The signed token in the address is all it goes by: no cookie is looked at there.
ONE_CLICK = "notifications.unsubscribe"
HEADERS = {
    "Content-Security-Policy": (
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; "
        "connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
    ),
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "strict-origin-when-cross-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=(), payment=(), usb=()",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
}


def bind(app: Flask) -> None:
    """Check every request before its view; complete every response."""
    app.url_map.converters["int"] = _Id
    app.before_request(_refuse_foreign_writes)
    app.before_request(_refuse_what_no_text_holds)
    app.after_request(_complete)


class _Id(IntegerConverter):
    """A number in an address that a database can hold; a larger one leads nowhere."""

    def __init__(self, url_map: Map) -> None:
        super().__init__(url_map, max=LARGEST_ID)


def _refuse_foreign_writes() -> None:
    """Let an unsafe request through only from our own pages. No token in the page, so pages can be shared by all.

    Browsers that say where a request comes from (Fetch Metadata) are believed; for older ones and plain http the Origin
    has to be ours. A request with neither is no browser's form and is refused, one click in a mail program aside.
    """
    expects_writes.set(request.method not in SAFE_METHODS)
    if (request.content_length or 0) > (request.max_content_length or 0):
        abort(413)  # before anything reads the body
    if request.method in SAFE_METHODS or _is_one_click():
        return
    site = request.headers.get("Sec-Fetch-Site")
    origin = request.headers.get("Origin", "")
    if site is None and parts_of(origin)[:2] != (request.scheme, request.host):
        abort(403, description="foreign")
    if site not in {None, "same-origin", "none"}:
        abort(403, description="foreign")


def _refuse_what_no_text_holds() -> None:
    """Refuse an address with the character that PostgreSQL has no place for, before anything is looked up by it."""
    if "\0" in request.path or b"%00" in request.query_string:
        abort(400)


def _is_one_click() -> bool:
    """Whether this is what a mail provider sends, to the place it may send it to. A browser always says more."""
    if request.endpoint != ONE_CLICK or "Sec-Fetch-Site" in request.headers or "Origin" in request.headers:
        return False
    return request.form.get("List-Unsubscribe") == "One-Click"


def _complete(response: Response) -> Response:
    for name, value in HEADERS.items():
        response.headers.setdefault(name, value)
    if request.is_secure:
        response.headers.setdefault("Strict-Transport-Security", "max-age=31536000")
    response.headers.setdefault("Cache-Control", "private, no-store")
    return response
