from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime

import pytest
from flask import Flask
from flask.testing import FlaskClient

from domain import outbox
from models import Article, CommentState, Reader
from tests import factories
from tests.applications import another_app, migrated
from tests.figures import change_of, figure
from tests.loglines import Lines, one

TOKEN = "a-token-of-the-tests"


@pytest.fixture
def watched(app: Flask, client: FlaskClient) -> Iterator[FlaskClient]:
    """Return a browser on a site that shows its figures to who has the token."""
    usual = app.extensions["foresay"]
    app.extensions["foresay"] = usual.__class__(**{**vars(usual), "metrics_token": TOKEN})
    yield client
    app.extensions["foresay"] = usual


def figures(browser: FlaskClient, token: str = TOKEN) -> str:
    return browser.get("/metrics", headers={"Authorization": f"Bearer {token}"}).text


def test_without_a_token_in_the_settings_there_are_no_figures(client: FlaskClient) -> None:
    for given in ({}, {"Authorization": "Bearer "}, {"Authorization": ""}):
        assert client.get("/metrics", headers=given).status_code == 404


@pytest.mark.parametrize("given", ["", "Bearer", "Bearer ", f"Bearer {TOKEN}x", f"bearer {TOKEN}", TOKEN, "Bearer \xe9"])
def test_nobody_without_the_token_sees_them(watched: FlaskClient, given: str) -> None:
    answer = watched.get("/metrics", headers={"Authorization": given})
    assert (answer.status_code, "foresay_requests" in answer.text) == (404, False)


def test_the_token_in_the_address_opens_nothing(watched: FlaskClient) -> None:
    assert watched.get(f"/metrics?token={TOKEN}&Authorization=Bearer {TOKEN}").status_code == 404


def test_figures_are_not_kept_by_anybody(watched: FlaskClient) -> None:
    answer = watched.get("/metrics", headers={"Authorization": f"Bearer {TOKEN}"})
    assert (answer.status_code, answer.headers["Cache-Control"]) == (200, "private, no-store")
    assert "Set-Cookie" not in answer.headers


def test_what_waits_is_told(watched: FlaskClient, article: Article) -> None:
    told = figures(watched)
    assert 'foresay_moderation_waiting{queue="held"} 0.0' in told
    assert 'foresay_mail_waiting{state="waiting"} 0.0' in told
    assert "foresay_database_answers 1.0" in told
    assert 'foresay_jobs_waiting{queue="foresay"}' in told


def test_requests_are_counted_by_endpoint_method_and_status(client: FlaskClient) -> None:
    told = {"endpoint": "accounts.sign_in", "method": "GET", "status": "200"}
    assert change_of("foresay_requests_total", lambda: client.get("/sign-in"), **told) == 1


def test_their_time_is_put_in_a_histogram(client: FlaskClient) -> None:
    name, told = "foresay_request_seconds_bucket", {"endpoint": "accounts.sign_in", "le": "+Inf"}
    assert change_of(name, lambda: client.get("/sign-in"), **told) == 1


def test_their_statements_are_counted(client: FlaskClient, article: Article) -> None:
    name = "foresay_queries_total"
    assert change_of(name, lambda: client.get(f"/articles/{article.slug}"), place="articles.show") > 3


def test_paths_that_lead_nowhere_make_no_figures_of_their_own(client: FlaskClient) -> None:
    told = {"endpoint": "unmatched", "method": "GET", "status": "404"}
    act = lambda: [client.get(f"/nowhere/{number}") for number in range(5)]  # noqa: E731 - done inside
    assert change_of("foresay_requests_total", act, **told) == 5


@pytest.mark.parametrize(("path", "event"), [("/", "made"), ("/sign-in", "passed")])
def test_what_the_cache_does_is_counted(client: FlaskClient, path: str, event: str) -> None:
    client.application.extensions["cache"].store.clear()
    assert change_of("foresay_cache_answers_total", lambda: client.get(path), event=event) == 1


def test_an_answer_that_is_still_right_is_counted_as_such(client: FlaskClient, article: Article) -> None:
    client.get(f"/articles/{article.slug}")
    act = lambda: client.get(f"/articles/{article.slug}")  # noqa: E731 - done inside
    assert change_of("foresay_cache_answers_total", act, event="checked") == 1


def test_what_the_cache_holds_is_told(client: FlaskClient, article: Article) -> None:
    for path in (f"/articles/{article.slug}", "/"):
        client.get(path)
    assert figure("foresay_cache_holds", of="bytes") > 1_000


def test_telling_them_takes_three_statements_whatever_waits(
    watched: FlaskClient, article: Article, reader: Reader, lines: Lines
) -> None:
    for number in range(5):
        factories.put(factories.comment(article, reader, f"Comment number {number}."), CommentState.HELD)
        outbox.queue_mail("somebody@example.org", "Subject", "Body", now=datetime.now(UTC))
    told = figures(watched)
    assert ('{queue="held"} 5.0' in told, 'foresay_mail_waiting{state="waiting"} 5.0' in told) == (True, True)
    assert one(lines(), "request")["queries"] == 3


def test_the_rest_is_told_where_the_database_does_not_answer(database_url: str) -> None:
    nowhere = "postgresql+psycopg://nobody@127.0.0.1:1/nothing"
    with another_app(nowhere, metrics_token=TOKEN) as app:
        told = figures(app.test_client())
    assert "foresay_database_answers 0.0" in told
    assert "foresay_requests_total" in told
    assert "foresay_mail_waiting" not in told


def test_the_rest_is_told_while_the_queue_is_away(database_url: str) -> None:
    with another_app(migrated(database_url), metrics_token=TOKEN, redis_url="redis://127.0.0.1:1/0") as app:
        told = figures(app.test_client())
    assert "foresay_jobs_waiting{" not in told
    assert 'foresay_mail_waiting{state="waiting"} 0.0' in told
