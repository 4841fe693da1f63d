"""Single-statement inserts that do not mind being second."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import cache
from typing import TYPE_CHECKING, Any, TypeVar, cast

from sqlalchemy import CursorResult, Insert, Select, bindparam, false
from sqlalchemy.dialects import sqlite

from extensions import Base, db
from lazily import lazily

if TYPE_CHECKING:
    from sqlalchemy.dialects import postgresql
else:
    postgresql = lazily("sqlalchemy.dialects.postgresql")

Row = TypeVar("Row", bound=Base)


def _dialect() -> str:
    return db.session.get_bind().dialect.name


def _inserting(dialect: str) -> Callable[[Any], Any]:
    return sqlite.insert if dialect == "sqlite" else postgresql.insert


def _insert(table: type[Base]) -> sqlite.Insert | postgresql.Insert:
    statement: sqlite.Insert | postgresql.Insert = _inserting(_dialect())(table)
    return statement


def insert_new(table: type[Base], **values: Any) -> bool:
    """Insert a row unless one with the same key is there; return whether it was."""
    result = db.session.execute(_insert_new(table, _dialect()), values)
    return bool(cast("CursorResult[Any]", result).rowcount)


def insert_or_lock(table: type[Base], **key: Any) -> bool:
    """Insert a row, or lock the one with the same key until the transaction ends; return whether it was inserted.

    One statement: an update whose condition never holds locks what it leaves alone (PostgreSQL's "INSERT", ON CONFLICT Clause).
    """
    result = db.session.execute(_insert_or_lock(table, _dialect()), key)
    return bool(cast("CursorResult[Any]", result).rowcount)


def inserted(table: type[Row], values: dict[str, Any]) -> Row | None:
    """Insert a row and return it, unless one with the same key is there."""
    row: Row | None = db.session.scalar(_inserted(table, _dialect()), values)
    return row


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
    statement = _add_to(table, tuple(key), column, _dialect())
    db.session.execute(statement, {**key, column: amount, "amount": amount})


# These are made once: for each vote, to build and to name a statement anew takes several times as long as to send it.


@cache
def _insert_new(table: type[Base], dialect: str) -> Insert:
    statement: Insert = _inserting(dialect)(db.metadata.tables[table.__tablename__]).on_conflict_do_nothing()
    return statement.execution_options(preserve_rowcount=True)  # of inserts it is not kept otherwise


@cache
def _inserted(table: type[Base], dialect: str) -> Any:
    return _inserting(dialect)(table).on_conflict_do_nothing().returning(table)


@cache
def _insert_or_lock(table: type[Base], dialect: str) -> Insert:
    columns = db.metadata.tables[table.__tablename__]
    keys = [column.name for column in columns.primary_key]
    insert: Any = _inserting(dialect)(columns)
    statement: Insert = insert.on_conflict_do_update(index_elements=keys, set_={keys[0]: columns.c[keys[0]]}, where=false())
    return statement.execution_options(preserve_rowcount=True)


@cache
def _add_to(table: type[Base], key: tuple[str, ...], column: str, dialect: str) -> Insert:
    more = {column: table.__table__.c[column] + bindparam("amount")}
    statement: Insert = _inserting(dialect)(db.metadata.tables[table.__tablename__]).on_conflict_do_update(
        index_elements=key, set_=more
    )
    return statement
