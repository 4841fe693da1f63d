"""How readers did on a question that is final: the crowd against knowing nothing, the camps, and oneself. Reads only."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass

from sqlalchemy import select

from domain import records
from domain.methods import CROWD, EVEN, PICKS, of_camp
from extensions import db
from models import Camp, ForecastScore, MethodScore, Prediction, Reader

SIDES = (Camp.FOR, Camp.AGAINST)
SAME = 1e-9  # chances that differ by less are the same


@dataclass(frozen=True, kw_only=True)
class Told:
    """What a method gave what happened: its chance when it spoke last, and how near it was over the whole time.

    `forecasts` is what it combined at the close, 0 where it was silent then.
    """

    chance: float
    forecasts: int
    brier: float
    camp: Camp | None = None


@dataclass(frozen=True, kw_only=True)
class HowReadersDid:
    """What can be said of everybody. Of `picked` readers whose pick stood at the end `called` were right.

    `crowd` and `even` are None where fewer than five gave chances at a time. Nothing is known until it `is_scored`.
    """

    is_scored: bool
    crowd: Told | None = None
    even: Told | None = None
    camps: tuple[Told, ...] = ()
    called: int = 0
    picked: int = 0

    @property
    def verdict(self) -> int:
        """Return 1 where the crowd was nearer than even chances over the whole time, -1 where even chances were, else 0."""
        if self.crowd is None or self.even is None or abs(self.crowd.brier - self.even.brier) < SAME:
            return 0
        return 1 if self.crowd.brier < self.even.brier else -1

    @property
    def nearer(self) -> Camp | None:
        """Return the side that gave what happened the greater chance in the end; nothing without two, or where they agreed."""
        if len(self.camps) < len(SIDES) or abs(self.camps[0].chance - self.camps[1].chance) < SAME:
            return None
        return max(self.camps, key=lambda told: told.chance).camp


@dataclass(frozen=True, kw_only=True)
class OwnScore:
    """How near one reader was: their scores, and their rank among those who gave chances."""

    score: ForecastScore
    rank: int | None = None
    among: int = 0


def of_everybody(prediction: Prediction, *, shows_takes: bool) -> HowReadersDid | None:
    """Return how readers did; nothing while what happened is not final, or where a law hides it. At most one query.

    What a camp expected tells who is in it, so it is for those who may see takes.
    """
    if not _can_be_told(prediction):
        return None
    if prediction.score_due_at is not None:
        return HowReadersDid(is_scored=False)
    told = _told([prediction.id])[prediction.id]
    camps = tuple(_of_side(told[of_camp(camp)], camp) for camp in SIDES if shows_takes and of_camp(camp) in told)
    camps = tuple(side for side in camps if side.forecasts)
    return _together(told, camps)


def of_each(predictions: Iterable[Prediction]) -> dict[int, HowReadersDid]:
    """Return how readers did by the id of the prediction, for those of which it can be told yet. One query.

    What camps expected is left out: it is for everybody to read.
    """
    scored = [row.id for row in predictions if _can_be_told(row) and row.score_due_at is None]
    return {prediction_id: _together(told) for prediction_id, told in _told(scored).items()} if scored else {}


def _can_be_told(prediction: Prediction) -> bool:
    return prediction.is_final and not prediction.article.hides_counts


def _told(prediction_ids: Collection[int]) -> dict[int, dict[str, Told]]:
    """Return what each method gave what happened, by prediction and method."""
    told: dict[int, dict[str, Told]] = {prediction_id: {} for prediction_id in prediction_ids}
    for row in db.session.scalars(select(MethodScore).where(MethodScore.prediction_id.in_(prediction_ids))):
        told[row.prediction_id][row.method] = Told(chance=row.chance, forecasts=row.forecasts, brier=row.brier)
    return told


def _together(told: dict[str, Told], camps: tuple[Told, ...] = ()) -> HowReadersDid:
    picks = told.get(PICKS)
    return HowReadersDid(
        is_scored=True,
        crowd=told.get(CROWD),
        even=told.get(EVEN),
        camps=camps,
        called=round(picks.chance * picks.forecasts) if picks else 0,
        picked=picks.forecasts if picks else 0,
    )


def of_oneself(prediction: Prediction, reader: Reader | None) -> OwnScore | None:
    """Return how a reader did; nothing for who did not predict, until it has been worked out, and where a law hides it."""
    if reader is None or not _can_be_told(prediction) or prediction.score_due_at is not None:
        return None
    score = records.score_of(prediction, reader)
    if score is None:
        return None
    rank, among = records.rank_in(prediction, score) or (None, 0)
    return OwnScore(score=score, rank=rank, among=among)


def _of_side(told: Told, camp: Camp) -> Told:
    return Told(chance=told.chance, forecasts=told.forecasts, brier=told.brier, camp=camp)
