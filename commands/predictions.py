"""`flask predictions …`: what the clock does to predictions, done by hand, and their scores proven."""

from __future__ import annotations

import sys
from datetime import UTC, datetime

import click
from flask.cli import AppGroup
from sqlalchemy import select

from domain import boardkeeping, finality, scorekeeping
from extensions import db
from models import Prediction

group = AppGroup("predictions", help="How predictions ended, and who was near.")


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


@group.command("score")
def score() -> None:
    """Work out the scores that wait for it: of what has become final, was taken back or was changed."""
    scored, after = 0, 0
    with click.progressbar(length=scorekeeping.waiting(), label="Scoring", file=sys.stderr) as progress:
        while (prediction := scorekeeping.due(after=after)) is not None:
            after, scored = prediction.id, scored + 1
            scorekeeping.score(prediction, now=datetime.now(UTC))
            db.session.commit()  # one prediction a transaction: nobody waits for the others
            progress.update(1)
    _renew_boards()
    click.echo(f"Scored: {scored}.")


@group.command("recompute")
@click.argument("prediction_id", type=int, required=False)
@click.option("--all", "is_all", is_flag=True, help="Every prediction there is.")
def recompute(prediction_id: int | None, *, is_all: bool) -> None:
    """Work scores out anew from the forecasts, print each kept figure that says otherwise, one a line; then exit with 1.

    What differs is put right. What waits to be scored is scored, and is no difference.
    """
    if is_all is (prediction_id is not None):
        message = "Name one prediction by its number, or say --all."
        raise click.UsageError(message)
    asked = select(Prediction.id).order_by(Prediction.id)
    ids = db.session.scalars(asked if is_all else asked.where(Prediction.id == prediction_id)).all()
    if not ids and not is_all:
        message = f"There is no prediction {prediction_id}."
        raise click.ClickException(message)
    db.session.rollback()
    with click.progressbar(ids, label="Recomputing", file=sys.stderr) as progress:
        found = sum(_recomputed(one) for one in progress)
    _renew_boards()
    if found:
        click.echo(f"Put right: {found}.")
        raise click.exceptions.Exit(1)
    click.echo("Every score is what the forecasts say.")


def _recomputed(prediction_id: int) -> int:
    """Print how the scores of a prediction differ from what they should be, put them right and return how many did."""
    prediction, found = db.session.get_one(Prediction, prediction_id), 0
    scorekeeping.hold(prediction)
    waits = prediction.score_due_at is not None
    for one in () if waits else scorekeeping.differences(prediction):
        click.echo(str(one))
        found += 1
    if found or waits:
        scorekeeping.score(prediction, now=datetime.now(UTC))
    db.session.commit()
    return found


def _renew_boards() -> None:
    boardkeeping.renew(now=datetime.now(UTC))
    db.session.commit()


def _name(prediction: Prediction) -> str:
    return f"prediction {prediction.id}, {prediction.article.headline}"
