"""Who and what came near: leaderboards, the league of methods, and everything to work the scores out anew."""

from __future__ import annotations

from blueprints.records.routes import bp

__all__ = ["bp"]
