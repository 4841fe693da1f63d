from __future__ import annotations

from datetime import datetime

from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from domain import articles
from extensions import db
from models import Article, Comment, CommentState, Reader
from tests import factories

JSON = {"Accept": "application/json"}


def rate(browser: FlaskClient, comment: Comment, verdict: str, query: str = "") -> TestResponse:
    return browser.post(f"/comments/{comment.id}/rating{query}", data={"verdict": verdict}, headers=JSON)


def test_a_rating_answers_with_what_can_be_done_now(
    app: Flask, article: Article, reader: Reader, another_reader: Reader
) -> None:
    comment = factories.comment(article, another_reader)
    answer = rate(factories.browser_of(app, reader), comment, "good").get_json()
    acts = answer["regions"][f"acts-{comment.id}"]
    assert (answer["said"], 'value="none" aria-pressed="true"' in acts) == ("Noted: a good point.", True)
    assert 'data-good="1"' in acts


def test_a_rating_is_taken_back_in_place(app: Flask, article: Article, reader: Reader, another_reader: Reader) -> None:
    comment, browser = factories.comment(article, another_reader), factories.browser_of(app, reader)
    rate(browser, comment, "good")
    answer = rate(browser, comment, "none").get_json()
    assert (answer["said"], 'aria-pressed="true"' in answer["regions"][f"acts-{comment.id}"]) == (
        "Your rating is taken back.",
        False,
    )


def test_a_browser_nobody_knows_rates_on_the_second_round(client: FlaskClient, article: Article, reader: Reader) -> None:
    comment = factories.comment(article, reader)
    first = rate(client, comment, "poor")
    second = client.post(first.headers["Location"], data={"verdict": "poor"}, headers=JSON)
    assert (first.status_code, second.status_code) == (307, 200)
    assert second.get_json()["said"] == "Noted: it does not convince you."


def test_a_refusal_says_why(app: Flask, article: Article, reader: Reader, another_reader: Reader, now: datetime) -> None:
    comment = factories.comment(article, another_reader)
    articles.close(article, now=now)
    answer = rate(factories.browser_of(app, reader), comment, "good")
    assert (answer.status_code, "your rating was not counted" in answer.get_json()["said"]) == (409, True)


def test_a_comment_that_is_gone_says_so(app: Flask, article: Article, reader: Reader, another_reader: Reader) -> None:
    comment = factories.comment(article, another_reader)
    factories.put(comment, CommentState.REMOVED)
    answer = rate(factories.browser_of(app, reader), comment, "good")
    assert (answer.status_code, "no longer shown" in answer.get_json()["said"]) == (404, True)


def test_a_pick_answers_in_place(app: Flask, article: Article, editor: Reader, reader: Reader) -> None:
    comment = factories.comment(article, reader)
    path = f"/comments/{comment.id}/pick"
    answer = factories.browser_of(app, editor).post(path, data={"picked": "picked"}, headers=JSON).get_json()
    assert "aria-pressed" in answer["regions"][f"acts-{comment.id}"]
    assert db.session.get_one(Comment, comment.id).picked_at is not None
