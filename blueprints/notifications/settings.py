"""How soon a reader's news is mailed, and which browsers show it."""

from __future__ import annotations

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext, lazy_gettext
from wtforms import RadioField
from wtforms.validators import InputRequired

from blueprints.notifications.area import bp, reader_here
from blueprints.support.forms import BaseForm, SelectChoice
from blueprints.support.limits import WRITES
from blueprints.support.readers import current_reader
from blueprints.support.site import config, utc_now
from domain import mailing, pushing
from extensions import db, limiter
from jobs.pusher import public_key
from models import MailPace, Reader

PACES = {
    MailPace.INSTANT: lazy_gettext("At once, a mail for each"),
    MailPace.HOURLY: lazy_gettext("Every hour, in one mail"),
    MailPace.DAILY: lazy_gettext("Every day, in one mail"),
    MailPace.NEVER: lazy_gettext("Never"),
}


class PaceForm(BaseForm):
    """How soon news is mailed."""

    pace = RadioField(
        lazy_gettext("How soon should we mail you what is new?"),
        choices=[SelectChoice(pace.value, label) for pace, label in PACES.items()],
        validators=[InputRequired(lazy_gettext("Choose how soon."))],
    )


@bp.get("/me/notifications/settings")
def settings() -> ResponseReturnValue:
    """Show a reader how they hear what is new."""
    reader = current_reader()
    if reader is None:
        return redirect(url_for("accounts.sign_in", next=url_for(".settings")))
    return _page(reader, PaceForm(data={"pace": reader.mail_pace.value}))


@bp.post("/me/mail-pace")
@limiter.limit(WRITES)
def set_pace() -> ResponseReturnValue:
    """Change how soon news is mailed."""
    reader, form = reader_here(), PaceForm()
    if not form.validate_on_submit():
        return _page(reader, form), 422
    mailing.set_pace(reader, MailPace(form.pace.data), now=utc_now())
    db.session.commit()
    flash(gettext("Changed."), "done")
    return redirect(url_for(".settings"), 303)


def _page(reader: Reader, form: PaceForm) -> str:
    pushes = bool(config().vapid_key and config().push_services)
    push_key = public_key(config().vapid_key) if pushes else ""
    push = {"push_key": push_key, "push_browsers": pushing.browsers_of(reader) if pushes else []}
    return render_template("notifications/settings.html", reader=reader, form=form, **push)
