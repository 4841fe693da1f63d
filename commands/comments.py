"""`flask comments recount`: proves that what is counted about comments is what there is."""

from __future__ import annotations

import sys

import click
from flask.cli import AppGroup

from domain import recounting
from extensions import db

group = AppGroup("comments", help="What is counted about comments.")


@group.command("recount")
@click.option(
    "--repair", "puts_right", is_flag=True, help="Put right what differs. Those who write wait for moments meanwhile."
)
def recount(*, puts_right: bool) -> None:
    """Count comments, replies and ratings anew and print each counter that says otherwise, one a line; then exit with 1."""
    found = 0
    with click.progressbar(recounting.batches(), length=recounting.pieces(), label="Counting", file=sys.stderr) as batches:
        for batch in batches:
            differences = recounting.differences(batch)
            db.session.rollback()  # nobody waits for more than a batch, and what follows waits without holding anything
            if differences and puts_right:
                differences = recounting.repair(batch)
                db.session.commit()
            for one in differences:
                click.echo(str(one))
            found += len(differences)
    _conclude(found, is_repaired=puts_right)


def _conclude(found: int, *, is_repaired: bool) -> None:
    if not found:
        click.echo("Every counter is what a recount says.")
    elif is_repaired:
        click.echo(f"Put right: {found}.")
    else:
        click.echo("Run it again with --repair to put them right.", err=True)
        raise click.exceptions.Exit(1)
