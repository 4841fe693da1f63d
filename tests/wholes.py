"""Whole databases: every row of them as it is stored, and a command run on them by a process of its own."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import sqlalchemy as sa

from extensions import db

ROOT = Path(__file__).resolve().parents[1]
FLASK = str(Path(sys.executable).with_name("flask"))


def everything(url: str) -> dict[str, list[tuple[Any, ...]]]:
    """Return what the columns of every table hold, in the order of no database."""
    engine = sa.create_engine(url)
    with engine.connect() as connection:
        found = {
            table.name: sorted((tuple(row) for row in connection.execute(sa.select(table))), key=repr)
            for table in db.metadata.sorted_tables
        }
    engine.dispose()
    return found


def stored(url: str) -> dict[str, list[str]]:
    """Return what the driver says of every row: the same only in two databases of one kind."""
    engine = sa.create_engine(url)
    with engine.connect() as connection:
        names = sa.inspect(connection).get_table_names()
        selects = {name: sa.select(sa.text("*")).select_from(sa.table(name)) for name in names}
        found = {name: sorted(repr(tuple(row)) for row in connection.execute(select)) for name, select in selects.items()}
    engine.dispose()
    return found


def started(*arguments: str, instance: Path, **options: Any) -> subprocess.Popen[str]:
    """Start a command of ours."""
    environment = {**os.environ, "FORESAY_INSTANCE": str(instance), **options.pop("environment", {})}
    return subprocess.Popen(  # noqa: S603 - our own program
        [FLASK, *arguments], cwd=ROOT, env=environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, **options
    )
