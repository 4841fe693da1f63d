"""Everything that was forecast on one question, as columns: what its scores are worked out from. Reads only.

Columns instead of rows, because a question can have a million forecasts: they are read in pieces and take some bytes each.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import ScalarSelect, Select, select

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
    """Return whose take was of which camp from when on, as the ledger of the article's poll has it.

    An account that was given a guest's take has held everything the guest had held in the poll, since the guest did.
    """
    poll = prediction.article.poll
    entries, moves = _entries(poll, prediction) if poll is not None else (_stances([], [], []), [])
    found = _with_what_moved(entries, moves)
    order = np.argsort(found.since, kind="stable")
    order = order[~_overtaken(found.reader, found.since)[order]]
    return _stances(found.reader[order], found.since[order], found.camp[order])


_Moves = list[tuple[int, int]]  # the place of the entry by which an account got a take, and the guest who had it


def _entries(poll: OpinionPoll, prediction: Prediction) -> tuple[Stances, _Moves]:
    """Return the ledger in its own order, and what moved: it is withdrawn and, by somebody else in the same instant, cast."""
    columns: tuple[list[Any], list[Any], list[Any]] = ([], [], [])
    withdrawn: dict[tuple[datetime, int, str], int] = {}
    moves, camps = [], _Camps(poll)
    for place, (reader_id, act, at, choice_id, ballot) in enumerate(db.session.execute(_events(poll))):
        camp = None if act is VoteAct.WITHDRAWN else camps.of(choice_id, ballot)
        row = reader_id, _seconds(prediction, at), CAMPS.index(camp) if camp else -1
        for column, value in zip(columns, row, strict=True):
            column.append(value)
        if act is VoteAct.WITHDRAWN:
            withdrawn[at, choice_id, ballot] = reader_id
        elif act is VoteAct.CAST and withdrawn.get((at, choice_id, ballot), reader_id) != reader_id:
            moves.append((place, withdrawn[at, choice_id, ballot]))
    return _stances(*columns), moves


def _with_what_moved(entries: Stances, moves: _Moves) -> Stances:
    """Put before each entry by which an account got a take what the guest had held until it moved."""
    if not moves:
        return entries
    order = np.argsort(entries.reader, kind="stable")
    of_whom = entries.reader[order]
    held, before = [], []
    for place, guest_id in moves:
        mine = order[slice(*np.searchsorted(of_whom, (guest_id, guest_id + 1)))]
        held.append(mine[mine < place][:-1])  # all but the withdrawal
        before.append(np.full(len(held[-1]), place))
    there = np.concatenate(before)
    places = np.insert(np.arange(len(order)), there, np.concatenate(held))
    return _stances(np.insert(entries.reader, there, entries.reader[there]), entries.since[places], entries.camp[places])


def _stances(reader: Sequence[int] | Integers, since: Sequence[float] | Floats, camp: Sequence[int] | Integers) -> Stances:
    columns = np.array(reader, dtype=np.int64), np.array(since, dtype=np.float64), np.array(camp, dtype=np.int64)
    return Stances(reader=columns[0], since=columns[1], camp=columns[2])


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
    event = OpinionVoteEvent.__table__.c
    found = select(event.reader_id, event.act, event.happened_at, event.choice_id, event.ballot)
    return found.where(event.poll_id == poll.id).order_by(event.id).execution_options(yield_per=PIECE)


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
