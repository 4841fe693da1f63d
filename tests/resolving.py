"""Saying what happened, disputing it, and letting the time to dispute it pass."""

from __future__ import annotations

from datetime import datetime

from domain import disputes, finality, resolutions
from domain.disputes import Objection
from domain.resolutions import TIME_TO_DISPUTE, Finding
from models import Article, Dispute, Outcome, Prediction, Reader, Resolution
from tests import factories

OBJECTION = Objection(source_url="https://example.org/correction", argument="The minutes were corrected a day later.")


def finding(outcome: Outcome, now: datetime) -> Finding:
    """Return that an outcome happened at this moment."""
    return Finding(
        outcome=outcome,
        source_url="https://example.org/minutes",
        evidence="The minutes say so.",
        happened_at=now,
        known_at=now,
    )


def resolve(article: Article, editor: Reader, now: datetime) -> Resolution:
    """Let the first outcome of the article's prediction have happened."""
    _, prediction = factories.asked(article)
    return resolutions.resolve(prediction, finding(prediction.outcomes[0], now), by=editor, now=now)


def dispute(prediction: Prediction, reader: Reader, now: datetime) -> Dispute:
    """Let a reader object to what is said."""
    return disputes.dispute(prediction, OBJECTION, by=reader, now=now)


def finalise(prediction: Prediction, now: datetime) -> Resolution:
    """Let what was said at `now` become final, when its time has come."""
    row = finality.finalise(prediction, now=now + TIME_TO_DISPUTE)
    assert row is not None
    return row
