"""The league of methods: which way of combining forecasts came nearest, over all questions that are final."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from operator import sub
from typing import Any

from sqlalchemy import Select, delete, func, insert, literal, select, union_all

from domain.methods import BALANCED, CROWD, EVEN, MEAN, MEDIAN, RECENT_MEDIAN
from extensions import db
from models import Article, MethodScore, MethodSum, OpinionPoll, Prediction, ResultsVisibility

COMPARED = (CROWD, BALANCED, RECENT_MEDIAN, MEDIAN, MEAN, EVEN)
PLACES = 9  # after the point: two databases may add in another order
COLUMNS = ("questions", "brier", "logarithmic", "baseline")  # of what is kept of a method
Sums = tuple[float, ...]  # in their order
NOTHING: Sums = (0, 0.0, 0.0, 0.0)
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
    """Return the methods' averages over the questions that all of them have, where everybody may see takes.

    What the questions add up to is kept; those few that hide takes now are taken away from it.
    """
    kept, hidden = _beside(_hidden(now))
    told = {method: tuple(map(sub, sums, hidden.get(method, NOTHING))) for method, sums in kept.items()}
    told = {method: sums for method, sums in told.items() if sums[0] > 0}  # less, where the sums are behind
    averages = [_average(method, *sums) for method, sums in told.items()]
    averages.sort(key=lambda one: (-one.baseline, COMPARED.index(one.method)))
    return League(questions=max((int(sums[0]) for sums in told.values()), default=0), averages=tuple(averages))


def add_up() -> None:
    """Add up anew what the methods scored, over all questions that all of them have. The caller commits.

    It holds `skills.ONE_AT_A_TIME`, or else one of two that add up at once would miss what the other scored.
    """
    db.session.flush()
    _, found = recount()
    db.session.execute(delete(MethodSum))
    rows = [{"method": method, **dict(zip(COLUMNS, found.get(method, NOTHING), strict=True))} for method in COMPARED]
    db.session.execute(insert(MethodSum), rows)


def recount() -> tuple[dict[str, Sums], dict[str, Sums]]:
    """Return, of each method, what is kept: how many questions, and the sums of the figures; and what its scores make of it."""
    return _beside(select(Prediction.id))


def _beside(chosen: Select[int]) -> tuple[dict[str, Sums], dict[str, Sums]]:
    """Return what is kept of each method, and the same of the chosen questions alone: one statement's moment.

    Of two, what is scored in between would be in the second alone.
    """
    columns = MethodSum.__table__.c
    kept, fresh = select(columns.method, *(columns[name] for name in COLUMNS)), _sums(chosen).subquery()
    both = union_all(kept.add_columns(literal(0)), select(fresh, literal(1)))
    found: tuple[dict[str, Sums], dict[str, Sums]] = {}, {}
    for method, questions, *sums, place in db.session.execute(both):
        found[place][method] = (questions, *map(float, sums))
    return found


def _sums(chosen: Select[int]) -> Select[Any]:
    """Add up the figures of each method on those of the chosen questions that all have."""
    figures = [func.sum(getattr(MethodScore, name)).label(name) for name in COLUMNS[1:]]
    heard = _heard().where(MethodScore.prediction_id.in_(chosen))
    found = select(MethodScore.method, func.count().label(COLUMNS[0]), *figures).where(
        MethodScore.method.in_(COMPARED), MethodScore.prediction_id.in_(heard)
    )
    return found.group_by(MethodScore.method)


def _average(method: str, questions: float, *sums: float) -> Average:
    brier, logarithmic, baseline = (round(one / questions, PLACES) for one in sums)
    return Average(method=method, brier=brier, logarithmic=logarithmic, baseline=baseline)


def rows_after(after: int, *, now: datetime) -> list[MethodRow]:
    """Return what the averages are of, on the first questions with ids above `after`; the last piece is empty."""
    told = MethodScore.prediction_id.not_in(_hidden(now))
    questions = _heard().where(MethodScore.prediction_id > after, told).order_by(MethodScore.prediction_id).limit(PIECE)
    found = select(MethodScore, Prediction.question).join(Prediction, Prediction.id == MethodScore.prediction_id)
    chosen = found.where(MethodScore.method.in_(COMPARED), MethodScore.prediction_id.in_(questions))
    rows = db.session.execute(chosen.order_by(MethodScore.prediction_id, MethodScore.method))
    return [MethodRow(prediction_id=score.prediction_id, question=question, score=score) for score, question in rows]


def _heard() -> Select[int]:
    """Select the questions on which every method that is compared was heard."""
    scored = select(MethodScore.prediction_id).where(MethodScore.method.in_(COMPARED))
    return scored.group_by(MethodScore.prediction_id).having(func.count() == len(COMPARED))


def _hidden(now: datetime) -> Select[int]:
    """Select the questions whose takes, or whose counts, are hidden from somebody.

    The balance of the camps tells of takes, which may still be hidden when it is known what happened.
    """
    is_open = OpinionPoll.closes_at > now, OpinionPoll.closed_at.is_(None)
    hiding = select(OpinionPoll.article_id).where(*is_open, OpinionPoll.visibility != ResultsVisibility.ALWAYS)
    restricted = select(Article.id).where(Article.hides_counts)
    return select(Prediction.id).where(Prediction.article_id.in_(union_all(hiding, restricted)))
