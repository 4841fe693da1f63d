"""The leaderboard, the league, and their files."""

from __future__ import annotations

from flask import Blueprint, render_template
from flask.typing import ResponseReturnValue

from blueprints.records import downloads
from blueprints.records.pages import board_page
from blueprints.support import head
from blueprints.support.caching import page_for_all, shared
from blueprints.support.readers import current_reader
from blueprints.support.replica import may_lag
from blueprints.support.site import utc_now
from domain import disclosure, league, predictions

bp = Blueprint("records", __name__)


@bp.get("/leaderboard")
@shared("section", "period")
@may_lag
def leaderboard() -> ResponseReturnValue:
    """Show which accounts forecast best."""
    page = board_page()
    return page_for_all(
        page.version, lambda: render_template("records/leaderboard.html", page=page, head=head.of_leaderboard())
    )


@bp.get("/league")
@shared()
@may_lag
def methods() -> ResponseReturnValue:
    """Show which way of combining forecasts came nearest."""
    table = league.table(now=utc_now())
    return page_for_all(table, lambda: render_template("records/methods.html", league=table, head=head.of_league()))


@bp.get("/league.csv")
@may_lag
def methods_file() -> ResponseReturnValue:
    """Hand out what the league's averages are of."""
    return downloads.methods(now=utc_now())


@bp.get("/predictions/<int:prediction_id>/forecasts.csv")
@may_lag
def forecasts_file(prediction_id: int) -> ResponseReturnValue:
    """Hand out every forecast of a question that is final."""
    prediction = predictions.shown_to(current_reader(), prediction_id)
    disclosure.check(prediction)
    return downloads.forecasts(prediction)


@bp.get("/predictions/<int:prediction_id>/scores.csv")
@may_lag
def scores_file(prediction_id: int) -> ResponseReturnValue:
    """Hand out every score of a question that is final."""
    prediction = predictions.shown_to(current_reader(), prediction_id)
    disclosure.check(prediction, is_scored=True)
    return downloads.scores(prediction, now=utc_now())
