"""What has come about in a transaction, noted for whoever counts it once the transaction is committed."""

from __future__ import annotations

from collections import Counter

from sqlalchemy.orm import Session

from extensions import db

Happening = tuple[str, ...]  # what it is, and of which kind
_KEY = "happenings"


def note(*happening: str) -> None:
    """Note what came about. What is not committed is forgotten."""
    db.session.info.setdefault(_KEY, Counter())[happening] += 1


def taken(session: Session) -> Counter[Happening]:
    """Return what has been noted, how often, and forget it."""
    noted: Counter[Happening] = session.info.pop(_KEY, Counter())
    return noted
