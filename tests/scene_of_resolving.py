"""A prediction that was said to have ended, and a dispute of it that waits."""

from __future__ import annotations

from datetime import datetime

from models import Article, Role
from tests import factories
from tests.resolving import dispute, resolve


def names(draft: Article, now: datetime) -> dict[str, object]:
    """Return what is named in addresses and forms."""
    article = factories.open_article(now, "How it ended is disputed")
    said, resolver = factories.asked(article)[1], factories.account(role=Role.EDITOR)
    resolve(article, resolver, now)
    waiting = dispute(said, factories.account(), now)
    return {
        "said_id": article.id,
        "said": said.id,
        "dispute": waiting.id,
        "unsaid": factories.asked(draft)[1].id,
    }
