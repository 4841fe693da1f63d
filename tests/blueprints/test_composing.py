from __future__ import annotations

from datetime import datetime

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select
from werkzeug.test import TestResponse

from blueprints.comments import quoting
from domain import readers, text
from extensions import db
from models import Article, Comment, CommentState, Reader
from tests import factories
from tests.forms import fields_of

JSON = {"Accept": "application/json"}


def count() -> int:
    return db.session.scalar(select(func.count()).select_from(Comment)) or 0


def path_of(article: Article) -> str:
    return f"/articles/{article.slug}/comments"


def send_bytes(client: FlaskClient, article: Article, body: bytes, **headers: str) -> TestResponse:
    kind = "application/x-www-form-urlencoded"
    return client.post(path_of(article), data=b"body=" + body, content_type=kind, headers=headers)


# --- pages that stay open


def test_a_page_that_stays_open_is_told_where_the_comment_is(app: Flask, article: Article, reader: Reader) -> None:
    answer = factories.browser_of(app, reader).post(path_of(article), data={"body": "Here."}, headers=JSON)
    comment = db.session.scalars(select(Comment)).one()
    assert answer.get_json() == {"location": f"/articles/{article.slug}#comment-{comment.id}"}


def test_a_page_that_stays_open_hears_what_is_wrong(app: Flask, article: Article, reader: Reader) -> None:
    answer = factories.browser_of(app, reader).post(path_of(article), data={"body": "x" * 5_001}, headers=JSON)
    assert (answer.status_code, answer.get_json()) == (422, {"said": "A comment may have at most 5000 characters."})


def test_a_page_that_stays_open_hears_a_rules_refusal(app: Flask, article: Article, reader: Reader, now: datetime) -> None:
    article.closed_at = now
    answer = factories.browser_of(app, reader).post(path_of(article), data={"body": "Late."}, headers=JSON)
    assert answer.status_code == 409
    assert answer.get_json() == {"said": "This discussion is closed, so your comment was not posted."}


def test_a_page_that_stays_open_hears_that_the_request_was_foreign(client: FlaskClient, article: Article) -> None:
    answer = client.post(path_of(article), data={"body": "Hm."}, headers={**JSON, "Sec-Fetch-Site": "cross-site"})
    assert (answer.status_code, "did not come from a page of this site" in answer.get_json()["said"]) == (403, True)


def test_the_card_tells_a_page_that_stays_open_where_to_go(app: Flask, article: Article, reader: Reader) -> None:
    data = {"reason": "Because."}
    answer = factories.browser_of(app, reader).post(f"/articles/{article.slug}/participation", data=data, headers=JSON)
    assert answer.get_json() == {"location": f"/articles/{article.slug}#say"}


def test_browsers_get_pages(client: FlaskClient) -> None:
    accepts = "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"
    assert client.get("/nowhere", headers={"Accept": accepts}).mimetype == "text/html"
    assert client.get("/nowhere", headers={"Accept": "*/*"}).mimetype == "text/html"


# --- ended sessions


@pytest.fixture
def ended(app: Flask, reader: Reader, now: datetime) -> FlaskClient:
    """Return a browser that carries the cookie of a session which has ended."""
    browser = factories.browser_of(app, reader)
    readers.end_sign_ins(reader, now=now)
    return browser


@pytest.mark.parametrize("place", ["comments", "participation"])
def test_an_ended_session_does_not_write_as_a_guest(ended: FlaskClient, article: Article, reader: Reader, place: str) -> None:
    data = {"body": "My long text.", "reason": "My long text.", "author": reader.public_id}
    answer = ended.post(f"/articles/{article.slug}/{place}", data=data)
    assert (answer.status_code, "You are no longer signed in" in answer.text, "My long text." in answer.text) == (
        403,
        True,
        True,
    )
    assert (count(), db.session.scalar(select(func.count()).select_from(Reader))) == (0, 1)


def test_an_ended_session_keeps_an_edit(ended: FlaskClient, article: Article, reader: Reader) -> None:
    comment = factories.comment(article, reader)
    answer = ended.post(f"/comments/{comment.id}/revisions", data={"body": "My better text.", "author": reader.public_id})
    assert (answer.status_code, "My better text." in answer.text) == (403, True)
    assert "/sign-in" in answer.text


def test_an_ended_session_does_not_rate_as_a_guest(ended: FlaskClient, article: Article, reader: Reader) -> None:
    comment = factories.comment(article, factories.account())
    answer = ended.post(f"/comments/{comment.id}/rating", data={"verdict": "good", "author": reader.public_id})
    assert (answer.status_code, "You are no longer signed in" in answer.text) == (403, True)


def test_an_ended_session_is_led_to_sign_in_and_back(ended: FlaskClient, article: Article, reader: Reader) -> None:
    headers = {"Referer": f"http://localhost/articles/{article.slug}?sort=newest"}
    answer = ended.post(path_of(article), data={"body": "Mine.", "author": reader.public_id}, headers={**headers, **JSON})
    assert answer.get_json()["sign_in"] == f"/sign-in?next=/articles/{article.slug}?sort%3Dnewest"


@pytest.mark.parametrize("referrer", ["https://evil.example/x", "http://localhost//evil.example", ""])
def test_signing_in_leads_back_to_no_other_site(ended: FlaskClient, article: Article, reader: Reader, referrer: str) -> None:
    data = {"body": "Mine.", "author": reader.public_id}
    answer = ended.post(path_of(article), data=data, headers={"Referer": referrer, **JSON})
    assert answer.get_json()["sign_in"] == "/sign-in"


def test_what_was_written_as_one_account_is_not_sent_as_another(
    app: Flask, article: Article, reader: Reader, another_reader: Reader
) -> None:
    data = {"body": "Mine.", "author": reader.public_id}
    answer = factories.browser_of(app, another_reader).post(path_of(article), data=data)
    assert (answer.status_code, "Mine." in answer.text, count()) == (409, True, 0)


def test_forms_say_whom_the_page_was_made_for(app: Flask, article: Article, reader: Reader) -> None:
    comment, browser = factories.comment(article, reader), factories.browser_of(app, reader)
    card = fields_of(browser.get(f"/articles/{article.slug}").text, action=f"/articles/{article.slug}/participation#say")
    reply = fields_of(browser.get(f"/comments/{comment.id}").text, action=f"/comments/{comment.id}/replies#reply")
    rating = fields_of(browser.get(f"/articles/{article.slug}").text, action=f"/articles/{article.slug}")
    assert card["author"] == reply["author"] == rating["author"] == reader.public_id


def test_complaints_and_follows_say_so_too(app: Flask, article: Article, reader: Reader) -> None:
    comment, browser = factories.comment(article, factories.account()), factories.browser_of(app, reader)
    complaint = fields_of(browser.get(f"/comments/{comment.id}/report").text, action=f"/comments/{comment.id}/reports")
    follow = fields_of(browser.get(f"/articles/{article.slug}").text, action=f"/follows/article/{article.slug}")
    assert complaint["author"] == follow["author"] == reader.public_id


def test_a_page_shared_by_all_names_nobody(client: FlaskClient, article: Article) -> None:
    assert 'name="author"' not in client.get(f"/articles/{article.slug}").text


# --- what no keyboard sends


@pytest.mark.parametrize("body", [b"a%00b", b"a\x00b", b"a%ED%A0%80b", b"a%FFb", b"a%C0%AFb", b"a%F4%90%80%80b"])
def test_bytes_that_are_no_text_are_posted_as_what_can_be_read(
    app: Flask, article: Article, reader: Reader, body: bytes
) -> None:
    answer = send_bytes(factories.browser_of(app, reader), article, body)
    assert answer.status_code == 303
    kept = db.session.scalars(select(Comment.body_source)).one()
    assert (kept[0], kept[-1], "\x00" in kept) == ("a", "b", False)


@pytest.mark.parametrize(
    "body", [b"a\xed\xa0\x80b", b"a\xff\xfeb", b"%00", b"%FF%00" * 3_000, b"x" * 100_000, b"%F0%9F%8C%89" * 5_001]
)
@pytest.mark.parametrize("accept", ["text/html", "application/json"])
def test_what_cannot_be_posted_gets_a_clear_answer(
    app: Flask, article: Article, reader: Reader, body: bytes, accept: str
) -> None:
    answer = send_bytes(factories.browser_of(app, reader), article, body, Accept=accept)
    assert (answer.status_code, answer.mimetype, count()) == (422, accept, 0)


@pytest.mark.parametrize("body", [b"a\x00b", b"a\xff\xfeb", b"a\xed\xa0\x80b"])
def test_bytes_in_parts_are_posted_as_what_can_be_read(app: Flask, article: Article, reader: Reader, body: bytes) -> None:
    part = b'--x\r\nContent-Disposition: form-data; name="body"\r\n\r\n' + body + b"\r\n--x--\r\n"
    kind = "multipart/form-data; boundary=x"
    answer = factories.browser_of(app, reader).post(path_of(article), data=part, content_type=kind)
    kept = db.session.scalars(select(Comment.body_source)).one()
    assert (answer.status_code, kept[0], kept[-1], "\x00" in kept) == (303, "a", "b", False)


def test_a_hundred_kilobytes_are_kept(app: Flask, article: Article, reader: Reader) -> None:
    answer = send_bytes(factories.browser_of(app, reader), article, b"word+" * 20_000)
    assert answer.text.count("word ") >= 20_000


def test_line_ends_count_once(app: Flask, article: Article, reader: Reader) -> None:
    answer = send_bytes(factories.browser_of(app, reader), article, b"x%0D%0A" * 2_499 + b"xx")
    assert answer.status_code == 303


# --- quotes


def test_quoting_fills_the_reply_with_the_text_and_a_link_to_it(client: FlaskClient, article: Article, reader: Reader) -> None:
    comment = factories.comment(article, reader, "First line.\n\n*Second* line.")
    page = client.get(f"/comments/{comment.id}?quote=1").text
    link = f"[reader one](/comments/{comment.id}#comment-{comment.id}):"
    body = fields_of(page, action=f"/comments/{comment.id}/replies#reply")["body"]
    assert body == f"> {link}\n>\n> First line.\n>\n> *Second* line.\n\n"


def test_a_quotes_link_survives_being_posted(app: Flask, article: Article, reader: Reader) -> None:
    comment = factories.comment(article, reader)
    with app.test_request_context():
        html = text.comment_html(text.plain(quoting.quoted(comment)))
    assert f'<a href="/comments/{comment.id}#comment-{comment.id}"' in html
    assert html.startswith("<blockquote>")


def test_a_long_comment_is_quoted_in_part(app: Flask, article: Article, reader: Reader) -> None:
    comment = factories.comment(article, reader, "word " * 900)
    with app.test_request_context():
        quote = quoting.quoted(comment)
    assert len(quote) < quoting.LONGEST + 100
    assert quote.rstrip().endswith("word …")


def test_a_quote_leaves_out_what_it_quotes_itself(app: Flask, article: Article, reader: Reader) -> None:
    comment = factories.comment(article, reader, "> what the other said\n\nMy answer.")
    with app.test_request_context():
        assert "what the other said" not in quoting.quoted(comment)


def test_a_name_in_a_quote_is_no_markup(app: Flask, article: Article) -> None:
    comment = factories.comment(article, factories.account("_dash_"))
    with app.test_request_context():
        assert ">_dash_</a>" in text.comment_html(quoting.quoted(comment))


def test_a_quote_makes_another_version_of_the_page(client: FlaskClient, article: Article, reader: Reader) -> None:
    comment = factories.comment(article, reader)
    tags = [client.get(f"/comments/{comment.id}{query}").headers["ETag"] for query in ("", "?quote=1", "?quote=x")]
    assert tags[0] != tags[1]
    assert tags[0] == tags[2]


def test_a_hidden_comment_is_not_quoted(client: FlaskClient, article: Article, reader: Reader) -> None:
    comment = factories.comment(article, reader)
    factories.put(comment, CommentState.REMOVED)
    assert client.get(f"/comments/{comment.id}?quote=1").status_code == 404
