"""Accounts: signing up, in and out, confirming an address, the reader's own page and the public one."""

from __future__ import annotations

from blueprints.accounts.routes import bp

__all__ = ["bp"]
