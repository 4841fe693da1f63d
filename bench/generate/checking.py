"""Holding a made site against a recount, as `flask tallies verify`, `comments recount` and `moderation verify` do."""

from __future__ import annotations

from datetime import datetime
from itertools import islice

from domain import audit, recounting, replaying, verifying
from extensions import db


def wrong(*, every: int, now: datetime) -> list[str]:
    """Return what is not as it has to be, in every n-th piece; the chain of decisions as a whole."""
    found: list[str] = []
    for check in islice(verifying.checks(), 0, None, every):
        found += [str(one) for one in verifying.findings(check, now=now) if not one.is_waiting]
        db.session.rollback()
    for batch in islice(recounting.batches(), 0, None, every):
        found += map(str, recounting.differences(batch))
        db.session.rollback()
    for differences in islice(replaying.batches(), 0, None, every):
        found += map(str, differences)
    for faults in audit.faults(now=now):
        found += map(str, faults)
    db.session.rollback()
    return found
