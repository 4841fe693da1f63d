"""Holding everything that is worked out from votes and forecasts against the ledgers they are in. Changes nothing.

What is counted, and what it should be, come from one statement, hence from one moment: what readers do meanwhile is no
difference. Questions are looked at one by one, and of a long ledger some thousand rows are in memory at once.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from itertools import zip_longest
from typing import Any

from sqlalchemy import func, select, text

from domain import boardkeeping, boards, crowds, league, questions, recounts, restrictions, scorekeeping, series, skills
from domain.recounts import Recount
from domain.series import Asked, Point
from extensions import db
from models import CrowdForecast, Leaderboard, OpinionPoll, Prediction

CLOSE = 2e-6  # between two chances of a line, which has six decimals: two machines may add in another order
SAME = 1e-9  # between two figures of the crowd forecast
LATE = timedelta(minutes=10)  # after which a point is missing: a job adds it each minute
PATIENCE = timedelta(hours=1)  # for one statement: nobody waits for it, and a long ledger takes longer than a page may
LISTED = 1_000  # questions in memory at once
Looked = Asked | Leaderboard


@dataclass(frozen=True)
class Finding:
    """Something that is not what the ledger says, in words; or that only waits for a job, which is no fault."""

    text: str
    is_waiting: bool = False

    def __str__(self) -> str:
        return self.text


Look = Callable[[Any, datetime], Iterator[Finding]]
Check = Callable[[datetime], Iterator[Finding]]  # one thing to look at. Between two of them the transaction may be ended


def pieces() -> int:
    """Return how many checks there are."""
    asked = sum(
        len(looks) * (db.session.scalar(select(func.count()).select_from(table)) or 0) for table, looks in LOOKS.items()
    )
    return asked + len(restrictions.months()) + 1


def checks() -> Iterator[Check]:
    """Yield everything there is to look at, question by question."""
    for table, looks in LOOKS.items():
        after = 0
        while ids := db.session.scalars(select(table.id).where(table.id > after).order_by(table.id).limit(LISTED)).all():
            yield from (partial(_of_one, table, one, look) for one in ids for look in looks)
            after = ids[-1]
    yield _methods
    yield from (partial(_restricted, month) for month in restrictions.months())


def findings(check: Check, *, now: datetime) -> Iterator[Finding]:
    """Yield what a check finds. A million votes are counted in one statement."""
    if db.session.get_bind().dialect.name == "postgresql":
        db.session.execute(text(f"SET LOCAL statement_timeout = '{PATIENCE.total_seconds():.0f}s'"))
    yield from check(now)


def _of_one(table: type[Looked], id_: int, look: Look, now: datetime) -> Iterator[Finding]:
    """Yield what is found in a question or leaderboard; nothing of one that is gone."""
    question = db.session.get(table, id_, populate_existing=True)
    if question is not None:
        yield from look(question, now)


def _counted(recount: Callable[[Any], Iterator[Recount]]) -> Look:
    """Return the check that holds counters against a recount."""

    def look(question: Any, _now: datetime) -> Iterator[Finding]:
        for one in recount(question):
            yield Finding(f"{one.what}: is {one.stored}, should be {one.counted}")

    return look


def _ledger(poll: OpinionPoll, _now: datetime) -> Iterator[Finding]:
    for reader_id, held, said in recounts.ledger(poll):
        yield Finding(f"opinion_vote of poll {poll.id}, reader {reader_id}: is {held}, should be {said}")


def _series(question: Asked, now: datetime) -> Iterator[Finding]:
    """Yield points that are missing, too many, or other than they should be."""
    table = "tally_point of poll" if isinstance(question, OpinionPoll) else "crowd_point of prediction"
    kept = dict(series.kept_of(question))
    told: Mapping[datetime, dict[str, Any]] = dict(series.rebuilt(question, now=now))
    settled = series.moments_of(question, now - LATE)
    for at in sorted(kept.keys() | told.keys()):
        name = f"{table} {question.id}, {at.isoformat(timespec='seconds')}"
        if at not in kept:
            yield Finding(f"{name}: is missing") if at in settled else Finding(f"{name}: waits to be added", is_waiting=True)
        elif at not in told:
            yield Finding(f"{name}: should not be there")
        elif not _is_close(kept[at], told[at], CLOSE):
            yield Finding(f"{name}: is {_said((at, kept[at]))}, should be {_said((at, told[at]))}")


def _crowd(prediction: Prediction, _now: datetime) -> Iterator[Finding]:
    """Yield where the crowd forecast is not what the forecasts say it knows of make of it."""
    kept = db.session.get(CrowdForecast, prediction.id, populate_existing=True)
    name, basis = f"crowd_forecast of prediction {prediction.id}", crowds.basis_of(prediction)
    if kept is None or kept.basis != basis:
        if kept is not None or questions.is_answered(prediction):
            yield Finding(f"{name}: waits for a refresh", is_waiting=True)
        return
    forecasts, summary = crowds.computed(prediction)
    if crowds.basis_of(prediction) != basis:
        yield Finding(f"{name}: waits for a refresh", is_waiting=True)
        return
    if kept.forecasts != forecasts:
        yield Finding(f"{name}: forecasts is {kept.forecasts}, should be {forecasts}")
    for part in sorted(kept.summary.keys() | summary.keys()):
        was, should_be = kept.summary.get(part), summary.get(part)
        if not _is_close(was, should_be, SAME):
            yield Finding(f"{name}: {part} is {was}, should be {should_be}")


def _scores(prediction: Prediction, _now: datetime) -> Iterator[Finding]:
    if prediction.score_due_at is not None:
        yield Finding(f"scores of prediction {prediction.id}: wait to be worked out", is_waiting=True)
        return
    yield from (Finding(f"score of {one}") for one in scorekeeping.differences(prediction))


def _skills(prediction: Prediction, _now: datetime) -> Iterator[Finding]:
    """Yield whose sums are not those of their scores, of everybody who predicted this."""
    for reader_id, kept, told in skills.recount(prediction):
        if not _is_close(kept, told, SAME):
            yield Finding(f"reader_skill of reader {reader_id}: is {kept}, should be {told}")


def _board(board: Leaderboard, now: datetime) -> Iterator[Finding]:
    """Yield how a kept board differs from one that is made anew as of when it was made."""
    name = f"leaderboard of {board.section or 'all sections'}, {board.period.value}"
    if board.made_at is None or boards.waits(board, now=now) or scorekeeping.waiting():
        yield Finding(f"{name}: waits to be made", is_waiting=True)
        return
    if not _is_close(boardkeeping.kept(board), boardkeeping.made(board, now=board.made_at).by_reader, SAME):
        yield Finding(f"{name}: is not what its scores say")


def _methods(_now: datetime) -> Iterator[Finding]:
    """Yield the methods of which something else is kept than their scores add up to, or nothing."""
    sums, scored = league.recount()
    for method in sorted(sums.keys() | scored.keys()):
        kept, told = sums.get(method), scored.get(method, league.NOTHING)
        if not _is_close(kept, told, SAME):
            yield Finding(f"method_sum of {method}: is {kept}, should be {told}")


def _restricted(month: datetime, _now: datetime) -> Iterator[Finding]:
    """Yield of what in a month more is kept than was restricted, or less."""
    for (clause_id, act, *_), kept, told in restrictions.recount(month):
        if kept != told:
            yield Finding(f"restriction_month of {month:%Y-%m}, {act} by {clause_id}: is {kept}, should be {told}")


def _is_close(one: Any, other: Any, tolerance: float) -> bool:
    """Whether two values, or everything in them, are the same but for what adding in another order makes."""
    if isinstance(one, Mapping) and isinstance(other, Mapping):
        return one.keys() == other.keys() and all(_is_close(one[key], other[key], tolerance) for key in one)
    if _is_list(one) and _is_list(other):
        return all(_is_close(left, right, tolerance) for left, right in zip_longest(one, other))
    if isinstance(one, float) and isinstance(other, float):
        return math.isclose(one, other, rel_tol=SAME, abs_tol=tolerance)
    return bool(one == other)


def _is_list(value: Any) -> bool:
    return isinstance(value, Sequence) and not isinstance(value, str)


def _said(point: Point) -> str:
    """Return a point in figures."""
    return " ".join(str(value) for value in point[1].values())


LOOKS: dict[type[Looked], tuple[Look, ...]] = {
    OpinionPoll: (_counted(recounts.takes), _counted(recounts.ballots), _ledger, _series),
    Prediction: (_counted(recounts.outcomes), _counted(recounts.cross), _crowd, _series, _skills, _scores),
    Leaderboard: (_board,),
}
