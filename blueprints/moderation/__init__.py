"""The moderation desk: what waits, deciding about it, taking a decision back. For moderators alone."""

from __future__ import annotations

from blueprints.moderation import deciding, decisions, queues, savedfilters
from blueprints.moderation.area import bp

__all__ = ["bp", "deciding", "decisions", "queues", "savedfilters"]
