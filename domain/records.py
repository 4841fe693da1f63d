"""A reader's track record: what came of the questions they predicted, once they were final. Reads only.

Nothing in it is of a question that is open, and nothing says what the reader picked.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import case, func, select
from sqlalchemy.orm import joinedload, selectinload

from domain import crowd, disclosure, endings, leaderboards, scorekeeping, scoring
from domain.leaderboards import LEAST_QUESTIONS
from domain.scoring import CalibrationBin, Skill
from extensions import db
from models import Forecast, ForecastProbability, ForecastScore, Prediction, Reader, Resolution, UTCDateTime

LISTED = 50  # questions of a history, the newest: what somebody reads
PLOTTED = 300  # questions of a calibration plot, the newest: older ones say little of how somebody forecasts today


@dataclass(frozen=True, kw_only=True)
class Entry:
    """One resolved question of a reader's, and how near they came."""

    prediction: Prediction
    score: ForecastScore
    decided_at: datetime


@dataclass(frozen=True, kw_only=True)
class Record:
    """A track record. Of `predicted` questions that are final the reader `called` some, and gave chances on `skill.questions`."""

    skill: Skill
    predicted: int = 0
    called: int = 0
    rank: int | None = None
    calibration: tuple[CalibrationBin, ...] = ()
    history: tuple[Entry, ...] = ()

    @property
    def is_empty(self) -> bool:
        """Whether nothing they predicted has become final."""
        return self.predicted == 0

    @property
    def is_rankable(self) -> bool:
        """Whether there is enough to rank them."""
        return self.skill.questions >= LEAST_QUESTIONS

    @property
    def is_cut(self) -> bool:
        """Whether older questions are not listed."""
        return self.predicted > len(self.history)


def record_of(reader: Reader) -> Record:
    """Return the reader's track record, in a number of queries that does not depend on what there is."""
    figures = select(ForecastScore.peer, ForecastScore.coverage, ForecastScore.is_called).where(disclosure.told_scores())
    scores = db.session.execute(figures.where(ForecastScore.reader_id == reader.id)).all()
    if not scores:
        return Record(skill=scoring.skill([], []))
    scored = [(row.peer, row.coverage) for row in scores if row.peer is not None]
    skill = scoring.skill([peer for peer, _ in scored], [coverage for _, coverage in scored])
    newest = _newest(reader)
    return Record(
        skill=skill,
        predicted=len(scores),
        called=sum(row.is_called for row in scores),
        rank=leaderboards.rank_of(reader) if skill.questions >= LEAST_QUESTIONS else None,
        calibration=_calibration(reader, [entry.prediction for entry in newest]),
        history=tuple(newest[:LISTED]),
    )


def rank_in(prediction: Prediction, mine: ForecastScore) -> tuple[int, int] | None:
    """Return a reader's rank in one question by their peer score, and among how many; nothing where they gave no chances."""
    if mine.peer is None:
        return None
    better = func.sum(case((ForecastScore.peer > mine.peer, 1), else_=0))
    counted = select(better, func.count(ForecastScore.peer)).where(ForecastScore.prediction_id == prediction.id)
    ahead, scored = db.session.execute(counted).one()
    return 1 + int(ahead or 0), int(scored)


def score_of(prediction: Prediction, reader: Reader) -> ForecastScore | None:
    """Return how near a reader came in a question, if it has been worked out."""
    return db.session.get(ForecastScore, (prediction.id, reader.id), populate_existing=True)


def _newest(reader: Reader) -> list[Entry]:
    """Return the reader's resolved questions, what became final last first."""
    decided = (Resolution.prediction_id == Prediction.id) & (Resolution.number == Prediction.resolution_count)
    found = select(Prediction, ForecastScore, Resolution.resolved_at).join(ForecastScore).join(Resolution, decided)
    found = found.where(ForecastScore.reader_id == reader.id, disclosure.told_scores()).order_by(
        Resolution.resolved_at.desc(), Prediction.id.desc()
    )
    outcomes, said = selectinload(Prediction.outcomes), selectinload(Prediction.resolutions).joinedload(Resolution.outcome)
    rows = db.session.execute(found.options(joinedload(Prediction.article), outcomes, said).limit(PLOTTED))
    return [Entry(prediction=prediction, score=score, decided_at=at) for prediction, score, at in rows]


def _calibration(reader: Reader, predictions: Sequence[Prediction]) -> tuple[CalibrationBin, ...]:
    """Return how often what the reader gave each chance came true, each forecast weighing as much of its question's time."""
    given: defaultdict[Any, dict[int, float]] = defaultdict(dict)
    for row in _chances(reader, [prediction.id for prediction in predictions]):
        ended_at = min((at for at in (row.superseded_at, row.following) if at is not None), default=None)
        given[row.prediction_id, row.made_at, ended_at][row.outcome_id] = row.probability
    by_id = {prediction.id: prediction for prediction in predictions}
    points = [
        point
        for (prediction_id, made_at, ended_at), chances in given.items()
        for point in _points(by_id[prediction_id], chances, _part(by_id[prediction_id], made_at, ended_at))
    ]
    return scoring.calibration(*zip(*points, strict=True)) if points else ()


def _points(prediction: Prediction, chances: Mapping[int, float], weight: float) -> Iterator[tuple[int, float, bool, float]]:
    """Yield, of each outcome of a forecast, its question, its chance, whether it happened, and how much that weighs."""
    outcomes = sorted(prediction.outcomes, key=lambda outcome: outcome.id)  # in the order of adding
    completed = crowd.completed(chances, [(outcome.id, outcome.split_from_id) for outcome in outcomes])
    came_true = prediction.resolution.outcome_id if prediction.resolution else None
    for outcome, chance in zip(outcomes, completed, strict=True):
        yield prediction.id, chance, outcome.id == came_true, weight


def _chances(reader: Reader, prediction_ids: Sequence[int]) -> Sequence[Any]:
    """Return the chances in every forecast that ever stood, and when the reader's next one begins, which ends it at the latest."""
    order = (Forecast.made_at, Forecast.id)
    following = func.lead(Forecast.made_at, type_=UTCDateTime).over(partition_by=Forecast.prediction_id, order_by=order)
    columns = (Forecast.id, Forecast.prediction_id, Forecast.made_at, Forecast.superseded_at, following.label("following"))
    mine = (Forecast.reader_id == reader.id) & Forecast.prediction_id.in_(prediction_ids)
    stood = select(*columns).where(mine, endings.ever_stood(Forecast)).subquery()
    given = select(stood, ForecastProbability.outcome_id, ForecastProbability.probability)
    found = given.join(ForecastProbability, ForecastProbability.forecast_id == stood.c.id)
    return db.session.execute(found.order_by(stood.c.id)).all()


def _part(prediction: Prediction, made_at: datetime, ended_at: datetime | None) -> float:
    """Return the part of a question's scheduled time for which a forecast stood before its actual close."""
    assert prediction.opened_at is not None  # noqa: S101 - for the type checker: it is final
    close = scorekeeping.actual_close(prediction)
    end = close if ended_at is None else min(close, ended_at)
    length = prediction.closes_at - prediction.opened_at
    return max(0.0, (end - max(made_at, prediction.opened_at)) / length) if length else 0.0
