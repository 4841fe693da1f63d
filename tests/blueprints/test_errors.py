from __future__ import annotations

from collections.abc import Iterator

import pytest
from flask import abort
from flask.testing import FlaskClient

from tests.applications import another_app
from tests.pages import check_page

STATUSES = [400, 403, 404, 405, 409, 413, 422, 429]


@pytest.fixture(scope="module")
def broken(database_url: str) -> Iterator[FlaskClient]:
    """Return a browser on a site with a door for every error, one of which simply breaks."""
    with another_app(database_url) as app:
        app.config["PROPAGATE_EXCEPTIONS"] = False
        app.add_url_rule("/refuse/<int:code>", "refuse", abort, methods=["GET", "POST"])
        app.add_url_rule("/break", "break", lambda: str(1 / 0), methods=["GET", "POST"])
        yield app.test_client()


@pytest.mark.parametrize("status", STATUSES)
def test_an_error_says_what_happened_and_what_to_do(broken: FlaskClient, status: int) -> None:
    answer = broken.get(f"/refuse/{status}")
    check_page(answer.text)
    assert (answer.status_code, f"Error {status}" in answer.text, "See the open questions" in answer.text) == (
        status,
        True,
        True,
    )


def test_a_fault_shows_a_number_and_no_trace(broken: FlaskClient) -> None:
    answer = broken.get("/break")
    check_page(answer.text)
    assert (answer.status_code, "mention the number" in answer.text) == (500, True)
    assert "ZeroDivisionError" not in answer.text


@pytest.mark.parametrize("path", ["/break", "/refuse/429", "/refuse/409"])
def test_what_was_typed_is_on_the_page(broken: FlaskClient, path: str) -> None:
    answer = broken.post(path, data={"reason": "A thought I had."}, headers={"Sec-Fetch-Site": "same-origin"})
    assert "A thought I had." in answer.text
