"""Runs migrations on the application's database."""

from __future__ import annotations

from typing import Any

from alembic import context
from alembic.autogenerate.api import AutogenContext
from flask import current_app
from sqlalchemy import event
from sqlalchemy.types import TypeDecorator

database = current_app.extensions["migrate"].db
options = current_app.extensions["migrate"].configure_args


def render_item(kind: str, item: Any, _autogen: AutogenContext) -> str | bool:
    """Write our own column types as the plain types they wrap, so that no migration imports models."""
    return f"sa.{item.impl!r}" if kind == "type" and isinstance(item, TypeDecorator) else False


def drop_empty_revision(_context: Any, _revision: Any, directives: list[Any]) -> None:
    """Write no file for no change; `flask db check` needs its directive left in place."""
    if getattr(context.config.cmd_opts, "autogenerate", False) and directives[0].upgrade_ops.is_empty():
        directives.clear()


def bound(connection: Any) -> None:
    """Wait five seconds for a lock: readers queue behind it. Said in every transaction, after what the site says in its own."""
    connection.exec_driver_sql("SET lock_timeout = '5s'; SET statement_timeout = '10min'")


def migrate(connection: Any) -> None:
    """Run what there is to run, each migration in a transaction of its own: nobody waits for a lock until the last is done."""
    if connection.dialect.name == "sqlite":
        # a table that is made anew is dropped for a moment; the switch works only outside a transaction
        connection.connection.dbapi_connection.execute("PRAGMA foreign_keys = OFF")
    context.configure(
        connection=connection,
        target_metadata=database.metadata,
        render_item=render_item,
        process_revision_directives=drop_empty_revision,
        transaction_per_migration=True,  # Alembic does so only while no transaction has begun: ask nothing before this
        **options,
    )
    before = context.get_context().get_current_heads()
    context.run_migrations()
    is_changed = context.get_context().get_current_heads() != before
    connection.commit()
    if connection.dialect.name == "sqlite" and is_changed:  # it reads everything: half a minute for three gigabytes
        lost = connection.exec_driver_sql("PRAGMA foreign_key_check").all()
        assert not lost, f"rows that point to nothing: {lost[:5]}"  # noqa: S101 - a migration that breaks this is wrong


if database.engine.dialect.name == "postgresql":
    event.listen(database.engine, "begin", bound)
try:
    with database.engine.connect() as connection:
        migrate(connection)
finally:
    if database.engine.dialect.name == "postgresql":
        event.remove(database.engine, "begin", bound)
    database.engine.dispose()  # or the next to use the connection would have its bounds, or no foreign keys
