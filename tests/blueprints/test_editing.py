from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from bs4 import BeautifulSoup
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from werkzeug.test import TestResponse

from domain import articles
from extensions import db
from models import Article, Comment, CommentRevision, CommentState, Reader, RevisionState
from tests import factories

LINK = "See https://example.org/why"


@pytest.fixture
def comment(article: Article, reader: Reader) -> Comment:
    return factories.comment(article, reader, "The tolls end.")


@pytest.fixture
def author(app: Flask, reader: Reader) -> FlaskClient:
    return factories.browser_of(app, reader)


def revise(browser: FlaskClient, comment: Comment, body: str | bytes) -> TestResponse:
    return browser.post(f"/comments/{comment.id}/revisions", data={"body": body})


def kept_on(answer: TestResponse) -> str:
    area = BeautifulSoup(answer.text, "lxml").find("textarea")
    return area.get_text().removeprefix("\n") if area else ""


def acts_on(browser: FlaskClient, article: Article, comment: Comment) -> str:
    page = BeautifulSoup(browser.get(f"/articles/{article.slug}").text, "lxml")
    row = page.select_one(f"#comment-{comment.id} .comment__acts")
    assert row is not None
    return " ".join(row.get_text(" ").split())


def shown_in(browser: FlaskClient, comment: Comment) -> str:
    row = BeautifulSoup(browser.get(f"/comments/{comment.id}").text, "lxml").select_one(f"#comment-{comment.id}")
    assert row is not None
    return " ".join(row.get_text(" ").split())


def test_the_author_alone_is_offered_to_edit_with_the_time_that_is_left(
    app: Flask, author: FlaskClient, article: Article, comment: Comment, another_reader: Reader
) -> None:
    assert "Edit (10 minutes left) Withdraw" in acts_on(author, article, comment)
    other = acts_on(factories.browser_of(app, another_reader), article, comment)
    assert ("Edit" in other, "Withdraw" in other) == (False, False)


def test_what_can_no_longer_be_edited_offers_no_edit(author: FlaskClient, article: Article, comment: Comment) -> None:
    factories.comment(article, factories.account(), parent=comment)
    acts = acts_on(author, article, comment)
    assert ("Edit" in acts, "Withdraw" in acts) == (False, True)


def test_a_held_comment_can_be_edited_and_withdrawn(app: Flask, article: Article, stranger: Reader) -> None:
    browser = factories.browser_of(app, stranger)
    held = factories.comment(article, stranger, "My first words.")
    assert "Edit (10 minutes left) Withdraw" in acts_on(browser, article, held)
    assert revise(browser, held, "My second thoughts.").status_code == 303
    assert held.body_source == "My second thoughts."


def test_the_form_begins_with_what_was_written(author: FlaskClient, comment: Comment) -> None:
    assert kept_on(author.get(f"/comments/{comment.id}/edit")) == "The tolls end."
    revise(author, comment, LINK)
    assert kept_on(author.get(f"/comments/{comment.id}/edit")) == LINK


def test_an_edit_is_read_and_leads_to_its_history(author: FlaskClient, client: FlaskClient, comment: Comment) -> None:
    answer = revise(author, comment, "The tolls *stay*.")
    assert (answer.status_code, answer.location) == (303, f"/comments/{comment.id}#comment-{comment.id}")
    page = client.get(f"/comments/{comment.id}").text
    assert ("<em>stay</em>" in page, f'href="/comments/{comment.id}/history"' in page) == (True, True)
    history = client.get(f"/comments/{comment.id}/history").text
    assert "The tolls <del>end.</del><ins>*stay*.</ins>" in history


def test_an_edit_that_waits_is_seen_by_its_author_alone(author: FlaskClient, client: FlaskClient, comment: Comment) -> None:
    page = author.post(f"/comments/{comment.id}/revisions", data={"body": LINK}, follow_redirects=True).text
    assert "Your edit waits for a moderator." in page
    assert "Your edit waits for a moderator." in shown_in(author, comment)
    assert "waits" not in shown_in(client, comment)
    assert "example.org" not in client.get(f"/comments/{comment.id}/history").text
    assert "example.org" in author.get(f"/comments/{comment.id}/history").text
    assert "Your edit waits for a moderator." in author.get("/me").text


def test_what_is_typed_is_shown_in_the_history_as_text(author: FlaskClient, client: FlaskClient, comment: Comment) -> None:
    revise(author, comment, "<script>alert(1)</script> <ins>x</ins>")
    history = client.get(f"/comments/{comment.id}/history").text
    assert "<script>alert" not in history
    assert "&lt;script&gt;alert(1)&lt;/script&gt; &lt;ins&gt;x&lt;/ins&gt;" in history


@pytest.mark.parametrize(
    "body", ["", " \r\n ", "x" * 5_001, "x" * 100_000, "\x00", b"\xff\xfe" * 3_000], ids=lambda body: str(len(body))
)
def test_a_text_that_does_not_fit_is_kept_in_the_form(author: FlaskClient, comment: Comment, body: str | bytes) -> None:
    answer = revise(author, comment, body)
    assert answer.status_code == 422
    assert comment.body_source == "The tolls end."
    if isinstance(body, str) and body.strip("\x00 \r\n"):
        assert kept_on(answer) == body


@pytest.mark.parametrize("body", [b"a\x00b", b"a\xed\xa0\x80b", b"a\xffb", "a\u202eb".encode()])
def test_broken_text_is_mended(author: FlaskClient, comment: Comment, body: bytes) -> None:
    assert revise(author, comment, body).status_code == 303
    assert comment.body_source in {"ab", "a%ED%A0%80b", "a%FFb"}  # what is no UTF-8 stays as it was sent: percent and number


def test_an_edit_after_the_window_is_refused_and_kept(author: FlaskClient, comment: Comment, now: datetime) -> None:
    comment.posted_at = now - timedelta(minutes=10)
    answer = revise(author, comment, "Too late for this.")
    assert (answer.status_code, kept_on(answer)) == (409, "Too late for this.")
    assert author.get(f"/comments/{comment.id}/edit").status_code == 409


def test_an_edit_after_an_answer_is_refused_and_kept(author: FlaskClient, article: Article, comment: Comment) -> None:
    factories.comment(article, factories.account(), parent=comment)
    answer = revise(author, comment, "Too late for this.")
    assert (answer.status_code, kept_on(answer)) == (409, "Too late for this.")


def test_an_edit_of_anothers_comment_is_refused(app: Flask, client: FlaskClient, comment: Comment, editor: Reader) -> None:
    for browser in (client, factories.browser_of(app, editor)):
        assert revise(browser, comment, "Not mine.").status_code == 403
        assert browser.get(f"/comments/{comment.id}/edit").status_code == 403
        assert browser.post(f"/comments/{comment.id}/withdrawal").status_code == 403
    assert comment.body_source == "The tolls end."


def test_an_edit_sent_twice_is_one(author: FlaskClient, comment: Comment) -> None:
    assert [revise(author, comment, "Changed.").status_code for _ in range(2)] == [303, 303]
    assert len(db.session.scalars(select(CommentRevision)).all()) == 2


def test_withdrawing_is_asked_about_and_leaves_the_answers(
    author: FlaskClient, client: FlaskClient, article: Article, comment: Comment
) -> None:
    reply = factories.comment(article, factories.account(), "I differ.", parent=comment)
    assert "Answers to it stay" in author.get(f"/comments/{comment.id}/withdrawal").text
    answer = author.post(f"/comments/{comment.id}/withdrawal")
    assert (answer.status_code, answer.location) == (303, f"/articles/{article.slug}#say")
    page = client.get(f"/articles/{article.slug}").text
    assert ("Withdrawn by its author." in page, "The tolls end." in page, reply.body_source in page) == (True, False, True)


def test_withdrawing_twice_says_so(author: FlaskClient, comment: Comment) -> None:
    pages = [author.post(f"/comments/{comment.id}/withdrawal", follow_redirects=True).text for _ in range(2)]
    assert ["Your comment is withdrawn." in page for page in pages] == [True, False]
    assert "You have withdrawn this comment already." in pages[1]
    assert "You have withdrawn this comment already." in author.get(f"/comments/{comment.id}/withdrawal").text


def test_a_comment_in_a_closed_discussion_is_withdrawn(
    author: FlaskClient, article: Article, comment: Comment, now: datetime
) -> None:
    articles.close(article, now=now)
    assert "Withdraw" in acts_on(author, article, comment)
    assert author.post(f"/comments/{comment.id}/withdrawal").status_code == 303
    assert comment.state is CommentState.WITHDRAWN


@pytest.mark.parametrize("state", [CommentState.HELD, CommentState.REMOVED, CommentState.WITHDRAWN])
def test_the_history_of_what_is_hidden_is_hidden(
    author: FlaskClient, client: FlaskClient, comment: Comment, state: CommentState
) -> None:
    revise(author, comment, "Something else.")
    factories.put(comment, state)
    assert client.get(f"/comments/{comment.id}/history").status_code == 404
    own = author.get(f"/comments/{comment.id}/history").status_code
    assert own == (404 if state is CommentState.WITHDRAWN else 200)


@pytest.mark.parametrize("state", [CommentState.WITHDRAWN, CommentState.REMOVED])
def test_what_is_gone_is_answered_by_nobody(
    app: Flask, author: FlaskClient, comment: Comment, another_reader: Reader, state: CommentState
) -> None:
    factories.put(comment, state)
    for browser in (author, factories.browser_of(app, another_reader)):
        answer = browser.post(f"/comments/{comment.id}/replies", data={"body": "Hm, but why?"})
        assert answer.status_code in {404, 409}
        assert kept_on(answer) == "Hm, but why?"


def test_a_refused_edit_is_told_to_its_author(app: Flask, author: FlaskClient, comment: Comment, moderator: Reader) -> None:
    revise(author, comment, LINK)
    waiting = db.session.scalars(select(CommentRevision).where(CommentRevision.state == RevisionState.HELD)).one()
    path = f"/moderation/comments/{comment.id}/revisions/{waiting.id}/refusal"
    assert factories.browser_of(app, moderator).post(path, data={"version": comment.version}).status_code == 303
    assert "A moderator kept the earlier text and did not publish your edit." in author.get("/me").text
    assert "This text was never shown to others." in author.get(f"/comments/{comment.id}/history").text
