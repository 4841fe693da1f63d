from __future__ import annotations

import re

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select

from domain import articles
from extensions import db
from models import Article, Comment, CommentRating, CommentState, Reader
from tests import factories
from tests.ratings import counted


@pytest.fixture
def comment(article: Article, reader: Reader) -> Comment:
    return factories.comment(article, reader, "A point.")


@pytest.fixture
def browser(app: Flask, another_reader: Reader) -> FlaskClient:
    return factories.browser_of(app, another_reader)


def rate(browser: FlaskClient, comment: Comment, verdict: str, back: str = "") -> tuple[int, str]:
    answer = browser.post(f"/comments/{comment.id}/rating", data={"verdict": verdict, "back": back})
    return answer.status_code, answer.headers.get("Location", "")


def pressed(page: str) -> dict[str, str]:
    """Return, by the words on it, whether each rating button is pressed."""
    buttons = re.findall(r'class="comment__act rating"[^>]*aria-pressed="(\w+)">([A-Z][a-z ]+)', page)
    return {words.strip(): state for state, words in buttons}


def test_a_good_point_is_counted_and_leads_back_to_the_comment(
    browser: FlaskClient, article: Article, comment: Comment
) -> None:
    assert rate(browser, comment, "good") == (303, f"/articles/{article.slug}#comment-{comment.id}")
    assert counted(comment) == (1, 0)


def test_a_rating_leads_back_to_the_page_it_was_given_on(browser: FlaskClient, article: Article, comment: Comment) -> None:
    back = f"/articles/{article.slug}?sort=oldest&after=0.3"
    assert rate(browser, comment, "good", back)[1] == f"{back}#comment-{comment.id}"


@pytest.mark.parametrize("back", ["https://evil.example/", "//evil.example", "/\\evil.example", "javascript:alert(1)", "\x00"])
def test_a_rating_leads_to_no_other_site(browser: FlaskClient, comment: Comment, back: str) -> None:
    assert rate(browser, comment, "good", back)[1].startswith("/articles/")


@pytest.mark.parametrize(("verdict", "words"), [("good", "Good point"), ("poor", "Not convincing")])
def test_what_one_thinks_is_shown_pressed_and_pressing_again_takes_it_back(
    browser: FlaskClient, article: Article, comment: Comment, verdict: str, words: str
) -> None:
    rate(browser, comment, verdict)
    page = browser.get(f"/articles/{article.slug}").text
    assert pressed(page) == {one: str(one == words).lower() for one in ("Good point", "Not convincing")}
    assert len(re.findall(r'name="verdict" value="none"', page)) == 1
    rate(browser, comment, "none")
    assert "true" not in pressed(browser.get(f"/articles/{article.slug}").text).values()


def test_others_see_good_points_as_a_number_and_never_the_rest(
    app: Flask, client: FlaskClient, article: Article, comment: Comment
) -> None:
    for verdict in ("good", "good", "poor", "poor", "poor"):
        rate(factories.browser_of(app, factories.guest()), comment, verdict)
    page = client.get(f"/articles/{article.slug}").text
    buttons = re.findall(r'class="comment__act rating"[^>]*>(.*?)</button>', page, re.DOTALL)
    assert buttons == ['Good point <span class="num">2</span>', "Not convincing"]


def test_somebody_who_has_never_been_here_rates_as_a_guest(client: FlaskClient, comment: Comment) -> None:
    answer = client.post(f"/comments/{comment.id}/rating", data={"verdict": "good"}, follow_redirects=True)
    assert (answer.status_code, counted(comment)) == (200, (1, 0))


def test_a_double_click_rates_once(browser: FlaskClient, comment: Comment) -> None:
    for _ in range(2):
        assert rate(browser, comment, "good")[0] == 303
    assert db.session.scalar(select(func.count()).select_from(CommentRating)) == 1


def test_there_is_no_button_on_ones_own_and_pressing_it_is_refused(
    app: Flask, article: Article, comment: Comment, reader: Reader
) -> None:
    author = factories.browser_of(app, reader)
    assert pressed(author.get(f"/articles/{article.slug}").text) == {}
    assert rate(author, comment, "good")[0] == 403
    assert counted(comment) == (0, 0)


@pytest.mark.parametrize("state", [CommentState.HELD, CommentState.REMOVED, CommentState.WITHDRAWN])
def test_what_is_not_shown_is_not_found(browser: FlaskClient, comment: Comment, state: CommentState) -> None:
    factories.put(comment, state)
    assert rate(browser, comment, "good")[0] == 404


def test_in_a_closed_discussion_rating_is_over(browser: FlaskClient, article: Article, comment: Comment) -> None:
    articles.close(article, now=article.created_at)
    assert pressed(browser.get(f"/articles/{article.slug}").text) == {}
    assert rate(browser, comment, "good")[0] == 409


@pytest.mark.parametrize("verdict", ["", "GOOD", "best", "\x00", "good,poor", "ø"])
def test_what_is_no_verdict_is_a_bad_request(browser: FlaskClient, comment: Comment, verdict: str) -> None:
    assert rate(browser, comment, verdict)[0] == 400
    assert counted(comment) == (0, 0)


@pytest.mark.parametrize("number", ["0", "999999", "99999999999999999999999"])
def test_what_does_not_exist_is_not_rated(browser: FlaskClient, number: str) -> None:
    assert browser.post(f"/comments/{number}/rating", data={"verdict": "good"}).status_code == 404


def test_only_the_newsroom_has_a_button_to_pick(app: Flask, article: Article, comment: Comment, editor: Reader) -> None:
    pick = f"/comments/{comment.id}/pick"
    assert pick not in factories.browser_of(app, comment.reader).get(f"/articles/{article.slug}").text
    browser = factories.browser_of(app, editor)
    assert pick in browser.get(f"/articles/{article.slug}").text
    assert browser.post(pick, data={"picked": "picked"}).status_code == 303
    assert "Picked by the newsroom" in app.test_client().get(f"/articles/{article.slug}").text
