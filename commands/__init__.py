"""The terminal edge: parse, call the domain, commit, print."""

from __future__ import annotations

from flask import Flask
from flask_migrate import Migrate

from commands import (
    articles,
    backup,
    comments,
    database,
    demo,
    jobs,
    moderation,
    predictions,
    readers,
    serve,
    tallies,
    translations,
)
from extensions import db


def register(app: Flask) -> None:
    """Add every command group, with those that change the schema."""
    Migrate(app, db, compare_type=True, compare_server_default=True, render_as_batch=True)
    app.cli.add_command(articles.group)
    app.cli.add_command(backup.group)
    app.cli.add_command(comments.group)
    app.cli.add_command(database.group)
    app.cli.add_command(demo.group)
    app.cli.add_command(jobs.jobs)
    app.cli.add_command(moderation.group)
    app.cli.add_command(predictions.group)
    app.cli.add_command(readers.group)
    app.cli.add_command(serve.serve)
    app.cli.add_command(tallies.group)
    app.cli.add_command(translations.group)
