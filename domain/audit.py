"""The chain over all that was decided: each entry is sealed with the hash of the one before, so that none can be changed unseen.

`hash = SHA-256(hash before ‖ canonical JSON of the entry)`, both as UTF-8, the first hash before being 64 zeros. Entries are
sealed by a job in the order in which they became visible (`docs/adr/0017-seals.md`): those who decide do not wait for one another.
What moderators typed is not part of it: it stands beside, named by the entry's number.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import exists, func, select
from sqlalchemy.orm import lazyload

from extensions import db
from models import DecisionSeal, ModerationEntry

GENESIS = "0" * 64
AT_ONCE = 500  # sealed in one transaction
SETTLED = timedelta(days=1)  # no transaction lasts longer: with an entry, whatever was made so long before it is sealed
NOT_SEALED = {"note"}  # what was typed

_COLUMNS = tuple(sorted(column.key for column in ModerationEntry.__table__.columns if column.key not in NOT_SEALED))


@dataclass(frozen=True)
class Fault:
    """Something in the chain that is not as it has to be."""

    number: int
    what: str

    def __str__(self) -> str:
        return f"seal {self.number}: {self.what}"


def canonical(entry: ModerationEntry) -> str:
    """Return an entry as the chain has it: JSON with sorted keys, no spaces, and instants in UTC to the microsecond."""
    return json.dumps(
        {name: _plain(getattr(entry, name)) for name in _COLUMNS}, sort_keys=True, separators=(",", ":"), ensure_ascii=False
    )


def link(before: str, entry: ModerationEntry) -> str:
    """Return the hash of an entry that follows upon the hash `before`."""
    return hashlib.sha256((before + canonical(entry)).encode()).hexdigest()


def seal(*, now: datetime) -> int:
    """Seal the next entries that are not, and return how many. The caller commits, and asks again while there are any.

    Two that seal at once meet in the number of the seal: the second fails as a whole, and its entries are sealed next time.
    """
    last = _last()
    number, before = (last.number, last.hash) if last else (0, GENESIS)
    entries = db.session.scalars(_unsealed(_settled_before(last)).limit(AT_ONCE)).all()
    for entry in entries:
        number, before = number + 1, link(before, entry)
        db.session.add(DecisionSeal(number=number, entry_id=entry.id, hash=before, sealed_at=now))
    db.session.flush()
    return len(entries)


def head() -> DecisionSeal | None:
    """Return the newest seal: whoever has kept its hash can tell whether anything before it was changed."""
    return _last()


def pieces() -> int:
    """Return how many batches `faults` looks at."""
    return -(-(db.session.scalar(select(func.max(DecisionSeal.number))) or 0) // AT_ONCE)


def faults(*, now: datetime) -> Iterator[list[Fault]]:
    """Yield, batch by batch, what is wrong with the chain, and at last what was never sealed though it is old."""
    number, before = 0, GENESIS
    while rows := _sealed_after(number):
        found = []
        for row, entry in rows:
            number += 1
            if row.number != number:
                found.append(Fault(number, "it is missing"))
                number = row.number
            if row.hash != link(before, entry):
                found.append(Fault(number, f"entry {entry.id} is not what was sealed"))
            before = row.hash
        yield found
    left = db.session.scalars(_unsealed(None).where(ModerationEntry.made_at < now - SETTLED).limit(AT_ONCE))
    yield [Fault(0, f"entry {entry.id} was never sealed") for entry in left]


def _last() -> DecisionSeal | None:
    return db.session.scalar(select(DecisionSeal).order_by(DecisionSeal.number.desc()).limit(1))


def _settled_before(last: DecisionSeal | None) -> datetime | None:
    """Return before when nothing is left to seal. The clock does not say it: sealing may have stood still for days."""
    if last is None:
        return None
    return db.session.scalars(select(ModerationEntry.made_at).where(ModerationEntry.id == last.entry_id)).one() - SETTLED


def _unsealed(since: datetime | None) -> Any:
    sealed = exists().where(DecisionSeal.entry_id == ModerationEntry.id)
    found = select(ModerationEntry).options(lazyload("*")).where(~sealed).order_by(ModerationEntry.id)
    return found if since is None else found.where(ModerationEntry.made_at >= since)


def _sealed_after(number: int) -> list[tuple[DecisionSeal, ModerationEntry]]:
    both = select(DecisionSeal, ModerationEntry).join(ModerationEntry, ModerationEntry.id == DecisionSeal.entry_id)
    rows = db.session.execute(
        both.options(lazyload("*")).where(DecisionSeal.number > number).order_by(DecisionSeal.number).limit(AT_ONCE)
    )
    return [(seal, entry) for seal, entry in rows]


def _plain(value: Any) -> Any:
    if isinstance(value, datetime):
        return value.isoformat(timespec="microseconds")
    return getattr(value, "value", value)
