"""How a prediction ended, as a reader sees it. Reads only."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, SQLColumnExpression, and_, case, func, or_, select
from sqlalchemy.orm import aliased

from domain import disputes, resolutions
from extensions import db
from models import Dispute, DisputeDecision, Forecast, Prediction, Reader, Resolution, ResolutionAct


@dataclass(frozen=True, kw_only=True)
class Ending:
    """What was said last, how many dispute it, and what the reader expected when it became known."""

    said: Resolution
    is_disputable: bool
    disputes: int  # of everything that was ever said
    undecided: int  # of what is said now
    picked_id: int | None

    @property
    def final_at(self) -> datetime | None:
        """Return when what is provisional becomes final, if no dispute is upheld."""
        return resolutions.disputable_until(self.said) if self.said.act is ResolutionAct.PROVISIONAL else None

    @property
    def is_called(self) -> bool:
        """Whether the reader expected what is held to have happened."""
        return self.picked_id is not None and self.picked_id == self.said.outcome_id

    @property
    def version(self) -> tuple[object, ...]:
        """Return what changes whenever a stranger sees it change."""
        return self.said.number, self.is_disputable, self.disputes, self.undecided


def ending_of(prediction: Prediction | None, reader: Reader | None, now: datetime) -> Ending | None:
    """Return how a prediction ended; nothing where nothing was ever said."""
    if prediction is None or not prediction.resolutions:
        return None
    said = prediction.resolutions[-1]
    is_current = Dispute.resolution_id == said.id
    found = select(func.count(), func.count().filter(is_current, DisputeDecision.dispute_id.is_(None)))
    found = (
        found.select_from(Dispute).outerjoin(DisputeDecision).join(Resolution).where(Resolution.prediction_id == prediction.id)
    )
    total, undecided = db.session.execute(found).one()
    return Ending(
        said=said,
        is_disputable=disputes.is_open_to_disputes(said, now),
        disputes=total,
        undecided=undecided if said.act is ResolutionAct.PROVISIONAL else 0,
        picked_id=_picked_by(reader, said) if reader is not None and said.outcome_id is not None else None,
    )


def pick_at_close(
    prediction: type[Prediction], resolution: type[Resolution], reader_id: SQLColumnExpression[int] | int
) -> ColumnElement[int | None]:
    """Return the outcome of the forecast with which a reader stood at the close, as a column.

    Forecasts stop counting as `scorekeeping.actual_close` has it: at the close, or when it became known if that was earlier. As in
    `histories.history_of` the reader's newest ended all before it: of merged histories an earlier one may have no end of its own.
    """
    given = aliased(Forecast)  # so that it is looked for in a query of forecasts too
    about = given.prediction_id + 0 == prediction.id  # or SQLite looks among all forecasts of the question, not of the reader
    own = (given.reader_id == reader_id) & about
    ends = (prediction.closes_at, prediction.closed_at, resolution.known_at)
    is_made = and_(*(or_(end.is_(None), given.made_at < end) for end in ends))
    stands = or_(given.superseded_at.is_(None), *(given.superseded_at >= end for end in ends))
    newest = select(case((stands, given.outcome_id))).where(own, is_made, ever_stood(given))
    return newest.order_by(given.made_at.desc(), given.id.desc()).limit(1).scalar_subquery()


def ever_stood(forecast: type[Forecast]) -> ColumnElement[bool]:
    """Return the condition that a forecast was not replaced or withdrawn in the instant in which it was made."""
    return or_(forecast.superseded_at.is_(None), forecast.superseded_at > forecast.made_at)


def newest_of(prediction: type[Prediction]) -> ColumnElement[bool]:
    """Return the condition that `Resolution` is what was said last of how a prediction ended."""
    return (Resolution.prediction_id == prediction.id) & (Resolution.number == prediction.resolution_count)


def _picked_by(reader: Reader, said: Resolution) -> int | None:
    pick = pick_at_close(Prediction, Resolution, reader.id)
    found = select(pick).select_from(Resolution).join(Prediction, Prediction.id == Resolution.prediction_id)
    return db.session.scalar(found.where(Resolution.id == said.id))
