"""Moving counters in the transaction of what they count. Reading them is `tallies`."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache

from sqlalchemy import Update, bindparam, update

from domain.upserts import add_to
from extensions import Base, db
from models import BallotTally, CrossTally, OpinionPoll, OpinionTally, OpinionVote, OutcomeTally, PollKind, Tier

SLOTS = 16  # simultaneous voters on one choice wait for a sixteenth of the others


@dataclass(frozen=True, order=True)
class Cell:
    """One counter: a table's name and the values of its key, slot aside."""

    table: str
    owner_id: int
    first: str
    second: str


TABLES: dict[str, tuple[type[Base], str, tuple[str, str, str]]] = {
    "ballot": (BallotTally, "votes", ("poll_id", "ballot", "tier")),
    "cross": (CrossTally, "readers", ("article_id", "choice_id", "outcome_id")),
    "opinion": (OpinionTally, "votes", ("poll_id", "choice_id", "tier")),
    "outcome": (OutcomeTally, "forecasts", ("prediction_id", "outcome_id", "tier")),
}


def vote_cells(poll: OpinionPoll, vote: OpinionVote) -> list[Cell]:
    """Return the counters of a vote: of its choice; of each that an approval poll's voter approves, and of the voter; of the
    first of a ranking, and of the whole ranking."""
    tier = vote.tier.value
    cells = [Cell("opinion", poll.id, str(choice_id), tier) for choice_id in counted_choices(poll, vote)]
    if poll.takes_several:
        ballot = "" if poll.kind is PollKind.APPROVAL else vote.ballot
        cells.append(Cell("ballot", poll.id, ballot, tier))
    return cells


def counted_choices(poll: OpinionPoll, vote: OpinionVote) -> tuple[int, ...]:
    """Return the choices for which a vote is counted."""
    return vote.choice_ids if poll.kind is PollKind.APPROVAL else (vote.choice_id,)


def forecast_cell(prediction_id: int, outcome_id: int, tier: Tier) -> Cell:
    """Return the counter of a picked outcome in a tier."""
    return Cell("outcome", prediction_id, str(outcome_id), tier.value)


def cross_cell(article_id: int, choice_id: int, outcome_id: int) -> Cell:
    """Return the counter of readers with this take and this prediction."""
    return Cell("cross", article_id, str(choice_id), str(outcome_id))


def move(standings: Iterable[tuple[int, Iterable[Cell], Iterable[Cell]]]) -> None:
    """Take one off the counters each reader left and add one to those they entered: of each the id, the left, the entered.

    Counters are touched in one order everywhere, so that two transactions cannot wait for each other.
    """
    changes: Counter[tuple[Cell, int]] = Counter()
    for reader_id, out_of, into in standings:
        changes.update((cell, reader_id % SLOTS) for cell in into)
        changes.subtract((cell, reader_id % SLOTS) for cell in out_of)
    for (cell, slot), amount in sorted(changes.items()):
        if amount:
            _change(cell, slot, amount)


def _change(cell: Cell, slot: int, amount: int) -> None:
    table, column, (owner, first, second) = TABLES[cell.table]
    key = {owner: cell.owner_id, first: _typed(first, cell.first), second: _typed(second, cell.second), "slot": slot}
    if amount > 0:
        add_to(table, key, column, amount)
        return
    db.session.execute(
        _less(table, tuple(key), column), {f"of_{name}": value for name, value in key.items()} | {"amount": amount}
    )


@cache
def _less(table: type[Base], key: tuple[str, ...], column: str) -> Update:
    columns = table.__table__.c
    mine = (columns[name] == bindparam(f"of_{name}") for name in key)
    return update(db.metadata.tables[table.__tablename__]).values({column: columns[column] + bindparam("amount")}).where(*mine)


def _typed(column: str, text: str) -> Tier | int | str:
    """Return a part of a counter's key as its column holds it."""
    if column == "tier":
        return Tier(text)
    return text if column == "ballot" else int(text)
