"""A reader's own page, and the one the public sees."""

from __future__ import annotations

from flask import redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from blueprints.accounts.area import bp
from blueprints.accounts.pages import profile_page
from blueprints.support import head
from blueprints.support.pagination import cursor
from blueprints.support.readers import current_reader
from domain import profiles, readers


@bp.get("/me")
def profile() -> ResponseReturnValue:
    """Show a reader, guest or account, what they have done here and what became of it."""
    reader = current_reader()
    if reader is None:
        return redirect(url_for(".sign_in", next=url_for(".profile")))
    return render_template("accounts/profile.html", page=profile_page(reader, cursor("before")))


@bp.get("/readers/<public_id>")
def show(public_id: str) -> ResponseReturnValue:
    """Show what the public can read of a reader: their name and their comments, never their votes."""
    reader = readers.shown_as(public_id)
    before = cursor("before")
    comments = profiles.public_comments(reader, before=before)
    return render_template(
        "accounts/show.html", author=reader, comments=comments, is_later_page=before is not None, head=head.of_reader(reader)
    )
