"""Readers who act at the same moment, with real commits."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from time import monotonic, sleep

from flask import Flask
from sqlalchemy import text

from domain.errors import Conflict
from extensions import db
from models import Reader


def at_once(app: Flask, reader_ids: list[int], act: Callable[[Reader, int], object]) -> Counter[str]:
    """Let every reader act at the same moment, each in a transaction of their own, and count how it ended for them."""
    start = Barrier(len(reader_ids))

    def one(place: int) -> str:
        with app.app_context():
            start.wait(30)
            try:
                act(db.session.get_one(Reader, reader_ids[place]), place)
                db.session.commit()
            except Conflict:
                db.session.rollback()
                return "conflict"
            finally:
                db.session.remove()
            return "decided"

    with ThreadPoolExecutor(len(reader_ids)) as pool:
        return Counter(pool.map(one, range(len(reader_ids))))


def until_somebody_waits() -> None:
    """Wait until somebody wants a row that this transaction holds; on SQLite everybody does who writes."""
    if db.engine.dialect.name == "sqlite":
        return
    with db.engine.connect() as other:
        end = monotonic() + 20
        while not other.scalar(text("SELECT count(*) FROM pg_locks WHERE NOT granted")):
            assert monotonic() < end
            sleep(0.01)
