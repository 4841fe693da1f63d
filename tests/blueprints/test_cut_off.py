"""A connection to PostgreSQL that is lost at any statement of a request: never a fault without a word of what was stored."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from itertools import count

import pytest
import sqlalchemy as sa
from flask import Flask
from sqlalchemy import Engine, event

from extensions import db
from tests.applications import leave_empty
from tests.blueprints.test_sent_again import FORMS, acted, rows
from tests.faulting import end

pytestmark = pytest.mark.timeout(600)  # seconds: each statement has its turn


@contextlib.contextmanager
def lost_at(engine: Engine, number: int, *, for_good: bool) -> Iterator[list[str]]:
    """Let PostgreSQL end the connection at a statement, by its number, or from it on; yield the statements there were."""
    said: list[str] = []

    def cut(connection: sa.Connection, _cursor: object, statement: str, *_: object) -> None:
        said.append(statement)
        if len(said) == number or (for_good and len(said) > number):
            end(engine, connection)

    event.listen(engine, "before_cursor_execute", cut)
    yield said
    event.remove(engine, "before_cursor_execute", cut)


@pytest.mark.parametrize("for_good", [False, True], ids=["once", "for good"])
@pytest.mark.parametrize("name", ["a take and a forecast", "a removal"])
def test_whatever_statement_is_cut_off_what_is_said_of_it_is_true(lone_site: Flask, name: str, *, for_good: bool) -> None:
    if db.engine.dialect.name == "sqlite":
        pytest.skip("SQLite has no connection to lose")
    cast, before, said = acted(lone_site), rows(), [""]
    for number in count(1):
        if len(said) < number - 1:
            break
        browser, path, fields = FORMS[name](cast)
        with lost_at(db.engine, number, for_good=for_good) as said:
            answer = browser.post(path, data=fields)
        if answer.status_code == 503 and "nothing of what you sent was stored" in answer.text:
            assert rows() == before, said[number - 1 :]
            continue
        assert answer.status_code == 303 or "What you sent is stored." in answer.text, said[number - 1 :]
        assert rows() != before, said[number - 1 :]
        leave_empty()
        cast, before = acted(lone_site), rows()
    leave_empty()
