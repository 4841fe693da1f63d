"""Home, the article page, and the one submit of its card."""

from __future__ import annotations

from blueprints.articles.routes import bp

__all__ = ["bp"]
