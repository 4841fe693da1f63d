from __future__ import annotations

import json
import re
from collections.abc import Iterator

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import text

from extensions import db
from models import Reader
from tests import factories
from tests.applications import another_app
from tests.loglines import one

SECRET = "the-secret-of-reader@example.org"


def refused() -> str:
    """Let the database refuse something that repeats what was typed."""
    db.session.execute(text("INSERT INTO nowhere (name) VALUES (:name)"), {"name": SECRET})
    return ""


def chained() -> str:
    """Raise one error while another is dealt with."""
    try:
        return str(int(SECRET))
    except ValueError as error:
        raise RuntimeError(SECRET) from error


@pytest.fixture
def broken(database_url: str) -> Iterator[FlaskClient]:
    """Return a browser on a site with doors behind which something breaks, which logs JSON."""
    with another_app(database_url, log="json", log_level="info") as app:
        app.config["PROPAGATE_EXCEPTIONS"] = False
        for view in (refused, chained):
            app.add_url_rule(f"/{view.__name__}/<token>", view.__name__, lambda token, view=view: view())  # noqa: ARG005
        yield app.test_client()


def test_a_fault_has_a_line_with_its_kind_and_place(broken: FlaskClient, capsys: pytest.CaptureFixture[str]) -> None:
    broken.get("/chained/x")
    fault = one([json.loads(line) for line in capsys.readouterr().err.splitlines()], "fault")
    assert (fault["error"], fault["caused_by"], fault["level"]) == ("RuntimeError", ["ValueError"], "error")
    assert re.fullmatch(r"tests/blueprints/test_faults\.py:\d+ in chained", fault["where"][-1])


def test_the_number_on_the_page_is_that_of_the_lines(broken: FlaskClient, capsys: pytest.CaptureFixture[str]) -> None:
    page = broken.get("/chained/x")
    told = {json.loads(line)["request_id"] for line in capsys.readouterr().err.splitlines()}
    assert told == {page.headers["X-Request-ID"]}
    assert told <= set(re.findall(r"mention the number (\w+)", page.text))


@pytest.mark.parametrize("door", ["refused", "chained"])
def test_a_fault_repeats_nothing_that_was_sent(broken: FlaskClient, capsys: pytest.CaptureFixture[str], door: str) -> None:
    broken.get(f"/{door}/{SECRET}?{SECRET}", headers={"Cookie": f"guest={SECRET}", "User-Agent": SECRET})
    told = capsys.readouterr().err
    assert '"fault"' in told
    assert SECRET not in told


def test_nothing_private_is_in_the_log(app: Flask, reader: Reader, lines: object, capsys: pytest.CaptureFixture[str]) -> None:
    browser = factories.browser_of(app, reader)
    private = {"email": "somebody@example.org", "password": "a-password-of-mine", "next": "/the-page-i-came-from"}
    browser.post("/sign-in?code=a-code-of-mine", data=private)
    browser.post("/password/forgotten", data=private)
    for path in ("unsubscribe", "email-confirmation", "receipts", "legal-notices"):
        browser.get(f"/{path}/a-token-of-mine", headers={"Referer": "http://localhost/the-page-i-came-from"})
    cookies = [cookie.value for cookie in (browser._cookies or {}).values()]  # noqa: SLF001 - there is no other way to see them
    told = capsys.readouterr().err
    assert told.count('"request"') == 6
    secrets = [
        *private.values(),
        *filter(None, cookies),
        "a-code-of-mine",
        "a-token-of-mine",
        str(reader.email),
        str(reader.name),
        "127.0.0.1",
    ]
    assert [secret for secret in secrets if secret in told] == []
