"""`flask tallies verify`: proves that every result is what the ledgers make of it."""

from __future__ import annotations

import sys
from collections.abc import Iterable
from datetime import UTC, datetime

import click
from flask.cli import AppGroup

from connections import only_reads
from domain import verifying
from domain.verifying import Check, Finding
from extensions import db

group = AppGroup("tallies", help="What votes and forecasts add up to.")


@group.command("verify")
def verify() -> None:
    """Work everything out anew from the ledgers: tallies, points over time, crowd forecasts, scores.

    Prints each thing that is otherwise, one a line, then exits with 1. Changes nothing, and nobody waits for it.
    """
    with only_reads():
        wrong, waiting = _verified()
    if waiting:
        click.echo(f"Waiting for the jobs, which is no fault: {waiting}.")
    if wrong:
        click.echo(f"Not what the ledgers say: {wrong}. See “Results” in docs/operating.md.", err=True)
        raise click.exceptions.Exit(1)
    click.echo("Everything is what the ledgers say.")


def _verified() -> tuple[int, int]:
    """Print what is found and return how much is wrong, and how much only waits."""
    wrong, waiting = 0, 0
    with click.progressbar(verifying.checks(), length=verifying.pieces(), label="Verifying", file=sys.stderr) as checks:
        for check in checks:
            for finding in _found(check):
                click.echo(str(finding))
                wrong, waiting = wrong + (not finding.is_waiting), waiting + finding.is_waiting
            db.session.rollback()  # no check holds anything while the next one reads
    return wrong, waiting


def _found(check: Check) -> Iterable[Finding]:
    """Return what is found now. Before a fault is told it is looked for again: a job may just have written what was being read."""
    waiting = []
    for finding in verifying.findings(check, now=datetime.now(UTC)):
        if not finding.is_waiting:
            db.session.rollback()
            return verifying.findings(check, now=datetime.now(UTC))
        waiting.append(finding)
    return waiting
