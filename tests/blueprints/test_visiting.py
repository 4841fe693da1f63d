from __future__ import annotations

import re
from datetime import datetime

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select

from domain import visits
from extensions import db
from models import Article, Reader, Visit
from tests import factories


def leave(browser: FlaskClient, article: Article, seen: str) -> int:
    path = f"/articles/{article.slug}/visit"
    return browser.post(path, data={"seen": seen}, headers={"Accept": "application/json"}).status_code


def read(browser: FlaskClient, article: Article) -> str:
    return browser.get(f"/articles/{article.slug}").text


def marked(page: str) -> list[int]:
    return [int(number) for number in re.findall(r'comment--new" id="comment-(\d+)"', page)]


def test_what_appeared_since_the_last_visit_is_marked(
    app: Flask, article: Article, reader: Reader, another_reader: Reader
) -> None:
    browser = factories.browser_of(app, reader)
    factories.comment(article, another_reader)
    assert leave(browser, article, "1") == 204
    fresh = factories.comment(article, another_reader)
    page = read(browser, article)
    assert marked(page) == [fresh.id]
    assert "1 new since your last visit" in page
    assert f'class="unread__first" href="#comment-{fresh.id}"' in page


def test_a_late_approval_is_marked(app: Flask, article: Article, reader: Reader, another_reader: Reader, now: datetime) -> None:
    waiting = factories.comment(article, factories.guest())
    factories.comment(article, another_reader)
    db.session.refresh(article)
    visits.mark(article, article.appeared, by=reader, now=now)
    factories.put(waiting, type(waiting.state).PUBLISHED)
    assert marked(read(factories.browser_of(app, reader), article)) == [waiting.id]


def test_nothing_is_new_on_a_first_visit(app: Flask, article: Article, reader: Reader, another_reader: Reader) -> None:
    factories.comment(article, another_reader)
    page = read(factories.browser_of(app, reader), article)
    assert (marked(page), "1 new since" in page) == ([], False)


def test_ones_own_is_never_new(app: Flask, article: Article, reader: Reader, now: datetime) -> None:
    visits.mark(article, 0, by=reader, now=now)
    factories.comment(article, reader)
    page = read(factories.browser_of(app, reader), article)
    assert (marked(page), "1 new since" in page) == ([], False)


def test_what_is_new_on_another_page_is_linked(
    app: Flask, article: Article, reader: Reader, another_reader: Reader, now: datetime
) -> None:
    visits.mark(article, 0, by=reader, now=now)
    first = factories.comment(article, another_reader)
    for _ in range(30):
        factories.comment(article, another_reader)
    page = factories.browser_of(app, reader).get(f"/articles/{article.slug}?sort=oldest&after=0.{first.id + 60}").text
    assert "31 new since your last visit" in page
    assert f'class="unread__first" href="/comments/{first.id}#comment-{first.id}"' in page


def test_a_button_marks_all_as_read_and_leads_back(
    app: Flask, article: Article, reader: Reader, another_reader: Reader
) -> None:
    browser = factories.browser_of(app, reader)
    leave(browser, article, "0")
    factories.comment(article, another_reader)
    answer = browser.post(f"/articles/{article.slug}/visit", data={"seen": "1"})
    assert answer.headers["Location"] == f"/articles/{article.slug}#discussion"
    assert marked(read(browser, article)) == []


def test_nobody_is_given_a_cookie_for_reading(client: FlaskClient, article: Article) -> None:
    answer = client.post(f"/articles/{article.slug}/visit", data={"seen": "0"}, headers={"Accept": "application/json"})
    assert (answer.status_code, "Set-Cookie" in answer.headers) == (204, False)
    assert db.session.scalar(select(func.count()).select_from(Visit)) == 0


@pytest.mark.parametrize("seen", ["", "-1", "x", "1.5", "٣", "9" * 19, "\x00"])
def test_a_mark_that_is_none_is_a_bad_request(app: Flask, article: Article, reader: Reader, seen: str) -> None:
    assert leave(factories.browser_of(app, reader), article, seen) == 400


def test_a_thread_with_something_new_says_so_while_it_is_folded(
    app: Flask, article: Article, reader: Reader, another_reader: Reader, now: datetime
) -> None:
    first = factories.comment(article, another_reader)
    visits.mark(article, 1, by=reader, now=now)
    factories.comment(article, another_reader, "", first)
    page = read(factories.browser_of(app, reader), article)
    assert re.search(r"1 reply</span>\s*<span[^>]*>1 new<", page)
