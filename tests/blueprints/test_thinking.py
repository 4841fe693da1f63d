from __future__ import annotations

import pytest
from bs4 import BeautifulSoup
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from werkzeug.test import TestResponse

from extensions import db
from models import Article, Comment, Reader
from tests import factories, screens

ASKS = "Would you say this to their face?"


@pytest.fixture(autouse=True)
def nudge(stage: None) -> None:
    screens.rule("text: {contains: fool}", f"{{nudge: '{ASKS}'}}")


def bodies() -> list[str]:
    return list(db.session.scalars(select(Comment.body_source).order_by(Comment.id)))


def asked(answer: TestResponse) -> dict[str, str]:
    """Return what the form would send that asks to think again, after checking that it asks and that the text is there."""
    assert answer.status_code == 422
    note = BeautifulSoup(answer.text, "lxml").select_one("#nudge")
    assert note is not None
    assert ASKS in note.text
    form = note.find_parent("form")
    assert form is not None
    fields = {field["name"]: field.get("value", "") for field in form.select("input[type=hidden]")}
    return {str(name): str(value) for name, value in fields.items()} | {
        str(area["name"]): area.text.lstrip("\n") for area in form.select("textarea")
    }


def test_an_author_is_asked_once_and_may_post_all_the_same(app: Flask, article: Article, reader: Reader) -> None:
    browser, path = factories.browser_of(app, reader), f"/articles/{article.slug}/comments"
    sent = asked(browser.post(path, data={"body": "You fool."}))
    assert bodies() == []
    assert sent["body"] == "You fool."
    assert browser.post(path, data=sent).status_code == 303
    assert bodies() == ["You fool."]


def test_who_changes_the_text_is_not_asked_again(app: Flask, article: Article, reader: Reader) -> None:
    browser, path = factories.browser_of(app, reader), f"/articles/{article.slug}/comments"
    sent = asked(browser.post(path, data={"body": "You fool."})) | {"body": "You see it differently."}
    assert browser.post(path, data=sent).status_code == 303
    assert bodies() == ["You see it differently."]


def test_replies_edits_and_the_card_ask_as_well(app: Flask, article: Article, reader: Reader) -> None:
    browser, comment = factories.browser_of(app, reader), factories.comment(article, reader, "The tolls end.")
    for path, name in (
        (f"/comments/{comment.id}/revisions", "body"),
        (f"/comments/{comment.id}/replies", "body"),
        (f"/articles/{article.slug}/participation", "reason"),
    ):
        assert asked(browser.post(path, data={name: "You fool."}))[name] == "You fool."
    assert bodies() == ["The tolls end."]


def test_a_stranger_is_asked_before_anything_of_them_is_kept(client: FlaskClient, article: Article) -> None:
    answer = client.post(f"/articles/{article.slug}/comments", data={"body": "You fool."}, follow_redirects=True)
    assert asked(answer)["body"] == "You fool."
    assert bodies() == []


def test_moderators_are_not_asked(app: Flask, article: Article, moderator: Reader) -> None:
    browser = factories.browser_of(app, moderator)
    assert browser.post(f"/articles/{article.slug}/comments", data={"body": "No fool."}).status_code == 303


def test_a_page_that_stays_open_is_led_to_the_one_that_asks(app: Flask, article: Article, reader: Reader) -> None:
    headers = {"Accept": "application/json"}
    path = f"/articles/{article.slug}/comments"
    answer = factories.browser_of(app, reader).post(path, data={"body": "You fool."}, headers=headers)
    assert (answer.status_code, answer.is_json) == (422, False)
