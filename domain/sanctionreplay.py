"""Replaying what was imposed on readers: the entries alone say which sanctions run, and which statements stand. Reads only."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Row, func, select

from extensions import db
from models import Appeal, ModerationAct, ModerationEntry, Sanction, SanctionKind, StatementOfReasons

BATCH = 1_000  # sanctions
ENDS = {ModerationAct.SANCTION_LIFTED, ModerationAct.SANCTION_ENDED, ModerationAct.APPEAL_GRANTED}


@dataclass(frozen=True)
class SanctionDifference:
    """A sanction that is not what its entries make of it."""

    sanction_id: int
    what: str

    def __str__(self) -> str:
        return f"sanction {self.sanction_id}: {self.what}"


def batches() -> Iterator[list[SanctionDifference]]:
    """Yield, batch by batch, what differs from a replay of the entries."""
    after = 0
    while rows := _sanctions(after):
        after = rows[-1].id
        yield list(_differences(rows))


def ended_after(entries: Sequence[Row[Any]]) -> tuple[datetime | None, list[str]]:
    """Return when the entries of a sanction, oldest first, have it end, if they do; and what does not follow."""
    ended: datetime | None = None
    wrong = [] if entries and entries[0].act is ModerationAct.SANCTIONED else ["no entry imposed it"]
    for entry in entries:
        if entry.act in ENDS and ended is not None and entry.act is not ModerationAct.APPEAL_GRANTED:
            wrong.append(f"entry {entry.id} ends what had ended")
        if entry.act in ENDS:
            ended = ended or entry.made_at
        elif entry.act is ModerationAct.UNDONE:
            ended = None
    return ended, wrong


def _differences(rows: Sequence[Row[int, SanctionKind, datetime | None]]) -> Iterator[SanctionDifference]:
    ids = [row.id for row in rows]
    entries, live, waits = _entries(ids), _live(ids), _waiting(ids)
    for row in rows:
        ended, wrong = ended_after(entries[row.id])
        if row.ended_at != ended:
            wrong.append("it does not end when its entries say")
        if any(entry.detail != row.kind.value for entry in entries[row.id]):
            wrong.append("its entries tell of another kind")
        wanted = int(ended is None or row.id in waits)
        if live[row.id] != wanted:
            wrong.append(f"it has {live[row.id]} statements of reasons in force, and should have {wanted}")
        yield from (SanctionDifference(row.id, what) for what in wrong)


def _sanctions(after: int) -> list[Row[int, SanctionKind, datetime | None]]:
    found = select(Sanction.id, Sanction.kind, Sanction.ended_at).where(Sanction.id > after)
    return list(db.session.execute(found.order_by(Sanction.id).limit(BATCH)))


def _entries(ids: list[int]) -> defaultdict[int, list[Row[Any]]]:
    columns = (getattr(ModerationEntry, name) for name in ("id", "sanction_id", "act", "detail", "made_at"))
    about = select(*columns).where(ModerationEntry.sanction_id.in_(ids)).order_by(ModerationEntry.id)
    found: defaultdict[int, list[Row[Any]]] = defaultdict(list)
    for row in db.session.execute(about):
        found[row.sanction_id].append(row)
    return found


def _live(ids: list[int]) -> defaultdict[int, int]:
    statements = select(ModerationEntry.sanction_id, func.count()).join(
        StatementOfReasons, StatementOfReasons.entry_id == ModerationEntry.id
    )
    live = statements.where(ModerationEntry.sanction_id.in_(ids), StatementOfReasons.withdrawn_at.is_(None))
    counted = db.session.execute(live.group_by(ModerationEntry.sanction_id))
    return defaultdict(int, {sanction_id: count for sanction_id, count in counted if sanction_id})


def _waiting(ids: list[int]) -> set[int]:
    """Return the sanctions against which an appeal waits that was still in force when the sanction ended."""
    appealed = select(ModerationEntry.sanction_id).join(StatementOfReasons, StatementOfReasons.entry_id == ModerationEntry.id)
    appealed = appealed.join(Appeal, Appeal.statement_id == StatementOfReasons.id)
    waiting = Appeal.decision_id.is_(None) & StatementOfReasons.withdrawn_at.is_(None)
    return {one for one in db.session.scalars(appealed.where(ModerationEntry.sanction_id.in_(ids), waiting)) if one}
