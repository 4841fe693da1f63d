"""How often something was restricted: what months that are over add up to is kept, what came after is counted.

Entries and statements of reasons are written once, so what is kept of a month that is over never changes.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any, NamedTuple

from sqlalchemy import Select, String, func, literal, select, type_coerce, union_all

from domain.audit import SETTLED
from domain.periods import Period
from domain.secondopinions import RESTRICTING
from domain.upserts import insert_from
from extensions import db
from models import ModerationEntry, RestrictionMonth, StatementOfReasons, UTCDateTime

KEY = ("clause_id", "act", "by_machine", "is_detected_by_machine")
BEFORE_ALL = datetime(2000, 1, 1, tzinfo=UTC)
Kind = tuple[Any, ...]  # in the order of the key


class Restricted(NamedTuple):
    """How often something was restricted by a version of a clause, by an act, by whom, and whether a machine pointed at it first."""

    clause_id: int
    act: str
    by_machine: bool
    is_detected_by_machine: bool
    times: int


def counted(period: Period) -> list[Restricted]:
    """Return what was restricted in a period; the same kind may be there twice, to be added up."""
    months: Any = RestrictionMonth.__table__.c
    found = select(months.month, *(months[name] for name in KEY), months.count)
    kept = db.session.execute(found.where(months.month >= period.start, months.month < period.end)).all()
    since = max((following(row.month) for row in kept), default=period.start)
    fresh = db.session.execute(_between(since, period.end)).all() if since < period.end else []
    return [*(Restricted._make(row[1:]) for row in kept), *map(Restricted._make, fresh)]


def keep_next(*, now: datetime) -> bool:
    """Keep what the next month that is over adds up to; return whether there was one. The caller commits."""
    newest = db.session.scalar(select(func.max(RestrictionMonth.month)))
    later = ModerationEntry.made_at >= (following(newest) if newest else BEFORE_ALL)
    first = db.session.scalar(select(func.min(ModerationEntry.made_at)).where(_is_restriction(), later))
    if first is None or following(month := _month_of(first)) > now - SETTLED:
        return False
    added_up = _between(month, following(month)).add_columns(literal(month, UTCDateTime()))
    db.session.execute(insert_from(RestrictionMonth, [*KEY, "count", "month"], added_up))
    return True


def months() -> list[datetime]:
    """Return the months of which what they add up to is kept, or should be: up to the newest that is, in UTC."""
    first, newest = (db.session.scalar(select(end(RestrictionMonth.month))) for end in (func.min, func.max))
    if first is None or newest is None:
        return []
    earliest = db.session.scalar(select(func.min(ModerationEntry.made_at)).where(_is_restriction()))
    found = [min(first, _month_of(earliest or first))]
    while found[-1] < newest:
        found.append(following(found[-1]))
    return found


def recount(month: datetime) -> Iterator[tuple[Kind, int, int]]:
    """Yield, of each kind, how often it is kept that it was restricted in a month, and how often it was: one statement's moment."""
    columns: Any = RestrictionMonth.__table__.c
    kept = select(*(columns[name] for name in KEY), columns.count, literal(0)).where(columns.month == month)
    fresh = _between(month, following(month)).add_columns(literal(1))
    found: dict[Kind, list[int]] = defaultdict(lambda: [0, 0])
    for *key, times, place in db.session.execute(union_all(kept, fresh)):
        found[tuple(key)][place] = times
    yield from ((kind, was, is_now) for kind, (was, is_now) in sorted(found.items()))


def following(month: datetime) -> datetime:
    """Return the beginning of the month after one, in UTC."""
    return datetime(month.year + month.month // 12, month.month % 12 + 1, 1, tzinfo=UTC)


def _month_of(at: datetime) -> datetime:
    return datetime(at.year, at.month, 1, tzinfo=UTC)


def _is_restriction() -> Any:
    return ModerationEntry.act.in_(RESTRICTING) & ModerationEntry.clause_id.is_not(None)


def _between(start: datetime, end: datetime) -> Select[*tuple[Any, ...]]:
    """Count the entries of a time. Who pointed at something first stands in its statement of reasons."""
    key = (
        ModerationEntry.clause_id,
        type_coerce(ModerationEntry.act, String).label("act"),
        ModerationEntry.actor_id.is_(None).label("by_machine"),
        func.coalesce(StatementOfReasons.is_detected_by_machine, False).label("is_detected_by_machine"),
    )
    found = select(*key, func.count().label("count")).select_from(ModerationEntry)
    joined = found.outerjoin(StatementOfReasons, StatementOfReasons.entry_id == ModerationEntry.id)
    return joined.where(_is_restriction(), ModerationEntry.made_at >= start, ModerationEntry.made_at < end).group_by(*key)
