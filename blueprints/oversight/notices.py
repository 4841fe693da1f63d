"""Legal notices as moderators see them: which wait until when, and deciding one."""

from __future__ import annotations

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from blueprints.oversight.area import DECISIONS, bp
from blueprints.oversight.forms import RulingForm
from blueprints.support import legal_mails
from blueprints.support.errors import STATUS, explained
from blueprints.support.pagination import cursor
from blueprints.support.readers import participant
from blueprints.support.site import utc_now
from domain import legalnotices
from domain.errors import Conflict, DomainError, Forbidden, Invalid
from extensions import db, limiter
from models import LegalNotice


@bp.get("/legal-notices")
def legal_notices() -> ResponseReturnValue:
    """Show what waits, the most urgent first."""
    page = legalnotices.waiting(after=cursor("after"))
    return render_template("oversight/notices.html", page=page, now=utc_now(), is_waiting=True)


@bp.get("/legal-notices/decided")
def decided_notices() -> ResponseReturnValue:
    """Show what was decided, the newest first."""
    page = legalnotices.decided(before=cursor("after"))
    return render_template("oversight/notices.html", page=page, now=utc_now(), is_waiting=False)


@bp.get("/legal-notices/<int:notice_id>")
def legal_notice(notice_id: int) -> ResponseReturnValue:
    """Show a notice beside what it is about."""
    notice = legalnotices.by_id(notice_id)
    return _shown(notice, _form(notice))


@bp.post("/legal-notices/<int:notice_id>/decision")
@limiter.limit(DECISIONS)
def decide_notice(notice_id: int) -> ResponseReturnValue:
    """Decide a notice, do what follows, and write to whoever sent it."""
    notice = legalnotices.by_id(notice_id)
    form = _form(notice)
    if not form.validate_on_submit():
        return _shown(notice, form, status=422)
    now = utc_now()
    try:
        notice = legalnotices.decide(notice_id, form.decided, by=participant(), now=now)
    except (Conflict, Forbidden, Invalid) as refusal:
        db.session.rollback()  # nothing half-done survives a refusal
        return _refused(notice_id, form, refusal)
    legal_mails.answer(notice, now=now)
    db.session.commit()
    flash(gettext("Decided. Whoever sent the notice gets a mail."), "done")
    return redirect(url_for(".legal_notices"), 303)


def _form(notice: LegalNotice) -> RulingForm:
    comment = notice.comment
    can_restrict = comment is not None and comment.state in legalnotices.RESTRICTABLE
    return RulingForm(can_restrict=can_restrict, version=comment.version if comment else 0)


def _refused(notice_id: int, form: RulingForm, refusal: DomainError) -> ResponseReturnValue:
    notice = legalnotices.by_id(notice_id)
    form.version.data = notice.comment.version if notice.comment else 0  # the page now shows how it stands
    return _shown(notice, form, message=explained(refusal), status=STATUS[type(refusal)])


def _shown(notice: LegalNotice, form: RulingForm, *, message: str = "", status: int = 200) -> ResponseReturnValue:
    return render_template("oversight/notice.html", notice=notice, form=form, message=message, now=utc_now()), status
