"""The league of methods: which way of combining forecasts came nearest, over all questions that are final. Reads only."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Select, func, select

from domain.methods import BALANCED, CROWD, EVEN, MEAN, MEDIAN, RECENT_MEDIAN
from extensions import db
from models import Article, MethodScore, OpinionPoll, Prediction, ResultsVisibility

COMPARED = (CROWD, BALANCED, RECENT_MEDIAN, MEDIAN, MEAN, EVEN)
PLACES = 9  # after the point: two databases may add in another order
PIECE = 500  # questions read at a time


@dataclass(frozen=True, kw_only=True)
class Average:
    """How near a method came on average. Of Brier less is better; of the other two more."""

    method: str
    brier: float
    logarithmic: float
    baseline: float


@dataclass(frozen=True, kw_only=True)
class League:
    """The methods, the nearest first, and on how many questions they were compared."""

    questions: int = 0
    averages: tuple[Average, ...] = ()


@dataclass(frozen=True, kw_only=True)
class MethodRow:
    """How near a method came on one question."""

    prediction_id: int
    question: str
    score: MethodScore


def table(*, now: datetime) -> League:
    """Return the methods' averages over the questions that all of them have, where everybody may see takes: one query."""
    figures = (func.avg(MethodScore.brier), func.avg(MethodScore.logarithmic), func.avg(MethodScore.baseline))
    found = select(MethodScore.method, func.count(), *figures).where(
        MethodScore.method.in_(COMPARED), MethodScore.prediction_id.in_(_complete(now))
    )
    rows = db.session.execute(found.group_by(MethodScore.method)).all()
    averages = [
        Average(
            method=method,
            brier=round(float(brier), PLACES),
            logarithmic=round(float(logarithmic), PLACES),
            baseline=round(float(baseline), PLACES),
        )
        for method, _, brier, logarithmic, baseline in rows
    ]
    averages.sort(key=lambda one: (-one.baseline, COMPARED.index(one.method)))
    return League(questions=max((count for _, count, *_ in rows), default=0), averages=tuple(averages))


def rows_after(after: int, *, now: datetime) -> list[MethodRow]:
    """Return what the averages are of, on the first questions with ids above `after`; the last piece is empty."""
    questions = _complete(now).where(Prediction.id > after).order_by(Prediction.id).limit(PIECE)
    found = select(MethodScore, Prediction.question).join(Prediction, Prediction.id == MethodScore.prediction_id)
    chosen = found.where(MethodScore.method.in_(COMPARED), MethodScore.prediction_id.in_(questions))
    rows = db.session.execute(chosen.order_by(MethodScore.prediction_id, MethodScore.method))
    return [MethodRow(prediction_id=score.prediction_id, question=question, score=score) for score, question in rows]


def _complete(now: datetime) -> Select[int]:
    """Select the questions on which every method that is compared was heard, and whose takes and counts are hidden from nobody.

    The balance of the camps tells of takes, which may still be hidden when it is known what happened.
    """
    is_open = OpinionPoll.closes_at > now, OpinionPoll.closed_at.is_(None)
    is_hidden = select(OpinionPoll.id).where(
        OpinionPoll.article_id == Prediction.article_id, *is_open, OpinionPoll.visibility != ResultsVisibility.ALWAYS
    )
    is_restricted = select(Article.id).where(Article.id == Prediction.article_id, Article.hides_counts.is_(True))
    scored = select(MethodScore.prediction_id).where(MethodScore.method.in_(COMPARED)).group_by(MethodScore.prediction_id)
    heard = select(Prediction.id).where(Prediction.id.in_(scored.having(func.count() == len(COMPARED))))
    return heard.where(~is_hidden.exists(), ~is_restricted.exists())
