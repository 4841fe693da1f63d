from __future__ import annotations

from datetime import datetime

from domain import visits
from extensions import db
from models import Article, CommentState, Reader, Visit
from tests import factories


def comments(article: Article, by: Reader, count: int) -> None:
    for _ in range(count):
        factories.comment(article, by)
    db.session.refresh(article)


def test_who_never_looked_has_seen_nothing(article: Article, reader: Reader) -> None:
    assert visits.seen_of(article, reader) is None
    assert visits.unread_by(article, reader) is None


def test_nobody_has_no_mark(article: Article) -> None:
    assert visits.seen_of(article, None) is None


def test_a_mark_is_kept(article: Article, reader: Reader, another_reader: Reader, now: datetime) -> None:
    comments(article, another_reader, 3)
    visits.mark(article, 2, by=reader, now=now)
    assert visits.seen_of(article, reader) == 2


def test_a_mark_never_goes_back(article: Article, reader: Reader, another_reader: Reader, now: datetime) -> None:
    comments(article, another_reader, 3)
    for seen in (1, 3, 2):
        visits.mark(article, seen, by=reader, now=now)
    assert visits.seen_of(article, reader) == 3


def test_a_mark_never_goes_beyond_what_there_is(
    article: Article, reader: Reader, another_reader: Reader, now: datetime
) -> None:
    comments(article, another_reader, 2)
    visits.mark(article, 10**17, by=reader, now=now)
    assert db.session.get_one(Visit, (article.id, reader.id)).seen == 2


def test_what_others_wrote_since_is_new(article: Article, reader: Reader, another_reader: Reader, now: datetime) -> None:
    comments(article, another_reader, 2)
    visits.mark(article, 2, by=reader, now=now)
    first = factories.comment(article, another_reader)
    comments(article, another_reader, 1)
    assert visits.unread_by(article, reader) == visits.Unread(since=2, count=2, first_id=first.id)


def test_ones_own_and_what_is_gone_is_not_new(article: Article, reader: Reader, another_reader: Reader, now: datetime) -> None:
    visits.mark(article, 0, by=reader, now=now)
    gone = factories.comment(article, another_reader)
    comments(article, reader, 1)
    factories.put(gone, CommentState.REMOVED)
    assert visits.unread_by(article, reader) == visits.Unread(since=0, count=0, first_id=None)


def test_a_comment_that_waited_is_new_when_it_appears(
    article: Article, reader: Reader, another_reader: Reader, now: datetime
) -> None:
    waiting = factories.comment(article, factories.guest())
    comments(article, another_reader, 2)
    visits.mark(article, article.appeared, by=reader, now=now)
    factories.put(waiting, CommentState.PUBLISHED)
    assert visits.unread_by(article, reader) == visits.Unread(since=2, count=1, first_id=waiting.id)
