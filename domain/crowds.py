"""The crowd forecast of a prediction as it is kept: worked out after a forecast, read as one row."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, ScalarSelect, Select, Subquery, exists, func, select, update

from domain import crowd, opinions
from domain.arrays import Floats, NDArray, np
from domain.upserts import insert_new, insert_or_lock
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

AT_ONCE = 300  # forecasts up to which a crowd is worked out in some milliseconds, so that its voter sees it at once
OF_EVERYBODY = ("outcomes", "chances", "low", "high", "mean", "median", "recent_median")  # what is kept that no take changes

PAUSE = timedelta(seconds=2)  # between two looks at the newest of a large crowd: many arrive while it is worked out
SETTLED_AFTER = timedelta(days=1)  # from the end of all answers on; what still changes a crowd later says so with `leave_stale`


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
    kept = _kept(prediction)
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


@dataclass(frozen=True, kw_only=True)
class WorkedOut:
    """A crowd that was worked out without a lock, to be kept. An empty basis says that only its newest part is up to date."""

    prediction_id: int
    basis: str
    forecasts: int
    summary: Mapping[str, Any]


def worked_out(prediction: Prediction) -> WorkedOut | None:
    """Return the crowd as it has to be kept; nothing where it is. Reads only, for a large crowd for seconds."""
    kept, basis = _kept(prediction), basis_of(prediction)
    if kept is not None and kept.basis == basis:
        return None
    forecasts, summary = computed(prediction)
    return WorkedOut(prediction_id=prediction.id, basis=basis, forecasts=forecasts, summary=summary)


def newest_worked_out(prediction: Prediction, *, now: datetime) -> WorkedOut | None:
    """Return the crowd with the figures that only its newest forecasts decide; the others are as old as they are kept.

    Nothing where that was done within `PAUSE`, or nothing has changed: `stale` finds what is left. Reads only.
    """
    kept = _kept(prediction)
    if kept is None or kept.summary.get("outcomes") != [outcome_id for outcome_id, _ in _places(prediction)]:
        return worked_out(prediction)
    if kept.computed_at <= now < kept.computed_at + PAUSE or kept.basis == basis_of(prediction):
        return None
    total = db.session.scalar(select(func.count()).select_from(_current(prediction).subquery())) or 0
    rows = _newest(prediction, crowd.newest_that_count(total))
    if len(rows) < crowd.newest_that_count(total):  # some were taken back meanwhile, so these are all there are
        total = len(rows)
    if not total:
        return worked_out(prediction)
    summary = {**kept.summary, **_of_newest(rows, total)}
    return WorkedOut(prediction_id=prediction.id, basis="", forecasts=total, summary=summary)


def keep(crowd_: WorkedOut, *, now: datetime) -> None:
    """Keep what was worked out, left to the next job where anything has changed since. The caller commits.

    Whoever changes something leaves the row stale in the same transaction, hence it is held before one looks for changes.
    """
    values = {"forecasts": crowd_.forecasts, "summary": dict(crowd_.summary), "computed_at": now}
    insert_or_lock(CrowdForecast, prediction_id=crowd_.prediction_id, basis="", **values)
    kept = db.session.get_one(CrowdForecast, crowd_.prediction_id, populate_existing=True)
    basis = basis_of(db.session.get_one(Prediction, crowd_.prediction_id))
    if kept.basis == basis:  # somebody else was quicker
        return
    for name, value in values.items():
        setattr(kept, name, value)
    kept.basis = basis if crowd_.basis == basis else ""
    db.session.flush()


def is_small(prediction: Prediction) -> bool:
    """Whether the crowd can be worked out while its voter waits."""
    some = _current(prediction).limit(AT_ONCE + 1).subquery()
    return (db.session.scalar(select(func.count()).select_from(some)) or 0) <= AT_ONCE


def leave_stale(predictions: Iterable[int]) -> None:
    """Let the crowds of these predictions, by id, be worked out by the next job, open to answers or not. The caller commits."""
    mine = CrowdForecast.prediction_id.in_(predictions)
    db.session.execute(update(CrowdForecast).where(mine).values(basis=""))


def stale(*, now: datetime, after: int = 0) -> Prediction | None:
    """Return the first prediction with an id above `after` that has more forecasts than its crowd knows of.

    Looks at those that answers can still change, and at those left to it, not at everything there ever was.
    """
    newest = select(func.max(Forecast.id)).where(Forecast.prediction_id == Prediction.id).scalar_subquery()
    since = now - SETTLED_AFTER
    changes = (
        Prediction.closed_at.is_(None)
        | (Prediction.closed_at > since)
        | exists().where(OpinionPoll.article_id == Prediction.article_id, OpinionPoll.closed_at.is_(None))
        | exists().where(OpinionPoll.article_id == Prediction.article_id, OpinionPoll.closed_at > since)
        | exists().where(CrowdForecast.prediction_id == Prediction.id, CrowdForecast.basis == "")
    )
    found = select(Prediction).where(Prediction.id > after, changes, newest.is_not(None)).order_by(Prediction.id)
    for prediction in db.session.scalars(found):
        kept = _kept(prediction)
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
    given = _given(prediction)
    count = len(given.rows)
    if not count:
        return 0, {}
    kept = {
        "outcomes": [outcome_id for outcome_id, _ in _places(prediction)],
        "mean": crowd.mean(given.rows),
        "median": crowd.median(given.rows),
    }
    return count, kept | _of_newest(given.rows, count) | _by_camp(given)


@dataclass(frozen=True)
class _Given:
    """Readers' latest chances in the order of `_places`, oldest forecast first, and beside each the camp of its reader."""

    rows: Floats
    camps: NDArray[np.object_]


def _of_newest(rows: Floats, total: int) -> dict[str, Any]:
    """Return the figures that weigh by recency, so that the newest rows of all are enough."""
    bands = crowd.interquartile_band(rows, total=total)
    return {
        "chances": crowd.crowd_forecast(rows, total=total),
        "low": [low for low, _ in bands],
        "high": [high for _, high in bands],
        "recent_median": crowd.recency_weighted_median(rows, total=total),
    }


def _by_camp(given: _Given) -> dict[str, Any]:
    """Return what each camp expects, and what follows from comparing them."""
    by_camp = {camp.value: given.rows[given.camps == camp] for camp in sorted(Camp, key=lambda camp: camp.value)}
    views = [
        {"camp": name, "forecasts": len(mine), "chances": crowd.crowd_forecast(mine)}
        for name, mine in by_camp.items()
        if len(mine)
    ]
    enough = {name: mine for name, mine in by_camp.items() if len(mine) >= crowd.EARLY}
    kept: dict[str, Any] = {"camps": views}
    if len(enough) > 1:
        kept["balanced"] = crowd.stance_balanced(enough)
    if Camp.FOR.value in enough and Camp.AGAINST.value in enough:
        kept["gap"] = crowd.wishful_gap(enough[Camp.FOR.value], enough[Camp.AGAINST.value])
    return kept


def _kept(prediction: Prediction) -> CrowdForecast | None:
    return db.session.get(CrowdForecast, prediction.id, populate_existing=True)


def _places(prediction: Prediction) -> list[tuple[int, int | None]]:
    """Return the outcomes in the order in which they were added, each with the one it was split from."""
    return [(outcome.id, outcome.split_from_id) for outcome in sorted(prediction.outcomes, key=lambda one: one.id)]


def _current(prediction: Prediction) -> Select[int]:
    mine = (Forecast.prediction_id == prediction.id) & Forecast.superseded_at.is_(None) & Forecast.gives_chances
    return select(Forecast.id).where(mine)


def _given(prediction: Prediction) -> _Given:
    """Return what everybody gave, and who they are."""
    poll, made = prediction.article.poll, _made(prediction)
    mine = (OpinionVote.reader_id == made.c.reader_id) & (OpinionVote.poll_id == (poll.id if poll else None))
    ballots = select(OpinionVote.choice_id, OpinionVote.ballot).select_from(made).outerjoin(OpinionVote, mine)
    found = db.session.execute(ballots.add_columns(*_chances(prediction, made)).order_by(*_from_the_newest(made.c))).all()
    camps = _camps(poll, {(choice_id, ballot) for choice_id, ballot, *_ in found})
    beside = np.array([camps[choice_id, ballot] for choice_id, ballot, *_ in found], dtype=np.object_)
    return _Given(_rows(prediction, [row[2:] for row in found]), beside[::-1])


def _newest(prediction: Prediction, count: int) -> Floats:
    """Return the newest that was given: no more is looked up than counts."""
    made = _made(prediction, count)
    found = select(*_chances(prediction, made)).select_from(made).order_by(*_from_the_newest(made.c))
    return _rows(prediction, db.session.execute(found).all())


def _made(prediction: Prediction, newest: int | None = None) -> Subquery:
    made = _current(prediction).add_columns(Forecast.reader_id, Forecast.made_at)
    return made.order_by(*_from_the_newest(Forecast)).limit(newest).subquery()


def _from_the_newest(of: Any) -> tuple[ColumnElement[Any], ColumnElement[Any]]:
    return of.made_at.desc(), of.id.desc()


def _chances(prediction: Prediction, made: Subquery) -> list[ScalarSelect[float]]:
    """Return a column for each outcome: a row each, and each as often as there are outcomes, would take twice the time."""
    mine = select(ForecastProbability.probability).where(ForecastProbability.forecast_id == made.c.id)
    return [mine.where(ForecastProbability.outcome_id == outcome_id).scalar_subquery() for outcome_id, _ in _places(prediction)]


def _rows(prediction: Prediction, found: Sequence[Any]) -> Floats:
    """Turn what was found, the newest first, round."""
    places = _places(prediction)
    rows = np.array([tuple(row) for row in reversed(found)], dtype=np.float64)  # tuples: of a row numpy asks part by part
    return _completed(rows.reshape(len(found), len(places)), places)


def _completed(rows: Floats, places: Sequence[tuple[int, int | None]]) -> Floats:
    """Fill in the outcomes that were added after a forecast was made."""
    for place in np.flatnonzero(np.isnan(rows).any(axis=1)):
        known = {
            outcome_id: chance for (outcome_id, _), chance in zip(places, rows[place], strict=True) if not np.isnan(chance)
        }
        rows[place] = crowd.completed(known, places)
    return rows


def _camps(
    poll: OpinionPoll | None, ballots: Iterable[tuple[int | None, str | None]]
) -> dict[tuple[int | None, str | None], Camp | None]:
    """Return the camp of each ballot; none of a reader without one."""
    return {
        (choice_id, ballot): opinions.camp_of(poll, OpinionVote(choice_id=choice_id, ballot=ballot))
        if poll and choice_id
        else None
        for choice_id, ballot in ballots
    }


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
