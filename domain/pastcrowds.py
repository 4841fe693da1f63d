"""What the crowd of a prediction said at past moments, told from its forecasts alone."""

from __future__ import annotations

from array import array
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import groupby
from typing import Any

from sqlalchemy import ColumnElement, func, or_, select

from domain import crowd
from domain.arrays import Floats, Numbers, np
from extensions import db
from models import Forecast, ForecastProbability, Outcome, Prediction

AT_ONCE = 10_000  # rows in memory at once while they are read
DECIMALS = 6  # of a chance that is kept: far below what a line shows
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_NEVER = 2**63 - 1  # the largest of its kind


@dataclass(frozen=True)
class CrowdThen:
    """What the crowd said: how many gave chances, and of each outcome its id, its chance and the two ends of the band."""

    forecasts: int
    chances: tuple[tuple[int, float, float, float], ...]


@dataclass(frozen=True)
class _Past:
    """Forecasts from the oldest to the newest: when each was made, when it ended, and its chances, NaN where it gave none.

    `omitted` older ones stood as well, and weigh nothing.
    """

    made: Numbers
    ended: Numbers
    chances: Floats
    omitted: int = 0


def crowd_at(prediction: Prediction, moments: Sequence[datetime]) -> Iterator[tuple[datetime, CrowdThen]]:
    """Yield what the crowd said at each moment, the earliest first."""
    outcomes = sorted(prediction.outcomes, key=lambda one: one.id)
    past = _newest(prediction, outcomes, moments[0]) if len(moments) == 1 else _all(prediction, outcomes, moments)
    before: tuple[Numbers, int] | None = None
    then = CrowdThen(0, ())
    for moment in moments:
        standing = _standing(past, moment)
        there = [place for place, outcome in enumerate(outcomes) if outcome.added_at is None or outcome.added_at <= moment]
        if before is None or len(there) != before[1] or not np.array_equal(standing, before[0]):
            then = _reckoned(past, standing, [outcomes[place] for place in there], there)
        before = standing, len(there)
        yield moment, then


def has_moved(prediction: Prediction, after: datetime, until: datetime) -> bool:
    """Whether a forecast with chances was made or ended, or an outcome added, after one moment and up to another."""
    if any(outcome.added_at is not None and after < outcome.added_at <= until for outcome in prediction.outcomes):
        return True
    made = (Forecast.made_at > after) & (Forecast.made_at <= until)
    ended = (Forecast.superseded_at > after) & (Forecast.superseded_at <= until)
    found = select(Forecast.id).where(Forecast.prediction_id == prediction.id, Forecast.gives_chances, made | ended)
    return db.session.scalar(found.limit(1)) is not None


def _standing(past: _Past, moment: datetime) -> Numbers:
    """Return the places of the forecasts that stood at a moment."""
    at = _number(moment)
    made = int(np.searchsorted(past.made, at, side="right"))
    return np.flatnonzero(past.ended[:made] > at)


def _reckoned(past: _Past, standing: Numbers, outcomes: Sequence[Outcome], columns: Sequence[int]) -> CrowdThen:
    total = len(standing) + past.omitted
    if total == 0:
        return CrowdThen(0, ())
    newest = standing[max(0, len(standing) - crowd.newest_that_count(total)) :]
    rows = _completed(past.chances[newest][:, columns], outcomes)
    chances = crowd.crowd_forecast(rows, total=total)
    band = crowd.interquartile_band(rows, total=total)
    figures = [
        (outcome.id, round(chance, DECIMALS), round(low, DECIMALS), round(high, DECIMALS))
        for outcome, chance, (low, high) in zip(outcomes, chances, band, strict=True)
    ]
    return CrowdThen(total, tuple(figures))


def _completed(rows: Floats, outcomes: Sequence[Outcome]) -> Floats:
    """Do to every row what `crowd.completed` does to one: outcomes it does not know take half of what they were split from.

    A chance for an outcome that was added in the same instant, and is not there yet, is not reckoned with.
    """
    rows, places = rows.copy(), {outcome.id: place for place, outcome in enumerate(outcomes)}
    for place, outcome in enumerate(outcomes):
        missing = np.isnan(rows[:, place])
        rows[missing, place] = 0.0
        if outcome.split_from_id is not None:
            parent = places[outcome.split_from_id]
            rows[missing, parent] /= 2
            rows[missing, place] = rows[missing, parent]
    return rows


def _all(prediction: Prediction, outcomes: Sequence[Outcome], moments: Sequence[datetime]) -> _Past:
    """Return every forecast that stood at any time between the first and the last moment."""
    return _read(_stood(prediction, moments[0], moments[-1]), outcomes)


def _newest(prediction: Prediction, outcomes: Sequence[Outcome], moment: datetime) -> _Past:
    """Return, of the forecasts that stood at one moment, those that weigh anything."""
    stood = _stood(prediction, moment, moment)
    total = db.session.scalar(select(func.count()).select_from(Forecast).where(stood)) or 0
    count = crowd.newest_that_count(total)
    newest = select(Forecast.id).where(stood).order_by(Forecast.made_at.desc(), Forecast.id.desc()).limit(count)
    return _read(Forecast.id.in_(newest.scalar_subquery()), outcomes, omitted=total - count)


def _stood(prediction: Prediction, first: datetime, last: datetime) -> ColumnElement[bool]:
    unended = or_(Forecast.superseded_at.is_(None), Forecast.superseded_at > first)
    return (Forecast.prediction_id == prediction.id) & Forecast.gives_chances & (Forecast.made_at <= last) & unended


def _read(which: ColumnElement[bool], outcomes: Sequence[Outcome], omitted: int = 0) -> _Past:
    columns: tuple[Any, ...] = (Forecast.id, Forecast.made_at, Forecast.superseded_at)
    found = select(*columns, ForecastProbability.outcome_id, ForecastProbability.probability).where(which)
    found = found.join(ForecastProbability, ForecastProbability.forecast_id == Forecast.id)
    rows = db.session.execute(found.order_by(Forecast.made_at, Forecast.id).execution_options(yield_per=AT_ONCE))
    places, width = {outcome.id: place for place, outcome in enumerate(outcomes)}, len(outcomes)
    made, ended, chances, unknown = array("q"), array("q"), array("d"), [float("nan")] * width
    for _, of_one in groupby(rows, key=lambda row: row[0]):
        chances.extend(unknown)
        for row in of_one:
            chances[places[row.outcome_id] - width] = row.probability
        made.append(_number(row.made_at))
        ended.append(_NEVER if row.superseded_at is None else _number(row.superseded_at))
    matrix = np.frombuffer(chances).reshape(-1, width) if chances else np.empty((0, width))
    return _Past(np.array(made, dtype=np.int64), np.array(ended, dtype=np.int64), matrix, omitted)


def _number(at: datetime) -> int:
    """Return an instant as whole microseconds."""
    return (at - _EPOCH) // timedelta(microseconds=1)
