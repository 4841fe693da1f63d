from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select

from domain import readers
from extensions import db, limiter
from models import OutgoingMail
from tests import factories
from tests.applications import another_app
from tests.conftest import SeparateContextClient

ADDRESS = "ann@example.org"


@pytest.fixture
def limited_app(tmp_path: Path) -> Iterator[Flask]:
    """Return an application that counts, with one account."""
    with another_app(f"sqlite:///{tmp_path}/limited.db", instance=tmp_path, rate_limits=True) as app:
        app.test_client_class = SeparateContextClient
        with app.app_context():
            db.create_all()
            readers.register(name="Ann", email=ADDRESS, password_hash=factories.PASSWORD_HASH, now=datetime.now(UTC))
            db.session.commit()
            limiter.reset()
            yield app


WRONG = "not the password"


def sign_in(client: FlaskClient, email: str = ADDRESS, *, password: str = WRONG, network: str = "192.0.2.1") -> int:
    data = {"email": email, "password": password}
    return client.post("/sign-in", data=data, environ_overrides={"REMOTE_ADDR": network}).status_code


def guess(app: Flask, times: int, email: str = ADDRESS) -> list[int]:
    """Guess the password of an account from as many networks."""
    return [sign_in(app.test_client(), email, network=f"198.51.100.{place}") for place in range(times)]


def test_the_eleventh_wrong_password_is_refused_whatever_the_network(limited_app: Flask) -> None:
    assert guess(limited_app, 11) == [422] * 10 + [429]


def test_then_the_right_password_is_refused_too(limited_app: Flask) -> None:
    guess(limited_app, 10)
    assert sign_in(limited_app.test_client(), password=factories.PASSWORD) == 429


def test_the_refusal_says_how_long_to_wait(limited_app: Flask) -> None:
    guess(limited_app, 10)
    page = limited_app.test_client().post("/sign-in", data={"email": ADDRESS, "password": "x"})
    assert "Wait 15 minutes" in page.text


def test_an_unknown_address_is_refused_in_the_same_way(limited_app: Flask) -> None:
    assert guess(limited_app, 11, "nobody@example.org") == [422] * 10 + [429]


def test_spelling_an_address_otherwise_gives_no_more_guesses(limited_app: Flask) -> None:
    guess(limited_app, 10)
    assert sign_in(limited_app.test_client(), "ANN@example.ORG ") == 429


def test_guesses_at_one_account_do_not_lock_another(limited_app: Flask) -> None:
    guess(limited_app, 10)
    assert sign_in(limited_app.test_client(), "bea@example.org") == 422


def test_signing_in_does_not_use_guesses_up(limited_app: Flask) -> None:
    outcomes = [
        sign_in(limited_app.test_client(), password=factories.PASSWORD, network=f"192.0.2.{place}") for place in range(12)
    ]
    assert outcomes == [303] * 12


def test_guessing_at_the_password_page_counts_as_well(limited_app: Flask) -> None:
    browser = limited_app.test_client()
    sign_in(browser, password=factories.PASSWORD)
    fields = {"current": WRONG, "password": "four plain words here"}
    guesses = [{**fields, "email": f"other{place}@example.org"} for place in range(11)]
    outcomes = [browser.post("/me/password", data=guess).status_code for guess in guesses]
    assert outcomes == [422] * 10 + [429]


def sign_up(app: Flask, times: int, password: str = WRONG) -> list[int]:
    """Sign up with the address and the name of an account that has not confirmed it, from as many networks."""
    data = {"name": "Ann", "email": ADDRESS, "password": password}
    networks = [{"REMOTE_ADDR": f"203.0.113.{place}"} for place in range(times)]
    return [app.test_client().post("/sign-up", data=data, environ_overrides=network).status_code for network in networks]


def test_guessing_by_signing_up_counts_as_well(limited_app: Flask) -> None:
    assert sign_up(limited_app, 10) == [422] * 10
    assert sign_in(limited_app.test_client(), password=factories.PASSWORD) == 429


def test_guessed_too_often_signing_up_tells_the_right_password_no_more(limited_app: Flask) -> None:
    assert sign_up(limited_app, 1, factories.PASSWORD) == [303]
    assert guess(limited_app, 9) == [422] * 9
    assert sign_up(limited_app, 1, factories.PASSWORD) == [422]


def test_signing_up_with_a_taken_name_counts_the_same_whatever_the_address(limited_app: Flask) -> None:
    data = {"name": "Ann", "email": "bea@example.org", "password": "four plain words here"}
    for place in range(10):
        limited_app.test_client().post("/sign-up", data=data, environ_overrides={"REMOTE_ADDR": f"203.0.113.{place}"})
    assert sign_in(limited_app.test_client(), "bea@example.org") == 429


def test_one_network_is_slowed_down_whatever_the_address(limited_app: Flask) -> None:
    client = limited_app.test_client()
    outcomes = [sign_in(client, f"reader{place}@example.org") for place in range(21)]
    assert outcomes == [422] * 20 + [429]


def test_an_address_is_mailed_three_times_an_hour_at_most(limited_app: Flask) -> None:
    fields = {"email": ADDRESS, "password": "four plain words here"}
    answers = [
        limited_app.test_client().post("/sign-up", data={**fields, "name": f"Person {letter}"}).location for letter in "abcde"
    ]
    assert answers == ["/sign-up/mail"] * 5
    assert db.session.scalar(select(func.count()).select_from(OutgoingMail)) == 3


def test_asking_for_the_mail_too_often_is_told(limited_app: Flask) -> None:
    browser = limited_app.test_client()
    sign_in(browser, password=factories.PASSWORD)
    outcomes = [browser.post("/me/confirmation-mail").status_code for _ in range(4)]
    assert outcomes == [303] * 3 + [429]


@pytest.fixture
def writing(limited_app: Flask) -> Iterator[None]:
    """Hold the one writer's turn of the database."""
    with db.engine.connect() as connection, connection.begin():
        yield


@pytest.mark.usefixtures("writing")
def test_nobody_waits_for_a_writer_to_hear_that_a_password_is_wrong(limited_app: Flask) -> None:
    assert sign_in(limited_app.test_client()) == 422


@pytest.mark.usefixtures("writing")
def test_nobody_waits_for_a_writer_to_hear_that_a_name_is_taken(limited_app: Flask) -> None:
    fields = {"name": "Ann", "email": "bea@example.org", "password": "four plain words here"}
    assert limited_app.test_client().post("/sign-up", data=fields).status_code == 422
