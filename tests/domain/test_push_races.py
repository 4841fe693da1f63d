"""A browser that asks for messages while its reader is signed out, with real commits."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime

import pytest
from flask import Flask
from sqlalchemy import func, select

from config import PUSH_SERVICES
from domain import pushing, readers, turns
from domain.errors import Conflict
from extensions import db
from models import PushSubscription, Reader
from tests import factories
from tests.applications import site_of_its_own
from tests.browsers import Browsing
from tests.racing import until_somebody_waits


@pytest.fixture
def live_app(database_url: str) -> Iterator[Flask]:
    """Return an application on a database of its own, in which commits are real."""
    with site_of_its_own(database_url) as app:
        yield app


@pytest.fixture
def signed_in(live_app: Flask) -> tuple[int, str]:
    """Return the id of an account, and the token of a sign-in, committed."""
    with live_app.app_context():
        account = factories.account()
        token = readers.sign_in(account, now=datetime.now(UTC))
        db.session.commit()
        return account.id, token


def ask(account_id: int, token: str) -> None:
    during = readers.sign_in_of(token)
    browser = Browsing("https://fcm.googleapis.com/fcm/send/abc").browser
    account = db.session.get_one(Reader, account_id)
    pushing.subscribe(browser, PUSH_SERVICES, by=account, now=datetime.now(UTC), during=during)


def sign_out(live_app: Flask, token: str) -> None:
    with live_app.app_context():
        readers.sign_out(token, now=datetime.now(UTC))
        db.session.commit()


def is_refused(live_app: Flask, account_id: int, token: str) -> bool:
    with live_app.app_context():
        try:
            ask(account_id, token)
        except Conflict:
            return True
        db.session.commit()
        return False


def subscriptions() -> int:
    return db.session.scalar(select(func.count()).select_from(PushSubscription)) or 0


def test_a_browser_whose_sign_in_ends_before_it_has_its_turn_is_refused(live_app: Flask, signed_in: tuple[int, str]) -> None:
    account_id, token = signed_in
    with live_app.app_context(), ThreadPoolExecutor(1) as pool:
        turns.hold(db.session.get_one(Reader, account_id))
        asking = pool.submit(is_refused, live_app, account_id, token)
        until_somebody_waits()
        readers.sign_out(token, now=datetime.now(UTC))
        db.session.commit()
        assert asking.result()
        assert subscriptions() == 0


def test_who_signs_out_waits_for_a_browser_that_asks(live_app: Flask, signed_in: tuple[int, str]) -> None:
    account_id, token = signed_in
    with live_app.app_context(), ThreadPoolExecutor(1) as pool:
        ask(account_id, token)
        ending = pool.submit(sign_out, live_app, token)
        until_somebody_waits()
        db.session.commit()
        ending.result()
        assert subscriptions() == 0
