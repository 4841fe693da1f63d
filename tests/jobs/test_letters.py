"""News by mail, as a real mail server receives it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timedelta
from email.message import EmailMessage

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import update

from domain import following, mailing, participation
from domain.mailing import DAY, ITEMS_A_DIGEST, MAILS_AN_HOUR
from domain.participation import Answer
from extensions import db
from jobs import tasks, telling
from models import Article, CommentState, ForecastScore, MailPace, Notification, OutgoingMail, Reader, Role
from tests import factories
from tests.news import told_of
from tests.outbox import mails
from tests.postbox import Postbox, open_postbox
from tests.resolving import finalise, resolve

pytestmark = pytest.mark.usefixtures("stage")
SITE = "https://comments.a-newspaper-with-a-long-name.example.org"


@pytest.fixture
def postbox(app: Flask, monkeypatch: pytest.MonkeyPatch) -> Iterator[Postbox]:
    """Return a mail server to which the site sends."""
    with open_postbox() as box:
        settings = replace(app.extensions["foresay"], mail=f"smtp://127.0.0.1:{box.port}", site_url=SITE)
        monkeypatch.setitem(app.extensions, "foresay", settings)
        yield box


@pytest.fixture
def instant(reader: Reader) -> Reader:
    """Return a reader who wants a mail for each."""
    reader.mail_pace = MailPace.INSTANT
    db.session.flush()
    return reader


def tell() -> None:
    """Do what the job does each minute."""
    db.session.commit()
    telling.tell()
    db.session.expire_all()


def text_of(mail: EmailMessage) -> str:
    return str(mail.get_content()).replace("\r\n", "\n")


def test_a_reply_is_mailed(postbox: Postbox, article: Article, instant: Reader) -> None:
    first = factories.comment(article, instant)
    reply = factories.comment(article, factories.account("Ann"), "I *disagree*.\n\nAnd why not?", parent=first)
    tell()
    (mail,) = postbox.received
    assert (mail["To"], mail["Subject"]) == (instant.email, f"Ann replied to you: {article.headline}")
    assert "\n> I disagree.\n>\n> And why not?\n" in text_of(mail)
    assert f"\n{SITE}/comments/{reply.id}#comment-{reply.id}\n" in text_of(mail)


def test_a_mailed_reply_is_what_its_author_says(postbox: Postbox, article: Article, instant: Reader) -> None:
    first = factories.comment(article, instant)
    factories.comment(
        article, factories.account("Ann"), "> So it is.\n\nI agree with **this**.\n\n> And?\n\n- So", parent=first
    )
    tell()
    (mail,) = postbox.received
    assert "\n\n> I agree with this.\n>\n> > And?\n>\n> - So\n\n" in text_of(mail)


def test_a_mail_says_in_its_head_how_such_mail_is_ended(postbox: Postbox, article: Article, instant: Reader) -> None:
    told_of(article, instant)
    tell()
    (mail,) = postbox.received
    link = f"{SITE}/unsubscribe/{mailing.token_for(instant.id, secret='a key for tests, long enough to be one')}"
    assert mail["List-Unsubscribe"] == f"<{link}>"
    assert mail["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert mail["List-Id"] == f"<notifications.{SITE.removeprefix('https://')}>"
    assert link in text_of(mail)


def test_the_link_travels_as_it_is(postbox: Postbox, article: Article, instant: Reader) -> None:
    told_of(article, instant)
    tell()
    (link,) = [value for name, value in postbox.received[0].raw_items() if name == "List-Unsubscribe"]
    assert re.fullmatch(r"<https://[^\s=?]+/unsubscribe/[\w.-]+>", str(link))


def test_one_click_on_what_arrived_ends_it(client: FlaskClient, postbox: Postbox, article: Article, instant: Reader) -> None:
    told_of(article, instant)
    tell()
    path = postbox.received[0]["List-Unsubscribe"].strip("<>").removeprefix(SITE)
    answer = FlaskClient.open(client, path, method="POST", data={"List-Unsubscribe": "One-Click"})
    assert answer.status_code == 200
    told_of(article, instant)
    tell()
    assert len(postbox.received) == 1


def test_mail_about_an_account_has_no_such_head(postbox: Postbox, client: FlaskClient) -> None:
    client.post("/sign-up", data={"name": "Ann", "email": "ann@example.org", "password": "four plain words here"})
    db.session.commit()
    tasks.drain_outbox()
    assert not [name for name in postbox.received[0].keys() if name.startswith("List-")]  # noqa: SIM118 - a mail is no mapping


def test_beyond_the_cap_one_mail_has_the_rest(postbox: Postbox, article: Article, instant: Reader) -> None:
    for _ in range(MAILS_AN_HOUR + 3):
        told_of(article, instant)
    tell()
    tell()
    assert len(postbox.received) == MAILS_AN_HOUR + 1
    assert postbox.received[-1]["Subject"] == "3 things you follow at Foresay"


def test_a_digest_has_so_many_items_and_says_how_many_more(
    postbox: Postbox, article: Article, reader: Reader, now: datetime
) -> None:
    for _ in range(ITEMS_A_DIGEST + 7):
        told_of(article, reader)
    db.session.execute(update(Notification).values(made_at=now - DAY - timedelta(minutes=1)))
    tell()
    (mail,) = postbox.received
    assert mail["Subject"] == "27 things you follow at Foresay"
    assert text_of(mail).count(f"{SITE}/comments/") == ITEMS_A_DIGEST
    assert f"And 7 more:\n\n{SITE}/me/notifications\n" in text_of(mail)


def test_what_was_removed_before_the_mail_left_is_not_in_it(
    postbox: Postbox, article: Article, reader: Reader, now: datetime
) -> None:
    gone, kept = told_of(article, reader), told_of(article, reader)
    db.session.execute(update(Notification).values(made_at=now - DAY - timedelta(minutes=1)))
    telling.write_mails()
    factories.put(gone, CommentState.REMOVED)
    tell()
    (mail,) = postbox.received
    assert f"/comments/{kept.id}#" in text_of(mail)
    assert f"/comments/{gone.id}#" not in text_of(mail)
    assert gone.body_source not in text_of(mail)


def test_a_mail_of_which_nothing_is_left_does_not_leave(postbox: Postbox, article: Article, instant: Reader) -> None:
    gone = told_of(article, instant)
    telling.write_mails()
    factories.put(gone, CommentState.WITHDRAWN)
    tell()
    assert postbox.received == []
    assert mails()[0].given_up_at is not None


def test_a_mail_has_nobodys_take_or_prediction(postbox: Postbox, article: Article, instant: Reader, now: datetime) -> None:
    following.follow(article, by=instant, now=now)
    poll, prediction = factories.asked(article)
    answer = Answer(choices=[poll.choices[1]], outcome=prediction.outcomes[2], reason="A reason of mine.")
    participation.submit(article, answer, by=factories.account("Ann"), now=now)
    tell()
    (mail,) = postbox.received
    assert "A reason of mine." in text_of(mail)
    assert poll.choices[1].label not in text_of(mail)
    assert prediction.outcomes[2].label not in text_of(mail)


def test_an_outcome_is_mailed(postbox: Postbox, article: Article, instant: Reader, editor: Reader, now: datetime) -> None:
    _, prediction = factories.asked(article)
    following.follow(prediction, by=instant, now=now)
    resolve(article, editor, now)
    tell()
    (mail,) = postbox.received
    assert (
        mail["Subject"].strip() == f"What happened is known, provisionally: {article.headline}"
    )  # folded before its first word
    assert f"{prediction.question}\n{prediction.outcomes[0].label}\n" in text_of(mail)
    assert f"{SITE}/articles/{article.slug}#say" in text_of(mail)


def test_what_was_typed_cannot_pass_for_ours(postbox: Postbox, article: Article, instant: Reader) -> None:
    typed = "Hello.\n-- \nForesay\nhttps://evil.example/unsubscribe/x"
    first = factories.comment(article, instant)
    factories.comment(article, factories.account("Ann", role=Role.MODERATOR), typed, parent=first)
    tell()
    body = text_of(postbox.received[0])
    assert not re.search(r"^https://evil", body, re.MULTILINE)
    assert body.count("\n-- \n") == 1


def test_a_long_comment_is_cut(postbox: Postbox, article: Article, instant: Reader) -> None:
    first = factories.comment(article, instant)
    factories.comment(article, factories.account(), "word " * 900, parent=first)
    tell()
    quoted = next(line for line in text_of(postbox.received[0]).splitlines() if line.startswith("> word"))
    assert 900 < len(quoted) <= 1_003
    assert quoted.endswith("word…")


def test_the_words_are_not_kept(postbox: Postbox, article: Article, instant: Reader) -> None:
    told_of(article, instant)
    tell()
    assert [(mail.subject, mail.body) for mail in mails()] == [("", "")]


def test_a_job_that_is_cut_off_writes_nothing_twice(postbox: Postbox, article: Article, instant: Reader, now: datetime) -> None:
    told_of(article, instant)
    db.session.commit()
    mailing.write_mails(instant.id, now=now)  # and the machine goes down before its commit
    db.session.rollback()
    tell()
    assert len(postbox.received) == 1
    assert db.session.query(OutgoingMail).count() == 1


def test_a_mail_writes_points_as_pages_do(
    postbox: Postbox, article: Article, instant: Reader, editor: Reader, now: datetime
) -> None:
    _, prediction = factories.asked(article)
    participation.submit(article, Answer(outcome=prediction.outcomes[0]), by=instant, now=now)
    resolve(article, editor, now + timedelta(minutes=1))
    finalise(prediction, now + timedelta(minutes=1))
    db.session.add(ForecastScore(prediction_id=prediction.id, reader_id=instant.id, is_called=True, peer=-1234.54, coverage=1))
    tell()
    assert "You called it. Against the other readers: −1,234.5 points." in text_of(postbox.received[-1])
