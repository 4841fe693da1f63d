from __future__ import annotations

from collections.abc import Iterator

import pytest
from flask import Flask
from flask.testing import FlaskClient

from models import Article, Reader
from observing.trace import WELL_FORMED
from tests import factories
from tests.applications import another_app
from tests.loglines import Lines, one

SAID = {"time", "level", "event", "request_id", "method", "endpoint", "status", "duration_ms", "queries", "reader"}
GIVEN = {"X-Request-ID": "0123456789abcdef"}


@pytest.fixture(scope="module")
def proxied(database_url: str) -> Iterator[FlaskClient]:
    """Return a browser behind a proxy that is trusted."""
    with another_app(database_url, trusted_proxies=1) as app:
        yield app.test_client()


def test_a_request_is_one_line_with_its_fields(client: FlaskClient, lines: Lines) -> None:
    client.get("/sign-in")
    line = one(lines(), "request")
    assert line.keys() == SAID
    told = (line["method"], line["endpoint"], line["status"], line["level"])
    assert told == ("GET", "accounts.sign_in", 200, "info")


def test_its_queries_are_counted(client: FlaskClient, article: Article, lines: Lines) -> None:
    client.get("/sign-in")
    client.get(f"/articles/{article.slug}")
    form, page = lines()
    assert (form["queries"], page["queries"] > 3) == (0, True)


def test_its_time_is_told_in_milliseconds(client: FlaskClient, lines: Lines) -> None:
    client.get("/sign-in")
    assert 0 < one(lines(), "request")["duration_ms"] < 60_000


def test_an_address_that_leads_nowhere_is_not_told(client: FlaskClient, lines: Lines) -> None:
    client.get("/nowhere/a-secret")
    line = one(lines(), "request")
    assert (line["endpoint"], line["status"]) == ("unmatched", 404)


def test_a_method_nobody_has_heard_of_is_not_repeated(client: FlaskClient, lines: Lines) -> None:
    client.open("/", method="GUESS")
    assert one(lines(), "request")["method"] == "other"


def test_nobody_is_called_so(client: FlaskClient, lines: Lines) -> None:
    client.get("/sign-in")
    assert one(lines(), "request")["reader"] == "nobody"


def test_guests_and_accounts_are_told_apart(app: Flask, stranger: Reader, reader: Reader, lines: Lines) -> None:
    for who in (stranger, reader):
        factories.browser_of(app, who).get("/articles/none")
    assert [line["reader"] for line in lines()] == ["guest", "account"]


def test_each_request_has_a_number_of_its_own(client: FlaskClient, lines: Lines) -> None:
    for _ in range(5):
        client.get("/sign-in")
    numbers = {line["request_id"] for line in lines()}
    assert len(numbers) == 5
    assert all(WELL_FORMED.fullmatch(number) for number in numbers)


def test_an_answer_carries_its_number(client: FlaskClient, lines: Lines) -> None:
    answer = client.get("/sign-in")
    assert answer.headers["X-Request-ID"] == one(lines(), "request")["request_id"]


def test_an_answer_for_everybody_carries_none(client: FlaskClient, article: Article) -> None:
    answer = client.get(f"/articles/{article.slug}")
    assert (answer.cache_control.public, "X-Request-ID" in answer.headers) == (True, False)


def test_a_number_from_a_trusted_proxy_is_kept(proxied: FlaskClient) -> None:
    assert proxied.get("/sign-in", headers=GIVEN).headers["X-Request-ID"] == GIVEN["X-Request-ID"]


@pytest.mark.parametrize("number", ["short", "x" * 65, "a.b.c.d.e.f", "eight wo", "reader@example.org", "", "12345678\xe9"])
def test_a_number_that_is_none_is_replaced(proxied: FlaskClient, number: str) -> None:
    found = proxied.get("/sign-in", headers={"X-Request-ID": number}).headers["X-Request-ID"]
    assert (found != number, bool(WELL_FORMED.fullmatch(found))) == (True, True)


def test_a_number_from_anybody_else_is_replaced(client: FlaskClient) -> None:
    assert client.get("/sign-in", headers=GIVEN).headers["X-Request-ID"] != GIVEN["X-Request-ID"]


def test_nothing_is_told_of_a_request_at_the_usual_level(client: FlaskClient, capsys: pytest.CaptureFixture[str]) -> None:
    client.get("/sign-in")
    assert capsys.readouterr().err == ""
