"""Saying what happened."""

from __future__ import annotations

from datetime import datetime

from domain import resolutions
from domain.resolutions import Finding
from models import Article, Reader, Resolution
from tests import factories


def resolve(article: Article, editor: Reader, now: datetime) -> Resolution:
    """Let the first outcome of the article's prediction have happened."""
    _, prediction = factories.asked(article)
    finding = Finding(
        outcome=prediction.outcomes[0],
        source_url="https://example.org/minutes",
        evidence="The minutes say so.",
        happened_at=now,
        known_at=now,
    )
    return resolutions.resolve(prediction, finding, by=editor, now=now)
