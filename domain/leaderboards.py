"""Who forecasts best: accounts by their skill, of a section or a time, once they have enough resolved
questions. Reads only: what is read is kept (`domain.boardkeeping`)."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, exists, func, literal_column, select

from domain import skills
from domain.ranking import Z
from domain.scoring import SHRINKAGE, Skill
from domain.skills import LEAST_QUESTIONS as LEAST_QUESTIONS  # noqa: PLC0414 - callers find it here
from extensions import db
from models import (
    Article,
    BoardPeriod,
    ForecastScore,
    Leaderboard,
    LeaderboardPlace,
    Prediction,
    Reader,
    ReaderSkill,
    Resolution,
    Role,
)

MOST_PLACES = 100  # of a board: more is not read
_LEAST = str(LEAST_QUESTIONS)  # in the words of the index, which would not be known by a parameter
EQUAL = 9  # places after the point to which skills are told apart: beyond them lies rounding


Period = BoardPeriod  # over which time a board looks back
LENGTHS = {Period.MONTH: timedelta(days=30), Period.QUARTER: timedelta(days=91), Period.YEAR: timedelta(days=365)}


@dataclass(frozen=True, kw_only=True)
class Ranked:
    """A reader as a board names them."""

    public_id: str
    name: str | None
    role: Role


@dataclass(frozen=True, kw_only=True)
class Place:
    """One reader's place. Of `predicted` questions they `called` some; those of equal skill share a rank."""

    rank: int
    reader: Ranked
    skill: Skill
    predicted: int
    called: int

    @property
    def coverage(self) -> float:
        """Return the mean part of a question's time for which a forecast of theirs stood."""
        return self.skill.coverage / self.skill.questions


def board(*, section: str = "", period: Period = Period.ALL) -> tuple[Place, ...]:
    """Return the best accounts as they are kept: one query, whose cost does not grow with what is scored."""
    sums: Any = ReaderSkill.__table__
    people = (Reader.public_id, Reader.name, Reader.role)
    is_on_it: list[ColumnElement[bool]] = [sums.c.questions >= literal_column(_LEAST)]
    if section or period is not Period.ALL:
        sums = LeaderboardPlace.__table__
        its_id = select(Leaderboard.id).where(Leaderboard.section == section, Leaderboard.period == period).scalar_subquery()
        is_on_it = [sums.c.leaderboard_id == its_id]
    found = select(*people, *sums.c).join(sums, sums.c.reader_id == Reader.id).where(*is_on_it)
    return _placed(db.session.execute(found.order_by(sums.c.skill.desc(), Reader.name).limit(MOST_PLACES)).all())


def best(*, section: str, period: Period, now: datetime) -> list[dict[str, Any]]:
    """Return the sums of the best accounts on the scores that a board is about: what is kept of it. Reads all of these scores."""
    chosen = _selected(section, period, now)
    sums: Any = skills.sums_of(chosen).having(func.count(ForecastScore.peer) >= LEAST_QUESTIONS).subquery()
    found = select(sums).join(Reader, Reader.id == sums.c.reader_id).order_by(sums.c.skill.desc(), Reader.name)
    return [dict(row) for row in db.session.execute(found.limit(MOST_PLACES)).mappings()]


def is_scored(*, section: str, period: Period, now: datetime) -> bool:
    """Whether there are scores that a board is about."""
    return db.session.scalar(select(exists(select(ForecastScore.reader_id).where(*_selected(section, period, now))))) or False


def rank_of(reader: Reader) -> int | None:
    """Return the reader's rank among all accounts, over all time; nothing for a guest, or below `LEAST_QUESTIONS`."""
    is_ranked = ReaderSkill.questions >= literal_column(_LEAST)
    mine = db.session.scalar(select(ReaderSkill.skill).where(ReaderSkill.reader_id == reader.id, is_ranked))
    if mine is None:
        return None
    better = select(func.count()).where(ReaderSkill.skill > mine + 10**-EQUAL, is_ranked)
    return 1 + (db.session.scalar(better) or 0)


def sections() -> Sequence[str]:
    """Return the sections in which something has been scored, as their boards say."""
    has_scores = (Leaderboard.period == Period.ALL) & (Leaderboard.section != "") & Leaderboard.is_scored
    return db.session.scalars(select(Leaderboard.section).where(has_scores).order_by(Leaderboard.section)).all()


def _selected(section: str, period: Period, now: datetime) -> list[ColumnElement[bool]]:
    """Return the conditions that keep what the board is about."""
    chosen: list[ColumnElement[bool]] = []
    if section:
        of_section = select(Prediction.id).join(Article).where(Article.section == section)
        chosen.append(ForecastScore.prediction_id.in_(of_section))
    if period in LENGTHS:
        newest = (Resolution.prediction_id == Prediction.id) & (Resolution.number == Prediction.resolution_count)
        lately = select(Prediction.id).join(Resolution, newest).where(Resolution.resolved_at > now - LENGTHS[period])
        chosen.append(ForecastScore.prediction_id.in_(lately))
    return chosen


def _placed(rows: Sequence[Any]) -> tuple[Place, ...]:
    places: list[Place] = []
    for number, row in enumerate(rows, start=1):
        skill = _skill(row)
        is_equal = places and round(places[-1].skill.value, EQUAL) == round(skill.value, EQUAL)
        place = Place(
            rank=places[-1].rank if is_equal else number,
            reader=Ranked(public_id=row.public_id, name=row.name, role=row.role),
            skill=skill,
            predicted=int(row.predicted),
            called=int(row.called),
        )
        places.append(place)
    return tuple(places)


def _skill(row: Any) -> Skill:
    """Return what `scoring.skill` does, from sums: so many readers' questions are not read one by one."""
    value = row.skill
    squares = max(0.0, row.peers_squared - 2 * value * row.peers_covered + value**2 * row.covered_squared)
    margin = Z * math.sqrt(squares) / (SHRINKAGE + row.covered)
    return Skill(
        value=value, low=value - margin, high=value + margin, questions=int(row.questions), coverage=float(row.covered)
    )
