"""A reader's own page, and the one the public sees."""

from __future__ import annotations

from flask import redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from blueprints.accounts.area import bp
from blueprints.accounts.pages import profile_page
from blueprints.support import head
from blueprints.support.caching import shared
from blueprints.support.pagination import cursor
from blueprints.support.readers import current_reader
from blueprints.support.track_record import RecordView
from domain import following, profiles, readers, records


@bp.get("/me")
def profile() -> ResponseReturnValue:
    """Show a reader, guest or account, what they have done here and what became of it."""
    reader = current_reader()
    if reader is None:
        return redirect(url_for(".sign_in", next=url_for(".profile")))
    return render_template("accounts/profile.html", page=profile_page(reader, cursor("before")))


@bp.get("/readers/<public_id>")
@shared("before")
def show(public_id: str) -> ResponseReturnValue:
    """Show what the public can read of a reader: their name, their comments and an account's track record, never a vote."""
    author, viewer = readers.shown_as(public_id), current_reader()
    before = cursor("before")
    return render_template(
        "accounts/show.html",
        author=author,
        comments=profiles.public_comments(author, before=before),
        view=RecordView(records.record_of(author)) if before is None and not author.is_guest else None,
        is_later_page=before is not None,
        is_self=viewer is not None and viewer.id == author.id,
        is_followed=author in following.followed_among(viewer, [author]),
        is_muted=following.has_muted(viewer, author),
        head=head.of_reader(author),
    )
