from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from bs4 import BeautifulSoup
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from domain import appeals, clauses, moderation, notices, notifications, receipts
from domain.moderation import Judged
from extensions import db
from models import (
    Appeal,
    Article,
    Comment,
    Notification,
    NotificationKind,
    Reader,
    ReportReason,
    SanctionKind,
    StatementOfReasons,
)
from tests import factories, scene_of_conduct
from tests.statements import counted_statements

pytestmark = pytest.mark.usefixtures("stage")


@pytest.fixture
def statement(article: Article, reader: Reader, moderator: Reader, now: datetime) -> StatementOfReasons:
    return scene_of_conduct.removed(article, reader, moderator, now)


def receipt_in(page: str) -> str:
    """Return where the receipt on a page leads."""
    link = BeautifulSoup(page, "lxml").find("a", string="Receipt")
    assert link is not None
    return str(link["href"])


def tell_all(now: datetime) -> None:
    while notices.tell_next(now=now + notices.DELAY):
        pass
    db.session.commit()


def test_an_author_reads_why_and_what_to_do(app: Flask, reader: Reader, statement: StatementOfReasons) -> None:
    page = factories.browser_of(app, reader).get(f"/me/statements/{statement.id}").text
    assert "Your comment was removed" in page
    assert statement.reasons in page
    assert statement.facts in page
    assert "You can appeal once, until" in page


def test_an_appeal_is_sent_and_shown(app: Flask, reader: Reader, statement: StatementOfReasons) -> None:
    browser = factories.browser_of(app, reader)
    sent = browser.post(f"/me/statements/{statement.id}/appeal", data={"argument": "It was none."}, follow_redirects=True)
    assert "Your appeal is sent." in sent.text
    assert "It was none." in sent.text
    again = browser.post(f"/me/statements/{statement.id}/appeal", data={"argument": "And besides."})
    assert again.status_code == 409
    assert "And besides." in again.text


def test_the_answer_to_an_appeal_is_read(
    app: Flask, reader: Reader, editor: Reader, statement: StatementOfReasons, now: datetime
) -> None:
    appeals.refuse(scene_of_conduct.appealed(statement, now).id, "It insults a person.", by=editor, now=now)
    page = factories.browser_of(app, reader).get(f"/me/statements/{statement.id}").text
    assert "It insults a person." in page
    assert "out of court" in page


def test_a_guest_comes_back_by_a_receipt(
    app: Flask, client: FlaskClient, article: Article, stranger: Reader, moderator: Reader
) -> None:
    browser = factories.browser_of(app, stranger)
    posted = browser.post(f"/articles/{article.slug}/comments", data={"body": "My first."}, follow_redirects=True)
    receipt = receipt_in(posted.text)
    assert "It waits for a moderator." in client.get(receipt).text
    factories.approve(db.session.scalars(select(Comment)).one(), moderator)
    db.session.commit()
    assert "It is published" in client.get(receipt).text


def test_whoever_has_the_receipt_can_appeal(
    app: Flask, client: FlaskClient, reader: Reader, statement: StatementOfReasons
) -> None:
    receipt = receipt_in(factories.browser_of(app, reader).get(f"/me/statements/{statement.id}").text)
    sent = client.post(f"{receipt}/appeal", data={"argument": "It was none."}, follow_redirects=True)
    assert "Your appeal is sent." in sent.text
    assert db.session.scalars(select(Appeal.text)).one() == "It was none."


def test_a_reader_under_a_sanction_finds_it_on_their_page(app: Flask, reader: Reader, moderator: Reader, now: datetime) -> None:
    scene_of_conduct.imposed(reader, SanctionKind.MUTED, moderator, now)
    page = factories.browser_of(app, reader).get("/me").text
    assert "You cannot write comments" in page
    assert "Why, until when, and how to object" in page


def test_every_restriction_is_listed_in_three_queries(
    app: Flask, article: Article, reader: Reader, moderator: Reader, now: datetime
) -> None:
    counts = []
    for _ in range(2):
        scene_of_conduct.appealed(scene_of_conduct.removed(article, reader, moderator, now), now)
        scene_of_conduct.removed(article, reader, moderator, now)
        browser = factories.browser_of(app, reader)
        db.session.commit()
        with counted_statements() as statements:
            assert "Your appeal waits." in browser.get("/me/statements").text
        counts.append(len(statements))
    assert counts[0] == counts[1]


def test_an_author_is_told_and_led_to_the_reasons(
    app: Flask, reader: Reader, statement: StatementOfReasons, now: datetime
) -> None:
    tell_all(now)
    browser, row = factories.browser_of(app, reader), db.session.scalars(select(Notification)).one()
    db.session.commit()
    assert "Your comment was removed" in browser.get("/me/notifications").text
    opened = browser.post(f"/me/notifications/{row.id}/opening")
    assert opened.headers["Location"] == f"/me/statements/{statement.id}"


@pytest.mark.parametrize("is_removed", [True, False])
def test_who_complained_is_told_what_came_of_it(
    app: Flask, article: Article, another_reader: Reader, moderator: Reader, now: datetime, *, is_removed: bool
) -> None:
    comment = factories.comment(article, factories.account(), "What was complained about.")
    moderation.report(comment, ReportReason.ABUSE, "", by=another_reader, now=now)
    judged = Judged(comment_id=comment.id, version=comment.version, report_id=10**9)
    if is_removed:
        moderation.remove(judged, clauses.current("abuse"), by=moderator, now=now)
    else:
        moderation.approve(judged, by=moderator, now=now)
    tell_all(now)
    (told,) = notifications.told_to(another_reader).rows
    assert told.notification.kind is NotificationKind.REPORT
    page = factories.browser_of(app, another_reader).get("/me/notifications").text
    assert ("A comment you reported was removed" in page) is is_removed
    assert ("looked at a comment you reported, and it stays" in page) is not is_removed
    assert "What was complained about." not in page


def test_a_receipt_shows_no_text_that_the_law_took_away(
    app: Flask, client: FlaskClient, article: Article, moderator: Reader, now: datetime
) -> None:
    comment = factories.comment(article, factories.account(), "What a court forbade.")
    moderation.disable(
        Judged(comment_id=comment.id, version=comment.version), clauses.current("illegal"), by=moderator, now=now
    )
    token = receipts.token_for(comment, secret=str(app.secret_key))
    db.session.commit()
    page = client.get(f"/receipts/{token}").text
    assert "unavailable for legal reasons" in page
    assert "What a court forbade." not in page


def test_a_sanction_that_was_served_is_no_longer_called_in_force(
    app: Flask, reader: Reader, moderator: Reader, now: datetime
) -> None:
    scene_of_conduct.imposed(reader, SanctionKind.MUTED, moderator, now - timedelta(days=8))
    assert "You cannot write comments" not in factories.browser_of(app, reader).get("/me").text


def test_what_is_erased_is_erased_from_its_statement_too(editor: Reader, statement: StatementOfReasons, now: datetime) -> None:
    moderation.erase(statement.comment_id or 0, by=editor, now=now)
    db.session.refresh(statement)
    assert statement.facts == ""


def test_an_appeal_that_was_erased_says_so(
    app: Flask, reader: Reader, editor: Reader, statement: StatementOfReasons, now: datetime
) -> None:
    appeal = scene_of_conduct.appealed(statement, now)
    moderation.erase(statement.comment_id or 0, by=editor, now=now)
    db.session.commit()
    pages = {reader: f"/me/statements/{statement.id}", editor: f"/moderation/appeals/{appeal.id}"}
    for who, path in pages.items():
        assert "It was erased together with the comment." in factories.browser_of(app, who).get(path).text
