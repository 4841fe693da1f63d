from __future__ import annotations

from datetime import datetime

import pytest

from domain import following, notifications
from domain.errors import Missing
from extensions import db
from models import Article, CommentState, Notification, NotificationKind, Reader
from tests import factories
from tests.news import told_of
from tests.resolving import resolve
from tests.statements import counted_statements

pytestmark = pytest.mark.usefixtures("stage")


def listed(reader: Reader) -> list[int | None]:
    return [row.notification.comment_id for row in notifications.told_to(reader).rows]


def test_what_is_told_is_listed_newest_first(article: Article, reader: Reader, editor: Reader, now: datetime) -> None:
    first, second = told_of(article, reader), told_of(article, reader)
    resolution = resolve(article, editor, now)
    kind = NotificationKind.RESOLUTION
    db.session.add(Notification(reader_id=reader.id, kind=kind, resolution_id=resolution.id, made_at=now))
    db.session.flush()
    assert listed(reader) == [None, second.id, first.id]
    outcome = notifications.told_to(reader).rows[0]
    assert (outcome.outcome, outcome.prediction, outcome.article) == (resolution.outcome, resolution.prediction, article)


@pytest.mark.parametrize("state", [state for state in CommentState if state is not CommentState.PUBLISHED])
def test_what_is_no_longer_shown_is_neither_listed_nor_counted(article: Article, reader: Reader, state: CommentState) -> None:
    factories.put(told_of(article, reader), state)
    assert (listed(reader), notifications.unread_count(reader)) == ([], 0)


def test_who_was_muted_since_is_neither_listed_nor_counted(
    article: Article, reader: Reader, another_reader: Reader, now: datetime
) -> None:
    told_of(article, reader, another_reader)
    following.mute(another_reader, by=reader, now=now)
    assert (listed(reader), notifications.unread_count(reader)) == ([], 0)


def test_what_others_have_muted_is_listed(
    article: Article, reader: Reader, another_reader: Reader, moderator: Reader, now: datetime
) -> None:
    comment = told_of(article, reader, moderator)
    following.mute(moderator, by=another_reader, now=now)
    told_of(article, another_reader)
    assert (listed(reader), notifications.unread_count(reader)) == ([comment.id], 1)


def test_what_has_become_ones_own_is_not_listed(article: Article, reader: Reader) -> None:
    told_of(article, reader, reader)
    assert (listed(reader), notifications.unread_count(reader)) == ([], 0)


def test_the_list_has_pages(article: Article, reader: Reader, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(notifications, "LISTED", 2)
    written = [told_of(article, reader).id for _ in range(3)]
    first = notifications.told_to(reader)
    rest = notifications.told_to(reader, before=first.next_before)
    assert [row.notification.comment_id for row in (*first.rows, *rest.rows)] == written[::-1]
    assert rest.next_before is None


def test_a_page_is_one_query(article: Article, reader: Reader) -> None:
    for _ in range(5):
        told_of(article, reader)
    db.session.commit()
    assert reader.id
    with counted_statements() as statements:
        for row in notifications.told_to(reader).rows:
            assert row.comment is not None
            assert row.author is not None
            assert row.article is not None
            assert all([row.article.headline, row.author.name, row.comment.body_source])
    assert len(statements) == 1


def test_reading_one_leaves_the_others(article: Article, reader: Reader, now: datetime) -> None:
    told_of(article, reader), told_of(article, reader)
    row = notifications.told_to(reader).rows[0]
    notifications.mark_read(row, now=now)
    notifications.mark_read(row, now=now.replace(year=2000))
    assert (notifications.unread_count(reader), row.notification.read_at) == (1, now)


def test_reading_all_leaves_what_came_later(article: Article, reader: Reader, another_reader: Reader, now: datetime) -> None:
    told_of(article, reader), told_of(article, another_reader)
    newest = notifications.told_to(reader).newest
    told_of(article, reader)
    notifications.mark_all_read(reader, up_to=newest, now=now)
    assert (notifications.unread_count(reader), notifications.unread_count(another_reader)) == (1, 1)


def test_nobody_opens_what_another_is_told(article: Article, reader: Reader, another_reader: Reader) -> None:
    told_of(article, reader)
    one = notifications.told_to(reader).rows[0].notification.id
    with pytest.raises(Missing):
        notifications.one_told_to(another_reader, one)


def test_counting_ends_somewhere(article: Article, reader: Reader, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(notifications, "MOST_COUNTED", 2)
    for _ in range(5):
        told_of(article, reader)
    assert notifications.unread_count(reader) == 3
