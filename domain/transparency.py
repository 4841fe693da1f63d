"""The transparency report of half a year: counts of what was decided, made anew from the entries each time but for
restrictions, of which months that are over are kept (`restrictions`). Reads only.

The same period always gives the same report once it is over. Small counts are hidden (`suppression`), in all tables together.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from statistics import median
from typing import Any

from sqlalchemy import Select, func, select
from sqlalchemy.orm import aliased

from domain import restrictions, suppression
from domain.periods import Period
from domain.secondopinions import RESTRICTING
from domain.suppression import LEAST, Sum
from extensions import db
from models import (
    Appeal,
    Category,
    ClauseVersion,
    LegalNotice,
    ModerationAct,
    ModerationEntry,
    PolicyClause,
    Report,
    ReportReason,
    Sanction,
    SanctionKind,
)

Key = tuple[str, str, str]  # a table, a row and a column; "" is the total
ALL = ""
RESTRICTIONS, DECIDERS, CATEGORIES = "restrictions", "deciders", "categories"
NOTICES, APPEALS, REPORTS, SANCTIONS, REVERSALS = "notices", "appeals", "reports", "sanctions", "reversals"
DETECTION = "detection"
MACHINE, PERSON = "machine", "person"
ACTS = (ModerationAct.LIMITED.value, ModerationAct.REMOVED.value, ModerationAct.DISABLED.value)
MOST_TIMED = 50_000  # of the newest: a median of more is the same
DECIDING = RESTRICTING | {ModerationAct.APPROVED, ModerationAct.EDIT_APPROVED, ModerationAct.EDIT_REFUSED}


@dataclass(frozen=True, kw_only=True)
class Clause:
    """A clause by which something was restricted: its code, what it is called now, its category then."""

    code: str
    title: str
    category: Category

    @property
    def key(self) -> str:
        """Return its row."""
        return f"{self.code} {self.category.value}"


@dataclass(frozen=True, kw_only=True)
class Middle:
    """A median of times, and of how many; none of fewer than ten."""

    of: int
    time: timedelta | None


@dataclass(frozen=True, kw_only=True)
class Transparency:
    """The report. Counts are read by `at`, which gives none for what is hidden."""

    period: Period
    clauses: Sequence[Clause]
    counts: Mapping[Key, int]
    hidden: frozenset[Key]
    medians: Mapping[str, Middle]

    def at(self, table: str, row: str = ALL, column: str = ALL) -> int | None:
        """Return a count; none where it is hidden."""
        key = (table, row, column)
        return None if key in self.hidden else self.counts.get(key, 0)

    @property
    def automated_share(self) -> float | None:
        """Return which part of the restrictions no person decided; none where that would tell a hidden count."""
        machine, total = self.at(DECIDERS, MACHINE), self.at(DECIDERS)
        return machine / total if total and machine is not None else None

    @property
    def categories(self) -> list[Category]:
        """Return the categories of what was restricted, in the order of the law's own list."""
        used = {clause.category for clause in self.clauses}
        return [category for category in Category if category in used]


def report_on(period: Period) -> Transparency:
    """Return the report of a period, in a constant number of queries."""
    clauses, counts = _restrictions(period)
    for table, found in (
        (NOTICES, _notices(period)),
        (APPEALS, _appeals(period)),
        (REPORTS, _reports(period)),
        (SANCTIONS, _sanctions(period)),
        (REVERSALS, _reversals(period)),
    ):
        counts |= {(table, row, ALL): count for row, count in found.items()}
    sums = sums_of([clause.key for clause in clauses], {clause.key: clause.category.value for clause in clauses})
    counts = {**{key: 0 for one in sums for key in (one.total, *one.parts)}, **counts}
    return Transparency(
        period=period,
        clauses=clauses,
        counts=counts,
        hidden=suppression.hidden(counts, sums),
        medians={"held": _waits(period), NOTICES: _notice_times(period), APPEALS: _appeal_times(period)},
    )


def sums_of(rows: Sequence[str], category_of: Mapping[str, str]) -> list[Sum[Key]]:
    """Return what in the tables is the sum of what: everything that could tell a hidden count."""
    categories = list(dict.fromkeys(category_of.values()))
    sums = [
        *_crossed(RESTRICTIONS, rows, ACTS),
        *_crossed(CATEGORIES, categories, ACTS),
        *_crossed(DECIDERS, (MACHINE, PERSON), ACTS),
    ]
    for act in (*ACTS, ALL):  # the same total stands in three tables
        sums += [
            Sum((RESTRICTIONS, ALL, act), ((CATEGORIES, ALL, act),)),
            Sum((RESTRICTIONS, ALL, act), ((DECIDERS, ALL, act),)),
            *(
                Sum((CATEGORIES, name, act), tuple((RESTRICTIONS, row, act) for row in rows if category_of[row] == name))
                for name in categories
            ),
        ]
    sums.append(Sum((RESTRICTIONS, ALL, ALL), ((DETECTION, ALL, ALL),)))
    parts = {
        NOTICES: ("upheld", "refused"),
        APPEALS: ("granted", "refused"),
        REPORTS: [reason.value for reason in ReportReason],
        SANCTIONS: [kind.value for kind in SanctionKind],
        DETECTION: (MACHINE, PERSON),
    }
    return [*sums, *(Sum((table, ALL, ALL), tuple((table, row, ALL) for row in named)) for table, named in parts.items())]


def _crossed(table: str, rows: Sequence[str], columns: Sequence[str]) -> list[Sum[Key]]:
    """Return the sums of a table with totals at the end of each row and column."""
    across = [Sum((table, row, ALL), tuple((table, row, column) for column in columns)) for row in (*rows, ALL)]
    down = [Sum((table, ALL, column), tuple((table, row, column) for row in rows)) for column in (*columns, ALL)]
    return [*across, *down]


def _restrictions(period: Period) -> tuple[list[Clause], dict[Key, int]]:
    """Return the clauses by which something was restricted, and how often: by whom, and who pointed at it first."""
    found = restrictions.counted(period)
    clauses = _clauses({one.clause_id for one in found})
    counts: Counter[Key] = Counter()
    for one in found:
        clause = clauses[one.clause_id]
        rows = ((RESTRICTIONS, clause.key), (CATEGORIES, clause.category.value), (DECIDERS, _who(is_machine=one.by_machine)))
        for table, row in rows:
            for key in ((table, row, one.act), (table, row, ALL), (table, ALL, one.act), (table, ALL, ALL)):
                counts[key] += one.times
        for detector in (_who(is_machine=one.is_detected_by_machine), ALL):
            counts[DETECTION, detector, ALL] += one.times
    told = {clause.key: clause for clause in clauses.values()}
    return sorted(told.values(), key=lambda clause: (clause.category.value, clause.code)), dict(counts)


def _who(*, is_machine: bool) -> str:
    return MACHINE if is_machine else PERSON


def _clauses(version_ids: Collection[int]) -> dict[int, Clause]:
    """Return clauses by their versions: as they are called now, of the category they had then."""
    newest, later = aliased(ClauseVersion), aliased(ClauseVersion)
    number = select(func.max(later.number)).where(later.clause_id == newest.clause_id).scalar_subquery()
    found = (
        select(ClauseVersion.id, PolicyClause.code, newest.title, ClauseVersion.category)
        .join(PolicyClause, PolicyClause.id == ClauseVersion.clause_id)
        .join(newest, (newest.clause_id == PolicyClause.id) & (newest.number == number))
        .where(ClauseVersion.id.in_(version_ids))
    )
    return {row.id: Clause(code=row.code, title=row.title, category=row.category) for row in db.session.execute(found)}


def _notices(period: Period) -> dict[str, int]:
    is_in = (LegalNotice.made_at >= period.start) & (LegalNotice.made_at < period.end)
    received = db.session.scalar(select(func.count()).select_from(LegalNotice).where(is_in)) or 0
    found = select(LegalNotice.is_upheld, func.count()).where(
        LegalNotice.decided_at >= period.start, LegalNotice.decided_at < period.end
    )
    rows = _by(found, LegalNotice.is_upheld)
    upheld, refused = rows.get(True, 0), rows.get(False, 0)
    return {"received": received, "upheld": upheld, "refused": refused, ALL: upheld + refused}


def _appeals(period: Period) -> dict[str, int]:
    acts = (ModerationAct.APPEALED, ModerationAct.APPEAL_GRANTED, ModerationAct.APPEAL_REFUSED)
    rows = _by(select(ModerationEntry.act, func.count()).where(ModerationEntry.act.in_(acts), *_made_in(period)))
    granted, refused = rows[ModerationAct.APPEAL_GRANTED], rows[ModerationAct.APPEAL_REFUSED]
    return {"received": rows[ModerationAct.APPEALED], "granted": granted, "refused": refused, ALL: granted + refused}


def _reports(period: Period) -> dict[str, int]:
    found = select(Report.reason, func.count()).where(Report.made_at >= period.start, Report.made_at < period.end)
    return _with_total({reason.value: count for reason, count in _by(found).items()})


def _sanctions(period: Period) -> dict[str, int]:
    found = select(Sanction.kind, func.count()).where(Sanction.made_at >= period.start, Sanction.made_at < period.end)
    return _with_total({kind.value: count for kind, count in _by(found).items()})


def _reversals(period: Period) -> dict[str, int]:
    undone = aliased(ModerationEntry)
    found = select(func.count()).select_from(ModerationEntry).join(undone, undone.id == ModerationEntry.undoes_id)
    few = ModerationEntry.undoes_id.is_not(None)  # said, or PostgreSQL looks for what every entry of the time undoes
    return {"undone": db.session.scalar(found.where(few, undone.act.in_(RESTRICTING), *_made_in(period))) or 0}


def _waits(period: Period) -> Middle:
    """Return how long held texts waited for a person: the newest of the period."""
    later = aliased(ModerationEntry)
    decided = select(func.min(later.made_at)).where(
        later.comment_id == ModerationEntry.comment_id,
        later.id > ModerationEntry.id,
        later.actor_id.is_not(None),
        later.act.in_(DECIDING),
    )
    held = ModerationEntry.act.in_((ModerationAct.HELD, ModerationAct.EDIT_HELD)) & ModerationEntry.actor_id.is_(None)
    found = select(ModerationEntry.made_at, decided.scalar_subquery().label("decided_at")).where(held, *_made_in(period))
    return _middle(found.order_by(ModerationEntry.made_at.desc()))


def _notice_times(period: Period) -> Middle:
    found = select(LegalNotice.made_at, LegalNotice.decided_at)
    decided = found.where(LegalNotice.decided_at >= period.start, LegalNotice.decided_at < period.end)
    return _middle(decided.order_by(LegalNotice.id.desc()))


def _appeal_times(period: Period) -> Middle:
    found = select(Appeal.made_at, ModerationEntry.made_at.label("decided_at"))
    decided = found.join(ModerationEntry, ModerationEntry.id == Appeal.decision_id).where(*_made_in(period))
    return _middle(decided.order_by(Appeal.id.desc()))


def _middle(found: Select[Any, Any]) -> Middle:
    rows = db.session.execute(found.limit(MOST_TIMED)).all()
    return middle_of([decided - made for made, decided in rows if decided is not None])


def middle_of(times: Sequence[timedelta]) -> Middle:
    """Return the median of some times; of too few, nothing is told. Pure."""
    if len(times) < LEAST:
        return Middle(of=len(times), time=None)
    return Middle(of=len(times), time=timedelta(seconds=round(median(time.total_seconds() for time in times))))


def _made_in(period: Period) -> tuple[Any, Any]:
    return ModerationEntry.made_at >= period.start, ModerationEntry.made_at < period.end


def _by(found: Select[Any, Any], column: Any = None) -> Counter[Any]:
    by = column if column is not None else found.selected_columns[0]
    return Counter({row[0]: row[1] for row in db.session.execute(found.group_by(by))})


def _with_total(counts: Mapping[str, int]) -> dict[str, int]:
    return {**counts, ALL: sum(counts.values())}


def first_entry() -> datetime | None:
    """Return when something was first decided."""
    return db.session.scalar(select(func.min(ModerationEntry.made_at)))


def codes(categories: Iterable[Category]) -> dict[Category, str]:
    """Return the categories in the spelling of the Commission's own lists."""
    return {category: STATEMENT_CATEGORIES[category] for category in categories}


STATEMENT_CATEGORIES = {
    Category.ANIMAL_WELFARE: "STATEMENT_CATEGORY_ANIMAL_WELFARE",
    Category.DATA_PROTECTION: "STATEMENT_CATEGORY_DATA_PROTECTION_AND_PRIVACY_VIOLATIONS",
    Category.ILLEGAL_SPEECH: "STATEMENT_CATEGORY_ILLEGAL_OR_HARMFUL_SPEECH",
    Category.INTELLECTUAL_PROPERTY: "STATEMENT_CATEGORY_INTELLECTUAL_PROPERTY_INFRINGEMENTS",
    Category.CIVIC_DISCOURSE: "STATEMENT_CATEGORY_NEGATIVE_EFFECTS_ON_CIVIC_DISCOURSE_OR_ELECTIONS",
    Category.CONSENT: "STATEMENT_CATEGORY_NON_CONSENSUAL_BEHAVIOUR",
    Category.MINORS: "STATEMENT_CATEGORY_PROTECTION_OF_MINORS",
    Category.PUBLIC_SECURITY: "STATEMENT_CATEGORY_RISK_FOR_PUBLIC_SECURITY",
    Category.SCAMS: "STATEMENT_CATEGORY_SCAMS_AND_FRAUD",
    Category.SELF_HARM: "STATEMENT_CATEGORY_SELF_HARM",
    Category.SCOPE: "STATEMENT_CATEGORY_SCOPE_OF_PLATFORM_SERVICE",
    Category.UNSAFE_PRODUCTS: "STATEMENT_CATEGORY_UNSAFE_AND_ILLEGAL_PRODUCTS",
    Category.VIOLENCE: "STATEMENT_CATEGORY_VIOLENCE",
    Category.OTHER: "STATEMENT_CATEGORY_OTHER_VIOLATION_TC",
}
