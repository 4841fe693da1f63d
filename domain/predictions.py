"""Forecasts: making one, changing it, ending it."""

from __future__ import annotations

import math
from collections.abc import Mapping
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import selectinload

from domain import crowd, happenings
from domain.errors import N_, Closed, Invalid, Missing
from domain.permissions import can_see_article
from extensions import db
from models import Article, Forecast, ForecastProbability, Outcome, Prediction, Reader

SUM_TOLERANCE = 1e-9  # probabilities arrive as hundredths; anything further from 1 was typed wrong


def shown_to(reader: Reader | None, prediction_id: int) -> Prediction:
    """Return a prediction the reader may see; raise `Missing` for any other, whether or not it exists."""
    prediction = db.session.get(Prediction, prediction_id)
    if prediction is None or not can_see_article(reader, prediction.article):
        raise Missing(N_("There is no such prediction."))
    return prediction


def forecast_of(prediction: Prediction | None, reader: Reader) -> Forecast | None:
    """Return the reader's current forecast, as the database has it now."""
    if prediction is None:
        return None
    mine = (Forecast.prediction_id == prediction.id) & (Forecast.reader_id == reader.id) & Forecast.superseded_at.is_(None)
    return db.session.scalar(select(Forecast).where(mine).execution_options(populate_existing=True))


def forecast(
    prediction: Prediction,
    made: tuple[Outcome, Mapping[int, float] | None],
    held: Forecast | None,
    *,
    by: Reader,
    now: datetime,
) -> Forecast:
    """Add the reader's forecast beside the one they hold: the picked outcome and, by outcome id, the chance of each.

    The same again adds nothing.

    Call inside `participation.counted`. Raises `Closed` outside the prediction's time, `Invalid` for another prediction's
    outcome or for chances that are not a distribution over all outcomes.
    """
    outcome, probabilities = made
    if prediction.article.forbids_prediction:
        raise Closed(N_("For legal reasons nobody may predict how this ends, so your prediction was not counted."))
    if not prediction.is_open(now):
        raise Closed(N_("Predicting is over, so your prediction was not counted."))
    if outcome.prediction_id != prediction.id:
        raise Invalid(N_("That outcome is not part of this question."))
    if probabilities is not None:
        _check_distribution(prediction, probabilities)
    if held is not None:
        if held.outcome_id == outcome.id and _distribution(held) == probabilities:
            return held
        now = held.superseded_at = _after(held, now)
        db.session.flush()
    row = Forecast(prediction_id=prediction.id, reader_id=by.id, outcome_id=outcome.id, tier=by.tier, made_at=now)
    row.gives_chances = bool(probabilities)
    row.probabilities = [
        ForecastProbability(outcome_id=outcome_id, prediction_id=prediction.id, probability=probability)
        for outcome_id, probability in (probabilities or {}).items()
    ]
    db.session.add(row)
    happenings.note("accepted", "forecast")
    return row


def withdraw(prediction: Prediction, held: Forecast | None, *, now: datetime) -> None:
    """End a forecast without another; where there is none, nothing happens.

    Call inside `participation.counted`. Raises `Closed` outside the prediction's time.
    """
    if not prediction.is_open(now):
        raise Closed(N_("Predicting is over, so your prediction stands as it is."))
    if held is not None:
        held.superseded_at = _after(held, now)


def history_of(prediction: Prediction | None, reader: Reader | None) -> list[Forecast]:
    """Return every forecast the reader made, the oldest first."""
    if prediction is None or reader is None:
        return []
    mine = (Forecast.prediction_id == prediction.id) & (Forecast.reader_id == reader.id)
    found = select(Forecast).where(mine).options(selectinload(Forecast.probabilities)).order_by(Forecast.made_at, Forecast.id)
    return list(db.session.scalars(found))


def chances_now(prediction: Prediction, row: Forecast) -> dict[int, float]:
    """Return the chances a forecast gives today, by outcome id: an outcome added later has its part of what it was split
    from. Empty for a forecast that gave none."""
    given = {item.outcome_id: item.probability for item in row.probabilities}
    if not given:
        return {}
    places = [(outcome.id, outcome.split_from_id) for outcome in sorted(prediction.outcomes, key=lambda one: one.id)]
    ids = (outcome_id for outcome_id, _ in places)
    return dict(zip(ids, crowd.completed(given, places), strict=True))


def spread(prediction: Prediction, outcome: Outcome, confidence: float) -> dict[int, float]:
    """Return the distribution of a reader who is `confidence` (0 to 1) sure of one outcome: the rest is shared evenly."""
    others = [other for other in prediction.outcomes if other.id != outcome.id]
    rest = (1 - confidence) / len(others)
    return {outcome.id: confidence, **{other.id: rest for other in others}}


def close_due(now: datetime) -> int:
    """Record the closing of every prediction whose time is over and return how many there were."""
    due = (Prediction.opened_at.is_not(None)) & (Prediction.closed_at.is_(None)) & (Prediction.closes_at <= now)
    rows = db.session.scalars(select(Prediction).where(due).with_for_update(skip_locked=True, key_share=True)).all()
    for prediction in rows:
        prediction.closed_at = prediction.closes_at
        prediction.article.version = Article.version + 1
    db.session.flush()
    return len(rows)


def _after(held: Forecast, now: datetime) -> datetime:
    """Return when a forecast ends: never before it was made, though of two acts sent at once the later may have its turn first."""
    return max(now, held.made_at)


def _check_distribution(prediction: Prediction, probabilities: Mapping[int, float]) -> None:
    if set(probabilities) != {outcome.id for outcome in prediction.outcomes}:
        raise Invalid(N_("Give every outcome a chance, and only those listed."))
    if not all(math.isfinite(value) and 0 <= value <= 1 for value in probabilities.values()):
        raise Invalid(N_("A chance is a number from 0 to 100 percent."))
    if abs(math.fsum(probabilities.values()) - 1) > SUM_TOLERANCE:
        raise Invalid(N_("The chances must add up to 100 percent."))


def _distribution(row: Forecast) -> dict[int, float] | None:
    return {item.outcome_id: item.probability for item in row.probabilities} or None
