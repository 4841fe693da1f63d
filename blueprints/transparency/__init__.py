"""What everybody may know of moderation: the public log, and a report of each half-year."""

from __future__ import annotations

from blueprints.transparency.routes import bp

__all__ = ["bp"]
