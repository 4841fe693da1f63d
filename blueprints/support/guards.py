"""Guards of whole areas: who may not enter is told that there is nothing."""

from __future__ import annotations

from flask import redirect, request, url_for
from flask.typing import ResponseReturnValue

from blueprints.support.readers import current_reader, is_signed_in
from blueprints.support.security import SAFE_METHODS
from domain.errors import N_, Missing, NotSignedIn
from domain.permissions import can_edit, can_moderate


def require_moderator() -> ResponseReturnValue | None:
    """Let moderators in; send those not signed in to do so; tell others that there is no such page."""
    return _enter(allowed=can_moderate(current_reader()))


def require_editor() -> ResponseReturnValue | None:
    """Let editors in; send those not signed in to do so; tell others that there is no such page."""
    return _enter(allowed=can_edit(current_reader()))


def require_account() -> ResponseReturnValue | None:
    """Let accounts in; send others to sign in."""
    return _enter(allowed=is_signed_in())


def _enter(*, allowed: bool) -> ResponseReturnValue | None:
    if allowed:
        return None
    if not is_signed_in() and request.method not in SAFE_METHODS:
        raise NotSignedIn(N_("You are not signed in, or no longer, so nothing was done. Sign in, then send it again."))
    if not is_signed_in():
        return redirect(url_for("accounts.sign_in", next=request.full_path.rstrip("?")))
    raise Missing(N_("There is no such page."))
