"""Notices that something is against the law: sent by anybody, read by whoever sent it. Deciding is in `oversight`."""

from __future__ import annotations

from blueprints.legalnotices.routes import bp

__all__ = ["bp"]
