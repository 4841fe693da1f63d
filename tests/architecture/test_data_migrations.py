"""Rows of the first release come out of the migrations counted and numbered."""

from __future__ import annotations

import secrets
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime

import pytest
import sqlalchemy as sa
from flask_migrate import downgrade, upgrade
from sqlalchemy import Connection, event

from domain import recounting
from extensions import db
from tests.applications import another_app, empty_database, twin

FIRST_RELEASE = "e2229afeaca3"
A_RUNNING_SITE = "b47d62aef993"  # since then nobody waits for what is filled in
BEFORE_MARKS = "b7c2e61f90d4"
FILLS = ("INSERT", "UPDATE", "DELETE")
KEEPS_OUT = """
SELECT relname FROM pg_locks JOIN pg_class ON pg_class.oid = pg_locks.relation
WHERE relkind = 'r' AND mode IN ('ShareLock', 'ShareRowExclusiveLock', 'ExclusiveLock', 'AccessExclusiveLock') AND pid = {}
"""  # a table that nobody else sees yet is none
SAID = {  # by id: what it answers, the first of its thread, and its state
    1: (None, None, "published"),
    2: (1, 1, "published"),
    3: (2, 1, "removed"),
    4: (None, None, "removed"),
    5: (4, 4, "published"),
    6: (3, 1, "held"),
    7: (None, None, "withdrawn"),
    8: (7, 7, "withdrawn"),
    9: (2, 1, "published"),
    10: (None, None, "held"),
    5_000: (None, None, "held"),  # some steps further
}
ELSEWHERE = {11: (None, None, "published"), 12: (11, 11, "published")}  # under another article; a third has no comment
NOW = datetime(2026, 11, 23, 12, tzinfo=UTC)


def inserted(connection: Connection, table: str, **values: object) -> None:
    columns: list[sa.ColumnClause[object]] = [sa.column(name) for name in values]
    connection.execute(sa.insert(sa.table(table, *columns)).values(**values))


def filled(connection: Connection) -> None:
    """Fill the tables as they were."""
    inserted(connection, "reader", id=1, public_id="abc", guest_key_hash="x", role="reader", created_at=NOW)
    texts = dict.fromkeys(("headline", "byline", "section", "body_source", "body_html"), "x")
    for article_id in (1, 2, 3):
        times = {"created_at": NOW, "opened_at": NOW}
        inserted(connection, "article", id=article_id, slug=f"a{article_id}", version=1, **texts, **times)
    for article_id, said in ((1, SAID), (2, ELSEWHERE)):
        for comment_id, (parent_id, root_id, state) in said.items():
            place = {"id": comment_id, "article_id": article_id, "parent_id": parent_id, "root_id": root_id, "state": state}
            body = {"body_source": "x", "body_html": "<p>x</p>", "renderer_version": 1}
            inserted(connection, "comment", reader_id=1, version=1, posted_at=NOW, **place, **body)
    acts = ((1, "approved", None), (10, "held", None), (10, "approved", None), (10, "undone", 3), (5_000, "approved", None))
    for entry_id, (comment_id, act, undoes) in enumerate(acts, 1):
        states = {"from_state": "held", "to_state": SAID[comment_id][2], "undoes_id": undoes}
        inserted(connection, "moderation_entry", id=entry_id, comment_id=comment_id, act=act, note="", made_at=NOW, **states)


@pytest.fixture(scope="module")
def brought_up(database_url: str) -> Iterator[str]:
    """Return the address of a database of the first release that the migrations brought up to date: to be copied."""
    with empty_database(database_url, f"old_{secrets.token_hex(4)}") as url:
        with another_app(url) as app, app.app_context():
            upgrade(revision=FIRST_RELEASE)
            with db.engine.begin() as connection:
                filled(connection)
            upgrade()
        yield url


@pytest.fixture
def migrated(brought_up: str) -> Iterator[None]:
    with twin(brought_up) as url, another_app(url) as app, app.app_context():
        yield


def column(name: str, table: str = "comment") -> dict[int, object]:
    rows = db.session.execute(sa.text(f"SELECT id, {name} FROM {table} ORDER BY id"))  # noqa: S608 - our own names
    return {row[0]: row[1] for row in rows}


@contextmanager
def before_each(begins: str | tuple[str, ...], does: Callable[[Connection, str], None]) -> Iterator[None]:
    """Do something before each statement of the application that begins so."""

    def look(connection: Connection, _cursor: object, statement: str, *_: object) -> None:
        if statement.strip().startswith(begins) and "alembic_version" not in statement:
            does(connection, statement)

    event.listen(db.engine, "before_cursor_execute", look)
    try:
        yield
    finally:
        event.remove(db.engine, "before_cursor_execute", look)


@pytest.mark.usefixtures("migrated")
def test_replies_are_numbered_within_their_thread() -> None:
    assert {one: place for one, place in column("number").items() if place} == {2: 1, 3: 2, 5: 1, 6: 3, 8: 1, 9: 4, 12: 1}


@pytest.mark.usefixtures("migrated")
def test_first_comments_know_how_many_were_numbered_and_how_many_are_shown() -> None:
    assert {one: count for one, count in column("numbered").items() if count} == {1: 4, 4: 1, 7: 1, 11: 1}
    assert {one: count for one, count in column("replies").items() if count} == {1: 2, 4: 1, 11: 1}


@pytest.mark.usefixtures("migrated")
def test_what_is_read_or_answered_is_listed() -> None:
    assert {one for one, is_listed in column("is_listed").items() if is_listed} == {1, 2, 4, 5, 9, 11, 12}


@pytest.mark.usefixtures("migrated")
def test_published_comments_are_counted_and_have_appeared_in_their_order() -> None:
    assert column("published_comments", "article") == column("appeared", "article") == {1: 4, 2: 2, 3: 0}
    assert {one: place for one, place in column("appeared").items() if place} == {1: 1, 2: 2, 5: 3, 9: 4, 11: 1, 12: 2}


@pytest.mark.usefixtures("migrated")
def test_what_a_moderator_approved_and_did_not_undo_is_marked() -> None:
    assert {one for one, was_approved in column("was_approved").items() if was_approved} == {1, 5_000}


@pytest.mark.usefixtures("migrated")
def test_a_recount_finds_nothing() -> None:
    assert [one for batch in recounting.batches() for one in recounting.differences(batch)] == []


@pytest.mark.usefixtures("migrated")
def test_the_way_back_keeps_what_was_said() -> None:
    db.session.remove()
    downgrade(revision=FIRST_RELEASE)
    assert column("state") == {one: state for one, (_, _, state) in (SAID | ELSEWHERE).items()}
    db.session.remove()


@pytest.mark.usefixtures("migrated")
def test_nobody_is_kept_out_while_something_is_filled_in() -> None:
    if db.engine.dialect.name == "sqlite":
        pytest.skip("one writer at a time, and readers never wait")
    kept_out: dict[str, list[str]] = {}

    def look(connection: Connection, statement: str) -> None:
        pid = connection.scalar(sa.text("SELECT pg_backend_pid()"))
        with db.engine.connect() as other:
            if tables := list(other.scalars(sa.text(KEEPS_OUT.format(pid)))):
                kept_out[statement] = tables

    downgrade(revision=A_RUNNING_SITE)
    with before_each(FILLS, look):
        upgrade()
    assert kept_out == {}


class Stopped(Exception):
    """The migration was killed here."""


@pytest.mark.usefixtures("migrated")
@pytest.mark.parametrize(
    ("begins", "times"), [("UPDATE comment", 1), ("UPDATE comment", 3), ("CREATE INDEX", 1), ("CREATE INDEX", 2)]
)
def test_marking_what_was_approved_goes_on_after_it_was_killed(begins: str, times: int) -> None:
    left = iter(range(times - 1))

    def stop(_connection: Connection, _statement: str) -> None:
        if next(left, None) is None:
            raise Stopped

    downgrade(revision=BEFORE_MARKS)
    with before_each(begins, stop), pytest.raises(Stopped):
        upgrade()
    upgrade()
    assert {one for one, was_approved in column("was_approved").items() if was_approved} == {1, 5_000}
    db.session.remove()
    names = {index["name"] for index in sa.inspect(db.engine).get_indexes("comment")}
    assert {"ix_comment_approved", "ix_comment_taken_away"} <= names
