from __future__ import annotations

import time
from datetime import datetime, timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from itsdangerous import URLSafeTimedSerializer
from sqlalchemy import func, select
from werkzeug.test import TestResponse

from blueprints.accounts import confirmation, joining
from domain import participation, readers
from domain.participation import Answer
from extensions import db
from models import Article, OpinionVote, Reader, Tier
from tests import factories
from tests.outbox import link_in, mails

pytestmark = pytest.mark.usefixtures("stage")
ANN = {"name": "Ann Lee", "email": "Ann@Example.org", "password": "four plain words here"}


@pytest.fixture(autouse=True)
def at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """Answer sign-ups without waiting."""
    monkeypatch.setattr(joining, "EVEN_TIME", 0)


def sign_up(client: FlaskClient, **fields: str) -> TestResponse:
    return client.post("/sign-up", data={**ANN, **fields})


def ann() -> Reader:
    account = readers.account_with("ann@example.org")
    assert account is not None
    return account


def name_shown(client: FlaskClient) -> str:
    page = client.get("/").text
    return "Ann Lee" if "Ann Lee" in page else ""


def test_signing_up_makes_an_account_and_sends_a_link(client: FlaskClient) -> None:
    answer = sign_up(client)
    assert (answer.status_code, answer.location) == (303, "/sign-up/mail")
    assert (ann().name, ann().tier) == ("Ann Lee", Tier.REGISTERED)
    assert [mail.address for mail in mails()] == ["ann@example.org"]
    assert link_in(mails()[0]).startswith("/email-confirmation/")


def test_the_page_after_signing_up_says_where_the_mail_went(client: FlaskClient) -> None:
    sign_up(client)
    assert "ann@example.org" in client.get("/sign-up/mail").text


def test_there_is_no_such_page_before_signing_up(client: FlaskClient) -> None:
    assert client.get("/sign-up/mail").location == "/sign-up"


def test_signing_up_with_a_known_address_looks_the_same(app: Flask, reader: Reader) -> None:
    new, known = app.test_client(), app.test_client()
    answers = [sign_up(new, email="new@example.org"), sign_up(known, name="Bea Lee", email=reader.email or "")]
    assert answers[0].status_code == answers[1].status_code == 303
    assert answers[0].location == answers[1].location
    pages = [new.get("/sign-up/mail").text, known.get("/sign-up/mail").text]
    assert pages[0].replace("new@example.org", "") == pages[1].replace(reader.email or "", "")


def test_signing_up_takes_its_time_whether_or_not_the_address_is_known(
    client: FlaskClient, reader: Reader, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(joining, "EVEN_TIME", 1.0)
    for name, email in (("Ann Lee", "new@example.org"), ("Bea Lee", reader.email or "")):
        began = time.monotonic()
        sign_up(client, name=name, email=email)
        assert time.monotonic() - began >= 1.0


def test_the_owner_of_a_known_address_hears_of_it(client: FlaskClient, reader: Reader) -> None:
    sign_up(client, email=reader.email or "")
    (mail,) = mails()
    assert mail.address == reader.email
    assert link_in(mail) == "/sign-in"
    assert readers.password_fits(factories.PASSWORD, reader.password_hash)


def test_what_a_guest_sees_does_not_tell_whether_the_address_was_known(
    app: Flask, article: Article, reader: Reader, stranger: Reader, now: datetime
) -> None:
    browser = factories.browser_of(app, stranger)
    assert article.poll is not None
    participation.submit(article, Answer(choices=[article.poll.choices[0]]), by=stranger, now=now)
    before = browser.get(f"/articles/{article.slug}").text
    sign_up(browser, email=reader.email or "")
    after_known = browser.get(f"/articles/{article.slug}").text
    sign_up(browser)
    assert before == after_known == browser.get(f"/articles/{article.slug}").text


def test_the_link_shows_a_button_and_confirms_nothing(client: FlaskClient) -> None:
    sign_up(client)
    page = client.get(link_in(mails()[0])).text
    assert "Yes, confirm my address" in page
    assert ann().email_confirmed_at is None


def test_the_button_confirms_and_signs_in_where_one_signed_up(client: FlaskClient) -> None:
    sign_up(client)
    answer = client.post(link_in(mails()[0]))
    assert (answer.status_code, answer.location) == (303, "/me")
    assert ann().tier is Tier.VERIFIED
    assert name_shown(client) == "Ann Lee"


def test_elsewhere_the_button_confirms_and_the_password_is_asked_for(app: Flask, client: FlaskClient) -> None:
    sign_up(client)
    phone = app.test_client()
    answer = phone.post(link_in(mails()[0]))
    assert answer.location == "/sign-in"
    assert ann().tier is Tier.VERIFIED
    assert name_shown(phone) == ""


def test_who_signs_up_with_anothers_address_does_not_get_them_signed_in(app: Flask, client: FlaskClient) -> None:
    sign_up(client)
    owner = app.test_client()
    sign_up(owner, name="The Owner", password="quite another password")
    owner.post(link_in(mails()[0]))
    assert name_shown(owner) == ""


def test_a_link_works_once(client: FlaskClient) -> None:
    sign_up(client)
    link = link_in(mails()[0])
    client.post(link)
    client.post("/sign-out")
    assert "confirmed already" in client.get(link).text
    client.post(link)
    assert name_shown(client) == ""


def test_pressing_the_button_twice_does_no_harm(client: FlaskClient) -> None:
    sign_up(client)
    link = link_in(mails()[0])
    client.post(link)
    page = client.post(link, follow_redirects=True)
    assert page.status_code == 200
    assert "is confirmed" in page.text


def test_a_forged_link_is_told(client: FlaskClient) -> None:
    sign_up(client)
    link = link_in(mails()[0])
    for answer in (client.get(f"{link}x"), client.post(f"{link}x")):
        assert answer.status_code == 404
        assert "not one of ours" in answer.text
    assert ann().email_confirmed_at is None


def test_an_expired_link_is_told_and_how_to_get_another(
    app: Flask, client: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    account = factories.account(confirmed=False)
    monkeypatch.setattr(confirmation, "LINK_LASTS", timedelta(seconds=-1))
    with app.test_request_context():
        token = confirmation.token_of(confirmation.Claim(account.id, account.email or ""))
    answer = client.post(f"/email-confirmation/{token}")
    assert answer.status_code == 410
    assert "This link has expired" in answer.text
    assert account.email_confirmed_at is None
    assert "Send me a new link" in factories.browser_of(app, account).get(f"/email-confirmation/{token}").text


def test_a_link_for_an_address_the_account_no_longer_has_confirms_nothing(client: FlaskClient) -> None:
    sign_up(client)
    ann().email = "elsewhere@example.org"
    assert client.post(link_in(mails()[0])).status_code == 404


def test_a_token_made_for_something_else_confirms_nothing(app: Flask, client: FlaskClient, reader: Reader) -> None:
    token = URLSafeTimedSerializer(app.secret_key or "", salt="guest").dumps([reader.id, reader.email, "", 0])
    assert client.get(f"/email-confirmation/{token!s}").status_code == 404


def test_a_guest_who_signs_up_keeps_everything(app: Flask, article: Article, stranger: Reader, now: datetime) -> None:
    browser = factories.browser_of(app, stranger)
    assert article.poll is not None
    answer = Answer(choices=[article.poll.choices[1]], reason="It was long ago.")
    comment = participation.submit(article, answer, by=stranger, now=now)
    sign_up(browser)
    browser.post(link_in(mails()[0]))
    vote = db.session.scalars(select(OpinionVote)).one()
    assert (vote.reader_id, vote.choice_id, vote.tier) == (ann().id, article.poll.choices[1].id, Tier.VERIFIED)
    assert comment is not None
    assert comment.reader_id == ann().id


def test_the_guest_is_taken_over_even_when_the_link_is_opened_elsewhere(
    app: Flask, article: Article, stranger: Reader, now: datetime
) -> None:
    browser = factories.browser_of(app, stranger)
    assert article.poll is not None
    participation.submit(article, Answer(choices=[article.poll.choices[1]]), by=stranger, now=now)
    sign_up(browser)
    app.test_client().post(link_in(mails()[0]))
    assert db.session.scalars(select(OpinionVote.reader_id)).all() == [ann().id]


def test_until_then_the_guest_stays_a_guest(app: Flask, stranger: Reader) -> None:
    browser = factories.browser_of(app, stranger)
    sign_up(browser)
    page = browser.get("/me").text
    assert "You take part as a guest" in page
    assert "ann@example.org" not in page


def test_pressing_sign_up_twice_makes_one_account(client: FlaskClient) -> None:
    sign_up(client)
    again = sign_up(client)
    assert (again.status_code, again.location) == (303, "/sign-up/mail")
    named = select(func.count()).select_from(Reader).where(Reader.name == "Ann Lee")
    assert db.session.scalar(named) == 1
    assert [link_in(mail).partition("/email-confirmation/")[1] for mail in mails()] == ["/email-confirmation/"] * 2


@pytest.mark.parametrize(
    ("fields", "message"),
    [
        ({"name": ""}, "Choose a name."),
        ({"name": "reader  0ne"}, "That name is taken, or looks like one that is."),
        ({"name": "M0derator"}, "mistaken for the newsroom"),
        ({"name": "Foresay Service"}, "mistaken for the newsroom"),
        ({"email": "ann"}, "not a whole e-mail address"),
        ({"email": "ann@localhost"}, "not a whole e-mail address"),
        ({"password": "short"}, "from 10 to 200 characters"),
        ({"password": "password123!"}, "first to be guessed"),
        ({"password": "annexample12", "email": "annexample@example.org"}, "hardly more than your name"),
        ({"password": ""}, "Choose a password."),
    ],
)
@pytest.mark.usefixtures("reader")
def test_what_cannot_be_used_is_told(client: FlaskClient, fields: dict[str, str], message: str) -> None:
    answer = sign_up(client, **fields)
    assert answer.status_code == 422
    assert message in answer.text
    assert not mails()


def test_a_refused_sign_up_keeps_all_but_the_password(client: FlaskClient) -> None:
    page = sign_up(client, name="Admin").text
    assert 'value="Admin"' in page
    assert 'value="ann@example.org"' in page
    assert ANN["password"] not in page


def test_a_taken_name_is_told_even_beside_its_owners_address(client: FlaskClient, reader: Reader) -> None:
    answer = sign_up(client, name=reader.name or "", email=reader.email or "")
    assert answer.status_code == 422
    assert "That name is taken" in answer.text


@pytest.mark.parametrize("password", [factories.PASSWORD, ANN["password"]])
@pytest.mark.parametrize("name", ["reader one", "reader two"])
@pytest.mark.usefixtures("another_reader")
def test_signing_up_does_not_tell_whether_a_password_was_right(
    client: FlaskClient, reader: Reader, name: str, password: str
) -> None:
    answer = sign_up(client, name=name, email=reader.email or "", password=password)
    assert answer.status_code == 422
    assert "That name is taken" in answer.text


@pytest.mark.parametrize("password", [factories.PASSWORD, ANN["password"]])
@pytest.mark.usefixtures("reader")
def test_an_unconfirmed_address_lets_nobody_have_anothers_name(client: FlaskClient, password: str) -> None:
    email = factories.account("Bea Lee", confirmed=False).email or ""
    assert sign_up(client, name="reader one", email=email, password=password).status_code == 422


def test_where_one_wanted_to_go_survives_signing_up(client: FlaskClient) -> None:
    sign_up(client, next="/me/password")
    assert client.post(link_in(mails()[0])).location == "/me/password"


def test_the_mail_can_be_sent_again(app: Flask) -> None:
    account = factories.account(confirmed=False)
    browser = factories.browser_of(app, account)
    assert "Send the mail again" in browser.get("/me").text
    browser.post("/me/confirmation-mail")
    browser.post(link_in(mails()[0]))
    assert account.tier is Tier.VERIFIED


def test_a_confirmed_address_gets_no_more_mail(app: Flask, reader: Reader) -> None:
    page = factories.browser_of(app, reader).post("/me/confirmation-mail", follow_redirects=True)
    assert "confirmed already" in page.text
    assert not mails()


def test_a_guest_has_no_address_to_confirm(app: Flask, stranger: Reader) -> None:
    answer = factories.browser_of(app, stranger).post("/me/confirmation-mail")
    assert answer.location == "/sign-in?next=/me"
