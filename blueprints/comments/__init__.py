"""Comments: posting, answering, reading one in its thread, changing one's own, rating and reporting others'."""

from __future__ import annotations

from blueprints.comments import editing, mentioning, previewing, rating, routes
from blueprints.comments.area import bp

__all__ = ["bp", "editing", "mentioning", "previewing", "rating", "routes"]
