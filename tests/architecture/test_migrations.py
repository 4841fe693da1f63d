from __future__ import annotations

import json
from collections.abc import Iterator

import pytest
import sqlalchemy as sa
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.script import Script, ScriptDirectory
from flask import Flask
from flask_migrate import downgrade, upgrade

from extensions import db
from tests.applications import another_app, empty_database, site_of_its_own
from tests.architecture.sources import ROOT
from tests.statements import counted_statements

SCRIPTS = ScriptDirectory(str(ROOT / "migrations"))
REVISIONS = list(SCRIPTS.walk_revisions())


@pytest.fixture
def migrated(database_url: str) -> Iterator[Flask]:
    """Return an application on a database of its own that the migrations made."""
    with site_of_its_own(database_url) as app, app.app_context():
        yield app


def schema() -> dict[str, list[str]]:
    """Return what the application's database says of each table, in an order of its own, constraints included."""
    inspector = sa.inspect(db.engine)
    found = {}
    for table in set(inspector.get_table_names()) - {"alembic_version"}:
        columns = [
            f"{column['name']} {column['type']!r} {column['nullable']} {column['default']}"
            for column in inspector.get_columns(table)
        ]
        rules = [
            *inspector.get_check_constraints(table),
            *inspector.get_foreign_keys(table),
            *inspector.get_indexes(table),
            *inspector.get_unique_constraints(table),
            inspector.get_pk_constraint(table),
        ]
        found[table] = sorted([*columns, *(json.dumps(rule, default=str, sort_keys=True) for rule in rules)])
    return found


@pytest.mark.usefixtures("migrated")
def test_migrations_lead_to_what_the_models_say() -> None:
    with db.engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True, "compare_server_default": True})
        assert compare_metadata(context, db.metadata) == []


@pytest.mark.usefixtures("migrated")
def test_migrations_make_every_constraint_of_the_models(database_url: str) -> None:
    by_migrations = schema()
    with empty_database(database_url, "created") as url, another_app(url) as app, app.app_context():
        db.create_all()
        assert by_migrations == schema()


@pytest.mark.usefixtures("migrated")
def test_migrations_can_be_taken_back_and_made_again() -> None:
    before = schema()
    downgrade(revision="base")
    assert schema() == {}
    upgrade()
    assert schema() == before


@pytest.mark.usefixtures("migrated")
def test_a_file_that_was_not_migrated_is_not_read_as_a_whole() -> None:
    with counted_statements() as statements:
        upgrade()
    assert not [one for one in statements if "foreign_key_check" in one]


def test_there_is_one_newest_revision() -> None:
    assert len(SCRIPTS.get_heads()) == 1


@pytest.mark.parametrize("revision", REVISIONS, ids=lambda revision: revision.revision)
def test_every_revision_says_what_it_does(revision: Script) -> None:
    assert revision.doc.strip().endswith(".")
