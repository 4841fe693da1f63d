from __future__ import annotations

from datetime import datetime

import pytest
from sqlalchemy import func, select

from domain import articles, clauses, following, moderation
from domain.errors import Conflict, Missing
from domain.following import Followable
from domain.moderation import Judged
from extensions import db
from models import Article, CommentState, Follow, Mute, Reader
from tests import factories
from tests.statements import counted_statements

pytestmark = pytest.mark.usefixtures("stage")


def rows(table: type[Follow | Mute]) -> int:
    return db.session.scalar(select(func.count()).select_from(table)) or 0


def test_following_twice_is_one_follow(article: Article, reader: Reader, now: datetime) -> None:
    assert following.follow(article, by=reader, now=now)
    assert not following.follow(article, by=reader, now=now)
    assert rows(Follow) == 1


def test_an_article_a_thread_a_prediction_and_a_reader_can_be_followed(
    article: Article, reader: Reader, another_reader: Reader, now: datetime
) -> None:
    thread = factories.comment(article, another_reader)
    targets: list[Followable] = [article, thread, factories.asked(article)[1], another_reader]
    for target in targets:
        following.follow(target, by=reader, now=now)
    assert following.followed_among(reader, targets) == frozenset(targets)
    assert following.followed_among(another_reader, targets) == frozenset()


def test_following_a_reply_is_following_its_thread(article: Article, reader: Reader, now: datetime) -> None:
    first = factories.comment(article, factories.account())
    reply = factories.comment(article, factories.account(), parent=first)
    following.follow(reply, by=reader, now=now)
    assert following.followed_among(reader, [first, reply]) == {first, reply}
    assert not following.follow(first, by=reader, now=now)


def test_a_guest_can_follow(article: Article, stranger: Reader, now: datetime) -> None:
    assert following.follow(article, by=stranger, now=now)


def test_stopping_ends_it_and_stopping_again_changes_nothing(article: Article, reader: Reader, now: datetime) -> None:
    following.follow(article, by=reader, now=now)
    assert following.unfollow(article, by=reader)
    assert not following.unfollow(article, by=reader)
    assert following.followed_among(reader, [article]) == frozenset()


def test_nobody_ends_the_follow_of_another(article: Article, reader: Reader, another_reader: Reader, now: datetime) -> None:
    following.follow(article, by=reader, now=now)
    follow_id = db.session.scalars(select(Follow.id)).one()
    assert not following.end(follow_id, by=another_reader)
    assert following.end(follow_id, by=reader)


def test_nobody_follows_or_mutes_themselves(reader: Reader, now: datetime) -> None:
    with pytest.raises(Conflict, match="follow yourself"):
        following.follow(reader, by=reader, now=now)
    with pytest.raises(Conflict, match="mute yourself"):
        following.mute(reader, by=reader, now=now)


def test_a_draft_cannot_be_followed(reader: Reader, editor: Reader, now: datetime) -> None:
    draft = articles.create(factories.draft(now), now=now)
    for target in (draft, factories.asked(draft)[1]):
        with pytest.raises(Missing):
            following.follow(target, by=reader, now=now)
        with pytest.raises(Conflict, match="not been opened"):
            following.follow(target, by=editor, now=now)


@pytest.mark.parametrize("state", [state for state in CommentState if state is not CommentState.PUBLISHED])
def test_a_comment_that_is_not_shown_cannot_be_followed(
    article: Article, reader: Reader, now: datetime, state: CommentState
) -> None:
    comment = factories.comment(article, factories.account())
    comment.state, comment.is_listed = state, False
    with pytest.raises(Conflict, match="not shown"):
        following.follow(comment, by=reader, now=now)


def test_there_is_a_most_of_what_can_be_followed(
    article: Article, reader: Reader, another_reader: Reader, now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(following, "MOST_FOLLOWS", 1)
    monkeypatch.setattr(following, "MOST_MUTED", 1)
    following.follow(article, by=reader, now=now)
    following.mute(another_reader, by=reader, now=now)
    with pytest.raises(Conflict, match=r"follow .* things, which is the most"):
        following.follow(factories.account(), by=reader, now=now)
    with pytest.raises(Conflict, match=r"muted .* readers, which is the most"):
        following.mute(factories.account(), by=reader, now=now)
    assert not following.follow(article, by=reader, now=now)


def test_muting_twice_is_one_mute_and_ends_a_follow(reader: Reader, another_reader: Reader, now: datetime) -> None:
    following.follow(another_reader, by=reader, now=now)
    assert following.mute(another_reader, by=reader, now=now)
    assert not following.mute(another_reader, by=reader, now=now)
    assert (rows(Mute), rows(Follow)) == (1, 0)
    assert following.has_muted(reader, another_reader)
    assert not following.has_muted(another_reader, reader)


def test_unmuting_needs_no_page_of_the_muted(reader: Reader, stranger: Reader, now: datetime) -> None:
    following.mute(stranger, by=reader, now=now)
    assert following.unmute(stranger.public_id, by=reader)
    assert not following.unmute(stranger.public_id, by=reader)


@pytest.mark.parametrize("public_id", ["", "nobody", "x' OR 1=1", "a\0b", "é" * 300])
def test_unmuting_somebody_who_is_not_there_says_so(reader: Reader, public_id: str) -> None:
    with pytest.raises(Missing):
        following.unmute(public_id, by=reader)


def test_what_is_followed_is_listed_newest_first_in_one_query(
    article: Article, reader: Reader, moderator: Reader, now: datetime
) -> None:
    author = factories.account()
    thread, gone = factories.comment(article, author), factories.comment(article, author)
    for target in (article, thread, gone, factories.asked(article)[1], author):
        following.follow(target, by=reader, now=now)
    moderation.remove(Judged(comment_id=gone.id, version=gone.version), clauses.current("abuse"), by=moderator, now=now)
    db.session.expire_all()
    with counted_statements() as statements:
        page = following.follows_of(reader)
        seen = [(row.reader, row.prediction, row.comment, row.article and row.article.slug) for row in page.rows]
    prediction = factories.asked(article)[1]
    assert [row[0] for row in seen] == [author, None, author, author, None]
    assert [row[1] for row in seen] == [None, prediction, None, None, None]
    assert [row[2] for row in seen] == [None, None, None, thread, None]
    assert [row[3] for row in seen] == [None, *[article.slug] * 4]
    assert len([one for one in statements if one.startswith("SELECT follow")]) == 1


def test_lists_have_pages(reader: Reader, now: datetime, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(following, "LISTED", 2)
    people = [factories.account() for _ in range(3)]
    for other in people:
        following.follow(other, by=reader, now=now)
    first = following.follows_of(reader)
    rest = following.follows_of(reader, before=first.next_before)
    assert [row.reader for row in (*first.rows, *rest.rows)] == people[::-1]
    assert rest.next_before is None
    for other in people:
        following.mute(other, by=reader, now=now)
    muted = following.mutes_of(reader)
    assert [*muted.rows, *following.mutes_of(reader, before=muted.next_before).rows] == people[::-1]
