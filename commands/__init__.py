"""The terminal edge: parse, call the domain, commit, print."""

from __future__ import annotations

from flask import Flask

from commands import translations


def register(app: Flask) -> None:
    """Add every command group."""
    app.cli.add_command(translations.group)
