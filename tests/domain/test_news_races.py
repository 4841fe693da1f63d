"""Several workers at the same news, with real commits."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import pytest
from flask import Flask
from sqlalchemy import select, update

from domain import articles, following, mailing, merging, news
from extensions import db
from jobs import telling
from models import Article, MailPace, Notification, NotificationKind, OutgoingMail, Reader
from tests import factories
from tests.applications import leave_empty

WORKERS, FOLLOWERS = 6, 40


@dataclass(frozen=True)
class Cast:
    """The ids of what has been committed."""

    article: int
    followers: list[int]
    answered: int


@pytest.fixture
def committed(app: Flask, monkeypatch: pytest.MonkeyPatch) -> Iterator[Cast]:
    """Give an article with followers and fresh comments, all committed; leave an empty database."""
    monkeypatch.setattr(news, "CHUNK", 7)
    with app.app_context():
        now = datetime.now(UTC)
        article, readers = factories.open_article(now), [factories.account() for _ in range(FOLLOWERS)]
        first = factories.comment(article, readers[0])
        for one in readers:
            mailing.set_pace(one, MailPace.HOURLY, now=now)
            following.follow(article, by=one, now=now)
        for _ in range(5):
            factories.comment(article, factories.account(), parent=first)
        db.session.commit()
        cast = Cast(article.id, [one.id for one in readers], readers[0].id)
        db.session.remove()  # nothing here keeps the others from writing
        yield cast
        leave_empty()


def at_once(act: object) -> None:
    with ThreadPoolExecutor(WORKERS) as pool:
        list(pool.map(lambda _: act(), range(WORKERS)))  # type: ignore[operator]


def test_workers_at_once_tell_each_reader_once(committed: Cast) -> None:
    at_once(telling.spread_news)
    told = Counter(
        (row.reader_id, row.comment_id)
        for row in db.session.scalars(select(Notification))
        if row.reader_id in committed.followers
    )
    assert set(told.values()) == {1}
    assert len(told) == FOLLOWERS * 6 - 1  # five replies and the first comment, of which its author is not told
    kinds = select(Notification.kind).where(Notification.reader_id == committed.answered)
    assert set(db.session.scalars(kinds)) == {NotificationKind.REPLY}


def test_workers_at_once_write_each_reader_one_mail(committed: Cast) -> None:
    telling.spread_news()
    db.session.execute(update(Notification).values(made_at=datetime.now(UTC) - timedelta(hours=2)))
    db.session.commit()
    db.session.remove()
    at_once(telling.write_mails)
    mails = Counter(db.session.scalars(select(OutgoingMail.reader_id)))
    assert mails == dict.fromkeys(committed.followers, 1)


def test_following_many_times_at_once_is_one_follow(app: Flask, committed: Cast) -> None:
    with app.app_context():
        reader_id = factories.account().id
        db.session.commit()
        db.session.remove()

    def follow() -> None:
        with app.app_context():
            reader = db.session.get_one(Reader, reader_id)
            following.follow(articles.by_id(committed.article), by=reader, now=datetime.now(UTC))
            db.session.commit()

    at_once(follow)
    assert len(following.follows_of(db.session.get_one(Reader, reader_id)).rows) == 1


def test_a_guest_may_be_merged_while_news_is_spread(app: Flask, committed: Cast) -> None:
    now = datetime.now(UTC)
    article = db.session.get_one(Article, committed.article)
    pairs = []
    for _ in range(8):
        guest, account = factories.guest(), factories.account()
        for one in (guest, account):
            following.follow(article, by=one, now=now)
        pairs.append((guest.id, account.id))
    db.session.commit()
    db.session.remove()

    def merge(pair: tuple[int, int]) -> None:
        with app.app_context():
            guest, account = (db.session.get_one(Reader, one) for one in pair)
            merging.absorb(guest, account, now=now)
            db.session.commit()

    with ThreadPoolExecutor(WORKERS) as pool:
        spreading = [pool.submit(telling.spread_news) for _ in range(3)]
        list(pool.map(merge, pairs))
        for spread in spreading:
            spread.result()
    told = Counter((row.reader_id, row.comment_id) for row in db.session.scalars(select(Notification)))
    assert set(told.values()) == {1}
