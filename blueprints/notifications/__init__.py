"""What a reader is told, and how."""

from __future__ import annotations

from blueprints.notifications.routes import bp

__all__ = ["bp"]
