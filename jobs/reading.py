"""Looking before writing: on SQLite a transaction that may write holds the one writer's turn, for which all voters wait."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from connections import only_reads
from extensions import db


@contextmanager
def reading() -> Iterator[None]:
    """Read without that turn. What was read is to be taken out of its rows inside: the transaction ends with the block."""
    db.session.rollback()
    try:
        with only_reads():
            yield
    finally:
        db.session.rollback()
