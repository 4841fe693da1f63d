"""Following and muting, and the lists of what one follows and whom one has muted."""

from __future__ import annotations

from flask import Blueprint, flash, jsonify, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from blueprints.following.targets import found, said
from blueprints.support.limits import WRITES
from blueprints.support.pagination import cursor
from blueprints.support.paths import own_path
from blueprints.support.readers import current_reader, participant, takes_part
from blueprints.support.site import utc_now
from domain import following, readers
from extensions import db, limiter

bp = Blueprint("following", __name__)


@bp.get("/me/following")
def index() -> ResponseReturnValue:
    """Show a reader, guest or account, what they follow and whom they have muted."""
    reader = current_reader()
    if reader is None:
        return redirect(url_for("accounts.sign_in", next=url_for(".index")))
    follows = following.follows_of(reader, before=cursor("before"))
    mutes = following.mutes_of(reader, before=cursor("muted_before"))
    return render_template("following/index.html", follows=follows, mutes=mutes)


@bp.post("/follows/<topic>/<key>")
@limiter.limit(WRITES)
@takes_part
def follow(topic: str, key: str) -> ResponseReturnValue:
    """Follow one thing."""
    is_new = following.follow(found(topic, key), by=participant(), now=utc_now())
    db.session.commit()
    return _button(topic, key, said(is_followed=True, is_new=is_new), is_followed=True)


@bp.post("/follows/<topic>/<key>/end")
@limiter.limit(WRITES)
def unfollow(topic: str, key: str) -> ResponseReturnValue:
    """Stop following one thing."""
    target, reader = found(topic, key), current_reader()
    is_new = reader is not None and following.unfollow(target, by=reader)
    db.session.commit()
    return _button(topic, key, said(is_followed=False, is_new=is_new), is_followed=False)


@bp.post("/me/following/<int:follow_id>/end")
@limiter.limit(WRITES)
def end(follow_id: int) -> ResponseReturnValue:
    """Stop following what is on one's list, even where it can no longer be seen."""
    reader = current_reader()
    is_new = reader is not None and following.end(follow_id, by=reader)
    db.session.commit()
    flash(said(is_followed=False, is_new=is_new), "done")
    return redirect(url_for(".index"), 303)


@bp.post("/mutes/<public_id>")
@limiter.limit(WRITES)
@takes_part
def mute(public_id: str) -> ResponseReturnValue:
    """Mute a reader."""
    is_new = following.mute(readers.shown_as(public_id), by=participant(), now=utc_now())
    db.session.commit()
    return _back(gettext("You will read no more of this reader.") if is_new else gettext("You have muted this reader already."))


@bp.post("/mutes/<public_id>/end")
@limiter.limit(WRITES)
def unmute(public_id: str) -> ResponseReturnValue:
    """Unmute a reader."""
    reader = current_reader()
    is_new = reader is not None and following.unmute(public_id, by=reader)
    db.session.commit()
    return _back(gettext("You read this reader again.") if is_new else gettext("You had not muted this reader."))


def _button(topic: str, key: str, message: str, *, is_followed: bool) -> ResponseReturnValue:
    """Answer a script with the button as it is now, and a form with the page it stands on."""
    if request.accept_mimetypes.best != "application/json":
        return _back(message)
    back = own_path(request.form.get("next"))
    html = render_template("following/_follow.html", topic=topic, key=key, is_followed=is_followed, back=back)
    return jsonify(html=html, said=message)


def _back(message: str) -> ResponseReturnValue:
    flash(message, "done")
    return redirect(own_path(request.form.get("next")) or url_for(".index"), 303)
