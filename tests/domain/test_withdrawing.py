from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from sqlalchemy import func, select

from domain import articles, comments, moderation, revisions, threads
from domain.errors import Conflict, Forbidden
from extensions import db
from models import (
    Article,
    Comment,
    CommentRevision,
    CommentState,
    ModerationAct,
    ModerationEntry,
    Reader,
    Report,
    ReportReason,
    RevisionState,
)
from tests import factories
from tests.recount import assert_counters_equal_a_recount

pytestmark = pytest.mark.usefixtures("stage")


@pytest.fixture
def comment(article: Article, reader: Reader) -> Comment:
    return factories.comment(article, reader, "The tolls end.")


def withdraw(comment: Comment, now: datetime) -> ModerationEntry | None:
    return comments.withdraw(comment, by=comment.reader, now=now)


@pytest.mark.parametrize("state", [CommentState.PUBLISHED, CommentState.HELD])
def test_withdrawing_is_an_entry_of_the_author(comment: Comment, now: datetime, state: CommentState) -> None:
    factories.put(comment, state)
    entry = withdraw(comment, now)
    assert entry is not None
    assert (entry.act, entry.actor_id, entry.from_state) == (ModerationAct.WITHDRAWN, comment.reader_id, state)
    assert comment.state is CommentState.WITHDRAWN
    assert_counters_equal_a_recount()


def test_withdrawing_twice_changes_nothing(comment: Comment, now: datetime) -> None:
    withdraw(comment, now)
    version = comment.version
    assert withdraw(comment, now) is None
    assert comment.version == version


def test_answers_stay_in_their_place(comment: Comment, article: Article, another_reader: Reader, now: datetime) -> None:
    reply = factories.comment(article, another_reader, parent=comment)
    withdraw(comment, now)
    db.session.refresh(article)
    (node,) = threads.discussion_of(article, viewer=None, now=now).nodes
    assert [child.view.id for child in node.children] == [reply.id]
    assert_counters_equal_a_recount()


def test_complaints_about_it_are_settled(comment: Comment, another_reader: Reader, now: datetime) -> None:
    moderation.report(comment, ReportReason.SPAM, "", by=another_reader, now=now)
    withdraw(comment, now)
    assert db.session.scalar(select(func.count()).select_from(Report).where(Report.settled_by_id.is_(None))) == 0


def test_an_edit_that_waits_is_over_with_it(comment: Comment, now: datetime) -> None:
    revisions.edit(comment, "See https://example.org/", by=comment.reader, now=now, window=timedelta(minutes=10))
    withdraw(comment, now)
    states = db.session.scalars(select(CommentRevision.state).order_by(CommentRevision.number)).all()
    assert states == [RevisionState.SHOWN, RevisionState.REFUSED]


def test_it_can_be_withdrawn_long_after_the_discussion_has_closed(comment: Comment, article: Article, now: datetime) -> None:
    articles.close(article, now=now)
    assert withdraw(comment, now + timedelta(days=400)) is not None


def test_others_do_not_withdraw_it(comment: Comment, moderator: Reader, now: datetime) -> None:
    with pytest.raises(Forbidden):
        comments.withdraw(comment, by=moderator, now=now)


def test_what_a_moderator_removed_is_not_withdrawn(comment: Comment, now: datetime) -> None:
    factories.put(comment, CommentState.REMOVED)
    with pytest.raises(Conflict, match="removed"):
        withdraw(comment, now)


def test_a_withdrawing_is_nothing_to_undo(comment: Comment, editor: Reader, now: datetime) -> None:
    entry = withdraw(comment, now)
    assert entry is not None
    with pytest.raises(Conflict, match="can be undone"):
        moderation.undo(entry.id, by=editor, now=now)
