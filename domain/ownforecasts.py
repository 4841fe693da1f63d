"""What a reader predicted over time, for themselves alone. Reads only."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime

from sqlalchemy import select
from sqlalchemy.orm import selectinload

from domain import chances
from extensions import db
from models import Forecast, Outcome, Prediction, Reader

SHOWN = 20  # forecasts on the article page
A_PAGE = 100  # forecasts on the page of their own


@dataclass(frozen=True, kw_only=True)
class Moment:
    """One thing that happened: a forecast was made, one was taken back, or an outcome was added."""

    at: datetime
    forecast: Forecast | None = None
    percents: tuple[tuple[Outcome, int], ...] = ()  # what the forecast gave to each outcome there was, in their order
    taken_back: Forecast | None = None
    added: Outcome | None = None

    @property
    def is_current(self) -> bool:
        """Whether it is the forecast that counts now."""
        return self.forecast is not None and self.forecast.superseded_at is None


@dataclass(frozen=True, kw_only=True)
class History:
    """A stretch of a reader's forecasts of one question, newest first. `next_before` is the cursor of the earlier ones."""

    moments: tuple[Moment, ...] = ()
    next_before: int | None = None


def history_of(
    prediction: Prediction | None, reader: Reader | None, *, before: int | None = None, most: int = SHOWN
) -> History:
    """Return the newest of the reader's forecasts, or those before one of them, with what happened in between."""
    if prediction is None or reader is None:
        return History()
    mine = (Forecast.prediction_id == prediction.id) & (Forecast.reader_id == reader.id)
    found = select(Forecast).where(mine).options(selectinload(Forecast.probabilities)).order_by(Forecast.id.desc())
    if before is not None:
        found = found.where(Forecast.id <= before)  # the later one as well: it tells what became of the first on this page
    rows = list(db.session.scalars(found.limit(most + 2)))
    later = rows.pop(0) if rows and rows[0].id == before else None
    page = rows[:most]
    return History(moments=tuple(_moments(prediction, page, later)), next_before=page[-1].id if len(rows) > len(page) else None)


def added_since(prediction: Prediction, forecast: Forecast) -> list[Outcome]:
    """Return the outcomes that were added after a forecast was made."""
    return [outcome for outcome in prediction.outcomes if outcome.added_at is not None and outcome.added_at > forecast.made_at]


def _moments(prediction: Prediction, page: list[Forecast], later: Forecast | None) -> list[Moment]:
    if not page:
        return []
    start, end = page[-1].made_at, later.made_at if later else datetime.max.replace(tzinfo=UTC)
    moments = [
        Moment(at=outcome.added_at, added=outcome)
        for outcome in prediction.outcomes
        if outcome.added_at is not None and start < outcome.added_at <= end
    ]
    for row in page:
        if row.superseded_at is not None and (later is None or later.made_at != row.superseded_at):
            moments.append(Moment(at=row.superseded_at, taken_back=row))
        moments.append(Moment(at=row.made_at, forecast=row, percents=_percents(prediction, row)))
        later = row
    return sorted(moments, key=lambda moment: moment.at, reverse=True)


def _percents(prediction: Prediction, row: Forecast) -> tuple[tuple[Outcome, int], ...]:
    given = {item.outcome_id: item.probability for item in row.probabilities}
    whole = chances.whole(given)
    return tuple((outcome, whole[outcome.id]) for outcome in prediction.outcomes if outcome.id in whole)
