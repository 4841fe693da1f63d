from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from werkzeug.test import TestResponse

from blueprints.support.paths import own_path
from domain import participation, readers
from domain.participation import Answer
from extensions import db
from models import Article, OpinionVote, Reader, SignIn
from tests import factories

pytestmark = pytest.mark.usefixtures("stage")
WRONG = "The address or the password is not right."


def sign_in(client: FlaskClient, email: str | None, password: str = factories.PASSWORD, **fields: str) -> TestResponse:
    return client.post("/sign-in", data={"email": email or "", "password": password, **fields})


def is_signed_in(client: FlaskClient) -> bool:
    return "Sign out" in client.get("/").text


def test_the_right_password_signs_in(client: FlaskClient, reader: Reader) -> None:
    answer = sign_in(client, reader.email)
    assert (answer.status_code, answer.location) == (303, "/me")
    assert is_signed_in(client)


def test_an_address_is_known_in_any_case(client: FlaskClient, reader: Reader) -> None:
    sign_in(client, f" {(reader.email or '').upper()} ")
    assert is_signed_in(client)


def test_an_unconfirmed_address_may_sign_in(client: FlaskClient) -> None:
    sign_in(client, factories.account(confirmed=False).email)
    assert is_signed_in(client)


def test_a_wrong_password_and_an_unknown_address_are_answered_alike(client: FlaskClient, reader: Reader) -> None:
    wrong = sign_in(client, reader.email, "not the password")
    unknown = sign_in(client, "nobody@example.org", "not the password")
    assert wrong.status_code == unknown.status_code == 422
    assert wrong.text.replace(reader.email or "", "") == unknown.text.replace("nobody@example.org", "")
    assert WRONG in wrong.text


def test_the_address_is_kept_and_the_password_is_not(client: FlaskClient) -> None:
    page = sign_in(client, "nobody@example.org", "a secret of mine").text
    assert "nobody@example.org" in page
    assert "a secret of mine" not in page


@pytest.mark.parametrize(
    "email", ["", "nobody", "a" * 300 + "@example.org", "x\x00@example.org", "x@example.org\r\nBcc: y@z.org"]
)
def test_what_is_no_address_is_told(client: FlaskClient, email: str) -> None:
    answer = sign_in(client, email)
    assert answer.status_code == 422
    assert "field__error" in answer.text


def test_signing_in_goes_on_to_where_one_wanted_to_go(client: FlaskClient, reader: Reader) -> None:
    page = client.get("/sign-in?next=/me/password").text
    assert 'value="/me/password"' in page
    assert sign_in(client, reader.email, next="/me/password").location == "/me/password"


@pytest.mark.parametrize(
    "target",
    [
        "//evil.example",
        "/\\evil.example",
        "\\\\evil.example",
        "http://evil.example",
        "javascript:alert(1)",
        "/\t/evil.example",
        "/x\r\nSet-Cookie: a=b",
        "evil.example",
        "///evil.example",
        "/" + "x" * 3000,
        "/\u2028/evil.example",
        "https:evil.example",
    ],
)
def test_signing_in_never_leads_to_another_site(client: FlaskClient, reader: Reader, target: str) -> None:
    assert sign_in(client, reader.email, next=target).location == "/me"


def test_a_path_with_a_query_is_a_path_of_ours() -> None:
    assert own_path("/articles/a?after=3#say") == "/articles/a?after=3#say"


def test_signing_out_kills_a_copied_cookie(app: Flask, client: FlaskClient, reader: Reader) -> None:
    sign_in(client, reader.email)
    cookie = client.get_cookie("session")
    assert cookie is not None
    thief = app.test_client()
    thief.set_cookie("session", cookie.value)
    assert is_signed_in(thief)
    client.post("/sign-out")
    assert not is_signed_in(thief)


def test_signing_out_signs_out(client: FlaskClient, reader: Reader) -> None:
    sign_in(client, reader.email)
    page = client.post("/sign-out", follow_redirects=True)
    assert "You are signed out." in page.text
    assert not is_signed_in(client)


def test_signing_out_is_no_link(client: FlaskClient, reader: Reader) -> None:
    sign_in(client, reader.email)
    assert client.get("/sign-out").location == "/"
    assert is_signed_in(client)


def test_a_session_from_before_signing_in_is_not_carried_on(client: FlaskClient, reader: Reader) -> None:
    with client.session_transaction() as session:
        session["planted"] = "by somebody else"
    sign_in(client, reader.email)
    with client.session_transaction() as session:
        assert "planted" not in session


def test_signing_in_again_ends_the_former_sign_in(client: FlaskClient, reader: Reader, another_reader: Reader) -> None:
    sign_in(client, reader.email)
    sign_in(client, another_reader.email)
    live = select(SignIn.reader_id).where(SignIn.ended_at.is_(None))
    assert db.session.scalars(live).all() == [another_reader.id]


def test_who_is_signed_in_need_not_sign_in(app: Flask, reader: Reader) -> None:
    browser = factories.browser_of(app, reader)
    assert browser.get("/sign-in?next=/me/password").location == "/me/password"
    assert browser.get("/sign-up").location == "/me"


def test_a_sign_in_ends_after_ninety_days(app: Flask, reader: Reader, now: datetime) -> None:
    browser = factories.browser_of(app, reader)
    db.session.scalars(select(SignIn)).one().started_at = now - readers.SIGN_IN_LASTS - timedelta(minutes=1)
    assert not is_signed_in(browser)


def test_signing_in_takes_over_what_the_browser_did_as_a_guest(
    app: Flask, article: Article, reader: Reader, stranger: Reader, now: datetime
) -> None:
    browser = factories.browser_of(app, stranger)
    assert article.poll is not None
    participation.submit(article, Answer(choices=[article.poll.choices[0]]), by=stranger, now=now)
    page = browser.post("/sign-in", data={"email": reader.email, "password": factories.PASSWORD}, follow_redirects=True)
    assert "What you did here before is yours now." in page.text
    assert browser.get_cookie("guest") is None
    assert db.session.scalars(select(OpinionVote.reader_id)).all() == [reader.id]


def test_guards_lead_to_signing_in_and_back(client: FlaskClient) -> None:
    answer = client.get("/me/password")
    assert answer.status_code == 302
    assert answer.location == "/sign-in?next=/me/password"
