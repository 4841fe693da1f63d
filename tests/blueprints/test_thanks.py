"""What is said after an act stands where one is led."""

from __future__ import annotations

import pytest
from bs4 import BeautifulSoup
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from models import Article, Comment, CommentState, Reader
from tests import factories, screens
from tests.forms import fields_of

JSON = {"Accept": "application/json"}
NOTICES = ".notice[role=status], p.note:has(a[href^='/receipts/'])"


@pytest.fixture
def comment(article: Article, reader: Reader) -> Comment:
    return factories.comment(article, reader, "The tolls end.")


@pytest.fixture
def browser(app: Flask, another_reader: Reader) -> FlaskClient:
    return factories.browser_of(app, another_reader)


def said_where(browser: FlaskClient, answer: TestResponse) -> list[str]:
    """Return what the page says where an answer leads: at its top or, with an anchor, where that element begins."""
    location = answer.location or answer.get_json()["location"]
    page = BeautifulSoup(browser.get(location).text, "lxml")
    start = page.find(id=location.partition("#")[2] or "main")
    assert start is not None, location
    first = start.find(True)
    beginning = [first, *first.find_next_siblings()][:3] if first else []
    return [" ".join(one.get_text().split()) for one in beginning if one in page.select(NOTICES)]


def report(browser: FlaskClient, comment: Comment) -> TestResponse:
    return browser.post(f"/comments/{comment.id}/reports", data={"reason": "abuse"})


def test_after_a_report_one_is_thanked_at_the_comment(browser: FlaskClient, comment: Comment) -> None:
    answer = report(browser, comment)
    assert answer.location == f"/comments/{comment.id}"
    assert said_where(browser, answer) == ["Thank you. A moderator will look at it."]
    assert "The tolls end." in browser.get(answer.location).text


def test_a_report_that_hides_the_comment_is_thanked_for_too(browser: FlaskClient, comment: Comment) -> None:
    screens.rule("reports: {at_least: 1}")
    answer = report(browser, comment)
    assert comment.state is CommentState.HELD
    assert said_where(browser, answer) == ["Thank you. A moderator will look at it."]


@pytest.mark.parametrize("headers", [{}, JSON])
@pytest.mark.parametrize("is_reply", [False, True])
def test_a_guests_receipt_is_in_sight(
    app: Flask, article: Article, comment: Comment, stranger: Reader, headers: dict[str, str], *, is_reply: bool
) -> None:
    guest = factories.browser_of(app, stranger)
    place = f"/comments/{comment.id}/replies" if is_reply else f"/articles/{article.slug}/comments"
    waits, receipt = said_where(guest, guest.post(place, data={"body": "My first words."}, headers=headers))
    assert waits.startswith("Your comment waits for a moderator.")
    assert receipt.startswith("Receipt")


@pytest.mark.parametrize("topic", ["article", "prediction"])
def test_following_without_a_script_says_so_in_sight(browser: FlaskClient, article: Article, topic: str) -> None:
    assert article.prediction is not None
    place = f"/follows/{topic}/{article.slug if topic == 'article' else article.prediction.id}"
    form = fields_of(browser.get(f"/articles/{article.slug}").text, action=place)
    assert said_where(browser, browser.post(place, data=form)) == ["You will hear what is new."]


def test_following_a_thread_without_a_script_says_so_in_sight(browser: FlaskClient, comment: Comment) -> None:
    place = f"/follows/thread/{comment.id}"
    form = fields_of(browser.get(f"/comments/{comment.id}").text, action=place)
    assert said_where(browser, browser.post(place, data=form)) == ["You will hear what is new."]


def test_withdrawing_says_so_in_sight(app: Flask, comment: Comment, reader: Reader) -> None:
    author = factories.browser_of(app, reader)
    assert said_where(author, author.post(f"/comments/{comment.id}/withdrawal")) == ["Your comment is withdrawn."]


def test_what_was_done_as_a_guest_is_said_to_be_ones_own_in_sight(
    app: Flask, article: Article, reader: Reader, stranger: Reader
) -> None:
    guest = factories.browser_of(app, stranger)
    factories.comment(article, stranger)
    data = {"email": reader.email, "password": factories.PASSWORD, "next": f"/articles/{article.slug}"}
    assert said_where(guest, guest.post("/sign-in", data=data)) == ["You are signed in. What you did here before is yours now."]
