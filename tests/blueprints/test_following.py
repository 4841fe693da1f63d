from __future__ import annotations

from datetime import datetime

import pytest
from bs4 import BeautifulSoup
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select

from domain import following
from extensions import db
from models import Article, Follow, Mute, Reader
from tests import factories

pytestmark = pytest.mark.usefixtures("stage")


def rows(table: type[Follow | Mute]) -> int:
    return db.session.scalar(select(func.count()).select_from(table)) or 0


def test_following_leads_back_to_where_one_was(app: Flask, article: Article, reader: Reader) -> None:
    browser = factories.browser_of(app, reader)
    answer = browser.post(f"/follows/article/{article.slug}", data={"next": f"/articles/{article.slug}"})
    assert (answer.status_code, answer.location, rows(Follow)) == (303, f"/articles/{article.slug}", 1)
    assert "You will hear what is new." in browser.get(f"/articles/{article.slug}").text


def test_following_twice_is_answered_clearly(app: Flask, article: Article, reader: Reader) -> None:
    browser = factories.browser_of(app, reader)
    for text in ("You will hear what is new.", "You follow this already."):
        assert text in browser.post(f"/follows/article/{article.slug}", follow_redirects=True).text
    assert rows(Follow) == 1


def test_stopping_twice_is_answered_clearly(app: Flask, article: Article, reader: Reader) -> None:
    browser = factories.browser_of(app, reader)
    browser.post(f"/follows/article/{article.slug}")
    browser.get("/me/following")
    for text in ("You no longer follow this.", "You were not following this."):
        assert text in browser.post(f"/follows/article/{article.slug}/end", follow_redirects=True).text


@pytest.mark.parametrize("target", ["https://evil.example/", "//evil.example", "/\\evil.example", "javascript:alert(1)"])
def test_nobody_is_led_to_another_site(app: Flask, article: Article, reader: Reader, target: str) -> None:
    answer = factories.browser_of(app, reader).post(f"/follows/article/{article.slug}", data={"next": target})
    assert answer.location == "/me/following"


def test_a_script_gets_the_button_as_it_is_now(app: Flask, article: Article, reader: Reader) -> None:
    browser, path = factories.browser_of(app, reader), f"/follows/article/{article.slug}"
    answer = browser.post(path, data={"next": "/x"}, headers={"Accept": "application/json"})
    button = BeautifulSoup(answer.json["html"], "lxml") if answer.json else None
    assert button is not None
    form = button.find("form")
    assert form is not None
    assert (form["action"], button.find("input", attrs={"name": "next"})["value"]) == (f"{path}/end", "/x")  # type: ignore[index]
    assert answer.json["said"] == "You will hear what is new."  # type: ignore[index]


@pytest.mark.parametrize(
    "path",
    [
        "/follows/article/nothing-here",
        "/follows/thread/999999",
        "/follows/thread/x",
        "/follows/thread/99999999999999999999999",
        "/follows/prediction/999999",
        "/follows/reader/nobody",
        "/follows/newspaper/1",
        "/mutes/nobody",
    ],
)
def test_what_is_not_there_cannot_be_followed_or_muted(app: Flask, reader: Reader, path: str) -> None:
    browser = factories.browser_of(app, reader)
    assert browser.post(path).status_code == 404
    assert rows(Follow) == rows(Mute) == 0


def test_a_stranger_becomes_a_guest_by_following(client: FlaskClient, article: Article) -> None:
    answer = client.post(f"/follows/article/{article.slug}", follow_redirects=True)
    assert "You will hear what is new." in answer.text
    assert db.session.scalars(select(Follow)).one().article_id == article.id


def test_stopping_makes_nobody_a_guest(client: FlaskClient, article: Article) -> None:
    before = db.session.scalar(select(func.count()).select_from(Reader))
    client.post(f"/follows/article/{article.slug}/end")
    assert db.session.scalar(select(func.count()).select_from(Reader)) == before


def test_the_list_has_a_button_to_stop_each(app: Flask, article: Article, reader: Reader, now: datetime) -> None:
    author = factories.account("Ann")
    thread = factories.comment(article, author)
    for target in (article, thread, factories.asked(article)[1], author):
        following.follow(target, by=reader, now=now)
    browser = factories.browser_of(app, reader)
    page = BeautifulSoup(browser.get("/me/following").text, "lxml")
    actions = [str(form["action"]) for form in page.select(".entry form")]
    assert "The thread begun by Ann" in page.text
    assert len(actions) == 4
    for action in actions:
        browser.post(action)
    assert rows(Follow) == 0
    assert "You follow nothing yet." in browser.get("/me/following").text


def test_a_muted_reader_can_be_read_again_from_the_list(app: Flask, article: Article, reader: Reader, now: datetime) -> None:
    other = factories.account("Ann")
    browser = factories.browser_of(app, reader)
    assert "You will read no more of this reader." in browser.post(f"/mutes/{other.public_id}", follow_redirects=True).text
    assert "You have muted this reader already." in browser.post(f"/mutes/{other.public_id}", follow_redirects=True).text
    assert "Muted · read again" in browser.get("/me/following").text
    assert "You read this reader again." in browser.post(f"/mutes/{other.public_id}/end", follow_redirects=True).text
    assert rows(Mute) == 0


def test_a_readers_page_has_buttons_but_not_for_oneself(app: Flask, reader: Reader, another_reader: Reader) -> None:
    browser = factories.browser_of(app, reader)
    assert "Follow this reader" in browser.get(f"/readers/{another_reader.public_id}").text
    assert "Follow this reader" not in browser.get(f"/readers/{reader.public_id}").text
    browser.post(f"/follows/reader/{another_reader.public_id}")
    assert "Following ✓ · stop" in browser.get(f"/readers/{another_reader.public_id}").text


def test_a_list_of_ones_own_needs_a_reader(client: FlaskClient) -> None:
    assert client.get("/me/following").location == "/sign-in?next=/me/following"
