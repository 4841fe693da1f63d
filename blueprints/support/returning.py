"""The page one goes back to: the one an address shows or, where it only takes what is sent to it, the one it belongs to."""

from __future__ import annotations

from collections.abc import Iterator
from urllib.parse import quote

from flask import current_app, request, url_for
from werkzeug.exceptions import HTTPException
from werkzeug.routing import RequestRedirect

from blueprints.support.paths import own_path
from blueprints.support.security import SAFE_METHODS

HOME = "/"
LEAVING = {"accounts.sign_in", "accounts.sign_up", "accounts.mail_sent"}  # nobody wants to come back to these


def page_at(address: str) -> str:
    """Return an address of ours itself if it can be read, its query included, else that of the page it belongs to."""
    path = address.partition("?")[0]
    if _can_be_read(path):
        return own_path(address) or HOME
    return own_path(next(filter(_can_be_read, _around(path)), HOME)) or HOME


def page_here() -> str:
    """Return the page that the request's address shows or belongs to, without a query."""
    return page_at(quote(request.path))


def way_back() -> str:
    """Return the page from which the request can have come, where that is another than the home page; else nothing."""
    above = quote(request.path).rpartition("/")[0]  # of what was to be read: it would only be refused again
    page = page_at(above or HOME) if request.method in SAFE_METHODS else page_here()
    return "" if page == HOME else page


def sign_in_here() -> str:
    """Return where to sign in so as to come back to this page. A token in its address is repeated nowhere."""
    leads_back = request.endpoint not in LEAVING and "token" not in (request.view_args or {})
    return url_for("accounts.sign_in", next=page_here() if leads_back else None)


def told_at(page: str) -> str:
    """Return a page at the place where it says what came of an act: an article's says it under the text, others at their top."""
    return f"{page}#say" if page.startswith("/articles/") and "#" not in page else page


def _around(path: str) -> Iterator[str]:
    """Return where the page of an address that cannot be read may be: its form, then whatever stands above it."""
    yield f"{path}/new"
    if path.startswith("/articles/"):
        yield "/".join(path.split("/")[:3])  # what an article takes stands on its own page, however many others it has
    while path := path.rpartition("/")[0]:
        yield path


def _can_be_read(path: str) -> bool:
    try:
        current_app.url_map.bind("").match(path, "GET")
    except RequestRedirect:  # to the same with a slash at its end
        return True
    except HTTPException:
        return False
    return True
