"""Comments: posting, answering, reading one in its thread, reporting one."""

from __future__ import annotations

from blueprints.comments.routes import bp

__all__ = ["bp"]
