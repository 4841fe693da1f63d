"""How `flask db upgrade` goes about it, tried with migrations of the tests' own."""

from __future__ import annotations

import contextlib
import secrets
from collections.abc import Iterator
from pathlib import Path

import pytest
import sqlalchemy as sa
from alembic.config import Config
from flask_migrate import upgrade

import connections
from extensions import db
from tests.applications import another_app, empty_database

MIGRATION = """
import sqlalchemy as sa
from alembic import op
revision, down_revision = {number!r}, {before!r}


def upgrade():
    {does}
"""
MAKES = 'op.create_table("made", sa.Column("id", sa.Integer, primary_key=True))'
SEEN_BY_OTHERS = 'op.get_bind().engine.raw_connection().cursor().execute("SELECT id FROM made")'
INDEXES = """with op.get_context().autocommit_block():
        op.create_index("ix_made", "made", ["id"], postgresql_concurrently=True)"""
FAILS = 'op.create_table("lost", sa.Column("id", sa.Integer)); raise ValueError("no")'
NOTED = "CREATE TABLE {} AS SELECT setting FROM pg_settings WHERE name IN ('lock_timeout', 'statement_timeout')"
NOTES = """op.execute({0!r})
    with op.get_context().autocommit_block():
        op.execute({1!r})"""


@pytest.fixture
def versions(database_url: str, tmp_path: Path) -> Iterator[Path]:
    """Return the folder in which the migrations of an empty database are looked for."""

    def here(config: Config) -> Config:
        config.set_main_option("path_separator", "os")
        config.set_main_option("version_locations", str(tmp_path))
        return config

    with empty_database(database_url, f"own_{secrets.token_hex(4)}") as url, another_app(url) as app, app.app_context():
        app.extensions["migrate"].migrate.configure(here)
        yield tmp_path


def written(versions: Path, *deeds: str) -> None:
    """Write migrations that follow one another."""
    for place, does in enumerate(deeds, 1):
        before = str(place - 1) if place > 1 else None
        (versions / f"{place}.py").write_text(MIGRATION.format(number=str(place), before=before, does=does))


def tables() -> set[str]:
    return set(sa.inspect(db.engine).get_table_names()) - {"alembic_version"}


def test_a_later_migration_holds_nothing_of_an_earlier_one(versions: Path) -> None:
    written(versions, MAKES, SEEN_BY_OTHERS)
    upgrade()
    assert tables() == {"made"}


def test_where_one_fails_the_next_upgrade_goes_on(versions: Path) -> None:
    written(versions, MAKES, FAILS)
    with pytest.raises(ValueError, match="no"):
        upgrade()
    assert tables() == {"made"}
    written(versions, MAKES, SEEN_BY_OTHERS)
    upgrade()


def test_an_index_is_made_while_the_site_goes_on(versions: Path) -> None:
    written(versions, MAKES, INDEXES, SEEN_BY_OTHERS)
    upgrade()
    assert [index["name"] for index in sa.inspect(db.engine).get_indexes("made")] == ["ix_made"]


@pytest.mark.parametrize("is_pooled", [False, True])
def test_every_transaction_of_every_migration_is_bound(versions: Path, *, is_pooled: bool) -> None:
    if db.engine.dialect.name == "sqlite":
        pytest.skip("one writer at a time")
    if is_pooled:
        connections.configure(db.engine, is_pooled=True)
    names = ("first", "alone", "second", "alone_again")
    noted = [NOTED.format(name) for name in names]
    written(versions, NOTES.format(*noted[:2]), NOTES.format(*noted[2:]))
    upgrade()
    for name in names:
        assert set(db.session.scalars(sa.text(f"SELECT setting FROM {name}"))) == {"5000", "600000"}  # noqa: S608 - ours


@pytest.mark.parametrize("deeds", [[], [MAKES], [MAKES, FAILS]], ids=["nothing", "something", "a mistake"])
def test_afterwards_connections_are_as_the_site_makes_them(versions: Path, deeds: list[str]) -> None:
    written(versions, *deeds)
    with contextlib.suppress(ValueError):
        upgrade()
    is_sqlite = db.engine.dialect.name == "sqlite"
    asked, told = ("PRAGMA foreign_keys", 1) if is_sqlite else ("SHOW lock_timeout", connections.POSTGRESQL["lock_timeout"])
    assert db.session.scalar(sa.text(asked)) == told
