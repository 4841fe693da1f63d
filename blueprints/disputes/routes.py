"""Reading what was said of how a prediction ended, and disputing it."""

from __future__ import annotations

from flask import Blueprint, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from blueprints.disputes.forms import DisputeForm
from blueprints.disputes.pages import disputes_page
from blueprints.support.caching import page_for_all, shared
from blueprints.support.limits import WRITES
from blueprints.support.readers import current_reader, participant, takes_part
from blueprints.support.site import utc_now
from domain import disputes, predictions
from extensions import db, limiter

bp = Blueprint("disputes", __name__)


@bp.get("/predictions/<int:prediction_id>/disputes")
@shared()
def index(prediction_id: int) -> ResponseReturnValue:
    """Show everything that was said, what readers dispute of it, and a form to do so."""
    reader = current_reader()
    page = disputes_page(predictions.shown_to(reader, prediction_id), DisputeForm(), reader, utc_now())
    return page_for_all(page.version, lambda: render_template("disputes/index.html", page=page))


@bp.post("/predictions/<int:prediction_id>/disputes")
@limiter.limit(WRITES)
@takes_part
def dispute(prediction_id: int) -> ResponseReturnValue:
    """Dispute what is said."""
    reader, now = participant(), utc_now()
    prediction = predictions.shown_to(reader, prediction_id)
    form = DisputeForm()
    if not form.validate_on_submit():
        return render_template("disputes/index.html", page=disputes_page(prediction, form, reader, now)), 422
    disputes.dispute(prediction, form.objection, by=reader, now=now, expected=form.number)
    db.session.commit()
    flash(gettext("Thank you. An editor who did not say it will look at what you wrote, and decide."), "done")
    return redirect(url_for(".index", prediction_id=prediction_id), 303)
