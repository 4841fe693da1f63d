"""Comments: posting, answering, reading one in its thread, reporting one."""

from __future__ import annotations

from blueprints.comments import mentioning, previewing, rating, routes
from blueprints.comments.area import bp

__all__ = ["bp", "mentioning", "previewing", "rating", "routes"]
