"""Every component in each of its states on one page, for looking at and for the tests. Only in development and tests."""

from __future__ import annotations

from blueprints.gallery.routes import bp

__all__ = ["bp"]
