"""The rules of the house, for everybody."""

from __future__ import annotations

from blueprints.houserules.routes import bp

__all__ = ["bp"]
