"""Provisional resolutions become final by time alone, unless a dispute waits for a decision."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ColumnElement, func, select

from domain import articles, disputes, resolutions
from domain.resolutions import TIME_TO_DISPUTE
from extensions import db
from models import Prediction, Resolution, ResolutionAct


def next_due(now: datetime, *, after: int = 0) -> Prediction | None:
    """Return the prediction with the lowest id above `after` whose resolution can become final."""
    found = select(Prediction).join(Resolution, _newest()).where(_is_over(now), ~disputes.is_undecided())
    return db.session.scalar(found.where(Prediction.id > after).order_by(Prediction.id).limit(1))


def count_due(now: datetime) -> int:
    """Return how many resolutions can become final."""
    found = select(func.count()).select_from(Prediction).join(Resolution, _newest())
    return db.session.execute(found.where(_is_over(now), ~disputes.is_undecided())).scalar_one()


def held_up(now: datetime) -> list[tuple[Prediction, int]]:
    """Return the predictions that could be final but for disputes, and how many of these wait for a decision."""
    found = select(Prediction, disputes.undecided()).join(Resolution, _newest())
    rows = db.session.execute(found.where(_is_over(now), disputes.is_undecided()).order_by(Prediction.id))
    return [(prediction, count) for prediction, count in rows]


def finalise(prediction: Prediction, *, now: datetime) -> Resolution | None:
    """Make the provisional resolution final; return nothing where it cannot be (any more). The caller commits."""
    articles.hold(prediction.article)
    said = prediction.verdict
    if said is None or not _is_ripe(said, now):
        return None
    finding = resolutions.finding_of(said)
    return resolutions.write(prediction, ResolutionAct.FINAL, by=None, now=now, finding=finding)


def _is_ripe(said: Resolution, now: datetime) -> bool:
    """Ask the database: what is disputed may have changed since the row was read."""
    this = (Resolution.id == said.id) & _is_over(now) & ~disputes.is_undecided()
    return db.session.scalar(select(Resolution.id).where(this)) is not None


def _newest() -> ColumnElement[bool]:
    return (Resolution.prediction_id == Prediction.id) & (Resolution.number == Prediction.resolution_count)


def _is_over(now: datetime) -> ColumnElement[bool]:
    """Keep what is said provisionally and can no longer be disputed."""
    return (Resolution.act == ResolutionAct.PROVISIONAL) & (Resolution.resolved_at <= now - TIME_TO_DISPUTE)
