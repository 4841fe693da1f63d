"""Nobody is led to an address that only takes what is sent to it."""

from __future__ import annotations

from datetime import datetime

import pytest
from bs4 import BeautifulSoup
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.exceptions import HTTPException

from blueprints.support.returning import page_at
from domain import readers
from models import Article, Reader
from tests import factories

JSON = {"Accept": "application/json"}
PAGES = {
    "/articles/a/participation": "/articles/a",
    "/articles/a/forecast/withdrawal": "/articles/a",
    "/articles/a/participation?cookie=set": "/articles/a",
    "/comments/7/replies": "/comments/7",
    "/moderation/comments/7/revisions/9/approval": "/moderation/comments/7",
    "/newsroom/articles": "/newsroom/articles/new",
    "/legal-notices": "/legal-notices/new",
    "/me/push/end": "/me",
    "/sign-out": "/",
    "/moderation/bulk": "/moderation",
    "/articles/a?sort=newest": "/articles/a?sort=newest",
    "/nowhere/at/all": "/",
    "//evil.example/articles": "/",
    "//articles/a/participation": "/",
}


def link_back(page: str) -> str:
    link = BeautifulSoup(page, "lxml").find("a", string="Back to the page")
    return str(link["href"]) if link else ""


def can_be_read(app: Flask, path: str) -> bool:
    try:
        app.url_map.bind("").match(path, "GET")
    except HTTPException as error:
        return error.code == 308
    return True


@pytest.mark.parametrize(("address", "page"), PAGES.items())
def test_an_address_belongs_to_a_page(app: Flask, address: str, page: str) -> None:
    with app.app_context():
        assert page_at(address) == page


def test_whatever_takes_something_belongs_to_a_page_that_can_be_read(app: Flask) -> None:
    with app.test_request_context():
        values = {"slug": "a", "kind": "legal", "listed": "banned", "asked": "poll", "noun": "annulment"}
        for rule in app.url_map.iter_rules():
            if "GET" in (rule.methods or ()):
                continue
            url = app.url_map.bind("").build(rule.endpoint, dict.fromkeys(rule.arguments, 1) | values, append_unknown=False)
            assert can_be_read(app, page_at(url)), url


@pytest.mark.parametrize("place", ["participation", "comments", "chances"])
def test_reading_what_can_only_be_sent_to_leads_to_the_article(client: FlaskClient, article: Article, place: str) -> None:
    answer = client.get(f"/articles/{article.slug}/{place}?cookie=set")
    assert (answer.status_code, answer.location) == (303, f"/articles/{article.slug}")
    assert client.head(f"/articles/{article.slug}/{place}").location == f"/articles/{article.slug}"


def test_a_program_hears_that_nothing_is_to_be_read_there(client: FlaskClient, article: Article) -> None:
    assert client.get(f"/articles/{article.slug}/participation", headers=JSON).status_code == 405
    assert client.options(f"/articles/{article.slug}/participation").status_code == 200


@pytest.mark.parametrize(
    "path", ["//evil.example/sign-out", "//articles/a/participation", "/articles/%2F%2Fevil.example/chances"]
)
def test_nobody_is_led_to_another_site(client: FlaskClient, path: str) -> None:
    answer = client.get(path)
    assert not (answer.location or "").startswith(("//", "http://evil"))


def test_signing_in_after_a_mistake_leads_to_the_article(app: Flask, article: Article, reader: Reader, now: datetime) -> None:
    browser, place = factories.browser_of(app, reader), f"/articles/{article.slug}/participation"
    readers.end_sign_ins(reader, now=now)
    data = {"reason": "My long text.", "author": reader.public_id}
    page = browser.post(place, data=data, headers={"Referer": f"http://localhost{place}"}).text
    assert f'href="/sign-in?next=/articles/{article.slug}"' in page
    assert "My long text." in page


def test_what_changed_meanwhile_is_linked(app: Flask, article: Article, reader: Reader, now: datetime) -> None:
    article.closed_at = now
    answer = factories.browser_of(app, reader).post(f"/articles/{article.slug}/comments", data={"body": "Late."})
    assert (answer.status_code, link_back(answer.text)) == (409, f"/articles/{article.slug}")


def test_what_cannot_be_sent_to_is_linked(client: FlaskClient, article: Article) -> None:
    answer = client.post(f"/articles/{article.slug}")
    assert (answer.status_code, link_back(answer.text)) == (405, f"/articles/{article.slug}")


def test_what_can_no_longer_be_edited_leads_to_the_comment(app: Flask, article: Article, reader: Reader, now: datetime) -> None:
    comment = factories.comment(article, reader)
    article.closed_at = now
    answer = factories.browser_of(app, reader).get(f"/comments/{comment.id}/edit")
    assert (answer.status_code, link_back(answer.text)) == (409, f"/comments/{comment.id}")


def test_the_home_page_is_linked_once(client: FlaskClient) -> None:
    assert link_back(client.post("/").text) == ""
