"""`flask predictions …`: what the clock does to predictions, done by hand."""

from __future__ import annotations

import sys
from datetime import UTC, datetime

import click
from flask.cli import AppGroup

from domain import finality
from extensions import db
from models import Prediction

group = AppGroup("predictions", help="How predictions ended.")


@group.command("resolve-due")
def resolve_due() -> None:
    """Make final what nobody can dispute any more, and print it; then print what waits for a second editor."""
    now, made, after = datetime.now(UTC), 0, 0
    with click.progressbar(length=finality.count_due(now), label="Making final", file=sys.stderr) as progress:
        while (prediction := finality.next_due(now, after=after)) is not None:
            after = prediction.id
            said = finality.finalise(prediction, now=datetime.now(UTC))
            line = f"final: {_name(prediction)}: {said.outcome.label}" if said and said.outcome else ""
            db.session.commit()  # one prediction a transaction: nobody waits for the others
            if line:
                click.echo(line)
                made += 1
            progress.update(1)
    for prediction, count in finality.held_up(now):
        click.echo(f"waits: {_name(prediction)}: {count} undecided")
    click.echo(f"Made final: {made}.")


def _name(prediction: Prediction) -> str:
    return f"prediction {prediction.id}, {prediction.article.headline}"
