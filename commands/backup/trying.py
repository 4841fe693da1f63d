"""What is known of a dump and of a database: how many rows, which migration; and a dump restored to be looked at."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path

import click
import sqlalchemy as sa
from flask_migrate import upgrade
from sqlalchemy import Connection, Engine

from commands import refusals
from commands.backup import postgresql, sqlite
from commands.backup.archives import Manifest
from commands.database import places


def described(connection: Connection, now: str) -> Manifest:
    """Return the manifest of what a connection sees, but for the digests."""
    revision = places.revision_of(connection)
    if revision is None:
        refusals.stop("The database has no tables yet. There is nothing to keep.")
    return Manifest(connection.dialect.name, revision, now, _counted(connection), {})


def refuse_unfit(manifest: Manifest, url: sa.URL) -> None:
    """End the command where a backup cannot become this database."""
    if manifest.kind != url.get_backend_name():
        names = places.KINDS[manifest.kind], places.KINDS[url.get_backend_name()]
        refusals.stop(
            "This is a backup of {}, and FORESAY_DATABASE_URL names a database of {}. `flask database copy` moves it.".format(
                *names
            )
        )
    _refuse_newer(manifest)


@contextmanager
def restored(manifest: Manifest, dump: Path, *, beside: sa.URL) -> Iterator[Engine]:
    """Give a database that is a dump restored, and take it away again: a file, or one on the site's own server."""
    if manifest.kind == "sqlite":
        with places.opened(sa.URL.create("sqlite", database=str(dump))) as engine:
            yield engine
        return
    if beside.get_backend_name() != "postgresql":
        refusals.stop("Its digests are right, but it could not be tried: FORESAY_DATABASE_URL names no PostgreSQL server.")
    with postgresql.scratch(beside) as url:
        postgresql.load(url, dump)
        with places.opened(url) as engine:
            yield engine


@contextmanager
def looked_at(path: Path) -> Iterator[Connection]:
    """Give a connection to a file of SQLite that stays as it is."""
    engine = sa.create_engine(sa.URL.create("sqlite", database=str(path)))
    with engine.connect() as connection:
        yield connection
    engine.dispose()


def faults(engine: Engine, manifest: Manifest) -> Iterator[str]:
    """Yield where a database is not what the manifest says, and what SQLite finds wrong in it."""
    with places.snapshot(engine) as connection:
        revision, rows = places.revision_of(connection), _counted(connection)
    if revision != manifest.revision:
        yield f"its migration is {revision}, should be {manifest.revision}"
    for name in sorted(rows.keys() | manifest.rows.keys()):
        if rows.get(name) != manifest.rows.get(name):
            yield f"{name}: has {rows.get(name)} rows, should have {manifest.rows.get(name)}"
    if manifest.kind == "sqlite":
        yield from sqlite.faults(Path(engine.url.database or ""))


def told(found: Iterable[str]) -> int:
    """Print what was found, one a line, and return how much it is."""
    count = 0
    for count, one in enumerate(found, 1):  # noqa: B007 - the last one is how many there are
        click.echo(one)
    return count


def bring_up_to_date(engine: Engine, manifest: Manifest) -> None:
    """Run the migrations that a database lacks; end the command where it is newer than the code."""
    _refuse_newer(manifest)
    if manifest.revision != places.newest_revision():
        with places.in_use(engine):
            upgrade()


def _refuse_newer(manifest: Manifest) -> None:
    if not places.is_known(manifest.revision):
        refusals.stop("The backup was made by a newer version of Foresay, whose tables this one does not know.")


def _counted(connection: Connection) -> dict[str, int]:
    names = places.tables_of(connection)
    return {name: connection.scalar(sa.select(sa.func.count()).select_from(sa.table(name))) or 0 for name in names}
