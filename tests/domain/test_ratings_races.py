"""Readers who rate one comment at once, with real commits: what a rolled-back transaction cannot show."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime

import pytest
from flask import Flask
from sqlalchemy import func, select

from domain import clauses, comments, moderation, ratings
from domain.moderation import Judged
from extensions import db
from models import Article, Camp, Comment, CommentRating, CommentState, Reader, Role, Verdict
from tests import factories
from tests.applications import leave_empty
from tests.racing import at_once
from tests.ratings import SIDES, assert_ratings_add_up, by_camp, counted, takes_side

RATERS = 50


@pytest.fixture
def committed(app: Flask) -> Iterator[tuple[int, list[int]]]:
    """Give a comment and readers of three camps, all committed; leave an empty database."""
    with app.app_context():
        now = datetime.now(UTC)
        article = factories.open_article(now)
        comment_id = factories.comment(article, factories.account()).id
        people = [factories.account() for _ in range(RATERS)]
        for place, one in enumerate(people):
            takes_side(article, one, SIDES[place % len(SIDES)], now)
        numbers = [one.id for one in people]
        db.session.commit()
        db.session.remove()
        yield comment_id, numbers
        leave_empty()


def rate(comment_id: int, by: Reader, verdict: Verdict | None) -> None:
    ratings.rate(db.session.get_one(Comment, comment_id), verdict, by=by, now=datetime.now(UTC))


def test_fifty_readers_at_once_are_all_counted(app: Flask, committed: tuple[int, list[int]]) -> None:
    comment_id, people = committed
    at_once(app, people, lambda by, place: rate(comment_id, by, Verdict.POOR if place % 5 == 0 else Verdict.GOOD))
    comment = db.session.get_one(Comment, comment_id)
    assert counted(comment) == (40, 10)
    assert by_camp(comment) == {Camp.FOR: (13, 17), Camp.AGAINST: (14, 17), Camp.UNSURE: (13, 16)}
    assert_ratings_add_up(comment)


def test_one_reader_in_many_windows_has_one_rating(app: Flask, committed: tuple[int, list[int]]) -> None:
    comment_id, people = committed
    verdicts = [Verdict.GOOD, Verdict.POOR, None]
    at_once(app, people[:1] * 20, lambda by, place: rate(comment_id, by, verdicts[place % 3]))
    assert (db.session.scalar(select(func.count()).select_from(CommentRating)) or 0) <= 1
    assert_ratings_add_up(db.session.get_one(Comment, comment_id))


def test_rating_answering_and_deciding_at_once_do_not_lock_one_another(app: Flask, committed: tuple[int, list[int]]) -> None:
    comment_id, people = committed
    moderator = factories.account(role=Role.MODERATOR).id
    db.session.commit()

    def act(by: Reader, place: int) -> None:
        comment = db.session.get_one(Comment, comment_id)
        if place == 0:
            judged = Judged(comment_id=comment_id, version=comment.version)
            moderation.remove(judged, clauses.current("spam"), by=by, now=datetime.now(UTC))
        elif place % 2:
            comments.post(comment.article, f"Answer {place}.", by=by, now=datetime.now(UTC), parent=comment)
        else:
            rate(comment_id, by, Verdict.GOOD)

    at_once(app, [moderator, *people[:30]], act)
    comment = db.session.get_one(Comment, comment_id)
    assert_ratings_add_up(comment)
    replies = select(func.count()).select_from(Comment).where(Comment.root_id == comment_id)
    assert comment.numbered == db.session.scalar(replies)
    assert db.session.scalar(select(Article.published_comments)) == comment.replies + (comment.state is CommentState.PUBLISHED)
