"""Every refusal and fault as a page that says what happened, what was kept and what to do."""

from __future__ import annotations

import secrets

from flask import Flask, current_app, g, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext, lazy_gettext
from werkzeug.exceptions import HTTPException, InternalServerError

from domain.errors import Closed, Conflict, DomainError, Forbidden, Invalid, Missing, NotSignedIn, TooSoon
from extensions import db

STATUS = {Missing: 404, NotSignedIn: 403, Forbidden: 403, Closed: 409, Conflict: 409, TooSoon: 429, Invalid: 422}
KEPT_FIELDS = ("reason", "body", "note", "evidence", "criteria")  # what a reader may have written at length

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
}


def bind(app: Flask) -> None:
    """Answer every refusal of a rule and every HTTP error with a page."""
    app.register_error_handler(DomainError, _refused)
    app.register_error_handler(HTTPException, _failed)


def explained(error: DomainError) -> str:
    """Return a rule's message in the reader's language."""
    return gettext(error.message, **error.values)


def _refused(error: DomainError) -> ResponseReturnValue:
    status = next(status for kind, status in STATUS.items() if isinstance(error, kind))
    return _page(status, explained(error))


def _failed(error: HTTPException) -> ResponseReturnValue:
    status = error.code or 500
    if status < 400:  # noqa: PLR2004 - a redirect raised by the router is no error
        return error
    if not isinstance(error, InternalServerError):
        return _page(status, _foreign() if error.description == "foreign" else "", getattr(error, "retry_after", None))
    number = secrets.token_hex(4)
    current_app.logger.error("error %s at %s", number, request.path)
    return _page(500, gettext("If you write to us, mention the number %(number)s.", number=number))


def _foreign() -> str:
    return gettext("The request did not come from a page of this site, so nothing was done.")


def _page(status: int, message: str, retry_after: object = None) -> ResponseReturnValue:
    db.session.rollback()  # nothing half-done survives a refusal, not even a guest's row
    g.pop("reader", None)
    if status >= 500:  # noqa: PLR2004
        g.reader = None  # the page has to come even when the database does not
    known = status if status in TITLES else 400 if status < 500 else 500  # noqa: PLR2004
    kept = [text for field in KEPT_FIELDS if (text := _sent(field))]
    page = render_template(
        "errors/show.html", status=status, title=TITLES[known], what_to_do=WHAT_TO_DO[known], message=message, kept=kept
    )
    headers = {"Retry-After": str(retry_after)} if retry_after else {}
    return page, status, headers


def _sent(field: str) -> str:
    if request.method != "POST" or (request.content_length or 0) > current_app.config["MAX_CONTENT_LENGTH"]:
        return ""
    return request.form.get(field, "").strip()
