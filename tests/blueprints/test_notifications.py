from __future__ import annotations

import hashlib
from datetime import datetime, timedelta

import pytest
from bs4 import BeautifulSoup
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from blueprints.support.caching import SHARED
from domain import clauses, moderation, notifications, participation
from domain.moderation import Judged
from domain.participation import Answer
from extensions import db
from models import Article, CommentState, ForecastScore, MailPace, Notification, NotificationKind, PushSubscription, Reader
from tests import factories
from tests.browsers import Browsing
from tests.news import spread, told_of
from tests.resolving import finalise, resolve
from tests.statements import counted_statements

pytestmark = pytest.mark.usefixtures("stage")


def told_id(reader: Reader) -> int:
    return notifications.told_to(reader).rows[0].notification.id


def test_an_empty_list_says_what_will_be_there(app: Flask, reader: Reader) -> None:
    page = factories.browser_of(app, reader).get("/me/notifications").text
    assert "You will hear of replies to you" in page
    assert "See the open questions" in page


def test_the_masthead_says_how_much_is_unread(app: Flask, article: Article, reader: Reader) -> None:
    told_of(article, reader), told_of(article, reader)
    page = BeautifulSoup(factories.browser_of(app, reader).get("/").text, "lxml")
    assert page.select(".masthead .told-count")[0].get_text(" ", strip=True) == "2 unread"


def test_strangers_see_no_link_to_it(client: FlaskClient, article: Article) -> None:
    assert "/me/notifications" not in client.get(f"/articles/{article.slug}").text


def test_the_list_tells_who_wrote_what_where(app: Flask, article: Article, reader: Reader) -> None:
    told_of(article, reader, factories.account("Ann"))
    page = factories.browser_of(app, reader).get("/me/notifications").text
    for text in ("Ann, whom you follow, wrote a comment", article.headline, "I have thought about this"):
        assert text in page


def test_the_list_tells_what_an_author_says_without_markup(app: Flask, article: Article, reader: Reader) -> None:
    first = factories.comment(article, reader)
    factories.comment(article, factories.account("Ann"), "> So it is.\n\nI agree\nwith **this**.", parent=first)
    spread()
    page = BeautifulSoup(factories.browser_of(app, reader).get("/me/notifications").text, "lxml")
    assert [told.get_text() for told in page.select(".told__text")] == ["I agree with this."]


def test_ones_own_comment_is_told_of_without_markup(
    app: Flask, article: Article, reader: Reader, moderator: Reader, now: datetime
) -> None:
    comment = factories.comment(article, reader, "> So it is.\n\n**See** the pier.")
    judged = Judged(comment_id=comment.id, version=comment.version)
    entry = moderation.remove(judged, clauses.current("abuse"), by=moderator, now=now)
    db.session.add(Notification(reader_id=reader.id, kind=NotificationKind.DECISION, entry_id=entry.id, made_at=now))
    db.session.flush()
    page = BeautifulSoup(factories.browser_of(app, reader).get("/me/notifications").text, "lxml")
    assert [told.get_text() for told in page.select(".told__text")] == ["See the pier."]


def test_an_outcome_is_listed(app: Flask, article: Article, reader: Reader, editor: Reader, now: datetime) -> None:
    resolution, kind = resolve(article, editor, now), NotificationKind.RESOLUTION
    db.session.add(Notification(reader_id=reader.id, kind=kind, resolution_id=resolution.id, made_at=now))
    db.session.flush()
    browser = factories.browser_of(app, reader)
    page = browser.get("/me/notifications").text
    assert "What happened is known, provisionally" in page
    assert resolution.outcome
    assert resolution.outcome.label in page
    assert browser.post(f"/me/notifications/{told_id(reader)}/opening").location == f"/articles/{article.slug}#say"


def test_opening_one_leads_to_it_and_marks_it_as_read(app: Flask, article: Article, reader: Reader) -> None:
    comment = told_of(article, reader)
    answer = factories.browser_of(app, reader).post(f"/me/notifications/{told_id(reader)}/opening")
    assert answer.location == f"/comments/{comment.id}#comment-{comment.id}"
    assert notifications.unread_count(reader) == 0


def test_looking_marks_nothing_as_read(app: Flask, article: Article, reader: Reader) -> None:
    told_of(article, reader)
    factories.browser_of(app, reader).get("/me/notifications")
    assert notifications.unread_count(reader) == 1


def test_one_and_all_can_be_marked_as_read(app: Flask, article: Article, reader: Reader) -> None:
    for _ in range(3):
        told_of(article, reader)
    browser = factories.browser_of(app, reader)
    browser.post(f"/me/notifications/{told_id(reader)}/read")
    assert notifications.unread_count(reader) == 2
    page = BeautifulSoup(browser.get("/me/notifications").text, "lxml")
    up_to = page.select("input[name=up_to]")[0]["value"]
    told_of(article, reader)
    browser.post("/me/notifications/read", data={"up_to": up_to})
    assert notifications.unread_count(reader) == 1


@pytest.mark.parametrize("up_to", ["", "x", "-1", "9" * 30, "\0", "٣"])
def test_a_mark_that_is_none_marks_nothing(app: Flask, article: Article, reader: Reader, up_to: str) -> None:
    told_of(article, reader)
    answer = factories.browser_of(app, reader).post("/me/notifications/read", data={"up_to": up_to})
    assert (answer.status_code, notifications.unread_count(reader)) == (303, 1)


def test_what_is_no_longer_shown_cannot_be_opened(app: Flask, article: Article, reader: Reader) -> None:
    comment = told_of(article, reader)
    one = told_id(reader)
    factories.put(comment, CommentState.REMOVED)
    browser = factories.browser_of(app, reader)
    assert browser.post(f"/me/notifications/{one}/opening").status_code == 404
    assert comment.body_source not in browser.get("/me/notifications").text


def test_a_longer_list_asks_for_no_more(app: Flask, article: Article, reader: Reader) -> None:
    browser = factories.browser_of(app, reader)
    told_of(article, reader)
    counts = []
    for _ in range(2):
        with counted_statements() as statements:
            browser.get("/me/notifications")
        counts.append(len(statements))
        for _ in range(20):
            told_of(article, reader)
    assert counts[0] == counts[1]


@pytest.mark.parametrize("path", ["/me/notifications", "/me/notifications/settings"])
def test_pages_of_ones_own_need_a_reader(client: FlaskClient, path: str) -> None:
    assert client.get(path).location == f"/sign-in?next={path}"


def test_how_soon_mail_comes_can_be_chosen(app: Flask, reader: Reader) -> None:
    browser = factories.browser_of(app, reader)
    page = BeautifulSoup(browser.get("/me/notifications/settings").text, "lxml")
    assert [tag["value"] for tag in page.select("input[name=pace][checked]")] == ["daily"]
    browser.post("/me/mail-pace", data={"pace": "instant"})
    assert reader.mail_pace is MailPace.INSTANT


@pytest.mark.parametrize("pace", ["", "sometimes", "\0"])
def test_a_pace_that_is_none_changes_nothing(app: Flask, reader: Reader, pace: str) -> None:
    assert factories.browser_of(app, reader).post("/me/mail-pace", data={"pace": pace}).status_code == 422
    assert reader.mail_pace is MailPace.DAILY


def test_a_guest_is_told_what_mail_needs(app: Flask, stranger: Reader) -> None:
    page = factories.browser_of(app, stranger).get("/me/notifications/settings").text
    assert "Mail needs an account with an address of yours." in page
    assert "mail-pace" not in page


def browsers() -> list[str]:
    return list(db.session.scalars(select(PushSubscription.endpoint)))


def test_a_browser_asks_for_messages_and_ends_them(app: Flask, reader: Reader) -> None:
    asked = vars(Browsing("https://fcm.googleapis.com/fcm/send/abc").browser)
    browser = factories.browser_of(app, reader)
    assert browser.post("/me/push", data=asked).status_code == 204
    assert browsers() == [asked["endpoint"]]
    for _ in range(2):
        assert browser.post("/me/push/end", data={"endpoint": asked["endpoint"]}).status_code == 204
    assert browsers() == []


def test_signing_out_ends_messages_in_that_browser_alone(app: Flask, reader: Reader) -> None:
    here, elsewhere = (factories.browser_of(app, reader) for _ in range(2))
    for browser, name in ((here, "here"), (elsewhere, "elsewhere")):
        browser.post("/me/push", data=vars(Browsing(f"https://fcm.googleapis.com/fcm/send/{name}").browser))
    here.post("/sign-out")
    assert browsers() == ["https://fcm.googleapis.com/fcm/send/elsewhere"]


def test_a_browser_is_told_by_a_digest_whether_it_is_this_readers(app: Flask, reader: Reader, another_reader: Reader) -> None:
    endpoint = "https://fcm.googleapis.com/fcm/send/abc"
    owner, other = factories.browser_of(app, reader), factories.browser_of(app, another_reader)
    owner.post("/me/push", data=vars(Browsing(endpoint).browser))
    digest = hashlib.sha256(endpoint.encode()).hexdigest()
    assert [digest in browser.get("/me/notifications/settings").text for browser in (owner, other)] == [True, False]


@pytest.mark.parametrize("endpoint", ["", "https://evil.example/x", "http://127.0.0.1/", "\0", "https://" + "x" * 5_000])
def test_an_address_of_a_strangers_choice_is_refused(app: Flask, reader: Reader, endpoint: str) -> None:
    asked = {**vars(Browsing("").browser), "endpoint": endpoint}
    assert factories.browser_of(app, reader).post("/me/push", data=asked).status_code == 422
    assert browsers() == []


def test_the_service_worker_stands_at_the_root(client: FlaskClient) -> None:
    answer = client.get("/sw.js")
    assert (answer.mimetype, answer.headers["Cache-Control"]) == ("text/javascript", SHARED)
    assert 'addEventListener("push"' in answer.text
    assert 'addEventListener("fetch"' not in answer.text


@pytest.mark.parametrize(("hides_counts", "told"), [(False, " Against the other readers: 0.0 points."), (True, "")])
def test_the_list_writes_points_as_all_pages_do_and_none_that_a_law_hides(
    app: Flask, article: Article, reader: Reader, editor: Reader, now: datetime, *, hides_counts: bool, told: str
) -> None:
    article.hides_counts = hides_counts
    _, prediction = factories.asked(article)
    participation.submit(article, Answer(outcome=prediction.outcomes[0]), by=reader, now=now)
    resolve(article, editor, now + timedelta(minutes=1))
    finalise(prediction, now + timedelta(minutes=1))
    spread()
    db.session.add(ForecastScore(prediction_id=prediction.id, reader_id=reader.id, is_called=True, peer=-0.04, coverage=1))
    db.session.commit()
    page = factories.browser_of(app, reader).get("/me/notifications").text
    assert f"You called it.{told}</" in page
