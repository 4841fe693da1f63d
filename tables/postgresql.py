"""What can be said to PostgreSQL of a table or an index: what its dialect would say, which a site on SQLite need not load.

SQLAlchemy loads that, with its drivers, to look at a `postgresql_where`: 2.3 MB in each process. `base` tells it to look here.
"""

from __future__ import annotations

from typing import Any

from sqlalchemy import CheckConstraint, ForeignKeyConstraint, Index, PrimaryKeyConstraint, Table, UniqueConstraint
from sqlalchemy.engine.default import DefaultDialect
from sqlalchemy.sql.base import DialectKWArgConst
from sqlalchemy.sql.ddl import CreateView

INDEX: dict[str, Any] = {
    "using": False,
    "include": None,
    "where": None,
    "ops": {},
    "concurrently": False,
    "with": {},
    "tablespace": None,
    "nulls_not_distinct": None,
    "invalid": DialectKWArgConst.REFLECTED_ONLY,
}
TABLE = {
    "ignore_search_path": False,
    "tablespace": None,
    "partition_by": None,
    "with_oids": None,
    "with": None,
    "on_commit": None,
    "inherits": None,
    "using": None,
}


class Words(DefaultDialect):
    """Stands for the dialect where only its words are asked for; who connects names a driver, and gets the dialect itself."""

    construct_arguments = [  # noqa: RUF012 - as the dialect has it
        (Index, INDEX),
        (Table, TABLE),
        (CheckConstraint, {"not_valid": False}),
        (ForeignKeyConstraint, {"not_valid": False}),
        (PrimaryKeyConstraint, {"include": None}),
        (UniqueConstraint, {"include": None, "nulls_not_distinct": None}),
        (CreateView, {"with": None}),
    ]
