"""Views that read before they write: those with slow work in between, such as hashing a password, and those that many use at once.

An unsafe request on SQLite holds the one writer's turn from its first statement on; nobody is to wait for arithmetic.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import ParamSpec

from flask.typing import ResponseReturnValue

import connections
from connections import expects_writes
from extensions import db

P = ParamSpec("P")


def reads_first(view: Callable[P, ResponseReturnValue]) -> Callable[P, ResponseReturnValue]:
    """Let a view that writes begin by reading, without the writer's turn. It writes only after `begin_writing()`
    or `go_on_writing()`."""

    @wraps(view)
    def reading(*args: P.args, **kwargs: P.kwargs) -> ResponseReturnValue:
        expects_writes.set(False)
        return view(*args, **kwargs)

    return reading


def end_reading() -> None:
    """End the transaction in which was read: none is open during the slow work that follows."""
    db.session.rollback()


def begin_writing() -> None:
    """Write from here on. What was read before may have changed: rows are read again when they are next touched."""
    db.session.rollback()
    expects_writes.set(True)


def go_on_writing() -> None:
    """Write from here on, with what was read at hand. Others may have changed it, as on PostgreSQL they always may: what must be true
    when it is written is read once more."""
    connections.go_on_writing(db.session.connection())
    expects_writes.set(True)
