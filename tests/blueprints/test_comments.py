from __future__ import annotations

from datetime import datetime

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select

from domain import articles, comments
from extensions import db
from models import Article, Comment, CommentState, Reader, Report
from tests import factories
from tests.statements import counted_statements

MOST_FOR_A_COMMENT = 21  # statements: each costs more than what it finds


def post(client: FlaskClient, path: str, **fields: str) -> tuple[int, str]:
    answer = client.post(path, data=fields, follow_redirects=True)
    return answer.status_code, answer.text


def test_a_registered_readers_comment_appears_at_once(app: Flask, article: Article, reader: Reader) -> None:
    _, page = post(factories.browser_of(app, reader), f"/articles/{article.slug}/comments", body="A **fine** point.")
    assert "A <strong>fine</strong> point." in page


def test_a_comment_asks_the_database_little(app: Flask, article: Article, reader: Reader) -> None:
    browser = factories.browser_of(app, reader)
    browser.post(f"/articles/{article.slug}/comments", data={"body": "The first, after which what is kept is at hand."})
    with counted_statements() as statements:
        browser.post(f"/articles/{article.slug}/comments", data={"body": "A second one, about something else."})
    assert len(statements) <= MOST_FOR_A_COMMENT


def test_a_guest_sees_their_comment_waiting(client: FlaskClient, article: Article) -> None:
    _, page = post(client, f"/articles/{article.slug}/comments", body="My first words.")
    assert "Waiting for a moderator" in page
    assert "My first words." in page


def test_others_do_not_see_a_waiting_comment(app: Flask, client: FlaskClient, article: Article) -> None:
    post(client, f"/articles/{article.slug}/comments", body="My first words.")
    assert "My first words." not in app.test_client().get(f"/articles/{article.slug}").text


def test_a_reply_stands_under_what_it_answers(app: Flask, article: Article, reader: Reader) -> None:
    parent = factories.comment(article, reader, "The first.")
    post(factories.browser_of(app, reader), f"/comments/{parent.id}/replies", body="The answer.")
    reply = db.session.scalars(select(Comment).where(Comment.parent_id == parent.id)).one()
    assert (reply.root_id, reply.article_id) == (parent.id, article.id)


@pytest.mark.parametrize("body", ["", "   ", "\x00\x01"])
def test_an_empty_comment_is_refused(app: Flask, article: Article, reader: Reader, body: str) -> None:
    assert post(factories.browser_of(app, reader), f"/articles/{article.slug}/comments", body=body)[0] == 422


def test_a_comment_that_is_too_long_is_kept(app: Flask, article: Article, reader: Reader) -> None:
    status, page = post(factories.browser_of(app, reader), f"/articles/{article.slug}/comments", body="word " * 1_200)
    assert (status, "word word" in page) == (422, True)


def test_a_comment_on_a_closed_article_is_refused_and_kept(app: Flask, article: Article, reader: Reader, now: datetime) -> None:
    articles.close(article, now=now)
    status, page = post(factories.browser_of(app, reader), f"/articles/{article.slug}/comments", body="Too late.")
    assert (status, "Too late." in page) == (409, True)


def test_a_removed_comment_cannot_be_answered(app: Flask, article: Article, reader: Reader, another_reader: Reader) -> None:
    parent = factories.comment(article, reader)
    factories.put(parent, CommentState.REMOVED)
    assert post(factories.browser_of(app, another_reader), f"/comments/{parent.id}/replies", body="Hm.")[0] == 404


def test_a_removed_comment_leaves_its_place_while_it_has_replies(client: FlaskClient, article: Article, reader: Reader) -> None:
    parent = factories.comment(article, reader, "Gone words.")
    factories.comment(article, reader, "An answer.", parent)
    factories.put(parent, CommentState.REMOVED)
    page = client.get(f"/articles/{article.slug}").text
    assert ("Gone words." in page, "Removed:" in page, "An answer." in page) == (False, True, True)


def test_a_removed_comment_without_replies_leaves_nothing(client: FlaskClient, article: Article, reader: Reader) -> None:
    comment = factories.comment(article, reader)
    factories.put(comment, CommentState.REMOVED)
    assert "Removed:" not in client.get(f"/articles/{article.slug}").text


def test_a_permalink_shows_the_whole_thread(client: FlaskClient, article: Article, reader: Reader) -> None:
    first = factories.comment(article, reader, "The first.")
    reply = factories.comment(article, reader, "The answer.", first)
    page = client.get(f"/comments/{reply.id}").text
    assert ("The first." in page, "The answer." in page) == (True, True)


@pytest.mark.parametrize("number", ["0", "999999", "99999999999999999999999"])
def test_a_comment_that_does_not_exist_is_not_found(client: FlaskClient, number: str) -> None:
    assert client.get(f"/comments/{number}").status_code == 404


def test_a_report_reaches_the_moderators_once(app: Flask, article: Article, reader: Reader, another_reader: Reader) -> None:
    comment, browser = factories.comment(article, reader), factories.browser_of(app, another_reader)
    for _ in range(2):
        status, page = post(browser, f"/comments/{comment.id}/reports", reason="abuse", note="Look at it.")
        assert (status, "A moderator will look at it." in page) == (200, True)
    assert db.session.scalar(select(func.count()).select_from(Report)) == 1


def test_a_report_without_a_reason_is_explained(app: Flask, article: Article, reader: Reader, another_reader: Reader) -> None:
    comment = factories.comment(article, reader)
    status, page = post(factories.browser_of(app, another_reader), f"/comments/{comment.id}/reports", note="Hm.")
    assert (status, "Choose what is wrong" in page) == (422, True)


def test_long_discussions_come_in_pages(client: FlaskClient, article: Article, reader: Reader) -> None:
    for number in range(33):
        factories.comment(article, reader, f"Thread number {number} of many.")
    first = client.get(f"/articles/{article.slug}")
    assert "Thread number 32 of" in first.text
    assert "Thread number 2 of" not in first.text
    assert "More comments" in first.text


def test_the_next_page_begins_where_the_first_ended(client: FlaskClient, article: Article, reader: Reader) -> None:
    rows = [factories.comment(article, reader, f"Thread number {number} of many.") for number in range(33)]
    page = client.get(f"/articles/{article.slug}?after=0.{rows[3].id}").text
    assert [f"Thread number {number} of" in page for number in (2, 3)] == [True, False]


@pytest.mark.parametrize("after", ["x", "-1", "1", "1.", "1.5.2", "9" * 40 + ".1", "%00", "٣.٣"])
def test_a_cursor_that_is_none_is_a_bad_request(client: FlaskClient, article: Article, after: str) -> None:
    assert client.get(f"/articles/{article.slug}?after={after}").status_code == 400


def test_a_very_deep_thread_is_shown(client: FlaskClient, article: Article, reader: Reader) -> None:
    parent = factories.comment(article, reader, "The root of it.")
    for number in range(200):
        parent = factories.comment(article, reader, f"Level {number}.", parent)
    assert client.get(f"/comments/{parent.id}").status_code == 200


def test_a_second_press_is_no_second_comment_though_one_has_written_hundreds(
    app: Flask, article: Article, reader: Reader
) -> None:
    for _ in range(2 * comments.MOST_REPEATS):
        factories.comment(article, reader)
    browser = factories.browser_of(app, reader)
    for _ in range(2):
        post(browser, f"/articles/{article.slug}/comments", body="Pressed twice.")
    same = select(func.count()).select_from(Comment).where(Comment.body_source == "Pressed twice.")
    assert db.session.scalar(same) == 1


def test_after_posting_nothing_is_read_again(app: Flask, article: Article, reader: Reader) -> None:
    browser = factories.browser_of(app, reader)
    with counted_statements() as seen:
        browser.post(f"/articles/{article.slug}/comments", data={"body": "Once."})
    assert not [
        one
        for one in seen[seen.index(next(one for one in seen if one.startswith("INSERT INTO news"))) :]
        if "FROM article" in one
    ]
