"""The queue of appeals, one of them, and the decision."""

from __future__ import annotations

from flask import Blueprint, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from blueprints.appeals.forms import DecisionForm
from blueprints.support import guards
from blueprints.support.errors import STATUS, explained
from blueprints.support.limits import WRITES
from blueprints.support.pagination import cursor
from blueprints.support.readers import participant
from blueprints.support.site import utc_now
from domain import appeals, conduct, explanations
from domain.errors import Conflict, Forbidden
from extensions import db, limiter
from jobs.moderating import tell_soon
from models import Appeal, Reader

bp = Blueprint("appeals", __name__, url_prefix="/moderation/appeals")
bp.before_request(guards.require_moderator)
bp.add_app_template_global(appeals.until, "appeal_until")


@bp.get("/")
def index() -> ResponseReturnValue:
    """Show the appeals that wait, the oldest first."""
    after, by = cursor("after"), participant()
    page = appeals.waiting(after=after)
    whys = {appeal.id: _why_not(appeal, by) for appeal in page.rows}
    return render_template("appeals/index.html", page=page, whys=whys, is_later=after is not None)


@bp.get("/<int:appeal_id>")
def show(appeal_id: int) -> ResponseReturnValue:
    """Show an appeal, with what it is about and how it came."""
    return _page(appeals.one(appeal_id), DecisionForm())


@bp.post("/<int:appeal_id>/decision")
@limiter.limit(WRITES)
def decide(appeal_id: int) -> ResponseReturnValue:
    """Give back what was restricted, or say why it stays so."""
    form, by, now = DecisionForm(), participant(), utc_now()
    if not form.validate_on_submit():
        return _page(appeals.one(appeal_id), form), 422
    answer = form.argument.data or ""
    try:
        if form.is_granted:
            appeals.grant(appeal_id, by=by, now=now, answer=answer)
        else:
            appeals.refuse(appeal_id, answer, by=by, now=now)
    except (Conflict, Forbidden) as refusal:
        db.session.rollback()  # nothing half-done survives a refusal
        return _page(appeals.one(appeal_id), form, explained(refusal)), STATUS[type(refusal)]
    db.session.commit()
    tell_soon()
    flash(
        gettext("Everything is given back.") if form.is_granted else gettext("It stays as it is. The author is told why."),
        "done",
    )
    return redirect(url_for(".index"), 303)


def _page(appeal: Appeal, form: DecisionForm, message: str = "") -> str:
    statement = appeal.statement
    return render_template(
        "appeals/show.html",
        appeal=appeal,
        told=explanations.explained(statement),
        tally=conduct.tally_of(statement.reader),
        form=form,
        message=message,
        why_not=_why_not(appeal, participant()),
    )


def _why_not(appeal: Appeal, by: Reader) -> str:
    """Return why this moderator cannot decide, in words; nothing where they can."""
    refusal = appeals.refusal_of(appeal, by)
    return explained(refusal) if refusal is not None else ""
