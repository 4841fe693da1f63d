"""What anybody needs to work the scores of a final question out anew, and what came of it. Reads only, piece by piece.

Nobody is named: a reader is a number, another one in each question. It is told by their first forecast there, so that no
piece needs to know the others.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, func, select

from domain import tallies
from domain.errors import N_, Forbidden, Missing
from domain.methods import tells_of_takes
from extensions import db
from models import Article, Forecast, ForecastProbability, ForecastScore, MethodScore, Prediction

PIECE = 5_000  # rows of a piece: some hundredths of a second, and no connection is held between two


@dataclass(frozen=True, kw_only=True)
class Made:
    """One forecast: whose, from when until when, what was picked, and by outcome id the chance of each that was given one."""

    id: int
    reader: int
    made_at: datetime
    ended_at: datetime | None
    pick: int
    chances: Mapping[int, float]


@dataclass(frozen=True, kw_only=True)
class Scored:
    """One reader's scores; `reader` is their number."""

    reader_id: int
    reader: int
    score: ForecastScore


def check(prediction: Prediction, *, is_scored: bool = False) -> None:
    """Raise `Missing` while what happened is not final, and where scores are asked for, until they are worked out.

    Raises `Forbidden` where a law hides how many predicted what.
    """
    if prediction.article.hides_counts:
        raise Forbidden(N_("For legal reasons it is not shown how readers answered."))
    if not prediction.is_final or (is_scored and prediction.score_due_at is not None):
        raise Missing(N_("There is nothing to download yet: the outcome is not final, or the scores are being worked out."))


def told_scores() -> ColumnElement[bool]:
    """Return which readers' scores can be told: not those of questions where a law hides how readers answered."""
    hidden = select(Prediction.id).join(Article).where(Article.hides_counts)
    return ForecastScore.prediction_id.not_in(hidden)


def forecasts_after(prediction_id: int, after: int) -> list[Made]:
    """Return the forecasts with the lowest ids above `after`; the last piece is empty."""
    made = Forecast.__table__.c
    found = select(made.id, made.reader_id, made.outcome_id, made.made_at, made.superseded_at)
    mine = found.where(made.prediction_id == prediction_id, made.id > after).order_by(made.id).limit(PIECE)
    rows = db.session.execute(mine).all()
    if not rows:
        return []
    chances = _chances(prediction_id, rows[0].id, rows[-1].id)
    numbers = _numbers(prediction_id, [row.reader_id for row in rows])
    return [
        Made(
            id=row.id,
            reader=numbers[row.reader_id],
            made_at=row.made_at,
            ended_at=row.superseded_at,
            pick=row.outcome_id,
            chances=chances.get(row.id, {}),
        )
        for row in rows
    ]


def scores_after(prediction_id: int, after: int) -> list[Scored]:
    """Return the scores of the readers with the lowest ids above `after`; the last piece is empty.

    Of a piece whoever sorts it by `reader` tells nothing of who came to the site before whom.
    """
    found = select(ForecastScore).where(ForecastScore.prediction_id == prediction_id, ForecastScore.reader_id > after)
    rows = db.session.scalars(found.order_by(ForecastScore.reader_id).limit(PIECE)).all()
    numbers = _numbers(prediction_id, [row.reader_id for row in rows])
    return [Scored(reader_id=row.reader_id, reader=numbers[row.reader_id], score=row) for row in rows]


def methods_of(prediction: Prediction, *, now: datetime) -> list[MethodScore]:
    """Return the scores of the ways of combining forecasts; of those that tell of takes only once everybody may see these."""
    found = select(MethodScore).where(MethodScore.prediction_id == prediction.id).order_by(MethodScore.method)
    poll = prediction.article.poll
    shows_takes = poll is not None and tallies.may_be_seen(poll, has_answered=False, now=now)
    return [row for row in db.session.scalars(found) if shows_takes or not tells_of_takes(row.method)]


def _chances(prediction_id: int, first: int, last: int) -> Mapping[int, dict[int, float]]:
    given, made = ForecastProbability.__table__.c, Forecast.__table__.c
    found = select(given.forecast_id, given.outcome_id, given.probability).where(given.forecast_id == made.id)
    chances: defaultdict[int, dict[int, float]] = defaultdict(dict)
    for row in db.session.execute(found.where(made.prediction_id == prediction_id, made.id.between(first, last))):
        chances[row.forecast_id][row.outcome_id] = row.probability
    return chances


def _numbers(prediction_id: int, reader_ids: Sequence[int]) -> Mapping[int, int]:
    """Return the number of each reader: how far their first forecast is from the question's."""
    made = Forecast.__table__.c
    first = db.session.scalar(select(func.min(made.id)).where(made.prediction_id == prediction_id)) or 0
    found = select(made.reader_id, func.min(made.id).label("id")).where(
        made.prediction_id == prediction_id, made.reader_id.in_(set(reader_ids))
    )
    rows: Sequence[Any] = db.session.execute(found.group_by(made.reader_id)).all()
    return {row.reader_id: row.id - first + 1 for row in rows}
