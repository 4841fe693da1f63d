"""Home, the article page, the one submit of its card, and what keeps an open page up to date."""

from __future__ import annotations

from blueprints.articles import (
    archive,
    combining,
    downloads,
    forecasting,
    news,
    picture,
    pulse,
    transcript,
    visiting,
    withdrawing,
)
from blueprints.articles.routes import bp

__all__ = [
    "archive",
    "bp",
    "combining",
    "downloads",
    "forecasting",
    "news",
    "picture",
    "pulse",
    "transcript",
    "visiting",
    "withdrawing",
]
