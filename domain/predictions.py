"""Forecasts and their resolution."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from urllib.parse import urlsplit

from sqlalchemy import select

from domain import text
from domain.errors import N_, Closed, Conflict, Forbidden, Invalid, Missing
from domain.permissions import can_edit, can_see_article
from domain.upserts import insert_new
from extensions import db
from models import Article, Forecast, ForecastProbability, News, Outcome, Prediction, Reader, Resolution

LONGEST_ADDRESS = 2_000  # characters of a source's address, as the column holds
LONGEST_EVIDENCE = 5_000  # characters: a passage, not the document
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
    prediction: Prediction, outcome: Outcome, probabilities: Mapping[int, float] | None, *, by: Reader, now: datetime
) -> Forecast:
    """Add the reader's forecast: the picked outcome and, by outcome id, the chance of each. The same again adds nothing.

    Call inside `participation.counted`. Raises `Closed` outside the prediction's time, `Invalid` for another prediction's
    outcome or for chances that are not a distribution over all outcomes.
    """
    if not prediction.is_open(now):
        raise Closed(N_("Predicting is over, so your prediction was not counted."))
    if outcome.prediction_id != prediction.id:
        raise Invalid(N_("That outcome is not part of this question."))
    if probabilities is not None:
        _check_distribution(prediction, probabilities)
    current = forecast_of(prediction, by)
    if current is not None:
        if current.outcome_id == outcome.id and _distribution(current) == probabilities:
            return current
        current.superseded_at = now
        db.session.flush()
    row = Forecast(prediction_id=prediction.id, reader_id=by.id, outcome_id=outcome.id, tier=by.tier, made_at=now)
    row.probabilities = [
        ForecastProbability(outcome_id=outcome_id, prediction_id=prediction.id, probability=probability)
        for outcome_id, probability in (probabilities or {}).items()
    ]
    db.session.add(row)
    db.session.flush()
    return row


def spread(prediction: Prediction, outcome: Outcome, confidence: float) -> dict[int, float]:
    """Return the distribution of a reader who is `confidence` (0 to 1) sure of one outcome: the rest is shared evenly."""
    others = [other for other in prediction.outcomes if other.id != outcome.id]
    rest = (1 - confidence) / len(others)
    return {outcome.id: confidence, **{other.id: rest for other in others}}


@dataclass(frozen=True, kw_only=True)
class Finding:
    """What an editor says happened: the outcome, the source that says so, and when it happened and became known."""

    outcome: Outcome
    source_url: str
    evidence: str
    happened_at: datetime
    known_at: datetime


def resolve(prediction: Prediction, finding: Finding, *, by: Reader, now: datetime) -> Resolution:
    """Say what happened; predicting ends. The caller commits.

    Raises `Forbidden` for anyone but an editor, `Conflict` where the prediction is a draft or already resolved, and
    `Invalid` for a foreign outcome, a source that is no web address, or times out of order.
    """
    _hold(prediction)
    finding = checked(prediction, finding, by=by, now=now)
    row = Resolution(
        prediction_id=prediction.id,
        outcome_id=finding.outcome.id,
        source_url=finding.source_url,
        evidence=finding.evidence,
        happened_at=finding.happened_at,
        known_at=finding.known_at,
        editor_id=by.id,
        resolved_at=now,
    )
    prediction.resolutions.append(row)
    if prediction.is_open(now):
        prediction.closed_at = now
    prediction.article.version = Article.version + 1
    db.session.flush()
    insert_new(News, resolution_id=row.id, made_at=now)
    return row


def checked(prediction: Prediction, finding: Finding, *, by: Reader, now: datetime) -> Finding:
    """Return the finding as `resolve` would record it. Raises what `resolve` would."""
    if not can_edit(by):
        raise Forbidden(N_("Only an editor can resolve a prediction."))
    check_resolvable(prediction)
    finding = replace(finding, source_url=text.plain(finding.source_url), evidence=text.plain(finding.evidence))
    _check_finding(prediction, finding, now)
    return finding


def check_resolvable(prediction: Prediction) -> None:
    """Raise `Conflict` where the prediction is a draft or already resolved."""
    if prediction.opened_at is None:
        raise Conflict(N_("This prediction has not been opened yet."))
    if prediction.resolution is not None:
        raise Conflict(N_("This prediction has already been resolved."))


def is_web_address(address: str) -> bool:
    """Whether `address` is a whole one that a link can lead to."""
    try:
        parts = urlsplit(address)
        return parts.scheme in {"http", "https"} and bool(parts.hostname) and len(address.split()) == 1
    except ValueError:  # a host in brackets that is no address of one
        return False


def close_due(now: datetime) -> int:
    """Record the closing of every prediction whose time is over and return how many there were."""
    due = (Prediction.opened_at.is_not(None)) & (Prediction.closed_at.is_(None)) & (Prediction.closes_at <= now)
    rows = db.session.scalars(select(Prediction).where(due).with_for_update(skip_locked=True, key_share=True)).all()
    for prediction in rows:
        prediction.closed_at = prediction.closes_at
        prediction.article.version = Article.version + 1
    db.session.flush()
    return len(rows)


def _hold(prediction: Prediction) -> None:
    """Hold the prediction's article until the transaction ends, as every change to it does, and read the prediction again."""
    db.session.execute(select(Article.id).where(Article.id == prediction.article_id).with_for_update(key_share=True))
    db.session.refresh(prediction)


def _check_finding(prediction: Prediction, finding: Finding, now: datetime) -> None:
    if finding.outcome.prediction_id != prediction.id:
        raise Invalid(N_("That outcome is not part of this question."))
    if not is_web_address(finding.source_url):
        raise Invalid(N_("The source must be a full web address, starting with https://."))
    if len(finding.source_url) > LONGEST_ADDRESS:
        raise Invalid(N_("The source's address is too long: at most %(most)s characters."), most=LONGEST_ADDRESS)
    if len(finding.evidence) > LONGEST_EVIDENCE:
        raise Invalid(N_("The quoted evidence is too long: at most %(most)s characters."), most=LONGEST_EVIDENCE)
    if not finding.happened_at <= finding.known_at <= now:
        raise Invalid(N_("It must have happened before it became known, and both before now."))


def _check_distribution(prediction: Prediction, probabilities: Mapping[int, float]) -> None:
    if set(probabilities) != {outcome.id for outcome in prediction.outcomes}:
        raise Invalid(N_("Give every outcome a chance, and only those listed."))
    if not all(math.isfinite(value) and 0 <= value <= 1 for value in probabilities.values()):
        raise Invalid(N_("A chance is a number from 0 to 100 percent."))
    if abs(math.fsum(probabilities.values()) - 1) > SUM_TOLERANCE:
        raise Invalid(N_("The chances must add up to 100 percent."))


def _distribution(row: Forecast) -> dict[int, float] | None:
    return {item.outcome_id: item.probability for item in row.probabilities} or None
