"""Following and muting."""

from __future__ import annotations

from blueprints.following.routes import bp

__all__ = ["bp"]
