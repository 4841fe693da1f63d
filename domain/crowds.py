"""The crowd forecast of a prediction as it is kept: worked out after a forecast, read as one row."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Select, func, select

from domain import crowd, opinions
from domain.upserts import insert_new
from extensions import db
from models import (
    Camp,
    CrowdForecast,
    Forecast,
    ForecastProbability,
    OpinionPoll,
    OpinionVote,
    OpinionVoteEvent,
    OutcomeTally,
    Prediction,
)

AT_ONCE = 300  # forecasts from which a crowd is worked out in some milliseconds, so that its voter sees it at once
OF_EVERYBODY = ("outcomes", "chances", "low", "high", "mean", "median", "recent_median")  # what is kept that no take changes

Rows = list[list[float]]  # of each forecast, the chance of every outcome, oldest forecast first


@dataclass(frozen=True, kw_only=True)
class CampView:
    """What the forecasts of one camp say together."""

    camp: Camp
    forecasts: int
    chances: Mapping[int, float]


@dataclass(frozen=True, kw_only=True)
class Crowd:
    """What all current forecasts say together, each by outcome id. None where too few gave chances.

    `chances` is the crowd forecast with `low` and `high`, its interquartile band; `mean`, `median` and `recent_median` are
    other ways of combining the same forecasts. `balanced` gives each camp the same weight, and `gap` is the mean log-odds
    of those for, minus those against; both are None without two camps.
    """

    forecasts: int = 0
    chances: Mapping[int, float] | None = None
    low: Mapping[int, float] | None = None
    high: Mapping[int, float] | None = None
    mean: Mapping[int, float] | None = None
    median: Mapping[int, float] | None = None
    recent_median: Mapping[int, float] | None = None
    balanced: Mapping[int, float] | None = None
    gap: Mapping[int, float] | None = None
    camps: tuple[CampView, ...] = ()


def crowd_of(prediction: Prediction) -> Crowd:
    """Return the crowd as it was last worked out: one row, however many forecasts there are."""
    kept = db.session.get(CrowdForecast, prediction.id, populate_existing=True)
    return _read(kept.forecasts, kept.summary) if kept else Crowd()


def refresh(prediction: Prediction, *, now: datetime) -> bool:
    """Work the crowd out anew where anything has changed; return whether it was. The caller commits.

    Whoever finds somebody else at it leaves it to them: their forecasts are then seen by the next.
    """
    insert_new(CrowdForecast, prediction_id=prediction.id, basis="", forecasts=0, summary={}, computed_at=now)
    mine = select(CrowdForecast).where(CrowdForecast.prediction_id == prediction.id)
    kept = db.session.scalar(mine.with_for_update(skip_locked=True).execution_options(populate_existing=True))
    basis = basis_of(prediction)
    if kept is None or kept.basis == basis:
        return False
    kept.forecasts, kept.summary = computed(prediction)
    kept.basis, kept.computed_at = basis, now
    db.session.flush()
    return True


def is_small(prediction: Prediction) -> bool:
    """Whether the crowd can be worked out while its voter waits."""
    some = _current(prediction).with_only_columns(Forecast.id).limit(AT_ONCE + 1).subquery()
    return (db.session.scalar(select(func.count()).select_from(some)) or 0) <= AT_ONCE


def stale(*, after: int = 0) -> Prediction | None:
    """Return the first prediction with an id above `after` that has more forecasts than its crowd knows of."""
    newest = select(func.max(Forecast.id)).where(Forecast.prediction_id == Prediction.id).scalar_subquery()
    found = select(Prediction).where(Prediction.id > after, newest.is_not(None)).order_by(Prediction.id)
    for prediction in db.session.scalars(found):
        kept = db.session.get(CrowdForecast, prediction.id, populate_existing=True)
        if kept is None or kept.basis != basis_of(prediction):
            return prediction
    return None


def basis_of(prediction: Prediction) -> str:
    """Return what changes whenever a forecast or a take on the article does, from counters and the ends of two ledgers."""
    tally = (
        select(OutcomeTally.outcome_id, OutcomeTally.tier, func.sum(OutcomeTally.forecasts))
        .where(OutcomeTally.prediction_id == prediction.id)
        .group_by(OutcomeTally.outcome_id, OutcomeTally.tier)
        .order_by(OutcomeTally.outcome_id, OutcomeTally.tier)
    )
    counts = [(outcome_id, tier.value, int(count)) for outcome_id, tier, count in db.session.execute(tally)]
    newest = select(func.max(Forecast.id)).where(Forecast.prediction_id == prediction.id)
    event = (
        select(func.max(OpinionVoteEvent.id))
        .join(OpinionPoll, OpinionPoll.id == OpinionVoteEvent.poll_id)
        .where(OpinionPoll.article_id == prediction.article_id)
    )
    ends = db.session.scalar(newest), db.session.scalar(event)
    outcomes = [outcome.id for outcome in prediction.outcomes]
    return hashlib.sha256(repr((counts, ends, outcomes)).encode()).hexdigest()


def computed(prediction: Prediction) -> tuple[int, dict[str, Any]]:
    """Return how many gave chances, and everything that is kept of the crowd: a pure function of the forecasts and takes."""
    places = [(outcome.id, outcome.split_from_id) for outcome in sorted(prediction.outcomes, key=lambda one: one.id)]
    rows, readers = _rows(prediction, places)
    if not rows:
        return 0, {}
    bands = crowd.interquartile_band(rows)
    kept: dict[str, Any] = {
        "outcomes": [outcome_id for outcome_id, _ in places],
        "chances": crowd.crowd_forecast(rows),
        "low": [low for low, _ in bands],
        "high": [high for _, high in bands],
        "mean": crowd.mean(rows),
        "median": crowd.median(rows),
        "recent_median": crowd.recency_weighted_median(rows),
    }
    return len(rows), kept | _by_camp(prediction, rows, readers)


def _by_camp(prediction: Prediction, rows: Rows, readers: Sequence[int]) -> dict[str, Any]:
    """Return what each camp expects, and what follows from comparing them."""
    camps = _camps(prediction)
    by_camp: dict[str, Rows] = {}
    for row, reader_id in zip(rows, readers, strict=True):
        if (camp := camps.get(reader_id)) is not None:
            by_camp.setdefault(camp.value, []).append(row)
    views = [
        {"camp": name, "forecasts": len(mine), "chances": crowd.crowd_forecast(mine)} for name, mine in sorted(by_camp.items())
    ]
    enough = {name: mine for name, mine in sorted(by_camp.items()) if len(mine) >= crowd.EARLY}
    kept: dict[str, Any] = {"camps": views}
    if len(enough) > 1:
        kept["balanced"] = crowd.stance_balanced(enough)
    if Camp.FOR.value in enough and Camp.AGAINST.value in enough:
        kept["gap"] = crowd.wishful_gap(enough[Camp.FOR.value], enough[Camp.AGAINST.value])
    return kept


def _camps(prediction: Prediction) -> dict[int, Camp]:
    """Return the camp of each reader whose take belongs to one."""
    poll = prediction.article.poll
    if poll is None:
        return {}
    single = {choice.id: choice.camp for choice in poll.choices}
    found = select(OpinionVote.reader_id, OpinionVote.choice_id).where(OpinionVote.poll_id == poll.id)
    if poll.kind not in opinions.SEVERAL:
        return {reader_id: single[choice_id] for reader_id, choice_id in db.session.execute(found)}
    votes = db.session.scalars(select(OpinionVote).where(OpinionVote.poll_id == poll.id))
    camps = {vote.reader_id: opinions.camp_of(poll, vote) for vote in votes}
    return {reader_id: camp for reader_id, camp in camps.items() if camp is not None}


def _current(prediction: Prediction) -> Select[Forecast]:
    mine = (Forecast.prediction_id == prediction.id) & Forecast.superseded_at.is_(None) & Forecast.gives_chances
    return select(Forecast).where(mine)


def _rows(prediction: Prediction, places: Sequence[tuple[int, int | None]]) -> tuple[Rows, list[int]]:
    """Return each reader's latest chances in the order of `places`, oldest forecast first, and whose they are."""
    found = (
        _current(prediction)
        .with_only_columns(Forecast.id, Forecast.reader_id, ForecastProbability.outcome_id, ForecastProbability.probability)
        .join(ForecastProbability, ForecastProbability.forecast_id == Forecast.id)
        .order_by(Forecast.made_at, Forecast.id)
    )
    given: dict[int, dict[int, float]] = {}
    readers: list[int] = []
    for forecast_id, reader_id, outcome_id, probability in db.session.execute(found):
        if forecast_id not in given:
            given[forecast_id] = {}
            readers.append(reader_id)
        given[forecast_id][outcome_id] = probability
    return [crowd.completed(chances, places) for chances in given.values()], readers


def _read(forecasts: int, summary: Mapping[str, Any]) -> Crowd:
    ids: Sequence[int] = summary.get("outcomes", ())

    def by_outcome(name: str) -> Mapping[int, float] | None:
        return dict(zip(ids, summary[name], strict=True)) if name in summary and forecasts >= crowd.EARLY else None

    camps = tuple(
        CampView(camp=Camp(one["camp"]), forecasts=one["forecasts"], chances=dict(zip(ids, one["chances"], strict=True)))
        for one in summary.get("camps", ())
    )
    names = ("chances", "low", "high", "mean", "median", "recent_median", "balanced", "gap")
    return Crowd(forecasts=forecasts, camps=camps, **{name: by_outcome(name) for name in names})
