"""The routes of notifications, by subject: each module adds its own."""

from __future__ import annotations

from blueprints.notifications import browsers, listing, settings, unsubscribing
from blueprints.notifications.area import bp

__all__ = ["bp", "browsers", "listing", "settings", "unsubscribing"]
