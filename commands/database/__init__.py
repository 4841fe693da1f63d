"""`flask database copy`: a whole site moved from one database to another, SQLite or PostgreSQL."""

from __future__ import annotations

import sys

import click
import sqlalchemy as sa
from flask.cli import AppGroup
from sqlalchemy import Engine

from commands import proofs, refusals
from commands.database import copying, places, rows
from extensions import db

group = AppGroup("database", help="The database as a whole.")


@group.command("copy")
@click.argument("source", metavar="FROM")
@click.argument("target", metavar="TO")
@click.option("--verify-only", is_flag=True, help="Copy nothing; only hold the two against each other.")
def copy(source: str, target: str, *, verify_only: bool) -> None:
    """Copy everything in the database FROM into the empty database TO, and prove that both hold the same.

    Both are addresses as in FORESAY_DATABASE_URL. Stop the site first. What was interrupted goes on where it was when it is run again.
    """
    where = places.address(source), places.address(target)
    if where[0] == where[1]:
        refusals.stop("Both addresses are the same.")
    if not places.exists(where[0]):
        refusals.stop(f"There is no file {where[0].database}.")
    with refusals.faults_told(), places.opened(where[0]) as giving, places.opened(where[1]) as taking:
        if not verify_only:
            _copied(giving, taking)
        _verified(giving, taking)
        with places.in_use(taking):
            wrong = proofs.found()
    if wrong:
        refusals.stop(f"Both hold the same, and in both there is something wrong: {wrong}. See docs/operating.md.")
    click.echo("Everything in it is what the ledgers and the decisions say.")


def _copied(source: Engine, target: Engine) -> None:
    copying.prepare(source, target)
    with places.snapshot(source) as connection:
        length, new = copying.counted(connection), 0
        with click.progressbar(length=length, label="Copying", file=sys.stderr) as bar:
            for count, was_there in copying.copied(connection, target):
                bar.update(count)
                new += 0 if was_there else count
    copying.finish(target)
    click.echo(f"Copied: {new} rows" + (f"; {length - new} were there already." if new != length else "."))


def _verified(source: Engine, target: Engine) -> None:
    """Read both whole and compare; end the command where anything differs, which is named table by table."""
    different = 0
    with places.snapshot(source) as ours, places.snapshot(target) as theirs:
        _refuse_unlike(ours, theirs)
        length = 2 * copying.counted(ours)
        with click.progressbar(length=length, label="Verifying", file=sys.stderr) as bar:
            for table in db.metadata.sorted_tables:
                was, is_now = (rows.content(side, table, told=bar.update) for side in (ours, theirs))
                if was != is_now:
                    different += 1
                    click.echo(f"{table.name}: {was.rows} rows, {is_now.rows} in the copy" + _hint(was, is_now))
    if different:
        refusals.stop("The copy is not what the source is: was it written to meanwhile? Copy into an empty database.")
    copying.forget(target)
    click.echo(f"Both hold the same: {length // 2} rows in {len(db.metadata.tables)} tables.")


def _hint(was: rows.Content, is_now: rows.Content) -> str:
    return ", which are not the same" if was.rows == is_now.rows else ""


def _refuse_unlike(source: sa.Connection, target: sa.Connection) -> None:
    if places.revision_of(source) != places.revision_of(target) or places.revision_of(source) != places.newest_revision():
        refusals.stop("The two are not of this version both. Run `flask db upgrade` on them first.")
