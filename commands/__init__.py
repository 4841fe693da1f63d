"""The terminal edge: parse, call the domain, commit, print."""

from __future__ import annotations

from pkgutil import resolve_name
from typing import TYPE_CHECKING, Any

import click
from flask import Flask
from flask.cli import AppGroup

from extensions import db
from lazily import lazily

if TYPE_CHECKING:
    import flask_migrate
else:
    flask_migrate = lazily("flask_migrate")

GROUPS = [
    *("articles", "backup", "comments", "database", "demo", "jobs"),
    *("moderation", "predictions", "readers", "tallies", "translations"),
]
PLACES = {name: f"commands.{name}:group" for name in GROUPS} | {"db": "flask_migrate.cli:db", "serve": "commands.serve:serve"}


class Commands(AppGroup):
    """The commands of the site, each loaded when it is asked for: a site that is served holds none of the others."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Return the names of all."""
        return sorted({*super().list_commands(ctx), *PLACES})

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Return a command."""
        if cmd_name not in PLACES:
            return super().get_command(ctx, cmd_name)
        found: click.Command = resolve_name(PLACES[cmd_name])
        return found


class _Migrate:
    """Stands for Flask-Migrate, and with it Alembic, which take their time to load, until something is asked of them."""

    def __init__(self, app: Flask) -> None:
        self._app = app

    def __getattr__(self, name: str) -> Any:
        """Let Flask-Migrate take this place, and return what it holds under the name."""
        flask_migrate.Migrate(self._app, db, compare_type=True, compare_server_default=True, render_as_batch=True)
        return getattr(self._app.extensions["migrate"], name)


def register(app: Flask) -> None:
    """Add every command group, with those that change the schema."""
    app.cli = Commands(app.name)
    app.extensions["migrate"] = _Migrate(app)
