"""What an author was told of restrictions of theirs, how they object, and receipts for those who cannot sign in."""

from __future__ import annotations

from blueprints.statements.routes import bp

__all__ = ["bp"]
