"""Moving counters in the transaction of what they count. Reading them is `tallies`."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

from sqlalchemy import update

from domain.upserts import add_to
from extensions import Base, db
from models import CrossTally, OpinionTally, OutcomeTally, Tier

SLOTS = 16  # simultaneous voters on one choice wait for a sixteenth of the others


@dataclass(frozen=True, order=True)
class Cell:
    """One counter: a table's name and the values of its key, slot aside."""

    table: str
    owner_id: int
    first: int
    second: str


TABLES: dict[str, tuple[type[Base], str, tuple[str, str, str]]] = {
    "cross": (CrossTally, "readers", ("article_id", "choice_id", "outcome_id")),
    "opinion": (OpinionTally, "votes", ("poll_id", "choice_id", "tier")),
    "outcome": (OutcomeTally, "forecasts", ("prediction_id", "outcome_id", "tier")),
}


def vote_cell(poll_id: int, choice_id: int, tier: Tier) -> Cell:
    """Return the counter of a choice in a tier."""
    return Cell("opinion", poll_id, choice_id, tier.value)


def forecast_cell(prediction_id: int, outcome_id: int, tier: Tier) -> Cell:
    """Return the counter of a picked outcome in a tier."""
    return Cell("outcome", prediction_id, outcome_id, tier.value)


def cross_cell(article_id: int, choice_id: int, outcome_id: int) -> Cell:
    """Return the counter of readers with this take and this prediction."""
    return Cell("cross", article_id, choice_id, str(outcome_id))


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
    last = Tier(cell.second) if second == "tier" else int(cell.second)
    key = {owner: cell.owner_id, first: cell.first, second: last, "slot": slot}
    if amount > 0:
        add_to(table, key, column, amount)
        return
    columns = table.__table__.c
    statement = update(table).values({column: columns[column] + amount})
    db.session.execute(statement.where(*(columns[name] == value for name, value in key.items())))
