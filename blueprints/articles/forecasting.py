"""Moving the chances of a forecast without JavaScript, and the page of one's own forecasts."""

from __future__ import annotations

from dataclasses import replace

from flask import abort, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from blueprints.articles.pages import article_page
from blueprints.articles.reading import reading_of
from blueprints.articles.routes import bp, rendered
from blueprints.support.limits import WRITES
from blueprints.support.pagination import cursor
from blueprints.support.readers import current_reader
from blueprints.support.site import utc_now
from domain import articles, ownforecasts
from domain.chances import PRESS
from domain.errors import N_, Closed
from extensions import limiter
from models import Article, Outcome

WAYS = {"plus": PRESS, "minus": -PRESS}


@bp.post("/articles/<slug>/chances")
@limiter.limit(WRITES)
def move_chances(slug: str) -> ResponseReturnValue:
    """Show the card with one outcome's chance raised or lowered, and everything else as it was typed. Saves nothing."""
    reader, now = current_reader(), utc_now()
    article = articles.shown_to(reader, slug)
    way, _, outcome_id = request.form.get("step", "").partition("-")
    outcome = _outcome(article, outcome_id)
    if way not in WAYS or outcome is None:
        abort(400)
    if not outcome.prediction.is_open(now):
        raise Closed(N_("Predicting is over, so your prediction was not counted."))
    page = replace(article_page(article, reader, now), pressed=f"{way}-{outcome.id}")
    page.form.move(outcome, WAYS[way])
    return rendered(page, reading_of(page))


@bp.get("/articles/<slug>/forecasts")
def forecasts(slug: str) -> ResponseReturnValue:
    """Show a reader everything they predicted of the article's question, to them alone."""
    reader = current_reader()
    article = articles.shown_to(reader, slug)
    if reader is None:
        return redirect(url_for("accounts.sign_in", next=url_for(".forecasts", slug=slug)))
    before = cursor("before")
    history = ownforecasts.history_of(article.prediction, reader, before=before, most=ownforecasts.A_PAGE)
    return render_template("articles/forecasts.html", article=article, history=history, is_later_page=before is not None)


def _outcome(article: Article, outcome_id: str) -> Outcome | None:
    outcomes = article.prediction.outcomes if article.prediction else []
    return next((outcome for outcome in outcomes if str(outcome.id) == outcome_id), None)
