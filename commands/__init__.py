"""The terminal edge: parse, call the domain, commit, print."""

from __future__ import annotations

from flask import Flask


def register(app: Flask) -> None:
    """Add every command group."""
