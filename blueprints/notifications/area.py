"""The blueprint to which the modules beside it add their routes."""

from __future__ import annotations

from flask import Blueprint

from blueprints.support.readers import current_reader
from domain.errors import N_, NotSignedIn
from models import Reader

bp = Blueprint("notifications", __name__)


def reader_here() -> Reader:
    """Return who acts, guest or account. Raises `NotSignedIn` where nobody is known."""
    reader = current_reader()
    if reader is None:
        raise NotSignedIn(N_("You are not signed in, or no longer, so nothing was done. Sign in, then send it again."))
    return reader
