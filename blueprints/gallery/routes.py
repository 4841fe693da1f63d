"""The gallery, and the error pages that nobody can ask for."""

from __future__ import annotations

from flask import Blueprint, abort, render_template, url_for
from flask.typing import ResponseReturnValue

from blueprints.gallery import (
    card_samples,
    chart_samples,
    ending_samples,
    oversight_samples,
    policy_samples,
    promise_samples,
    samples,
    staff_samples,
)
from blueprints.gallery.forms import sample_forms
from blueprints.support.errors import TITLES, WHAT_TO_DO

bp = Blueprint("gallery", __name__)


@bp.get("/gallery")
def show() -> ResponseReturnValue:
    """Show each macro in each of its states."""
    empty, filled, wrong = sample_forms()
    forms = {"empty": empty, "filled": filled, "wrong": wrong}
    return render_template(
        "gallery/show.html",
        samples=samples,
        card=card_samples,
        promised=promise_samples,
        staff=staff_samples,
        policy=policy_samples,
        oversight=oversight_samples,
        ended=ending_samples,
        charts=chart_samples,
        statuses=TITLES,
        page=samples.PAGE,
        **forms,
    )


@bp.get("/gallery/errors/<int:status>")
def error(status: int) -> ResponseReturnValue:
    """Show an error page with all that one can hold."""
    if status not in TITLES:
        abort(404)
    return render_template(
        "errors/show.html",
        status=status,
        title=TITLES[status],
        what_to_do=WHAT_TO_DO[status],
        message=samples.REFUSAL,
        kept=[samples.LONG_TEXT],
        sign_in=url_for("accounts.sign_in"),
        back=url_for("articles.home"),
    )
