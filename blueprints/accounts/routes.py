"""The routes of accounts, by subject: each module adds its own."""

from __future__ import annotations

from blueprints.accounts import confirming, joining, password, profile, signing
from blueprints.accounts.area import bp

__all__ = ["bp", "confirming", "joining", "password", "profile", "signing"]
