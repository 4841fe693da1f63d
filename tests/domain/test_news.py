from __future__ import annotations

from datetime import datetime

import pytest
from sqlalchemy import func, insert, select

from domain import clauses, following, mailing, moderation, news, participation
from domain.moderation import Judged
from domain.participation import Answer
from extensions import db
from models import (
    Article,
    Comment,
    CommentMention,
    CommentState,
    Follow,
    MailPace,
    News,
    Notification,
    NotificationKind,
    Reader,
)
from tests import factories
from tests.news import spread, told
from tests.resolving import resolve
from tests.statements import counted_statements

pytestmark = pytest.mark.usefixtures("stage")
REPLY, MENTION, THREAD = NotificationKind.REPLY, NotificationKind.MENTION, NotificationKind.THREAD
READER, ARTICLE, RESOLUTION = NotificationKind.READER, NotificationKind.ARTICLE, NotificationKind.RESOLUTION


def mention(comment: Comment, reader: Reader) -> None:
    db.session.add(CommentMention(comment_id=comment.id, reader_id=reader.id))


def test_the_author_of_what_is_answered_is_told(article: Article, reader: Reader, another_reader: Reader) -> None:
    first = factories.comment(article, reader)
    reply = factories.comment(article, another_reader, parent=first)
    spread()
    assert told(reader) == [(REPLY, reply.id)]
    assert told(another_reader) == []


def test_each_audience_is_told_for_its_reason(article: Article, now: datetime) -> None:
    author, mentioned, of_thread, of_author, of_article = (factories.account() for _ in range(5))
    first = factories.comment(article, factories.account())
    spread()
    following.follow(first, by=of_thread, now=now)
    following.follow(author, by=of_author, now=now)
    following.follow(article, by=of_article, now=now)
    reply = factories.comment(article, author, parent=first)
    mention(reply, mentioned)
    spread()
    reasons = {MENTION: mentioned, THREAD: of_thread, READER: of_author, ARTICLE: of_article}
    assert {kind: told(one) for kind, one in reasons.items()} == {kind: [(kind, reply.id)] for kind in reasons}


def test_the_most_personal_reason_is_the_one_that_is_told(article: Article, reader: Reader, now: datetime) -> None:
    first, author = factories.comment(article, reader), factories.account()
    for target in (first, author, article):
        following.follow(target, by=reader, now=now)
    spread()
    reply = factories.comment(article, author, parent=first)
    mention(reply, reader)
    spread()
    second = factories.comment(article, author)
    mention(second, reader)
    third = factories.comment(article, author)
    spread()
    assert told(reader) == [(REPLY, reply.id), (MENTION, second.id), (READER, third.id)]


def test_nobody_is_told_of_their_own_comment(article: Article, reader: Reader, now: datetime) -> None:
    following.follow(article, by=reader, now=now)
    first = factories.comment(article, reader)
    factories.comment(article, reader, parent=first)
    spread()
    assert told(reader) == []


def test_nobody_is_told_of_a_comment_by_somebody_they_muted(
    article: Article, reader: Reader, another_reader: Reader, now: datetime
) -> None:
    following.follow(article, by=reader, now=now)
    first = factories.comment(article, reader)
    following.mute(another_reader, by=reader, now=now)
    factories.comment(article, another_reader, parent=first)
    spread()
    assert told(reader) == []


def remove(comment: Comment, moderator: Reader, now: datetime) -> int:
    judged = Judged(comment_id=comment.id, version=comment.version)
    return moderation.remove(judged, clauses.current("abuse"), by=moderator, now=now).id


def test_nobody_is_told_of_a_comment_that_was_removed_meanwhile(
    article: Article, reader: Reader, moderator: Reader, now: datetime
) -> None:
    following.follow(article, by=reader, now=now)
    comment = factories.comment(article, factories.account())
    entry_id = remove(comment, moderator, now)
    spread()
    assert told(reader) == []
    moderation.undo(entry_id, by=moderator, now=now)
    spread()
    assert told(reader) == [(ARTICLE, comment.id)]


def test_a_held_comment_is_news_once_it_is_approved(
    article: Article, stranger: Reader, moderator: Reader, now: datetime
) -> None:
    author = factories.account()
    following.follow(article, by=author, now=now)
    comment = factories.comment(article, stranger)
    assert comment.state is CommentState.HELD
    spread()
    assert told(author) == []
    moderation.approve(Judged(comment_id=comment.id, version=comment.version), by=moderator, now=now)
    spread()
    assert told(author) == [(ARTICLE, comment.id)]


def test_an_outcome_is_told_to_those_who_predicted_and_those_who_follow(
    article: Article, reader: Reader, stranger: Reader, editor: Reader, now: datetime
) -> None:
    prediction = factories.asked(article)[1]
    follower = factories.account()
    following.follow(prediction, by=follower, now=now)
    for who in (reader, stranger, editor):
        participation.submit(article, Answer(outcome=prediction.outcomes[0]), by=who, now=now)
    following.follow(prediction, by=reader, now=now)
    resolve(article, editor, now)
    spread()
    for who in (follower, reader, stranger):
        assert told(who) == [(RESOLUTION, None)]
    assert told(editor) == []  # it was the editor who said so


def test_spreading_twice_tells_nobody_twice(article: Article, reader: Reader, now: datetime) -> None:
    following.follow(article, by=reader, now=now)
    factories.comment(article, factories.account())
    spread()
    db.session.execute(News.__table__.update().values(spread_at=None))  # type: ignore[attr-defined]
    spread()
    assert len(told(reader)) == 1


@pytest.mark.parametrize("steps", range(1, 9))
def test_a_spread_that_is_cut_off_is_completed(
    article: Article, now: datetime, steps: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(news, "CHUNK", 2)
    followers = [factories.account() for _ in range(5)]
    first = factories.comment(article, followers[0])
    spread()
    for one in followers:
        following.follow(article, by=one, now=now)
    reply = factories.comment(article, factories.account(), parent=first)
    step = news.first_step()
    for _ in range(steps):
        step = news.take_step(step, now=now) if step else None
    spread()
    assert [told(one) for one in followers] == [[(REPLY, reply.id)], *[[(ARTICLE, reply.id)]] * 4]
    assert news.first_step() is None


def test_ten_thousand_followers_are_told_in_bounded_statements(article: Article, now: datetime) -> None:
    ids = many_readers(10_000, now)
    db.session.execute(insert(Follow), [{"reader_id": one, "article_id": article.id, "followed_at": now} for one in ids])
    factories.comment(article, factories.account())
    with counted_statements() as statements:
        spread()
    assert db.session.scalar(select(func.count()).select_from(Notification)) == 10_000
    assert len(statements) < 150  # five for each of twenty chunks, and few beside


def many_readers(count: int, now: datetime) -> list[int]:
    """Return the ids of as many guests."""
    rows = [{"public_id": f"x{one:09}", "guest_key_hash": f"{one:064}", "created_at": now} for one in range(count)]
    return list(db.session.scalars(insert(Reader).returning(Reader.id), rows))


def test_who_gets_no_mail_is_not_waited_for(article: Article, reader: Reader, stranger: Reader, now: datetime) -> None:
    unconfirmed, never = factories.account(confirmed=False), factories.account()
    mailing.set_pace(never, MailPace.NEVER, now=now)
    for who in (reader, stranger, unconfirmed, never):
        following.follow(article, by=who, now=now)
    factories.comment(article, factories.account())
    spread()
    waiting = select(Notification.reader_id).where(Notification.mailed_at.is_(None))
    assert list(db.session.scalars(waiting)) == [reader.id]


@pytest.mark.parametrize("before", [CommentState.HELD, CommentState.LIMITED])
def test_a_comment_that_was_put_aside_is_told_of_once_it_is_published(
    article: Article, reader: Reader, now: datetime, before: CommentState
) -> None:
    following.follow(article, by=reader, now=now)
    comment = factories.comment(article, factories.account())
    for state in (before, CommentState.LIMITED):
        factories.put(comment, state)
        spread()
    assert told(reader) == []
    factories.put(comment, CommentState.PUBLISHED)
    spread()
    assert told(reader) == [(ARTICLE, comment.id)]


def test_a_comment_put_aside_for_a_while_is_told_of_once(article: Article, reader: Reader, now: datetime) -> None:
    following.follow(article, by=reader, now=now)
    comment = factories.comment(article, factories.account())
    spread()
    for state in (CommentState.LIMITED, CommentState.PUBLISHED) * 2:
        factories.put(comment, state)
        spread()
    assert told(reader) == [(ARTICLE, comment.id)]
