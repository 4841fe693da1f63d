"""Every refusal and fault as a page that says what happened, what was kept and what to do; or as a sentence for a page that
stays open."""

from __future__ import annotations

import contextlib
from datetime import datetime

from flask import Flask, current_app, g, jsonify, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext, lazy_gettext
from sqlalchemy.exc import SQLAlchemyError
from werkzeug.exceptions import HTTPException, InternalServerError

from blueprints.support.answers import stays_open
from blueprints.support.language import instant
from blueprints.support.paths import own_path, parts_of
from blueprints.support.readers import is_signed_in
from blueprints.support.returning import page_at, page_here, way_back
from blueprints.support.security import SAFE_METHODS
from domain.errors import (
    Closed,
    Conflict,
    DomainError,
    Forbidden,
    Invalid,
    Missing,
    NotSignedIn,
    Restrained,
    Slowed,
    TooSoon,
)
from extensions import db
from observing import trace

STATUS = {Missing: 404, NotSignedIn: 403, Forbidden: 403, Closed: 409, Conflict: 409, TooSoon: 429, Invalid: 422}
KEPT_FIELDS = (
    "reason",
    "body",
    "note",
    "evidence",
    "criteria",
    "source_url",
    "argument",
)  # what a reader may have written at length

TITLES = {
    400: lazy_gettext("We could not read that request"),
    403: lazy_gettext("That is not open to you"),
    404: lazy_gettext("There is nothing here"),
    405: lazy_gettext("That cannot be done here"),
    409: lazy_gettext("Things have changed meanwhile"),
    413: lazy_gettext("That is too large"),
    422: lazy_gettext("Something is missing or does not fit"),
    429: lazy_gettext("That was a bit too fast"),
    500: lazy_gettext("Something broke on our side"),
    503: lazy_gettext("That cannot be done at the moment"),
}
WHAT_TO_DO = {
    400: lazy_gettext("Go back, load the page again and send it once more."),
    403: lazy_gettext("If you followed a link from another site, open the page here and try again."),
    404: lazy_gettext("The address may be mistyped, or the page has been taken down."),
    405: lazy_gettext("Go back and use the buttons on the page."),
    409: lazy_gettext("Load the page again to see how things stand."),
    413: lazy_gettext("Send less at a time."),
    422: lazy_gettext("Go back, correct it and send it again."),
    429: lazy_gettext("Wait a minute, then try again. Nothing you sent before is lost."),
    500: lazy_gettext("It has been noted. Try again in a moment."),
    503: lazy_gettext("Wait a moment, then try again."),
}
GO_BACK = {405, 409}  # what is answered with a link to the page on which it can be done, or seen how things stand


def bind(app: Flask) -> None:
    """Answer every refusal of a rule and every HTTP error with a page."""
    app.register_error_handler(DomainError, refused)
    app.register_error_handler(HTTPException, _failed)


def explained(error: DomainError) -> str:
    """Return a rule's message in the reader's language."""
    values = {name: instant(value) if isinstance(value, datetime) else value for name, value in error.values.items()}
    return gettext(error.message, **values)


def refused(error: DomainError) -> ResponseReturnValue:
    """Answer a rule's refusal."""
    status = next(status for kind, status in STATUS.items() if isinstance(error, kind))
    if isinstance(error, NotSignedIn):
        return page_of(status, explained(error), what_to_do=gettext("Signing in leads you back to where you were."))
    if isinstance(error, Restrained | Slowed):
        return page_of(status, explained(error), what_to_do=gettext("Your page says more, and how you can object to it."))
    return page_of(status, explained(error))


def _failed(error: HTTPException) -> ResponseReturnValue:
    status = error.code or 500
    if status < 400:  # noqa: PLR2004 - a redirect raised by the router is no error
        return error
    if error.response is not None:
        return error.response
    if error is request.routing_exception and status == 405 and request.method in SAFE_METHODS and not stays_open():  # noqa: PLR2004
        return redirect(page_here(), 303)  # loaded again, or come back to: what was sent there came from a page
    if not isinstance(error, InternalServerError):
        return page_of(status, _foreign() if error.description == "foreign" else "", getattr(error, "retry_after", None))
    return page_of(500, gettext("If you write to us, mention the number %(number)s.", number=trace.request_id()))


def _foreign() -> str:
    return gettext("The request did not come from a page of this site, so nothing was done.")


def page_of(
    status: int, message: str, retry_after: object = None, *, what_to_do: str = "", stored: str = ""
) -> ResponseReturnValue:
    """Answer with an error's page, or its sentence; with `stored`, a script is told whether what it sent is."""
    with contextlib.suppress(SQLAlchemyError):  # a lost connection has nothing left to undo
        db.session.rollback()  # nothing half-done survives a refusal, not even a guest's row
    g.pop("reader", None)
    if status >= 500:  # noqa: PLR2004
        g.reader = None  # the page has to come even when the database does not
    known = status if status in TITLES else 400 if status < 500 else 500  # noqa: PLR2004
    headers = {"Retry-After": str(retry_after)} if retry_after else {}
    to_do = what_to_do or WHAT_TO_DO[known]
    sign_in = _sign_in() if status == 403 and not is_signed_in() else ""  # noqa: PLR2004
    if stays_open():
        said = {"said": message or f"{TITLES[known]}. {to_do}", "sign_in": sign_in, "stored": stored}
        return jsonify({name: text for name, text in said.items() if text}), status, headers
    kept = [text for field in KEPT_FIELDS if (text := _sent(field))]
    told = {"status": status, "title": TITLES[known], "what_to_do": to_do, "message": message, "sign_in": sign_in}
    told["back"] = way_back() if status in GO_BACK else ""
    return render_template("errors/show.html", kept=kept, **told), status, headers


def _sign_in() -> str:
    """Return where to sign in, to come back afterwards to the page the request came from."""
    page = parts_of(request.referrer or "")
    back = own_path(f"{page.path}?{page.query}".rstrip("?")) if page.netloc == request.host else ""
    return url_for("accounts.sign_in", next=page_at(back) if back else None)


def _sent(field: str) -> str:
    if request.method != "POST" or (request.content_length or 0) > current_app.config["MAX_CONTENT_LENGTH"]:
        return ""
    return request.form.get(field, "").strip()
