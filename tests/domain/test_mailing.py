from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from sqlalchemy import select, update

from domain import following, mailing, merging, readers
from domain.errors import Forbidden
from domain.mailing import DAY, HOUR, MAILS_AN_HOUR
from extensions import db
from models import Article, CommentState, MailPace, Notification, OutgoingMail, Reader
from tests import factories
from tests.news import told_of
from tests.outbox import mails

pytestmark = pytest.mark.usefixtures("stage")
SECRET = "a secret for tests"


def write(now: datetime) -> list[list[int | None]]:
    """Write what is due and return, for each new mail, the comments it tells of."""
    known = {mail.id for mail in mails()}
    for reader_id in mailing.due_readers(now=now):
        mailing.write_mails(reader_id, now=now)
    db.session.expire_all()
    return [comments_in(mail) for mail in mails() if mail.id not in known]


def comments_in(mail: OutgoingMail) -> list[int | None]:
    inside = select(Notification.comment_id).where(Notification.mail_id == mail.id)
    return list(db.session.scalars(inside.order_by(Notification.id)))


@pytest.fixture
def instant(reader: Reader) -> Reader:
    """Return a reader who wants a mail for each."""
    reader.mail_pace = MailPace.INSTANT
    return reader


def test_an_instant_reader_gets_a_mail_for_each(article: Article, instant: Reader, now: datetime) -> None:
    first, second = told_of(article, instant), told_of(article, instant)
    assert write(now) == [[first.id], [second.id]]
    assert [mail.address for mail in mails()] == [instant.email, instant.email]


def test_nothing_is_mailed_twice(article: Article, instant: Reader, now: datetime) -> None:
    told_of(article, instant)
    assert len(write(now)) == 1
    assert write(now) == []


def test_beyond_the_cap_the_rest_goes_into_one_mail_an_hour(article: Article, instant: Reader, now: datetime) -> None:
    ids = [told_of(article, instant).id for _ in range(MAILS_AN_HOUR + 5)]
    assert write(now) == [*([one] for one in ids[:MAILS_AN_HOUR]), ids[MAILS_AN_HOUR:]]
    later = [told_of(article, instant).id for _ in range(3)]
    assert write(now + timedelta(minutes=59)) == []
    assert write(now + HOUR) == [[one] for one in later]


@pytest.mark.parametrize(("pace", "length"), [(MailPace.HOURLY, HOUR), (MailPace.DAILY, DAY)])
def test_a_digest_comes_once_its_oldest_item_has_waited(
    article: Article, reader: Reader, now: datetime, pace: MailPace, length: timedelta
) -> None:
    reader.mail_pace = pace
    ids = [told_of(article, reader).id for _ in range(3)]
    db.session.execute(update(Notification).values(made_at=now))
    assert write(now + length - timedelta(seconds=1)) == []
    assert write(now + length) == [ids]


def test_digests_keep_their_distance(article: Article, reader: Reader, now: datetime) -> None:
    reader.digested_at = now - HOUR
    told_of(article, reader)
    db.session.execute(update(Notification).values(made_at=now - DAY))
    assert write(now) == []


def test_accounts_get_a_digest_a_day_by_themselves(reader: Reader) -> None:
    assert reader.mail_pace is MailPace.DAILY


def test_never_means_never(article: Article, reader: Reader, now: datetime) -> None:
    reader.mail_pace = MailPace.NEVER
    told_of(article, reader)
    assert write(now + 2 * DAY) == []


def test_an_address_that_is_not_confirmed_gets_nothing(article: Article, now: datetime) -> None:
    told_of(article, factories.account(confirmed=False))
    assert write(now + 2 * DAY) == []


def test_what_was_told_while_mail_was_off_is_not_mailed_when_it_is_on(article: Article, reader: Reader, now: datetime) -> None:
    reader.mail_pace = MailPace.NEVER
    told_of(article, reader)
    mailing.set_pace(reader, MailPace.INSTANT, now=now)
    assert write(now) == []
    later = told_of(article, reader)
    assert write(now) == [[later.id]]


def test_what_was_told_before_an_address_was_confirmed_is_not_mailed(article: Article, now: datetime) -> None:
    account = factories.account(confirmed=False)
    mailing.set_pace(account, MailPace.INSTANT, now=now)
    told_of(article, account)
    readers.confirm_email(account, now=now)
    assert write(now) == []


def test_what_a_guest_was_told_is_not_mailed_to_their_account(
    article: Article, stranger: Reader, instant: Reader, now: datetime
) -> None:
    told_of(article, stranger)
    merging.absorb(stranger, instant, now=now)
    assert write(now) == []


def test_what_was_read_on_the_site_is_not_mailed(article: Article, instant: Reader, now: datetime) -> None:
    told_of(article, instant)
    db.session.execute(update(Notification).values(read_at=now))
    assert write(now) == []


@pytest.mark.parametrize("state", [state for state in CommentState if state is not CommentState.PUBLISHED])
def test_what_is_no_longer_shown_is_not_mailed(article: Article, instant: Reader, now: datetime, state: CommentState) -> None:
    factories.put(told_of(article, instant), state)
    assert write(now) == []


def test_who_was_muted_since_is_not_mailed_about(
    article: Article, instant: Reader, another_reader: Reader, now: datetime
) -> None:
    told_of(article, instant, another_reader)
    following.mute(another_reader, by=instant, now=now)
    assert write(now) == []


def test_ending_mail_ends_what_is_written_already(article: Article, instant: Reader, now: datetime) -> None:
    told_of(article, instant)
    write(now)
    told_of(article, instant)
    mailing.set_pace(instant, MailPace.NEVER, now=now)
    assert [mail.given_up_at for mail in mails()] == [now]
    mailing.set_pace(instant, MailPace.INSTANT, now=now)
    assert write(now) == []


def test_a_guest_has_no_address_to_write_to(stranger: Reader, now: datetime) -> None:
    with pytest.raises(Forbidden):
        mailing.set_pace(stranger, MailPace.DAILY, now=now)


def test_the_link_that_ends_mail_knows_its_reader(reader: Reader) -> None:
    assert mailing.reader_with(mailing.token_for(reader.id, secret=SECRET), secret=SECRET) == reader


@pytest.mark.parametrize("token", ["", "x", "a.b.c", "\0", "MQ.é", "x" * 10_000, mailing.token_for(10**6, secret=SECRET)])
def test_a_link_that_is_not_ours_ends_nothing(token: str) -> None:
    assert mailing.reader_with(token, secret=SECRET) is None


def test_a_link_signed_with_another_key_ends_nothing(reader: Reader) -> None:
    assert mailing.reader_with(mailing.token_for(reader.id, secret="another"), secret=SECRET) is None


def test_a_link_to_a_guest_ends_nothing(stranger: Reader) -> None:
    assert mailing.reader_with(mailing.token_for(stranger.id, secret=SECRET), secret=SECRET) is None
