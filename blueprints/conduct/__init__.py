"""Readers as moderators see them: their history, notes, sanctions, and the bans that are to be reviewed."""

from __future__ import annotations

from blueprints.conduct.routes import bp

__all__ = ["bp"]
