"""How much complaints weigh: by what they say is wrong, and by how often their readers were right before. Reads only."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass

from sqlalchemy import case, func, select

from domain.statements import RESTRICTED
from extensions import db
from models import ModerationEntry, Report, ReportReason

SEVERITY = {  # what it does to somebody if it is true
    ReportReason.ILLEGAL: 3,
    ReportReason.ACCUSATION: 3,
    ReportReason.PRIVACY: 3,
    ReportReason.ABUSE: 2,
    ReportReason.SPAM: 1,
    ReportReason.OTHER: 1,
}
MOST_WEIGHED = 50  # newest of a comment and reason: by then it is clear


@dataclass(frozen=True)
class Weight:
    """What complaints of one reason weigh: the severity, times the sum of their readers' shares of having been right."""

    severity: int
    trust: float
    readers: int

    @property
    def total(self) -> float:
        """Return what they weigh."""
        return self.severity * self.trust


def trust(upheld: int, settled: int) -> float:
    """Return the share of a reader's complaints that were right, as if one of two had been before the first."""
    return (upheld + 1) / (settled + 2)


def weights(comment_ids: Collection[int]) -> dict[tuple[int, ReportReason], Weight]:
    """Return by comment and reason what its open complaints weigh, in two queries."""
    key = (Report.comment_id, Report.reason)
    place = func.row_number().over(partition_by=key, order_by=Report.id.desc()).label("place")
    is_open = Report.comment_id.in_(comment_ids) & Report.settled_by_id.is_(None)
    newest = select(*key, Report.reader_id, place).where(is_open).subquery()
    rows = db.session.execute(select(newest).where(newest.c.place <= MOST_WEIGHED)).all()
    trusted = _trusted({row.reader_id for row in rows})
    found: defaultdict[tuple[int, ReportReason], list[float]] = defaultdict(list)
    for row in rows:
        found[row.comment_id, row.reason].append(trusted.get(row.reader_id, trust(0, 0)))
    return {one: Weight(SEVERITY[one[1]], sum(shares), len(shares)) for one, shares in found.items()}


def _trusted(reader_ids: Collection[int]) -> dict[int, float]:
    """Return by reader how far their complaints can be trusted; who has none settled is left out."""
    was_right = func.count(case((ModerationEntry.to_state.in_(RESTRICTED), 1)))
    past = select(Report.reader_id, was_right, func.count()).join(ModerationEntry, ModerationEntry.id == Report.settled_by_id)
    by_reader = past.where(Report.reader_id.in_(reader_ids)).group_by(Report.reader_id)
    return {reader_id: trust(upheld, settled) for reader_id, upheld, settled in db.session.execute(by_reader)}
