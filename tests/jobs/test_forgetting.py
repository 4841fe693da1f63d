from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from sqlalchemy import func, select, update

from domain import forgetting, leases, outbox, readers, repeats
from extensions import db
from jobs.forgetting import forget_what_is_old
from models import Article, Comment, News, Notification, OutgoingMail, Reader, ReviewLease, SignIn, TextPrint
from tests import factories
from tests.news import spread

pytestmark = pytest.mark.usefixtures("stage")
LONG = "A text that is long enough to be found again among all that was posted here by anybody within the last thirty days."


def forget() -> int:
    db.session.commit()
    gone: int = forget_what_is_old.call_local()
    db.session.expire_all()
    return gone


def left(table: type[object]) -> int:
    return db.session.scalar(select(func.count()).select_from(table)) or 0


def sent_mail(at: datetime) -> OutgoingMail:
    mail = outbox.queue_mail("a@example.org", "Hello", "There.", now=at)
    outbox.mail_left(mail, now=at)
    return mail


def test_mail_that_left_long_ago_is_forgotten(now: datetime) -> None:
    sent_mail(now - forgetting.MAIL - timedelta(minutes=1))
    kept = sent_mail(now - forgetting.MAIL + timedelta(hours=1))
    assert forget() == 1
    assert db.session.scalars(select(OutgoingMail.id)).all() == [kept.id]


def test_mail_that_never_left_is_kept(now: datetime) -> None:
    outbox.queue_mail("a@example.org", "Hello", "There.", now=now - 2 * forgetting.MAIL)
    assert forget() == 0
    assert left(OutgoingMail) == 1


def test_what_a_forgotten_mail_told_stays_told(article: Article, reader: Reader, another_reader: Reader, now: datetime) -> None:
    factories.comment(article, another_reader, parent=factories.comment(article, reader))
    spread(now)
    mail = sent_mail(now - 2 * forgetting.MAIL)
    db.session.execute(update(Notification).values(mail_id=mail.id, mailed_at=now))
    assert forget() == 1
    told = db.session.scalars(select(Notification)).one()
    assert (told.mail_id, told.mailed_at) == (None, now)


def test_a_sign_in_is_forgotten_once_it_is_worth_nothing(reader: Reader, now: datetime) -> None:
    readers.sign_in(reader, now=now - readers.SIGN_IN_LASTS - timedelta(minutes=1))
    token = readers.sign_in(reader, now=now - readers.SIGN_IN_LASTS + timedelta(hours=1))
    assert forget() == 1
    assert readers.signed_in_with(token, now=now) is reader
    assert left(SignIn) == 1


def test_prints_are_forgotten_when_nobody_looks_for_them(article: Article, reader: Reader, now: datetime) -> None:
    factories.comment(article, reader, LONG)
    assert forget() == 0
    db.session.execute(update(TextPrint).values(made_at=now - repeats.WINDOW - timedelta(minutes=1)))
    assert forget() == 5
    assert left(Comment) == 1


def test_news_is_forgotten_only_once_it_is_told(article: Article, reader: Reader, now: datetime) -> None:
    factories.comment(article, reader)
    db.session.execute(update(News).values(made_at=now - 2 * forgetting.NEWS))
    assert forget() == 0
    db.session.execute(update(News).values(spread_at=now))
    assert forget() == 1


def test_a_lease_is_forgotten_the_day_after(article: Article, reader: Reader, moderator: Reader, now: datetime) -> None:
    comment = factories.comment(article, reader)
    leases.look(comment.id, by=moderator, now=now)
    assert forget() == 0
    db.session.execute(update(ReviewLease).values(until=now - 2 * forgetting.LEASE))
    assert forget() == 1


def test_more_than_a_batch_is_forgotten_batch_by_batch(now: datetime, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(forgetting, "BATCH", 2)
    for _ in range(5):
        sent_mail(now - 2 * forgetting.MAIL)
    assert forget() == 5
    assert left(OutgoingMail) == 0


def test_old_notifications_are_forgotten(article: Article, reader: Reader, another_reader: Reader, now: datetime) -> None:
    factories.comment(article, another_reader, parent=factories.comment(article, reader))
    spread(now)
    db.session.execute(update(Notification).values(made_at=now - forgetting.TOLD - timedelta(minutes=1)))
    assert forget() == 1
    assert left(Notification) == 0
