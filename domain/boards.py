"""Which leaderboards are kept, and which of them wait to be made anew. The one of all time and all sections is not: its sums are."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, select, update

from domain.upserts import insert_new
from extensions import db
from models import BoardPeriod, Leaderboard

LONGEST_KEPT = timedelta(hours=1)  # a board of the last month is of its last minute an hour ago: nobody sees a difference


def make_due(sections: Iterable[str]) -> None:
    """Let every board of these sections, and those of all sections, be made anew. The caller commits.

    Their rows are held until then, taken by everybody in one order.
    """
    concerned = {"", *sections}
    for section in sorted(concerned):
        for period in BoardPeriod:
            if section or period is not BoardPeriod.ALL:
                insert_new(Leaderboard, section=section, period=period, asked=0, made=0, is_scored=False)
    found = select(Leaderboard.id).where(of(concerned)).order_by(Leaderboard.id)
    ids = db.session.scalars(found.with_for_update()).all()
    asked = update(Leaderboard).where(Leaderboard.id.in_(ids)).values(asked=Leaderboard.asked + 1)
    db.session.execute(asked, execution_options={"synchronize_session": False})


def of(sections: Iterable[str]) -> ColumnElement[bool]:
    """Return the condition that a board is of these sections; of all times, which names both columns of the index."""
    return Leaderboard.section.in_(sections) & Leaderboard.period.in_(BoardPeriod)


def due(*, now: datetime, after: int = 0) -> Leaderboard | None:
    """Return the first board with an id above `after` that waits."""
    found = select(Leaderboard).where(_waits(now), Leaderboard.id > after).order_by(Leaderboard.id).limit(1)
    return db.session.scalar(found.execution_options(populate_existing=True))


def waits(board: Leaderboard, *, now: datetime) -> bool:
    """Whether a board waits to be made anew."""
    return bool(db.session.scalar(select(Leaderboard.id).where(_waits(now), Leaderboard.id == board.id)))


def _waits(now: datetime) -> ColumnElement[bool]:
    """Return the condition that a board was asked for since it was made, or that something may have left its time."""
    is_late = (Leaderboard.period != BoardPeriod.ALL) & (Leaderboard.made_at <= now - LONGEST_KEPT)
    return (Leaderboard.asked > Leaderboard.made) | is_late
