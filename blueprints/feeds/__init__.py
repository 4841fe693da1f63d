"""Atom feeds: the site's articles, its comments, those of an article and those of a reader."""

from __future__ import annotations

from blueprints.feeds.routes import bp

__all__ = ["bp"]
