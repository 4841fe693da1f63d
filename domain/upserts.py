"""Single-statement inserts that do not mind being second."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Select
from sqlalchemy.dialects import postgresql, sqlite

from extensions import Base, db


def _insert(table: type[Base]) -> sqlite.Insert | postgresql.Insert:
    return sqlite.insert(table) if db.session.get_bind().dialect.name == "sqlite" else postgresql.insert(table)


def insert_new(table: type[Base], **values: Any) -> None:
    """Insert a row unless one with the same key is there."""
    db.session.execute(_insert(table).values(**values).on_conflict_do_nothing())


def insert_all_new(table: type[Base], rows: Sequence[dict[str, Any]]) -> None:
    """Insert many rows, each unless one with the same key is there."""
    db.session.execute(_insert(table).on_conflict_do_nothing(), rows)


def insert_from(
    table: type[Base], columns: Sequence[str], source: Select[*tuple[Any, ...]]
) -> sqlite.Insert | postgresql.Insert:
    """Return the statement that inserts what `source` selects, but no row whose key is there."""
    return _insert(table).from_select(columns, source).on_conflict_do_nothing()


def raise_to(table: type[Base], key: dict[str, Any], column: str, value: Any, **beside: Any) -> None:
    """Set a column, and what stands beside it, unless it holds as much already; make the row when it is the first."""
    statement = _insert(table).values(**key, **{column: value}, **beside)
    lower = table.__table__.c[column] < statement.excluded[column]
    changed = {column: value, **beside}
    db.session.execute(statement.on_conflict_do_update(index_elements=list(key), set_=changed, where=lower))


def add_to(table: type[Base], key: dict[str, Any], column: str, amount: int) -> None:
    """Add `amount`, above zero, to a counter, making its row when it is the first."""
    statement = _insert(table).values(**key, **{column: amount})
    counter = table.__table__.c[column]
    db.session.execute(statement.on_conflict_do_update(index_elements=list(key), set_={column: counter + amount}))
