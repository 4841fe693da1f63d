"""`flask moderation verify`: proves that nothing decided was changed afterwards, and that all is as was decided."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime

import click
from flask.cli import AppGroup

from connections import only_reads
from domain import audit, replaying, sanctionreplay
from extensions import db

group = AppGroup("moderation", help="What was decided.")


@group.command("verify")
def verify() -> None:
    """Check the chain over all entries, replay them, and hold every comment, restriction and sanction against what they say.

    Prints each difference, one a line, then exits with 1. Changes nothing, and nobody waits for it.
    """
    with only_reads():
        found = _printed("Checking the chain", audit.faults(now=datetime.now(UTC)), audit.pieces() + 1)
        found += _printed("Replaying", replaying.batches(), replaying.pieces())
        found += _printed("Replaying sanctions", sanctionreplay.batches(), 1)
        head = audit.head()
    if found:
        click.echo(f"Not what was decided: {found}. See “The chain” in docs/moderating.md.", err=True)
        raise click.exceptions.Exit(1)
    click.echo("Everything is as it was decided.")
    if head is not None:
        click.echo(f"Newest seal: {head.number}, {head.hash}")


def _printed(label: str, batches: Iterable[Sequence[object]], length: int) -> int:
    found = 0
    with click.progressbar(batches, length=length, label=label, file=sys.stderr) as bar:
        for batch in bar:
            for one in batch:
                click.echo(str(one))
            found += len(batch)
            db.session.rollback()  # no batch holds anything while the next one is read
    return found
