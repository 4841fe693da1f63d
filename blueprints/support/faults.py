"""When the database is away, full, locked or lost: nothing is said to be stored that is not, and what was typed is kept.

A request that lost a race to a deadlock, or its connection before anything was being stored, is done once more; so is one whose
connection knows the tables as they were before a migration. For all others the answer is a 503: that nothing was stored, or that
nobody can know because the connection was lost while it was being stored.
"""

from __future__ import annotations

import contextlib

from flask import Flask, current_app, g, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext
from sqlalchemy.exc import (
    DataError,
    DBAPIError,
    IntegrityError,
    NotSupportedError,
    ProgrammingError,
    SQLAlchemyError,
)
from sqlalchemy.exc import TimeoutError as NoneFree

from blueprints.support.errors import page_of
from blueprints.support.security import SAFE_METHODS
from connections import Fate, NoTurn, fate
from extensions import db, login_manager
from observing.faults import described
from observing.logs import log

RETRY_AFTER = 5  # seconds: a database that is restarted is back by then
OUR_OWN = (IntegrityError, ProgrammingError, DataError, NotSupportedError)  # mistakes of the code: trying again changes nothing
DEADLOCKS = {"40001", "40P01"}  # PostgreSQL's: of several that waited for one another, this one had to give way
CUT_OFF = ("08", "57P")  # PostgreSQL's: the connection is lost, or the server ends it


def bind(app: Flask) -> None:
    """Answer what the database cannot do."""
    app.before_request(_begin)
    for kind in (DBAPIError, NoneFree, NoTurn):
        app.register_error_handler(kind, _failed)


def _begin() -> None:
    fate.set(Fate())


def _failed(error: Exception) -> ResponseReturnValue:
    is_of_this_try = _is_of_this_try(error)
    if isinstance(error, OUR_OWN) and not is_of_this_try:
        raise error
    stored = _stored(error)
    if stored in {"no", ""} and is_of_this_try and "tried_again" not in g:
        return _again()
    log.error("fault", stored=stored, **described(error))
    g._login_user = login_manager.anonymous_user()  # noqa: SLF001 - whoever is signed in cannot be looked up
    to_do = {
        "yes": gettext("Load the page again to see how things stand."),
        "unknown": gettext("Wait a moment, then look whether it is there. If it is not, send it again."),
        "no": gettext("Wait a moment, then send it again."),
        "": gettext("Wait a moment, then load the page again."),
    }
    return page_of(503, _said(stored), RETRY_AFTER, what_to_do=to_do[stored], stored=stored)


def _is_of_this_try(error: Exception) -> bool:
    """Whether the same again may well succeed: what stood in the way of a deadlock is gone, and a connection lost is replaced."""
    return _state(error) in DEADLOCKS or (isinstance(error, DBAPIError) and error.connection_invalidated)


def _said(stored: str) -> str:
    said = {
        "yes": gettext("What you sent is stored. Only what follows it did not work."),
        "unknown": gettext(
            "The connection to our database was lost while what you sent was being stored, so we do not know whether it was."
        ),
        "no": gettext("Our database could not take it, so nothing of what you sent was stored."),
    }
    return said.get(stored, "")


def _stored(error: Exception) -> str:
    """Return whether what was sent is stored: yes, no, unknown; nothing where nothing was sent."""
    if request.method in SAFE_METHODS:
        return ""
    known = fate.get() or Fate()
    if known.is_being_stored and _is_cut_off(error):
        return "unknown"
    return "yes" if known.is_stored else "no"


def _is_cut_off(error: Exception) -> bool:
    """Whether the database did not say itself that it stored nothing. SQLite always does: it is in our own process."""
    if not isinstance(error, DBAPIError) or db.engine.dialect.name == "sqlite":
        return False
    state = _state(error)
    return not state or state.startswith(CUT_OFF)


def _state(error: Exception) -> str:
    return getattr(getattr(error, "orig", None), "sqlstate", None) or ""


def _again() -> ResponseReturnValue:
    """Do the request once more, from nothing: its transaction is undone."""
    g.tried_again = True
    with contextlib.suppress(SQLAlchemyError):
        db.session.rollback()
    g.pop("reader", None)
    try:
        return current_app.dispatch_request()
    except Exception as error:  # noqa: BLE001 - whatever it is, it is answered as it would have been the first time
        return current_app.handle_user_exception(error)
