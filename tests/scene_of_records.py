"""What is scored on the stage."""

from __future__ import annotations

from datetime import datetime

from domain import boardkeeping
from models import Article
from tests import factories, ledgers


def names(article: Article, draft: Article, now: datetime) -> dict[str, object]:
    """Let a question be final and scored, and return the names of it, of one that is open and of one that is a draft."""
    final = ledgers.question(now, headline="What is decided")
    for number in range(5):
        ledgers.say(final, factories.account(), number, (0.5, 0.3, 0.2))
    ledgers.end(final)
    ledgers.scored(final)
    boardkeeping.renew(now=now)
    return {
        "final_prediction": final.id,
        "open_prediction": factories.asked(article)[1].id,
        "draft_prediction": factories.asked(draft)[1].id,
    }
