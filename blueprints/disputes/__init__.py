"""What was said of how a prediction ended, for everybody, and readers' disputes of it."""

from __future__ import annotations

from blueprints.disputes.routes import bp

__all__ = ["bp"]
