from __future__ import annotations

from datetime import datetime

import pytest
from sqlalchemy import select

from config import PUSH_SERVICES
from domain import following, merging, notifications, pushing
from extensions import db
from models import Article, Follow, Mute, PushSubscription, Reader, Visit
from tests import factories
from tests.browsers import Browsing
from tests.news import told_of

pytestmark = pytest.mark.usefixtures("stage")


def follows(reader: Reader) -> set[tuple[int | None, int | None]]:
    rows = select(Follow.article_id, Follow.followed_id).where(Follow.reader_id == reader.id)
    return {(article, followed) for article, followed in db.session.execute(rows)}


def mutes() -> set[tuple[int, int]]:
    return {(who, whom) for who, whom in db.session.execute(select(Mute.reader_id, Mute.muted_id))}


def test_what_a_guest_follows_the_account_follows_once(
    article: Article, stranger: Reader, reader: Reader, now: datetime
) -> None:
    other = factories.account()
    for target in (article, other):
        following.follow(target, by=stranger, now=now)
    following.follow(article, by=reader, now=now)
    assert merging.absorb(stranger, reader, now=now)
    assert follows(reader) == {(article.id, None), (None, other.id)}
    assert follows(stranger) == set()


def test_nobody_follows_or_mutes_themselves_afterwards(stranger: Reader, reader: Reader, now: datetime) -> None:
    following.follow(reader, by=stranger, now=now)
    following.follow(stranger, by=reader, now=now)
    db.session.add(Mute(reader_id=stranger.id, muted_id=reader.id, muted_at=now))
    db.session.add(Mute(reader_id=reader.id, muted_id=stranger.id, muted_at=now))
    merging.absorb(stranger, reader, now=now)
    assert (follows(reader), follows(stranger), mutes()) == (set(), set(), set())


def test_who_follows_or_muted_the_guest_does_so_with_the_account(stranger: Reader, reader: Reader, now: datetime) -> None:
    fan, both, foe = (factories.account() for _ in range(3))
    following.follow(stranger, by=fan, now=now)
    following.follow(stranger, by=both, now=now)
    following.follow(reader, by=both, now=now)
    following.mute(stranger, by=foe, now=now)
    merging.absorb(stranger, reader, now=now)
    assert follows(fan) == follows(both) == {(None, reader.id)}
    assert mutes() == {(foe.id, reader.id)}


def test_whom_the_guest_muted_the_account_has_muted_once(stranger: Reader, reader: Reader, now: datetime) -> None:
    one, other = factories.account(), factories.account()
    for by, whom in ((stranger, one), (stranger, other), (reader, one)):
        following.mute(whom, by=by, now=now)
    merging.absorb(stranger, reader, now=now)
    assert mutes() == {(reader.id, one.id), (reader.id, other.id)}


def test_what_the_guest_was_told_the_account_is_told_once(
    article: Article, stranger: Reader, reader: Reader, now: datetime
) -> None:
    first, own = told_of(article, stranger), told_of(article, stranger, reader)
    second = told_of(article, reader)
    following.follow(article, by=stranger, now=now)
    db.session.flush()
    merging.absorb(stranger, reader, now=now)
    db.session.expire_all()
    listed = [row.notification.comment_id for row in notifications.told_to(reader).rows]
    assert (listed, own.id in listed) == ([second.id, first.id], False)


def test_browsers_move(stranger: Reader, reader: Reader, now: datetime) -> None:
    browser = Browsing("https://fcm.googleapis.com/fcm/send/abc").browser
    pushing.subscribe(browser, PUSH_SERVICES, by=stranger, now=now)
    merging.absorb(stranger, reader, now=now)
    assert list(db.session.scalars(select(PushSubscription.reader_id))) == [reader.id]


def test_of_two_visits_the_further_one_counts(article: Article, stranger: Reader, reader: Reader, now: datetime) -> None:
    other, third = factories.open_article(now, "Another"), factories.open_article(now, "A third")
    seen = [(article, stranger, 9), (article, reader, 5), (other, stranger, 2), (other, reader, 7), (third, stranger, 4)]
    for where, who, place in seen:
        db.session.add(Visit(article_id=where.id, reader_id=who.id, seen=place, visited_at=now))
    merging.absorb(stranger, reader, now=now)
    rows = select(Visit.article_id, Visit.reader_id, Visit.seen)
    assert {tuple(row) for row in db.session.execute(rows)} == {
        (article.id, reader.id, 9),
        (other.id, reader.id, 7),
        (third.id, reader.id, 4),
    }
