"""The moderation desk: what waits, deciding about it, taking a decision back. For moderators alone."""

from __future__ import annotations

from blueprints.moderation.routes import bp

__all__ = ["bp"]
