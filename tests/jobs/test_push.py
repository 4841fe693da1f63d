"""Messages to browsers, as a real push service receives them and the browser reads them."""

from __future__ import annotations

import json
from base64 import urlsafe_b64decode
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from flask import Flask
from py_vapid import Vapid02
from sqlalchemy import select, update

from domain import following, pushing
from domain.pushing import FIRST_PAUSE, TRIES
from extensions import db
from jobs import telling
from jobs.pusher import NotPushed, Pusher, TryLater, public_key
from models import Article, Comment, CommentState, Notification, OutgoingPush, PushSubscription, Reader
from tests import factories
from tests.browsers import Browsing
from tests.conftest import VAPID_KEY
from tests.loglines import Lines, one
from tests.pushservice import PushService, open_push_service

pytestmark = pytest.mark.usefixtures("stage")


@pytest.fixture
def service(app: Flask, monkeypatch: pytest.MonkeyPatch) -> Iterator[PushService]:
    """Return a push service that the settings name."""
    with open_push_service() as service:
        settings = replace(app.extensions["foresay"], push_services=(service.origin,))
        monkeypatch.setitem(app.extensions, "foresay", settings)
        yield service


@pytest.fixture
def browsing(service: PushService, article: Article, reader: Reader, now: datetime) -> Browsing:
    """Return the browser of a reader who follows an article."""
    following.follow(article, by=reader, now=now)
    return another_browser(service, reader, "/one", now)


def another_browser(service: PushService, reader: Reader, path: str, now: datetime) -> Browsing:
    browsing = Browsing(service.origin + path)
    pushing.subscribe(browsing.browser, (service.origin,), by=reader, now=now)
    return browsing


def push(article: Article, name: str = "Ann") -> Comment:
    """Let somebody write, and push it."""
    comment = factories.comment(article, factories.account(name), "A secret of mine.")
    again()
    return comment


def again() -> None:
    db.session.commit()
    telling.spread_news()
    telling.drain_pushes()
    db.session.expire_all()


def make_due(now: datetime) -> None:
    db.session.execute(update(OutgoingPush).values(next_try_at=now - timedelta(seconds=1)))


def queued() -> OutgoingPush:
    return db.session.scalars(select(OutgoingPush)).one()


def test_the_browser_can_read_what_is_sent(service: PushService, browsing: Browsing, article: Article) -> None:
    comment = push(article)
    ((path, headers, body),) = service.received
    message = browsing.read(body)
    assert path == "/one"
    assert message["title"] == "Ann wrote under an article you follow"
    assert (message["body"], message["path"]) == (article.headline, f"/comments/{comment.id}#comment-{comment.id}")
    assert (headers["Content-Encoding"], headers["TTL"], headers["Urgency"]) == ("aes128gcm", "86400", "normal")


def test_nobody_else_can_read_it(service: PushService, browsing: Browsing, article: Article) -> None:
    push(article)
    body = service.received[0][2]
    assert b"Ann" not in body
    assert article.headline.encode() not in body
    with pytest.raises(Exception, match="Decryption error"):
        Browsing(service.origin).read(body)


def claims_in(authorization: str) -> dict[str, Any]:
    token = authorization.removeprefix("vapid t=").partition(",")[0]
    payload = token.split(".")[1]
    claims: dict[str, Any] = json.loads(urlsafe_b64decode(payload + "=" * (-len(payload) % 4)))
    return claims


def test_the_service_can_tell_that_it_comes_from_us(service: PushService, browsing: Browsing, article: Article) -> None:
    push(article)
    authorization = service.received[0][1]["Authorization"]
    assert Vapid02.verify(authorization)
    assert authorization.endswith(f",k={public_key(VAPID_KEY)}")
    claims = claims_in(authorization)
    assert (claims["aud"], claims["sub"]) == (service.origin, "mailto:foresay@localhost")
    assert 0 < claims["exp"] - datetime.now(UTC).timestamp() <= 24 * 3600


def test_a_message_leaves_once(service: PushService, browsing: Browsing, article: Article) -> None:
    push(article)
    again()
    assert len(service.received) == 1
    assert queued().sent_at is not None


@pytest.mark.parametrize("status", [404, 410])
def test_a_browser_its_service_no_longer_knows_is_forgotten(
    service: PushService, browsing: Browsing, article: Article, status: int
) -> None:
    service.statuses["/one"] = status
    push(article)
    assert db.session.scalars(select(PushSubscription)).all() == []
    assert db.session.scalars(select(OutgoingPush)).all() == []


@pytest.mark.parametrize("status", [429, 500, 503])
def test_a_service_in_trouble_is_asked_again_later(
    service: PushService, browsing: Browsing, article: Article, now: datetime, status: int
) -> None:
    service.statuses["/one"] = status
    push(article)
    again()
    assert (len(service.received), queued().given_up_at) == (1, None)
    assert queued().next_try_at >= now + FIRST_PAUSE
    service.statuses.clear()
    make_due(now)
    again()
    assert (len(service.received), queued().sent_at is not None) == (2, True)
    assert service.received[0][1]["Topic"] == service.received[1][1]["Topic"]


def test_in_the_end_it_is_given_up(service: PushService, browsing: Browsing, article: Article, now: datetime) -> None:
    service.statuses["/one"] = 503
    push(article)
    for _ in range(TRIES + 2):
        make_due(now)
        again()
    assert len(service.received) == TRIES
    assert queued().given_up_at is not None


@pytest.mark.parametrize("status", [301, 302, 307, 308, 400, 401, 403, 413])
def test_a_message_that_is_refused_is_not_sent_again_or_elsewhere(
    service: PushService, browsing: Browsing, article: Article, now: datetime, status: int
) -> None:
    service.statuses["/one"], service.location = status, f"{service.origin}/elsewhere"
    push(article)
    make_due(now)
    again()
    assert [path for path, _, _ in service.received] == ["/one"]
    assert queued().given_up_at is not None


def test_a_service_that_is_away_holds_up_no_other(
    app: Flask, service: PushService, browsing: Browsing, article: Article, *, now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    reader, away = db.session.scalars(select(Reader).join(PushSubscription)).one(), "http://127.0.0.1:9"
    monkeypatch.setitem(app.extensions, "foresay", replace(app.extensions["foresay"], push_services=(service.origin, away)))
    for path in ("/a", "/b"):
        pushing.subscribe(Browsing(away + path).browser, (away,), by=reader, now=now)
    another_browser(service, reader, "/two", now)
    push(article)
    assert sorted(path for path, _, _ in service.received) == ["/one", "/two"]
    waiting = select(OutgoingPush.tries).where(OutgoingPush.sent_at.is_(None))
    assert list(db.session.scalars(waiting)) == [1, 1]


@pytest.mark.parametrize("host", ["a..push.apple.com", f"{'a' * 64}.push.apple.com"])
def test_a_message_to_a_name_no_host_can_have_is_given_up(app: Flask, host: str) -> None:
    pusher = Pusher(app.extensions["foresay"])
    with pytest.raises(NotPushed) as given_up:
        pusher.send(Browsing(f"https://{host}/x").browser, b"{}", topic="n1")
    assert not isinstance(given_up.value, TryLater)


def test_a_message_that_fails_as_nobody_foresaw_holds_up_no_other(
    service: PushService, browsing: Browsing, article: Article, *, now: datetime, lines: Lines
) -> None:
    reader = db.session.scalars(select(Reader).join(PushSubscription)).one()
    db.session.execute(update(PushSubscription).values(p256dh="x"))
    another_browser(service, reader, "/two", now)
    push(article)
    assert [path for path, _, _ in service.received] == ["/two"]
    failed = db.session.scalars(select(OutgoingPush).where(OutgoingPush.sent_at.is_(None))).one()
    assert (failed.tries, one(lines(), "fault")["push"]) == (1, failed.id)


def test_a_service_the_settings_no_longer_name_gets_nothing(
    app: Flask, service: PushService, browsing: Browsing, article: Article, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(app.extensions, "foresay", replace(app.extensions["foresay"], push_services=()))
    push(article)
    assert (service.received, queued().given_up_at is not None) == ([], True)


def test_what_was_removed_or_read_meanwhile_is_not_pushed(
    service: PushService, browsing: Browsing, article: Article, now: datetime
) -> None:
    gone, read = (factories.comment(article, factories.account()) for _ in range(2))
    db.session.commit()
    telling.spread_news()
    factories.put(gone, CommentState.REMOVED)
    db.session.execute(update(Notification).where(Notification.comment_id == read.id).values(read_at=now))
    again()
    assert service.received == []


def test_without_a_key_nothing_is_pushed(
    app: Flask, service: PushService, browsing: Browsing, article: Article, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(app.extensions, "foresay", replace(app.extensions["foresay"], vapid_key=""))
    push(article)
    assert service.received == []


def test_any_script_fits_a_message(service: PushService, browsing: Browsing, now: datetime) -> None:
    article = factories.open_article(now, "🎂" * 200)
    reader = db.session.scalars(select(Reader).join(PushSubscription)).one()
    following.follow(article, by=reader, now=now)
    push(article)
    assert len(service.received[0][2]) < 4_096
    assert browsing.read(service.received[0][2])["body"].startswith("🎂")


def test_the_log_names_no_address(
    service: PushService, browsing: Browsing, article: Article, caplog: pytest.LogCaptureFixture
) -> None:
    service.statuses["/one"] = 503
    push(article)
    assert "did not leave: 503" in caplog.text
    assert "/one" not in caplog.text


def test_what_was_sent_long_ago_is_forgotten(service: PushService, browsing: Browsing, article: Article, now: datetime) -> None:
    push(article)
    db.session.execute(update(OutgoingPush).values(sent_at=now - pushing.KEPT - timedelta(minutes=1)))
    again()
    assert db.session.scalars(select(OutgoingPush)).all() == []
