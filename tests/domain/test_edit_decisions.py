from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select

from domain import cards, clauses, comments, moderation, profiles, queues, review, revisions, statements
from domain.errors import Conflict, Forbidden
from domain.moderation import Judged
from domain.queues import Queue
from domain.review import Decision
from extensions import db
from models import (
    Article,
    Comment,
    CommentMention,
    CommentRevision,
    CommentState,
    ModerationAct,
    ModerationEntry,
    Reader,
    ReportReason,
    RevisionState,
)
from tests import factories

pytestmark = pytest.mark.usefixtures("stage")

WINDOW = timedelta(minutes=10)
LINK = "The tolls stay, says https://example.org/why"
HELD, SHOWN, REFUSED = RevisionState.HELD, RevisionState.SHOWN, RevisionState.REFUSED


@pytest.fixture
def edited(article: Article, reader: Reader, now: datetime) -> Comment:
    """Return a published comment of which an edit waits."""
    comment = factories.comment(article, reader, "The tolls end.")
    edit(comment, LINK, now)
    return comment


def edit(comment: Comment, body: str, now: datetime) -> None:
    revisions.edit(comment, body, by=comment.reader, now=now, window=WINDOW)


def judged(comment: Comment) -> Judged:
    waiting = revisions.waiting_of(comment)
    return Judged(comment_id=comment.id, version=comment.version, revision_id=waiting.id if waiting else 0)


def approve(comment: Comment, by: Reader, now: datetime) -> ModerationEntry:
    return moderation.approve_edit(judged(comment), by=by, now=now)


def refuse(comment: Comment, by: Reader, now: datetime) -> ModerationEntry:
    return moderation.refuse_edit(judged(comment), by=by, now=now)


def states(comment: Comment) -> list[RevisionState]:
    of_comment = select(CommentRevision.state).where(CommentRevision.comment_id == comment.id)
    return list(db.session.scalars(of_comment.order_by(CommentRevision.number)))


def ids(queue: Queue) -> list[int]:
    return queues.waiting(queue, now=datetime.now(UTC)).comment_ids


def test_an_edit_waits_in_a_queue_of_its_own(edited: Comment) -> None:
    assert (ids(Queue.HELD), ids(Queue.EDITED), ids(Queue.REPORTED)) == ([], [edited.id], [])
    assert queues.counts(datetime.now(UTC))[Queue.EDITED] == 1


def test_the_desk_sees_both_texts_and_why_the_edit_waits(edited: Comment, now: datetime) -> None:
    item = cards.item(edited.id, now=datetime.now(UTC))
    assert item.edit is not None
    assert item.edit.pieces is not None
    assert [piece.text for piece in item.edit.pieces] == ["The tolls ", "end.", LINK.removeprefix("The tolls ")]
    assert [(verdict.check, verdict.detail) for verdict in item.verdicts] == [("links", "https://example.org/why")]
    assert (item.waits_since, item.can_be_approved, item.can_be_removed) == (now, False, True)


def test_approving_shows_the_edit(edited: Comment, article: Article, moderator: Reader, now: datetime) -> None:
    version = article.version
    entry = approve(edited, moderator, now)
    assert (edited.body_source, edited.edited_at, states(edited)) == (LINK, now, [SHOWN, SHOWN])
    assert (entry.act, entry.actor_id, entry.revision_id) == (ModerationAct.EDIT_APPROVED, moderator.id, entry.revision_id)
    db.session.refresh(article)
    assert article.version > version
    assert ids(Queue.EDITED) == []


def test_refusing_keeps_the_earlier_text(edited: Comment, moderator: Reader, now: datetime) -> None:
    entry = refuse(edited, moderator, now)
    assert (edited.body_source, edited.edited_at, states(edited)) == ("The tolls end.", None, [SHOWN, REFUSED])
    assert (entry.act, entry.from_state, entry.to_state) == (
        ModerationAct.EDIT_REFUSED,
        CommentState.PUBLISHED,
        CommentState.PUBLISHED,
    )
    assert ids(Queue.EDITED) == []


@pytest.mark.parametrize("decide", [approve, refuse])
def test_undoing_lets_the_edit_wait_again(edited: Comment, moderator: Reader, now: datetime, decide: type) -> None:
    entry = decide(edited, moderator, now)
    undoing = moderation.undo(entry.id, by=moderator, now=now)
    assert (edited.body_source, edited.edited_at, states(edited)) == ("The tolls end.", None, [SHOWN, HELD])
    assert (undoing.act, undoing.revision_id) == (ModerationAct.UNDONE, entry.revision_id)
    assert ids(Queue.EDITED) == [edited.id]
    assert approve(edited, moderator, now).id > undoing.id


def test_undoing_goes_back_to_the_edit_before(edited: Comment, moderator: Reader, now: datetime) -> None:
    edit(edited, "A first edit.", now)
    edit(edited, LINK, now)
    moderation.undo(approve(edited, moderator, now + timedelta(hours=1)).id, by=moderator, now=now)
    assert (edited.body_source, edited.edited_at) == ("A first edit.", now)


@pytest.mark.parametrize("decide", [approve, refuse])
def test_a_decision_the_author_has_written_past_is_not_undone(
    edited: Comment, moderator: Reader, now: datetime, decide: type
) -> None:
    entry = decide(edited, moderator, now)
    edit(edited, "No link any more.", now)
    assert review.last_decision(moderator, now) is None
    assert [decision.stands for decision in review.decisions_by(moderator)[0]] == [False]
    with pytest.raises(Conflict, match="has changed since"):
        moderation.undo(entry.id, by=moderator, now=now)


@pytest.mark.parametrize("decide", [approve, refuse])
def test_the_last_decision_about_an_edit_is_offered_to_undo(
    edited: Comment, moderator: Reader, now: datetime, decide: type
) -> None:
    assert review.last_decision(moderator, now) is None
    entry = decide(edited, moderator, now)
    assert review.last_decision(moderator, now) == Decision(entry, stands=True)


def test_a_decision_about_a_text_the_author_replaced_is_refused(edited: Comment, moderator: Reader, now: datetime) -> None:
    stale = judged(edited)
    edit(edited, f"{LINK}-not", now)
    for decide in (moderation.approve_edit, moderation.refuse_edit):
        with pytest.raises(Conflict, match="author has edited"):
            decide(stale, by=moderator, now=now)
    assert states(edited) == [SHOWN, REFUSED, HELD]


def test_a_decision_about_an_edit_taken_back_is_refused(edited: Comment, moderator: Reader, now: datetime) -> None:
    stale = judged(edited)
    edit(edited, "The tolls end.", now)
    with pytest.raises(Conflict, match="author has edited"):
        moderation.approve_edit(stale, by=moderator, now=now)


def test_a_look_at_a_comment_is_stale_once_it_was_edited(
    article: Article, stranger: Reader, moderator: Reader, now: datetime
) -> None:
    held = factories.comment(article, stranger, "My first words.")
    stale = judged(held)
    edit(held, "Something worse.", now + timedelta(minutes=1))
    with pytest.raises(Conflict, match="author has edited"):
        moderation.approve(stale, by=moderator, now=now)
    assert held.state is CommentState.HELD


def test_the_second_to_decide_is_told_what_the_first_did(
    edited: Comment, moderator: Reader, editor: Reader, now: datetime
) -> None:
    stale = judged(edited)
    approve(edited, moderator, now + timedelta(seconds=1))
    with pytest.raises(Conflict, match="has published the edit meanwhile") as refusal:
        moderation.refuse_edit(stale, by=editor, now=now)
    assert refusal.value.values == {"name": "Mo"}
    with pytest.raises(Conflict, match="You have already published"):
        moderation.approve_edit(stale, by=moderator, now=now)


def test_an_edit_that_is_not_the_one_seen_is_not_decided(edited: Comment, moderator: Reader, now: datetime) -> None:
    other = Judged(comment_id=edited.id, version=edited.version, revision_id=judged(edited).revision_id + 1)
    with pytest.raises(Conflict, match="no longer waits"):
        moderation.approve_edit(other, by=moderator, now=now)


def test_removing_removes_the_whole_comment_and_undoing_brings_the_edit_back(
    edited: Comment, moderator: Reader, now: datetime
) -> None:
    entry = moderation.remove(judged(edited), clauses.current("spam"), by=moderator, now=now)
    assert (edited.state, ids(Queue.EDITED)) == (CommentState.REMOVED, [])
    with pytest.raises(Conflict, match="not shown"):
        approve(edited, moderator, now)
    moderation.undo(entry.id, by=moderator, now=now)
    assert ids(Queue.EDITED) == [edited.id]


@pytest.fixture
def limited(article: Article, reader: Reader, moderator: Reader, now: datetime) -> Comment:
    """Return a comment behind a notice, of which an edit waits."""
    comment = factories.comment(article, reader, "The tolls end.")
    moderation.limit(judged(comment), clauses.current("spam"), by=moderator, now=now)
    edit(comment, LINK, now)
    return comment


@pytest.mark.parametrize(("decide", "text"), [(approve, LINK), (refuse, "The tolls end.")])
def test_an_edit_of_a_comment_behind_a_notice_is_decided_and_leaves_it_there(
    limited: Comment, moderator: Reader, now: datetime, decide: type, text: str
) -> None:
    told = statements.live_of(limited)
    assert ids(Queue.EDITED) == [limited.id]
    entry = decide(limited, moderator, now)
    assert (limited.body_source, limited.state, entry.to_state) == (text, CommentState.LIMITED, CommentState.LIMITED)
    assert (ids(Queue.EDITED), statements.live_of(limited)) == ([], told)


@pytest.mark.parametrize("decide", [approve, refuse])
def test_undone_an_edit_of_a_comment_behind_a_notice_waits_again(
    limited: Comment, moderator: Reader, now: datetime, decide: type
) -> None:
    told = statements.live_of(limited)
    moderation.undo(decide(limited, moderator, now).id, by=moderator, now=now)
    assert (limited.body_source, limited.state, states(limited)) == ("The tolls end.", CommentState.LIMITED, [SHOWN, HELD])
    assert (ids(Queue.EDITED), statements.live_of(limited)) == ([limited.id], told)


def test_a_withdrawn_comment_has_no_edit_to_decide_about(edited: Comment, moderator: Reader, now: datetime) -> None:
    seen = judged(edited)
    comments.withdraw(edited, by=edited.reader, now=now)
    assert ids(Queue.EDITED) == []
    with pytest.raises(Conflict, match="withdrawn"):
        moderation.approve_edit(seen, by=moderator, now=now)


def test_nobody_decides_about_their_own_edit(edited: Comment, moderator: Reader, reader: Reader, now: datetime) -> None:
    with pytest.raises(Forbidden):
        approve(edited, reader, now)
    edited.reader_id = moderator.id
    db.session.flush()
    with pytest.raises(Forbidden, match="your own"):
        approve(edited, moderator, now)


def test_a_reported_comment_can_be_kept_while_an_edit_of_it_waits(
    edited: Comment, another_reader: Reader, moderator: Reader, now: datetime
) -> None:
    moderation.report(edited, ReportReason.SPAM, "", by=another_reader, now=now)
    seen = Judged(
        comment_id=edited.id, version=edited.version, report_id=cards.item(edited.id, now=datetime.now(UTC)).newest_report_id
    )
    moderation.approve(seen, by=moderator, now=now)
    assert (ids(Queue.REPORTED), ids(Queue.EDITED)) == ([], [edited.id])


def test_whom_an_edit_mentions_is_told_when_it_is_shown(
    article: Article, edited: Comment, moderator: Reader, now: datetime
) -> None:
    ann = factories.account("Ann Lee")
    factories.comment(article, ann)
    edit(edited, f"@Ann Lee {LINK}", now)
    entry = approve(edited, moderator, now)
    assert db.session.scalars(select(CommentMention.reader_id)).all() == [ann.id]
    moderation.undo(entry.id, by=moderator, now=now)
    assert db.session.scalars(select(CommentMention.reader_id)).all() == []


def test_a_moderators_own_withdrawals_are_no_decisions(article: Article, moderator: Reader, now: datetime) -> None:
    comments.withdraw(factories.comment(article, moderator), by=moderator, now=now)
    assert review.decisions_by(moderator) == ([], None)


def test_the_author_is_told_what_became_of_their_edit(edited: Comment, moderator: Reader, now: datetime) -> None:
    def told() -> ModerationAct | None:
        (written,) = profiles.own_comments(edited.reader).rows
        return written.edit.act if written.edit else None

    assert told() is ModerationAct.EDIT_HELD
    entry = refuse(edited, moderator, now)
    assert told() is ModerationAct.EDIT_REFUSED
    moderation.undo(entry.id, by=moderator, now=now)
    assert told() is ModerationAct.UNDONE
    approve(edited, moderator, now)
    assert told() is ModerationAct.EDIT_APPROVED


def test_an_edit_the_author_took_back_is_not_said_to_be_refused(edited: Comment, now: datetime) -> None:
    edit(edited, "The tolls end.", now)
    (written,) = profiles.own_comments(edited.reader).rows
    assert written.edit is None
