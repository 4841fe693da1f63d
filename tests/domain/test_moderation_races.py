"""Moderators at once, with real commits: what a rolled-back transaction cannot show."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime

import pytest
from flask import Flask
from sqlalchemy import func, select

from domain import clauses, moderation
from domain.moderation import Judged
from extensions import db
from models import Comment, CommentState, ModerationAct, ModerationEntry, Reader, Report, ReportReason, Role
from tests import factories
from tests.applications import leave_empty
from tests.racing import at_once

MODERATORS = 50


@pytest.fixture
def committed(app: Flask) -> Iterator[tuple[Judged, list[int]]]:
    """Give a held comment and the moderators who look at it, all committed; leave an empty database."""
    with app.app_context():
        article = factories.open_article(datetime.now(UTC))
        comment = factories.comment(article, factories.guest())
        moderators = [factories.account(role=Role.MODERATOR) for _ in range(MODERATORS)]
        db.session.commit()
        seen = Judged(comment_id=comment.id, version=comment.version), [moderator.id for moderator in moderators]
        db.session.remove()
        yield seen
        leave_empty()


def acts() -> list[ModerationAct]:
    return list(db.session.scalars(select(ModerationEntry.act).order_by(ModerationEntry.id)))


def test_of_fifty_moderators_on_one_comment_one_decides(app: Flask, committed: tuple[Judged, list[int]]) -> None:
    seen, moderators = committed

    def decide(by: Reader, place: int) -> None:
        if place % 2:
            moderation.approve(seen, by=by, now=datetime.now(UTC))
        else:
            moderation.remove(seen, clauses.current("spam"), by=by, now=datetime.now(UTC))

    assert at_once(app, moderators, decide) == {"decided": 1, "conflict": MODERATORS - 1}
    assert len(acts()) == 2
    states = {ModerationAct.APPROVED: CommentState.PUBLISHED, ModerationAct.REMOVED: CommentState.REMOVED}
    assert db.session.get_one(Comment, seen.comment_id).state is states[acts()[-1]]


def test_of_many_undoings_of_one_decision_one_counts(app: Flask, committed: tuple[Judged, list[int]]) -> None:
    seen, moderators = committed
    entry = moderation.approve(seen, by=db.session.get_one(Reader, moderators[0]), now=datetime.now(UTC))
    entry_id = entry.id
    db.session.commit()
    again = moderators[:1] * MODERATORS
    ended = at_once(app, again, lambda by, _: moderation.undo(entry_id, by=by, now=datetime.now(UTC)))
    assert ended == {"decided": 1, "conflict": MODERATORS - 1}
    assert acts() == [ModerationAct.HELD, ModerationAct.APPROVED, ModerationAct.UNDONE]


def test_no_report_is_left_open_by_a_removal_at_the_same_moment(app: Flask, committed: tuple[Judged, list[int]]) -> None:
    held, readers = committed
    moderation.approve(held, by=db.session.get_one(Reader, readers[0]), now=datetime.now(UTC))
    seen = Judged(comment_id=held.comment_id, version=db.session.get_one(Comment, held.comment_id).version)
    db.session.commit()

    def act(by: Reader, place: int) -> None:
        if place == MODERATORS // 2:
            moderation.remove(seen, clauses.current("spam"), by=by, now=datetime.now(UTC))
        else:
            comment = db.session.get_one(Comment, seen.comment_id)
            moderation.report(comment, ReportReason.SPAM, "", by=by, now=datetime.now(UTC))

    at_once(app, readers, act)
    assert db.session.get_one(Comment, seen.comment_id).state is CommentState.REMOVED
    assert db.session.scalar(select(func.count()).select_from(Report).where(Report.settled_by_id.is_(None))) == 0
