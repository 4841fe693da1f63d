"""The column vocabulary of every table: instants in UTC, text columns that hold an enum, references."""

from __future__ import annotations

import enum
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Annotated, Any

import sqlalchemy as sa
from sqlalchemy import ForeignKey
from sqlalchemy.dialects import registry
from sqlalchemy.orm import Mapped, mapped_column

from extensions import Base, db

registry.register("postgresql", "tables.postgresql", "Words")  # `postgresql+psycopg`, by which a site connects, is another name

if TYPE_CHECKING:

    class Model(Base):
        """What `db.Model` is, spelt so that a type checker can see it."""

        __abstract__ = True

else:
    Model = db.Model


class UTCDateTime(sa.TypeDecorator[datetime]):
    """An instant. Refuses a naive one; hands back UTC on both databases."""

    impl = sa.DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, _dialect: sa.Dialect) -> datetime | None:
        """Turn an aware instant into UTC."""
        if value is None:
            return None
        if value.tzinfo is None:
            message = f"naive datetime {value}"
            raise ValueError(message)
        return value.astimezone(UTC)

    def process_result_value(self, value: datetime | None, _dialect: sa.Dialect) -> datetime | None:
        """Give back UTC: SQLite keeps no zone, PostgreSQL answers in the session's."""
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


def enum_column(kind: type[enum.Enum], name: str = "") -> sa.Enum:
    """Return a text column that holds the values of `kind`, with a check in the database called `name` or as the kind."""
    return sa.Enum(
        kind,
        name=name or kind.__name__.lower(),
        native_enum=False,
        create_constraint=True,
        length=24,
        values_callable=lambda members: [member.value for member in members],
    )


Id = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
PrimaryKey = Annotated[int, mapped_column(Id, primary_key=True, autoincrement=True)]
ShortText = Annotated[str, mapped_column(sa.String(200))]
LongText = Annotated[str, mapped_column(sa.Text())]
Digest = Annotated[str, mapped_column(sa.String(64))]
Instant = Annotated[datetime, mapped_column(UTCDateTime())]


def reference(column: str, **options: Any) -> Mapped[int]:
    """Return a column that points to another table's id."""
    return mapped_column(Id, ForeignKey(column), **options)
