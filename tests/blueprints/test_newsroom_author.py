from __future__ import annotations

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from models import Article, Reader
from tests import factories
from tests.forms import fields_of, type_into


@pytest.fixture
def desk(app: Flask, editor: Reader) -> FlaskClient:
    return factories.browser_of(app, editor)


def save(desk: FlaskClient, article: Article, author: str) -> TestResponse:
    path = f"/newsroom/articles/{article.id}"
    fields = fields_of(desk.get(path).text, action=path)
    type_into(fields, {"author": author})
    return desk.post(path, data=fields)


def test_an_authors_answers_get_their_badge(desk: FlaskClient, client: FlaskClient, article: Article, reader: Reader) -> None:
    comment = factories.comment(article, reader)
    assert "author of the article" not in client.get(f"/comments/{comment.id}").text
    assert save(desk, article, f" {(reader.email or '').upper()} ").status_code == 303
    assert article.author_id == reader.id
    assert "author of the article" in client.get(f"/comments/{comment.id}").text


def test_the_author_stays_while_other_things_are_saved(desk: FlaskClient, article: Article, reader: Reader) -> None:
    save(desk, article, reader.email or "")
    path = f"/newsroom/articles/{article.id}"
    fields = fields_of(desk.get(path).text, action=path)
    type_into(fields, {"headline": "Another headline"})
    assert desk.post(path, data=fields).status_code == 303
    assert (article.headline, article.author_id) == ("Another headline", reader.id)


def test_an_article_can_be_without_an_author_again(desk: FlaskClient, article: Article, reader: Reader) -> None:
    save(desk, article, reader.email or "")
    save(desk, article, "")
    assert article.author_id is None


@pytest.mark.parametrize(
    ("typed", "words"),
    [("nobody@example.org", "no account with this address"), ("Ann Lee", "not a whole e-mail"), ("a" * 300, "254")],
)
def test_an_author_has_to_have_an_account(desk: FlaskClient, article: Article, typed: str, words: str) -> None:
    answer = save(desk, article, typed)
    assert (answer.status_code, words in answer.text, typed in answer.text) == (422, True, True)
    assert article.author_id is None


def test_an_address_nobody_confirmed_makes_no_author(desk: FlaskClient, article: Article) -> None:
    impostor = factories.account(confirmed=False)
    answer = save(desk, article, impostor.email or "")
    assert (answer.status_code, "Nobody has confirmed yet" in answer.text) == (422, True)


def test_two_editors_do_not_overwrite_each_others_author(desk: FlaskClient, article: Article, reader: Reader) -> None:
    path = f"/newsroom/articles/{article.id}"
    fields = fields_of(desk.get(path).text, action=path)
    save(desk, article, reader.email or "")
    answer = desk.post(path, data=fields)
    assert (answer.status_code, "the author&#39;s account" in answer.text) == (409, True)
