"""The moderation desk: what waits, deciding about it, taking a decision back. For moderators alone."""

from __future__ import annotations

from blueprints.moderation import bulk, deciding, decisions, looking, queues, savedfilters
from blueprints.moderation.area import bp

__all__ = ["bp", "bulk", "deciding", "decisions", "looking", "queues", "savedfilters"]
