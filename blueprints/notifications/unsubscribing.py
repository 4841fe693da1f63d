"""The link in every mail that brings news: one click ends such mail, without signing in."""

from __future__ import annotations

from flask import render_template
from flask.typing import ResponseReturnValue

from blueprints.notifications.area import bp
from blueprints.support.limits import WRITES
from blueprints.support.site import config, utc_now
from domain import mailing
from domain.errors import N_, Missing
from extensions import db, limiter
from models import MailPace, Reader


@bp.get("/unsubscribe/<token>")
def unsubscribing(token: str) -> ResponseReturnValue:
    """Show the button that ends mail. Programs that follow every link in a mail end nothing."""
    return render_template("notifications/unsubscribe.html", reader=_owner(token), token=token, happened="")


@bp.post("/unsubscribe/<token>")
def unsubscribe(token: str) -> ResponseReturnValue:
    """End mail at once. Mail programs send this as well (RFC 8058), so it answers itself instead of leading on.

    There is no limit: a mail provider sends it for all its readers from the same few addresses.
    """
    return _changed(token, MailPace.NEVER, "ended")


@bp.post("/unsubscribe/<token>/undoing")
@limiter.limit(WRITES)
def resubscribe(token: str) -> ResponseReturnValue:
    """Begin again with mail, once a day."""
    return _changed(token, MailPace.DAILY, "resumed")


def _changed(token: str, pace: MailPace, happened: str) -> ResponseReturnValue:
    reader = _owner(token)
    is_so = (reader.mail_pace is MailPace.NEVER) == (pace is MailPace.NEVER)
    if not is_so:
        mailing.set_pace(reader, pace, now=utc_now())
        db.session.commit()
    return render_template("notifications/unsubscribe.html", reader=reader, token=token, happened="" if is_so else happened)


def _owner(token: str) -> Reader:
    reader = mailing.reader_with(token, secret=config().secret_key)
    if reader is None:
        raise Missing(
            N_("This link is not one of ours. A part of it may have been cut off: copy the whole link out of the mail.")
        )
    return reader
