from __future__ import annotations

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from domain import passwords
from models import Reader
from tests import factories
from tests.outbox import mails

pytestmark = pytest.mark.usefixtures("stage")
NEW = "another four plain words"


def change(browser: FlaskClient, current: str = factories.PASSWORD, password: str = NEW) -> TestResponse:
    return browser.post("/me/password", data={"current": current, "password": password})


def is_signed_in(browser: FlaskClient) -> bool:
    return browser.get("/me").status_code == 200


def test_the_password_is_changed(app: Flask, reader: Reader) -> None:
    answer = change(factories.browser_of(app, reader))
    assert (answer.status_code, answer.location) == (303, "/me")
    assert passwords.fits(NEW, reader.password_hash)


def test_a_change_signs_out_every_other_browser(app: Flask, reader: Reader) -> None:
    here, elsewhere = factories.browser_of(app, reader), factories.browser_of(app, reader)
    change(here)
    assert (is_signed_in(here), is_signed_in(elsewhere)) == (True, False)


def test_a_change_gives_this_browser_a_new_session(app: Flask, reader: Reader) -> None:
    browser = factories.browser_of(app, reader)
    before = browser.get_cookie("session")
    assert before is not None
    change(browser)
    thief = app.test_client()
    thief.set_cookie("session", before.value)
    assert not is_signed_in(thief)


def test_the_owner_hears_of_a_change(app: Flask, reader: Reader) -> None:
    change(factories.browser_of(app, reader))
    (mail,) = mails()
    assert mail.address == reader.email
    assert "was changed" in mail.subject


def test_the_current_password_has_to_be_right(app: Flask, reader: Reader) -> None:
    answer = change(factories.browser_of(app, reader), current="not the password")
    assert answer.status_code == 422
    assert "That is not your password." in answer.text
    assert passwords.fits(factories.PASSWORD, reader.password_hash)


@pytest.mark.parametrize("password", ["", "short", "1234567890", "x" * 201])
def test_a_bad_new_password_is_told(app: Flask, reader: Reader, password: str) -> None:
    answer = change(factories.browser_of(app, reader), password=password)
    assert answer.status_code == 422
    assert "field__error" in answer.text


def test_neither_password_comes_back_in_the_page(app: Flask, reader: Reader) -> None:
    page = change(factories.browser_of(app, reader), current="not the password").text
    assert "not the password" not in page
    assert NEW not in page


def test_a_guest_has_no_password(app: Flask, stranger: Reader) -> None:
    assert change(factories.browser_of(app, stranger)).status_code == 403
