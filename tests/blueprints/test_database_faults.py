"""Faults of the database: the answer says that nothing was stored, the text is kept, and afterwards all goes on by itself."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select
from werkzeug.test import TestResponse

import connections
from extensions import db
from models import Comment
from tests import factories, faulting
from tests.applications import leave_empty
from tests.faulting import Fault

TEXT = "The tolls were dropped in 1998 as well, and came back. "
LONG = {"body": TEXT * 80}  # takes a page of its own, which a full file has not
PREPARED_AFTER = 5  # times that psycopg sends a statement before it has it prepared
OF_SQLITE = [
    faulting.full_file,
    faulting.full_disk_under_file,
    faulting.locked_file,
    faulting.read_only_file,
    faulting.stopped_writer,
]
OF_POSTGRESQL = [
    faulting.read_only_database,
    faulting.full_disk,
    faulting.long_lock,
    faulting.long_statement,
    faulting.killed_while_writing,
]


@pytest.fixture
def slug(lone_site: Flask, now: datetime) -> Iterator[str]:
    """Return how an open article is addressed; in the block of a fault nothing can be looked up."""
    slug = factories.open_article(now).slug
    db.session.commit()
    yield slug
    leave_empty()


@pytest.fixture
def author(lone_site: Flask, slug: str) -> FlaskClient:
    """Return the browser of somebody who is signed in."""
    reader = factories.account("Ann")
    browser = factories.browser_of(lone_site, reader)
    db.session.commit()
    return browser


def post(author: FlaskClient, slug: str, **headers: str) -> TestResponse:
    db.session.rollback()  # the test holds no turn and no connection
    return author.post(f"/articles/{slug}/comments", data=LONG, headers=headers)


def posted() -> int:
    return db.session.scalar(select(func.count()).select_from(Comment)) or 0


@pytest.fixture(params=[*OF_SQLITE, *OF_POSTGRESQL, faulting.none_free], ids=lambda fault: fault.__name__)
def fault(request: pytest.FixtureRequest, lone_site: Flask) -> Fault:
    """Return each fault there can be of the database at hand."""
    found: Fault = request.param
    others = OF_POSTGRESQL if db.engine.dialect.name == "sqlite" else OF_SQLITE
    if found in others:
        pytest.skip("a fault of the other database")
    return found


def test_nothing_is_acknowledged_that_is_not_stored(author: FlaskClient, slug: str, fault: Fault) -> None:
    with fault(db.engine):
        answer = post(author, slug)
    assert (answer.status_code, answer.headers["Retry-After"]) == (503, "5")
    assert "nothing of what you sent was stored" in answer.text
    assert TEXT * 79 in answer.text
    assert posted() == 0


def test_a_script_is_told_the_same(author: FlaskClient, slug: str, fault: Fault) -> None:
    with fault(db.engine):
        answer = post(author, slug, Accept="application/json")
    assert (answer.status_code, answer.json["stored"] if answer.json else "") == (503, "no")


def test_afterwards_the_same_is_taken(author: FlaskClient, slug: str, fault: Fault) -> None:
    with fault(db.engine):
        post(author, slug)
    assert (post(author, slug).status_code, posted()) == (303, 1)


def test_who_waits_too_long_for_a_turn_is_told(author: FlaskClient, slug: str, monkeypatch: pytest.MonkeyPatch) -> None:
    if db.engine.dialect.name != "sqlite":
        pytest.skip("there are no turns")
    db.session.rollback()
    monkeypatch.setattr(connections, "LONGEST_WAIT", 0.2)
    with db.engine.connect() as other, other.begin():
        answer = author.post(f"/articles/{slug}/comments", data=LONG)
    assert (answer.status_code, "nothing of what you sent was stored" in answer.text, posted()) == (503, True, 0)


def test_a_page_that_cannot_be_read_says_so(author: FlaskClient, slug: str) -> None:
    db.session.rollback()
    with faulting.none_free(db.engine):
        answer = author.get(f"/articles/{slug}")
    assert (answer.status_code, "load the page again" in answer.text, "was stored" in answer.text) == (503, True, False)


@pytest.fixture
def on_postgresql(lone_site: Flask) -> None:
    if db.engine.dialect.name == "sqlite":
        pytest.skip("SQLite has no connection to lose")


@pytest.mark.usefixtures("on_postgresql")
def test_whether_it_was_stored_is_not_claimed_when_nobody_knows(author: FlaskClient, slug: str) -> None:
    with faulting.killed_while_storing(db.engine):
        answer = post(author, slug)
    assert (answer.status_code, "we do not know whether it was" in answer.text) == (503, True)
    assert TEXT * 79 in answer.text


@pytest.mark.usefixtures("on_postgresql")
def test_what_was_stored_all_the_same_is_there_once_when_sent_again(author: FlaskClient, slug: str) -> None:
    with faulting.lost_after_storing(db.engine):
        answer = post(author, slug)
    assert (answer.status_code, "we do not know whether it was" in answer.text, posted()) == (503, True, 1)
    assert (post(author, slug).status_code, posted()) == (303, 1)


@pytest.mark.usefixtures("on_postgresql")
def test_a_connection_that_was_ended_meanwhile_costs_no_answer(author: FlaskClient, slug: str) -> None:
    post(author, slug)
    faulting.end_all(db.engine)
    assert (post(author, slug).status_code, posted()) == (303, 1)


@pytest.mark.usefixtures("on_postgresql")
def test_a_connection_lost_before_anything_is_being_stored_costs_no_answer(author: FlaskClient, slug: str) -> None:
    with faulting.killed_once(db.engine):
        answer = post(author, slug)
    assert (answer.status_code, posted()) == (303, 1)


@pytest.mark.usefixtures("on_postgresql")
def test_a_connection_left_alone_is_asked_before_it_is_used(lone_site: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    del lone_site
    db.session.execute(select(1))
    db.session.remove()
    monkeypatch.setattr(connections, "SURE_FOR", 0.0)
    faulting.end_all(db.engine)
    assert db.session.scalar(select(1)) == 1


@pytest.fixture
def others_turn(author: FlaskClient) -> Iterator[None]:
    """Let another writer of SQLite hold the turn."""
    del author
    if db.engine.dialect.name != "sqlite":
        pytest.skip("on PostgreSQL nobody has a turn")
    db.session.rollback()
    with db.engine.connect() as other, other.begin():
        yield


@pytest.mark.usefixtures("others_turn")
def test_who_sends_a_card_with_a_mistake_waits_for_no_writer(author: FlaskClient, slug: str) -> None:
    answer = author.post(f"/articles/{slug}/participation", data={"choice": "0"})
    assert answer.status_code == 422


@pytest.mark.usefixtures("others_turn")
@pytest.mark.parametrize(("place", "fields"), [("comments", LONG), ("participation", {"reason": TEXT})])
def test_who_has_something_to_write_waits_for_their_turn(
    author: FlaskClient, slug: str, place: str, fields: dict[str, str], caplog: pytest.LogCaptureFixture
) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(connections, "LONGEST_WAIT", 0.1)
        answer = author.post(f"/articles/{slug}/{place}", data=fields)
    assert (answer.status_code, "connections.NoTurn" in caplog.text) == (503, True)


@pytest.mark.usefixtures("on_postgresql")
def test_an_answer_that_is_made_stands_though_the_connection_is_lost_then(author: FlaskClient, slug: str) -> None:
    db.session.rollback()
    with faulting.killed_at_the_end(db.engine):
        answer = author.get(f"/articles/{slug}")
    assert answer.status_code == 200
    assert author.get(f"/articles/{slug}").status_code == 200


@pytest.fixture
def prepared(author: FlaskClient, slug: str, on_postgresql: None) -> None:
    """Let two connections have prepared what acts ask: whatever ends without one makes them forget it."""
    del on_postgresql

    def act() -> None:
        for number in range(PREPARED_AFTER + 1):
            assert author.post(f"/articles/{slug}/comments", data={"body": f"{number}"}).status_code == 303

    db.session.rollback()
    db.engine.dispose()
    act()
    with db.engine.connect():  # so that the site takes another
        act()


@pytest.mark.usefixtures("prepared")
def test_a_migration_meanwhile_costs_no_act(author: FlaskClient, slug: str) -> None:
    before = posted()
    with faulting.migrated_meanwhile(db.engine):
        answer = post(author, slug)
    assert (answer.status_code, posted()) == (303, before + 1)
