from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from sqlalchemy import func, select

from config import PUSH_SERVICES
from domain import following, forgetting, news, pushing, readers
from domain.errors import Invalid
from extensions import db
from models import Article, OutgoingPush, PushSubscription, Reader
from tests import factories
from tests.browsers import Browsing, base64
from tests.news import spread

pytestmark = pytest.mark.usefixtures("stage")
ENDPOINT = "https://fcm.googleapis.com/fcm/send/abc"
HOSTS_OF_STRANGERS = [
    "https://evil.example/push",
    "https://fcm.googleapis.com.evil.example/push",
    "https://evil.example/fcm.googleapis.com",
    "https://fcm.googleapis.com@evil.example/push",
    "https://user:password@fcm.googleapis.com/push",
    "https://fcm.googleapis.com:8443/push",
    "https://push.apple.com/x",
    "https://evilpush.apple.com/x",
    "http://fcm.googleapis.com/push",
    "http://127.0.0.1:8000/push",
    "https://127.0.0.1/push",
    "https://[::1]/push",
    "https://[::1/push",
    "https://fcm.googleapis.com:port/push",
    "https://a..push.apple.com/push",
    f"https://{'a' * 64}.push.apple.com/push",
    "ftp://fcm.googleapis.com/push",
    "//fcm.googleapis.com/push",
    "",
]


def subscribe(reader: Reader, now: datetime, endpoint: str = ENDPOINT, services: tuple[str, ...] = PUSH_SERVICES) -> None:
    pushing.subscribe(Browsing(endpoint).browser, services, by=reader, now=now)


def subscriptions() -> list[PushSubscription]:
    return list(db.session.scalars(select(PushSubscription).order_by(PushSubscription.id)))


@pytest.mark.parametrize(
    "endpoint",
    [
        ENDPOINT,
        "https://updates.push.services.mozilla.com/wpush/v2/abc",
        "https://web.push.apple.com/abc",
        "https://wns2-by3p.notify.windows.com/w/?token=abc",
    ],
)
def test_a_browser_of_a_known_maker_is_taken(reader: Reader, now: datetime, endpoint: str) -> None:
    subscribe(reader, now, endpoint)
    subscribe(reader, now, endpoint)
    assert [row.endpoint for row in subscriptions()] == [endpoint]


@pytest.mark.parametrize("endpoint", HOSTS_OF_STRANGERS)
def test_an_address_of_a_strangers_choice_is_refused(reader: Reader, now: datetime, endpoint: str) -> None:
    with pytest.raises(Invalid):
        subscribe(reader, now, endpoint)
    assert subscriptions() == []


@pytest.mark.parametrize("tail", ["x" * 1_000, "\0", "a b", "é", "\r\nHost: evil.example"])
def test_an_address_that_is_none_is_refused(reader: Reader, now: datetime, tail: str) -> None:
    with pytest.raises(Invalid):
        subscribe(reader, now, ENDPOINT + tail)


def test_a_service_on_this_machine_is_taken_where_the_settings_name_it(reader: Reader, now: datetime) -> None:
    subscribe(reader, now, "http://127.0.0.1:9999/push", ("http://127.0.0.1:9999",))
    with pytest.raises(Invalid):
        subscribe(reader, now, "http://127.0.0.1:9998/push", ("http://127.0.0.1:9999",))


@pytest.mark.parametrize(
    "key", ["", "x", "é", "\0" * 87, "A" * 87, "BA" + "A" * 85, "x" * 1_000_000, base64(b"\x04" + b"1" * 64)]
)
def test_a_key_that_is_none_is_refused(reader: Reader, now: datetime, key: str) -> None:
    browser = Browsing(ENDPOINT).browser
    for broken in (replace(browser, p256dh=key), replace(browser, auth=key)):
        with pytest.raises(Invalid):
            pushing.subscribe(broken, PUSH_SERVICES, by=reader, now=now)


def test_a_browser_belongs_to_whoever_asked_last(reader: Reader, another_reader: Reader, now: datetime) -> None:
    subscribe(reader, now)
    subscribe(another_reader, now)
    assert [row.reader_id for row in subscriptions()] == [another_reader.id]


def test_a_new_browser_takes_the_place_of_the_oldest(reader: Reader, now: datetime) -> None:
    for place in range(pushing.MOST_BROWSERS + 2):
        subscribe(reader, now, f"{ENDPOINT}{place}")
    kept = [row.endpoint for row in subscriptions()]
    assert kept == [f"{ENDPOINT}{place}" for place in range(2, pushing.MOST_BROWSERS + 2)]


def test_nobody_ends_messages_to_anothers_browser(reader: Reader, another_reader: Reader, now: datetime) -> None:
    subscribe(reader, now)
    assert not pushing.unsubscribe(ENDPOINT, by=another_reader)
    assert pushing.unsubscribe(ENDPOINT, by=reader)
    assert not pushing.unsubscribe(ENDPOINT + "\0", by=reader)


def pushes() -> int:
    return db.session.scalar(select(func.count()).select_from(OutgoingPush)) or 0


def test_each_browser_of_a_reader_is_told_once(article: Article, reader: Reader, now: datetime) -> None:
    following.follow(article, by=reader, now=now)
    subscribe(reader, now)
    subscribe(reader, now, ENDPOINT + "2")
    factories.comment(article, factories.account())
    spread()
    spread()
    assert pushes() == 2


def test_a_browser_is_told_so_many_times_an_hour(
    article: Article, reader: Reader, now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(news, "PUSHES_AN_HOUR", 2)
    following.follow(article, by=reader, now=now)
    subscribe(reader, now)
    for _ in range(4):
        factories.comment(article, factories.account())
        spread(now)
    assert pushes() == 2
    factories.comment(article, factories.account())
    spread(now + timedelta(hours=1))
    assert pushes() == 3


def test_what_was_to_be_sent_goes_with_the_browser(article: Article, reader: Reader, now: datetime) -> None:
    following.follow(article, by=reader, now=now)
    subscribe(reader, now)
    factories.comment(article, factories.account())
    spread()
    pushing.end_subscription(subscriptions()[0].id)
    assert pushes() == 0


def asked_during(reader: Reader, now: datetime, endpoint: str = ENDPOINT) -> str:
    """Sign the reader in somewhere, let that browser ask for messages, and return the token."""
    token = readers.sign_in(reader, now=now)
    during = readers.sign_in_of(token)
    pushing.subscribe(Browsing(endpoint).browser, PUSH_SERVICES, by=reader, now=now, during=during)
    return token


def test_being_signed_out_everywhere_ends_all_messages(reader: Reader, now: datetime) -> None:
    asked_during(reader, now)
    readers.change_password(reader, "another", now=now)
    assert subscriptions() == []


def test_a_browser_whose_sign_in_nobody_knows_ends_with_any(reader: Reader, now: datetime) -> None:
    subscribe(reader, now)
    readers.sign_out(readers.sign_in(reader, now=now), now=now)
    assert subscriptions() == []


def test_a_browser_that_asks_again_belongs_to_the_newer_sign_in(reader: Reader, now: datetime) -> None:
    before, _newer = asked_during(reader, now), asked_during(reader, now)
    readers.sign_out(before, now=now)
    assert [found.endpoint for found in subscriptions()] == [ENDPOINT]


def test_messages_end_when_a_sign_in_is_too_old(reader: Reader, now: datetime) -> None:
    asked_during(reader, now - readers.SIGN_IN_LASTS - timedelta(minutes=1))
    for kept in forgetting.ALL:
        forgetting.forget(kept, now=now)
    assert subscriptions() == []
