"""Appeals that wait, and deciding about them. For moderators alone, and for each only what others decided."""

from __future__ import annotations

from blueprints.appeals.routes import bp

__all__ = ["bp"]
