from __future__ import annotations

import contextvars

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from domain import mailing
from extensions import db
from models import MailPace, Reader

pytestmark = pytest.mark.usefixtures("stage")
ONE_CLICK = {"List-Unsubscribe": "One-Click"}


@pytest.fixture
def path(app: Flask, reader: Reader) -> str:
    """Return the link in the reader's mails."""
    return f"/unsubscribe/{mailing.token_for(reader.id, secret=str(app.secret_key))}"


def from_a_mail_provider(client: FlaskClient, path: str, data: dict[str, str]) -> TestResponse:
    """Send what a computer of a mail provider sends: a form, and nothing about where it comes from."""
    db.session.flush()
    answer = contextvars.Context().run(FlaskClient.open, client, path, method="POST", data=data)
    db.session.expire_all()
    return answer


def test_opening_the_link_changes_nothing(client: FlaskClient, reader: Reader, path: str) -> None:
    assert "No more mail" in client.get(path).text
    assert reader.mail_pace is MailPace.DAILY


def test_the_button_ends_mail_without_signing_in(client: FlaskClient, reader: Reader, path: str) -> None:
    assert "You get no more mail about what you follow." in client.post(path).text
    assert reader.mail_pace is MailPace.NEVER


def test_one_click_in_a_mail_program_ends_it(client: FlaskClient, reader: Reader, path: str) -> None:
    answer = from_a_mail_provider(client, path, ONE_CLICK)
    assert (answer.status_code, "Location" in answer.headers) == (200, False)
    assert reader.mail_pace is MailPace.NEVER


@pytest.mark.parametrize("data", [{}, {"List-Unsubscribe": "Two-Clicks"}, {"x": "One-Click"}])
def test_any_other_foreign_write_is_refused(client: FlaskClient, reader: Reader, path: str, data: dict[str, str]) -> None:
    assert from_a_mail_provider(client, path, data).status_code == 403
    assert reader.mail_pace is MailPace.DAILY


@pytest.mark.parametrize("elsewhere", ["/undoing", "/", "/x"])
def test_one_click_opens_no_other_door(client: FlaskClient, reader: Reader, path: str, elsewhere: str) -> None:
    reader.mail_pace = MailPace.NEVER
    assert from_a_mail_provider(client, path + elsewhere, ONE_CLICK).status_code in {403, 404}
    assert reader.mail_pace is MailPace.NEVER


def test_ending_it_twice_is_answered_kindly(client: FlaskClient, reader: Reader, path: str) -> None:
    client.post(path)
    for _ in range(2):
        answer = client.post(path)
        assert (answer.status_code, "it has been ended already" in answer.text) == (200, True)
    assert reader.mail_pace is MailPace.NEVER


def test_it_can_be_begun_again(client: FlaskClient, reader: Reader, path: str) -> None:
    client.post(path)
    assert "You get a mail a day" in client.post(f"{path}/undoing").text
    assert reader.mail_pace is MailPace.DAILY


def test_beginning_again_keeps_a_pace_that_was_chosen(client: FlaskClient, reader: Reader, path: str) -> None:
    reader.mail_pace = MailPace.HOURLY
    client.post(f"{path}/undoing")
    assert reader.mail_pace is MailPace.HOURLY


@pytest.mark.parametrize("token", ["forged", "MQ.forged", "x" * 4_000, "MQ%2Ea.b.c"])
def test_a_link_that_is_not_ours_says_so(client: FlaskClient, token: str) -> None:
    for answer in (client.get(f"/unsubscribe/{token}"), client.post(f"/unsubscribe/{token}")):
        assert answer.status_code == 404
    assert "not one of ours" in client.get(f"/unsubscribe/{token}").text


def test_the_page_names_nobody(client: FlaskClient, reader: Reader, path: str) -> None:
    page = client.get(path).text
    assert str(reader.email) not in page
    assert str(reader.name) not in page
