"""`flask backup create | verify | restore`: everything that must not be lost, in one file."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory

import click
import sqlalchemy as sa
from flask import current_app
from flask.cli import AppGroup
from flask_migrate import upgrade

from commands import proofs, refusals
from commands.backup import archives, keys, postgresql, sqlite, trying
from commands.backup.archives import Manifest, Told
from commands.database import places
from config import Config
from extensions import db

FILE = click.Path(dir_okay=False, path_type=Path)

group = AppGroup("backup", help="A backup of the site in one file.")


@group.command("create")
@click.argument("file", type=FILE)
def create(file: Path) -> None:
    """Write the database and the site's keys into FILE while the site runs. Whoever has it can act as the site: keep it safe."""
    if file.exists():
        refusals.stop(f"{file} is there already.")
    with refusals.faults_told(), TemporaryDirectory(dir=file.absolute().parent, prefix=f".{file.name}.") as folder:
        dump, whole = Path(folder, "dump"), Path(folder, "whole")
        manifest = _dumped(dump)
        with _bar("Packing", dump.stat().st_size) as told:
            archives.write(whole, manifest, dump, keys.of(_config()), told=told)
        whole.rename(file)
        archives.keep_name(file.absolute().parent)
    click.echo(f"{file}: {manifest}, {file.stat().st_size} bytes.")


@group.command("verify")
@click.argument("file", type=FILE)
def verify(file: Path) -> None:
    """Prove that FILE is whole: restore it into a database made for that, count, and run every proof we have."""
    with refusals.faults_told(), TemporaryDirectory(prefix="foresay-verify-") as folder:
        manifest = _unpacked(file, Path(folder))
        with trying.restored(manifest, Path(folder, manifest.dump), beside=db.engine.url) as engine:
            wrong = trying.told(trying.faults(engine, manifest))
            trying.bring_up_to_date(engine, manifest)
            with places.in_use(engine):
                wrong += proofs.found()
    if wrong:
        refusals.stop(f"{file} was restored, and there is something wrong with it: {wrong}.")
    click.echo(f"{file} is whole and can be restored: {manifest}. Results, decisions and counters are what the ledgers say.")


@group.command("restore")
@click.argument("file", type=FILE)
@click.option("--replace", is_flag=True, help="What the database holds now is lost.")
def restore(file: Path, *, replace: bool) -> None:
    """Let the database and the site's keys be what they were in FILE. Stop the site first."""
    url = db.engine.url
    with refusals.faults_told():
        manifest = archives.manifest_of(file)
        trying.refuse_unfit(manifest, url)
        if not replace:
            _refuse_full(url)
        beside = sqlite.path_of(url).parent if manifest.kind == "sqlite" else None
        with TemporaryDirectory(dir=beside, prefix=".foresay-restore-") as folder:
            manifest = _unpacked(file, Path(folder))
            db.session.remove()
            db.engine.dispose()
            put_back = _put_back_sqlite if manifest.kind == "sqlite" else _put_back_postgresql
            put_back(manifest, Path(folder, manifest.dump), url)
            keys.put_back(_config(), Path(folder))
    click.echo(f"Restored: {manifest}.")


def _config() -> Config:
    config: Config = current_app.extensions["foresay"]
    return config


def _dumped(to: Path) -> Manifest:
    now = datetime.now(UTC).isoformat(timespec="seconds")
    kind = db.engine.dialect.name
    if not places.exists(db.engine.url):
        refusals.stop(f"There is no database {db.engine.url.database}.")
    if kind == "sqlite":
        path = sqlite.path_of(db.engine.url)
        with _bar("Copying", sqlite.size_of(path)) as told:
            sqlite.dump(path, to, told=told)
        with trying.looked_at(to) as connection:
            return trying.described(connection, now)
    with places.snapshot(db.engine) as connection:
        manifest = trying.described(connection, now)
        click.echo("Dumping", err=True)
        postgresql.dump(connection, to)
    return manifest


def _unpacked(file: Path, folder: Path) -> Manifest:
    with _bar("Unpacking", archives.manifest_of(file).size) as told:
        return archives.unpack(file, folder, told=told)


def _refuse_full(url: sa.URL) -> None:
    if not places.exists(url):
        return
    with db.engine.connect() as connection:
        if not places.is_empty(connection):
            refusals.stop("The database is not empty. With --replace, what it holds now is lost.")


def _put_back_sqlite(manifest: Manifest, dump: Path, url: sa.URL) -> None:
    """Make the file ready beside the old one, then let it take its place."""
    if found := sqlite.faults(dump):
        refusals.stop(f"The backup is damaged: {found[0]}.")
    with places.opened(sa.URL.create("sqlite", database=str(dump))) as engine:
        trying.bring_up_to_date(engine, manifest)
    sqlite.settle(dump)
    path = sqlite.path_of(url)
    dump.chmod(path.stat().st_mode & 0o777 if path.exists() else 0o600)
    sqlite.put_in_place(dump, path)


def _put_back_postgresql(manifest: Manifest, dump: Path, url: sa.URL) -> None:
    with db.engine.connect() as connection:
        first = postgresql.emptying(connection, {*manifest.rows, *db.metadata.tables, "alembic_version", "foresay_copy"})
    db.engine.dispose()
    postgresql.load(url, dump, first=first)
    upgrade()


@contextmanager
def _bar(label: str, length: int) -> Iterator[Told]:
    with click.progressbar(length=length, label=label, file=sys.stderr) as bar:
        yield bar.update
