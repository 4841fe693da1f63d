from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select
from werkzeug.test import TestResponse

from blueprints.support.limits import PREVIEWS
from domain import articles, comments
from extensions import db, limiter
from models import Article, Comment, Reader
from tests import factories
from tests.applications import another_app
from tests.conftest import SeparateContextClient
from tests.statements import counted_statements

TEXT = "A **fine** point.\n\n> quoted\n\n- one\n- two\n\nhttps://example.org/ and <b>no tag</b>"
MOST = int(PREVIEWS.split()[0])


def shown(client: FlaskClient, body: str) -> TestResponse:
    return client.post("/preview", data={"body": body})


def count() -> int:
    return db.session.scalar(select(func.count()).select_from(Comment)) or 0


@pytest.mark.parametrize("body", [TEXT, "  \n a \u202e\x00 b\r\nc", "# no heading", "`a", "[x](javascript:alert(1))"])
def test_the_preview_is_what_is_posted(app: Flask, article: Article, reader: Reader, body: str) -> None:
    preview = shown(app.test_client(), body).get_json()["html"]
    factories.browser_of(app, reader).post(f"/articles/{article.slug}/comments", data={"body": body})
    assert db.session.scalars(select(Comment.body_html)).one() == preview


def test_a_preview_links_the_people_it_names(app: Flask, article: Article, reader: Reader) -> None:
    factories.comment(article, reader)
    answer = app.test_client().post(f"/preview?article={article.slug}", data={"body": "@reader one, no."})
    assert f'<a href="/readers/{reader.public_id}"' in answer.get_json()["html"]


def test_a_preview_tells_nothing_of_a_draft(client: FlaskClient, now: datetime) -> None:
    draft = articles.create(factories.draft(now), now=now)
    assert client.post(f"/preview?article={draft.slug}", data={"body": "Hm."}).status_code == 404


def test_a_preview_asks_the_database_nothing_and_sets_no_cookie(client: FlaskClient) -> None:
    with counted_statements() as statements:
        answer = shown(client, TEXT)
    assert (statements, "Set-Cookie" in answer.headers) == ([], False)


def test_a_preview_is_kept_by_no_cache(client: FlaskClient) -> None:
    assert shown(client, TEXT).headers["Cache-Control"] == "private, no-store"


@pytest.mark.parametrize(
    ("body", "said"), [("", "empty"), (" \x00 ", "empty"), ("x" * 5_001, "5001"), ("\r\n" * 5_001, "5001")]
)
def test_what_cannot_be_posted_is_told(client: FlaskClient, body: str, said: str) -> None:
    answer = client.post("/preview", data={"body": body}, headers={"Accept": "application/json"})
    assert (answer.status_code, said in answer.get_json()["said"]) == (422, True)


def test_as_many_characters_as_may_be_are_previewed(client: FlaskClient) -> None:
    assert shown(client, "🌉\r\n" * (comments.LONGEST // 2)).status_code == 200


@pytest.fixture
def limited(tmp_path: Path) -> Iterator[Flask]:
    with another_app(f"sqlite:///{tmp_path}/limited.db", instance=tmp_path, rate_limits=True) as app:
        app.test_client_class = SeparateContextClient
        with app.app_context():
            limiter.reset()
            yield app


def test_previews_are_limited(limited: Flask) -> None:
    client = limited.test_client()
    for _ in range(MOST):
        assert shown(client, "Hm.").status_code == 200
    answer = client.post("/preview", data={"body": "Hm."}, headers={"Accept": "application/json"})
    assert (answer.status_code, bool(answer.get_json()["said"])) == (429, True)


@pytest.mark.parametrize("place", ["/articles/{slug}/comments", "/comments/{comment}/replies"])
def test_preview_without_javascript_shows_the_text_and_keeps_the_form(
    app: Flask, article: Article, reader: Reader, place: str
) -> None:
    path = place.format(slug=article.slug, comment=factories.comment(article, reader).id)
    answer = factories.browser_of(app, reader).post(path, data={"body": TEXT, "alone": "1", "step": "preview"})
    assert (answer.status_code, count()) == (200, 1)
    assert "A <strong>fine</strong> point." in answer.text
    assert "A **fine** point." in answer.text
    assert 'name="alone" value="1" checked' in answer.text


def test_an_edit_is_previewed_and_not_saved(app: Flask, article: Article, reader: Reader) -> None:
    comment = factories.comment(article, reader, "The first text.")
    data = {"body": TEXT, "step": "preview"}
    answer = factories.browser_of(app, reader).post(f"/comments/{comment.id}/revisions", data=data)
    assert (answer.status_code, "A <strong>fine</strong> point." in answer.text) == (200, True)
    assert db.session.scalars(select(Comment.body_source)).one() == "The first text."


def test_a_preview_makes_nobody_a_guest(client: FlaskClient, article: Article) -> None:
    answer = client.post(f"/articles/{article.slug}/comments", data={"body": TEXT, "step": "preview"})
    assert (answer.status_code, "Set-Cookie" in answer.headers) == (200, False)
    assert db.session.scalar(select(func.count()).select_from(Reader)) == 0


def test_a_preview_of_nothing_says_what_is_missing(client: FlaskClient, article: Article) -> None:
    answer = client.post(f"/articles/{article.slug}/comments", data={"body": "", "step": "preview"})
    assert (answer.status_code, "Write something" in answer.text) == (422, True)


@pytest.mark.parametrize("step", ["preview", "post"])
def test_a_reply_to_a_closed_discussion_keeps_its_text(app: Flask, article: Article, reader: Reader, step: str) -> None:
    parent = factories.comment(article, reader)
    articles.close(article, now=parent.posted_at)
    data = {"body": "Too late " * 1_000, "step": step}
    answer = factories.browser_of(app, reader).post(f"/comments/{parent.id}/replies", data=data)
    assert (answer.status_code, "Too late Too late" in answer.text) == (409, True)
