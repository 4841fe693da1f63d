"""Making the leaderboards that are kept, from the scores they are about."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import CursorResult, delete, insert, select, update

from domain import boards, leaderboards
from extensions import db
from models import Leaderboard, LeaderboardPlace


@dataclass(frozen=True, kw_only=True)
class Made:
    """A board as its scores make it. `asked` is how often it had been asked for before they were read."""

    board_id: int
    asked: int
    is_scored: bool
    places: Sequence[dict[str, Any]]

    @property
    def by_reader(self) -> list[dict[str, Any]]:
        """Return the places in the order of the accounts, as `kept` does."""
        return sorted(self.places, key=lambda place: int(place["reader_id"]))


def made(board: Leaderboard, *, now: datetime) -> Made:
    """Return what the scores make of a board. Reads only."""
    number, asked = board.id, board.asked  # before the scores are read: who changes them asks again
    rows = leaderboards.best(section=board.section, period=board.period, now=now)
    is_scored = leaderboards.is_scored(section=board.section, period=board.period, now=now)
    return Made(board_id=number, asked=asked, is_scored=is_scored, places=[{"leaderboard_id": number, **row} for row in rows])


def keep(one: Made, *, now: datetime) -> None:
    """Write a board down, unless it was asked for again since its scores were read. The caller commits."""
    still = (Leaderboard.id == one.board_id) & (Leaderboard.asked == one.asked)
    written = update(Leaderboard).where(still).values(made=one.asked, made_at=now, is_scored=one.is_scored)
    result: CursorResult[Any] = db.session.execute(written, execution_options={"synchronize_session": False})  # type: ignore[assignment]
    if not result.rowcount:
        return
    places: Any = LeaderboardPlace.__table__
    db.session.execute(delete(places).where(places.c.leaderboard_id == one.board_id))
    if one.places:
        db.session.execute(insert(places), one.places)


def kept(board: Leaderboard) -> list[dict[str, Any]]:
    """Return the places that are kept of a board, in the order of the accounts."""
    columns = LeaderboardPlace.__table__.c
    found = select(*columns).where(columns.leaderboard_id == board.id).order_by(columns.reader_id)
    return [dict(row) for row in db.session.execute(found).mappings()]


def renew(*, now: datetime) -> None:
    """Make every board anew that waits. The caller commits."""
    after = 0
    while (board := boards.due(now=now, after=after)) is not None:
        after = board.id
        keep(made(board, now=now), now=now)


def renew_at_once(sections: Iterable[str], *, now: datetime) -> None:
    """Make the boards of these sections, and those of all, anew: what may no longer be told is not left to a job."""
    concerned = {"", *sections}
    boards.make_due(concerned)
    found = select(Leaderboard).where(boards.of(concerned)).order_by(Leaderboard.id)
    for board in db.session.scalars(found.execution_options(populate_existing=True)).all():
        keep(made(board, now=now), now=now)
