"""Home, the article page, the one submit of its card, and what keeps an open page up to date."""

from __future__ import annotations

from blueprints.articles import news, pulse, visiting
from blueprints.articles.routes import bp

__all__ = ["bp", "news", "pulse", "visiting"]
