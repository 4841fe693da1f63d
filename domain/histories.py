"""Everything that was forecast on one question, as columns: what its scores are worked out from. Reads only.

Columns instead of rows, because a question can have a million forecasts: they are read in pieces and take some bytes each.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import ScalarSelect, Select, and_, case, select

from domain import crowd, opinions
from domain.arrays import Floats, Integers, NDArray, np
from domain.methods import CAMPS, History, Stances
from extensions import db
from models import Camp, Forecast, ForecastProbability, OpinionPoll, OpinionVote, OpinionVoteEvent, Outcome, Prediction, VoteAct

PIECE = 20_000  # rows read at a time: some megabytes


def history_of(prediction: Prediction) -> History:
    """Return every forecast of an opened prediction, the oldest first, with the outcomes in the order of the question.

    A forecast of a reader ends where their next one begins, whatever became of it later: two histories that were merged into
    one overlap otherwise.
    """
    reader, pick, start, end, *chances = _columns(prediction)
    order = np.argsort(start, kind="stable")  # of those made in one instant the first id stays first
    end = _without_overlap(reader[order], start[order], end[order])
    rows = _completed(prediction, np.column_stack(chances)[order])
    return History(reader=reader[order], pick=pick[order], start=start[order], end=end, rows=rows)


def stances_of(prediction: Prediction) -> Stances:
    """Return whose take was of which camp from when on, as the ledger of the article's poll has it."""
    poll = prediction.article.poll
    columns: list[list[Any]] = [[], [], []]
    if poll is not None:
        camps = _Camps(poll)
        for reader_id, at, act, choice_id, ballot in db.session.execute(_events(poll)):
            camp = None if act is VoteAct.WITHDRAWN else camps.of(choice_id, ballot)
            row = reader_id, _seconds(prediction, at), CAMPS.index(camp) if camp else -1
            for column, value in zip(columns, row, strict=True):
                column.append(value)
    reader, since = np.array(columns[0], dtype=np.int64), np.array(columns[1], dtype=np.float64)
    order = np.argsort(since, kind="stable")
    order = order[~_overtaken(reader, since)[order]]
    return Stances(reader=reader[order], since=since[order], camp=np.array(columns[2], dtype=np.int64)[order])


def _overtaken(reader: Integers, since: Floats) -> NDArray[np.bool_]:
    """Return which events were followed by one of the same reader at an earlier time: the ledger knows the later, not the clock."""
    order = np.argsort(reader, kind="stable")
    found = np.zeros(len(order), dtype=bool)
    is_same = reader[order][1:] == reader[order][:-1]
    for place in np.flatnonzero(is_same & (since[order][1:] < since[order][:-1])):  # few, if any
        before = place
        while before >= 0 and reader[order[before]] == reader[order[place]] and since[order[before]] > since[order[place + 1]]:
            found[order[before]] = True
            before -= 1
    return found


def _columns(prediction: Prediction) -> Sequence[NDArray[Any]]:
    """Return of all forecasts the reader, the place of the picked outcome, the times, and the chance of each outcome."""
    made = Forecast.__table__.c
    chances = [_chance_of(outcome) for outcome in prediction.outcomes]
    found = select(made.reader_id, made.outcome_id, made.made_at, made.superseded_at, *chances)
    place = {outcome.id: number for number, outcome in enumerate(prediction.outcomes)}
    empty = [np.empty(0, np.int64), np.empty(0, np.int64), *(np.empty(0) for _ in range(2 + len(chances)))]
    pieces = [empty]
    for piece in _pieces(found.where(made.prediction_id == prediction.id).order_by(made.id)):
        reader, picked, made_at, ended_at, *given = zip(*piece, strict=True)
        numbers = [np.array(column, dtype=np.int64) for column in (reader, [place[one] for one in picked])]
        times = [np.array([_seconds(prediction, at) for at in column]) for column in (made_at, ended_at)]
        pieces.append([*numbers, *times, *(np.array(column, dtype=np.float64) for column in given)])
    return [np.concatenate(column) for column in zip(*pieces, strict=True)]


def _chance_of(outcome: Outcome) -> ScalarSelect[Any]:
    """Select the chance a forecast gives to an outcome: in its row, as four rows take four times as long to read."""
    given = ForecastProbability.__table__.c
    found = select(given.probability).where(given.forecast_id == Forecast.__table__.c.id, given.outcome_id == outcome.id)
    return found.correlate(Forecast.__table__).scalar_subquery()


def _completed(prediction: Prediction, rows: Floats) -> Floats:
    """Return the chances with what was said before an outcome was split; a forecast that is a pick and no more stays empty."""
    missing = np.isnan(rows)
    added = sorted(enumerate(prediction.outcomes), key=lambda one: one[1].id)
    parents = [(outcome.id, outcome.split_from_id) for _, outcome in added]
    for place in np.flatnonzero(missing.any(axis=1) & ~missing.all(axis=1)):
        known = {outcome.id: float(rows[place, column]) for column, outcome in added if not missing[place, column]}
        rows[place, [column for column, _ in added]] = crowd.completed(known, parents)
    return rows


def _without_overlap(reader: Integers, start: Floats, end: Floats) -> Floats:
    """Return when each forecast ended, at the latest with the reader's next; they come in the order of making.

    One that ended no later than it was made never stood, and so ends no other.
    """
    order = np.argsort(reader, kind="stable")
    order = order[end[order] > start[order]]
    following = np.full(len(order), np.inf)
    is_same = reader[order][1:] == reader[order][:-1]
    following[:-1][is_same] = start[order][1:][is_same]
    ended = start.copy()
    ended[order] = np.minimum(end[order], following)
    return ended


def _events(poll: OpinionPoll) -> Select[Any]:
    """Select what happened to votes. A take that was moved from a guest to their account has been held since it was cast."""
    is_moved = and_(OpinionVoteEvent.act == VoteAct.CAST, OpinionVote.cast_at < OpinionVoteEvent.happened_at)
    since = case((is_moved, OpinionVote.cast_at), else_=OpinionVoteEvent.happened_at)
    columns = (OpinionVoteEvent.reader_id, since, OpinionVoteEvent.act, OpinionVoteEvent.choice_id, OpinionVoteEvent.ballot)
    held = and_(OpinionVote.poll_id == OpinionVoteEvent.poll_id, OpinionVote.reader_id == OpinionVoteEvent.reader_id)
    found = select(*columns).outerjoin(OpinionVote, held).where(OpinionVoteEvent.poll_id == poll.id)
    return found.order_by(OpinionVoteEvent.id).execution_options(yield_per=PIECE)


class _Camps:
    """The camp of each ballot of a poll, worked out once."""

    def __init__(self, poll: OpinionPoll) -> None:
        self._poll = poll
        self._known: dict[tuple[int, str], Camp | None] = {}

    def of(self, choice_id: int, ballot: str) -> Camp | None:
        """Return the camp to which a vote of this ballot belongs."""
        key = (choice_id, ballot)
        if key not in self._known:
            self._known[key] = opinions.camp_of(self._poll, OpinionVote(choice_id=choice_id, ballot=ballot))
        return self._known[key]


def _pieces(found: Select[*tuple[Any, ...]]) -> Iterator[Sequence[Any]]:
    """Yield rows by the thousand. They are of tables, not of classes: a class costs as much as the row."""
    return db.session.execute(found.execution_options(yield_per=PIECE)).partitions()


def _seconds(prediction: Prediction, at: datetime | None) -> float:
    """Return an instant in seconds since the question opened; infinity for what has not come."""
    opened_at = prediction.opened_at
    if opened_at is None:
        raise ValueError("a question that was never opened has no forecasts")
    return float("inf") if at is None else (at - opened_at).total_seconds()
