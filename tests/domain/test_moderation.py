from __future__ import annotations

from datetime import datetime

import pytest
from sqlalchemy import func, select, update

from domain import clauses, moderation, screened, threads
from domain.commentviews import Shown
from domain.errors import Conflict, Forbidden, Missing
from domain.moderation import Judged
from extensions import db
from models import (
    Article,
    Comment,
    CommentState,
    ModerationAct,
    ModerationEntry,
    Reader,
    Report,
    ReportReason,
    Role,
)
from tests import factories

pytestmark = pytest.mark.usefixtures("stage")

HELD, PUBLISHED, REMOVED = CommentState.HELD, CommentState.PUBLISHED, CommentState.REMOVED


@pytest.fixture
def held(article: Article, stranger: Reader) -> Comment:
    return factories.comment(article, stranger)


@pytest.fixture
def published(article: Article, reader: Reader) -> Comment:
    return factories.comment(article, reader)


@pytest.fixture
def reported(published: Comment, another_reader: Reader, now: datetime) -> Comment:
    moderation.report(published, ReportReason.ABUSE, "look at this", by=another_reader, now=now)
    return published


def judged(comment: Comment) -> Judged:
    newest = db.session.scalar(select(func.max(Report.id)).where(Report.comment_id == comment.id))
    return Judged(comment_id=comment.id, version=comment.version, report_id=newest or 0)


def approve(comment: Comment, by: Reader, now: datetime) -> ModerationEntry:
    return moderation.approve(judged(comment), by=by, now=now)


def remove(comment: Comment, by: Reader, now: datetime) -> ModerationEntry:
    return moderation.remove(judged(comment), clauses.current("abuse"), by=by, now=now)


def entries(comment: Comment) -> list[ModerationEntry]:
    return list(
        db.session.scalars(select(ModerationEntry).where(ModerationEntry.comment_id == comment.id).order_by(ModerationEntry.id))
    )


def open_reports(comment: Comment) -> int:
    is_open = (Report.comment_id == comment.id) & Report.settled_by_id.is_(None)
    return db.session.scalar(select(func.count()).select_from(Report).where(is_open)) or 0


def shape(entry: ModerationEntry) -> tuple[object, ...]:
    return entry.act, entry.from_state, entry.to_state, entry.clause


def version_of(article: Article) -> int:
    db.session.refresh(article)
    return article.version


def test_a_check_that_holds_a_comment_is_an_entry_without_an_actor(held: Comment) -> None:
    (entry,) = entries(held)
    assert (entry.actor_id, *shape(entry)) == (None, ModerationAct.HELD, None, HELD, None)


def test_approving_a_held_comment_publishes_it(held: Comment, moderator: Reader, now: datetime) -> None:
    entry = approve(held, moderator, now)
    assert held.state is PUBLISHED
    assert entries(held)[1:] == [entry]
    assert shape(entry) == (ModerationAct.APPROVED, HELD, PUBLISHED, None)
    assert (entry.actor_id, entry.made_at) == (moderator.id, now)


def test_approving_a_reported_comment_keeps_it_and_settles_the_reports(
    reported: Comment, moderator: Reader, now: datetime
) -> None:
    entry = approve(reported, moderator, now)
    assert reported.state is PUBLISHED
    assert entries(reported) == [entry]
    assert shape(entry) == (ModerationAct.APPROVED, PUBLISHED, PUBLISHED, None)
    assert open_reports(reported) == 0
    assert db.session.scalars(select(Report.settled_by_id)).all() == [entry.id]


def test_a_report_that_came_after_the_look_waits_for_another(
    reported: Comment, stranger: Reader, moderator: Reader, now: datetime
) -> None:
    seen = judged(reported)
    moderation.report(reported, ReportReason.PRIVACY, "", by=stranger, now=now)
    moderation.approve(seen, by=moderator, now=now)
    assert open_reports(reported) == 1


@pytest.mark.parametrize("comment", ["held", "published", "reported"])
def test_removing_writes_one_entry_with_its_reason(
    comment: str, moderator: Reader, now: datetime, request: pytest.FixtureRequest
) -> None:
    row: Comment = request.getfixturevalue(comment)
    before, count = row.state, len(entries(row))
    entry = moderation.remove(judged(row), clauses.current("spam"), by=moderator, now=now, note="third\x00 time")
    assert row.state is REMOVED
    assert entries(row)[count:] == [entry]
    assert (*shape(entry), entry.note) == (ModerationAct.REMOVED, before, REMOVED, clauses.current("spam"), "third time")
    assert open_reports(row) == 0


@pytest.mark.usefixtures("published")
def test_a_comment_that_nothing_has_put_before_moderators_cannot_be_approved(
    article: Article, reader: Reader, moderator: Reader, now: datetime
) -> None:
    second = factories.comment(article, reader, "A second one, so no new name.")
    with pytest.raises(Conflict):
        approve(second, moderator, now)
    assert not entries(second)


@pytest.mark.parametrize("decide", [approve, remove])
def test_a_removed_comment_is_not_decided_again(held: Comment, moderator: Reader, now: datetime, decide: type) -> None:
    remove(held, moderator, now)
    with pytest.raises(Conflict):
        decide(held, moderator, now)
    assert len(entries(held)) == 2


def test_a_stale_decision_is_told_what_the_other_moderator_decided(
    held: Comment, moderator: Reader, editor: Reader, now: datetime
) -> None:
    stale = judged(held)
    approve(held, moderator, now)
    with pytest.raises(Conflict, match="has approved this comment meanwhile") as refusal:
        moderation.remove(stale, clauses.current("abuse"), by=editor, now=now)
    assert refusal.value.values == {"name": "Mo"}
    assert held.state is PUBLISHED
    assert len(entries(held)) == 2


def test_keeping_a_reported_comment_makes_other_looks_at_it_stale(
    reported: Comment, moderator: Reader, editor: Reader, now: datetime
) -> None:
    stale = judged(reported)
    approve(reported, moderator, now)
    with pytest.raises(Conflict, match="has approved"):
        moderation.remove(stale, clauses.current("abuse"), by=editor, now=now)


def test_deciding_twice_is_answered_as_having_decided_already(held: Comment, moderator: Reader, now: datetime) -> None:
    twice = judged(held)
    moderation.approve(twice, by=moderator, now=now)
    with pytest.raises(Conflict, match="already approved"):
        moderation.approve(twice, by=moderator, now=now)


def test_a_comment_that_changed_without_a_decision_is_not_decided(held: Comment, moderator: Reader, now: datetime) -> None:
    stale = judged(held)
    held.body_source = "something else"
    db.session.flush()
    with pytest.raises(Conflict, match="has changed since you saw it"):
        moderation.approve(stale, by=moderator, now=now)


def test_a_withdrawn_comment_is_not_decided(held: Comment, moderator: Reader, now: datetime) -> None:
    factories.put(held, CommentState.WITHDRAWN)
    db.session.flush()
    with pytest.raises(Conflict, match="withdrawn"):
        approve(held, moderator, now)


def test_there_has_to_be_a_comment_to_decide(moderator: Reader, now: datetime) -> None:
    with pytest.raises(Missing):
        moderation.approve(Judged(comment_id=999_999, version=1), by=moderator, now=now)


def test_nobody_decides_about_their_own_comment(article: Article, moderator: Reader, now: datetime) -> None:
    own = factories.comment(article, moderator)
    with pytest.raises(Forbidden, match="your own"):
        remove(own, moderator, now)


def test_a_reader_decides_nothing(held: Comment, reader: Reader, now: datetime) -> None:
    with pytest.raises(Forbidden):
        approve(held, reader, now)


def test_what_the_public_sees_changing_makes_a_new_version_of_the_article(
    held: Comment, article: Article, moderator: Reader, now: datetime
) -> None:
    versions = [version_of(article)]
    entry = approve(held, moderator, now)
    versions.append(version_of(article))
    moderation.undo(entry.id, by=moderator, now=now)
    versions.append(version_of(article))
    remove(held, moderator, now)
    versions.append(version_of(article))
    assert [version - versions[0] for version in versions] == [0, 1, 2, 2]


def test_undoing_restores_the_state_and_the_reports_and_is_an_entry(
    reported: Comment, moderator: Reader, now: datetime
) -> None:
    entry = remove(reported, moderator, now)
    undoing = moderation.undo(entry.id, by=moderator, now=now)
    assert reported.state is PUBLISHED
    assert open_reports(reported) == 1
    assert entries(reported) == [entry, undoing]
    assert (*shape(undoing), undoing.undoes_id) == (ModerationAct.UNDONE, REMOVED, PUBLISHED, None, entry.id)


def test_undoing_an_approval_holds_the_comment_again(held: Comment, moderator: Reader, now: datetime) -> None:
    moderation.undo(approve(held, moderator, now).id, by=moderator, now=now)
    assert held.state is HELD


def test_an_approval_that_was_undone_earns_no_trust(reported: Comment, moderator: Reader, now: datetime) -> None:
    entry = approve(reported, moderator, now)
    trusted = [screened.is_trusted(reported.reader)]
    moderation.undo(entry.id, by=moderator, now=now)
    trusted.append(screened.is_trusted(reported.reader))
    assert trusted == [True, False]


def test_an_earlier_approval_earns_trust_though_a_later_one_was_undone(
    held: Comment, another_reader: Reader, moderator: Reader, now: datetime
) -> None:
    approve(held, moderator, now)
    moderation.report(held, ReportReason.ABUSE, "", by=another_reader, now=now)
    moderation.undo(approve(held, moderator, now).id, by=moderator, now=now)
    assert screened.is_trusted(held.reader)


def test_undoing_leaves_alone_a_report_made_again_meanwhile(
    reported: Comment, another_reader: Reader, moderator: Reader, now: datetime
) -> None:
    entry = approve(reported, moderator, now)
    moderation.report(reported, ReportReason.SPAM, "again", by=another_reader, now=now)
    moderation.undo(entry.id, by=moderator, now=now)
    is_open = Report.settled_by_id.is_(None)
    assert db.session.scalars(select(Report.note).where(is_open)).all() == ["again"]


def test_undoing_reopens_only_what_that_decision_settled(reported: Comment, moderator: Reader, now: datetime) -> None:
    approve(reported, moderator, now)
    later = remove(reported, moderator, now)
    moderation.undo(later.id, by=moderator, now=now)
    assert open_reports(reported) == 0


def test_undoing_twice_is_refused(held: Comment, moderator: Reader, now: datetime) -> None:
    entry = approve(held, moderator, now)
    moderation.undo(entry.id, by=moderator, now=now)
    with pytest.raises(Conflict, match="already been undone"):
        moderation.undo(entry.id, by=moderator, now=now)
    assert len(entries(held)) == 3


def test_a_decision_followed_by_another_is_not_undone(held: Comment, moderator: Reader, editor: Reader, now: datetime) -> None:
    entry = approve(held, moderator, now)
    remove(held, editor, now)
    with pytest.raises(Conflict, match="decided again since"):
        moderation.undo(entry.id, by=moderator, now=now)


def test_an_undoing_is_not_undone(held: Comment, moderator: Reader, now: datetime) -> None:
    undoing = moderation.undo(approve(held, moderator, now).id, by=moderator, now=now)
    with pytest.raises(Conflict, match="Only what a moderator decided"):
        moderation.undo(undoing.id, by=moderator, now=now)


def test_a_withdrawn_comment_is_not_brought_back_by_undoing(held: Comment, moderator: Reader, now: datetime) -> None:
    entry = approve(held, moderator, now)
    factories.put(held, CommentState.WITHDRAWN)
    db.session.flush()
    with pytest.raises(Conflict, match="has changed since"):
        moderation.undo(entry.id, by=moderator, now=now)


def test_only_the_decider_or_an_editor_undoes(held: Comment, moderator: Reader, editor: Reader, now: datetime) -> None:
    entry = approve(held, moderator, now)
    other = factories.account("Mira", role=Role.MODERATOR)
    with pytest.raises(Forbidden):
        moderation.undo(entry.id, by=other, now=now)
    assert moderation.undo(entry.id, by=editor, now=now).actor_id == editor.id


def test_an_editor_does_not_undo_the_removal_of_their_own_comment(
    article: Article, moderator: Reader, editor: Reader, now: datetime
) -> None:
    entry = remove(factories.comment(article, editor), moderator, now)
    with pytest.raises(Forbidden, match="your own"):
        moderation.undo(entry.id, by=editor, now=now)


def test_there_has_to_be_a_decision_to_undo(moderator: Reader, now: datetime) -> None:
    with pytest.raises(Missing):
        moderation.undo(999_999, by=moderator, now=now)


def test_the_newest_decision_about_each_comment_is_found(
    held: Comment, reported: Comment, moderator: Reader, now: datetime
) -> None:
    entry = approve(held, moderator, now)
    later = remove(held, moderator, now)
    assert moderation.decisions_about([held.id, reported.id]) == {held.id: later}
    assert entry.id < later.id


def test_an_author_sees_why_their_comment_was_removed(
    reported: Comment, article: Article, reader: Reader, moderator: Reader, now: datetime
) -> None:
    entry = remove(reported, moderator, now)
    (node,) = threads.discussion_of(article, viewer=reader, now=now).own
    assert (node.view.shown, node.view.entry) == (Shown.OWN, entry)


def test_a_second_report_while_the_first_is_open_changes_nothing(
    reported: Comment, another_reader: Reader, now: datetime
) -> None:
    moderation.report(reported, ReportReason.SPAM, "again", by=another_reader, now=now)
    assert db.session.scalars(select(Report.note)).all() == ["look at this"]


def test_a_report_keeps_no_control_characters(published: Comment, stranger: Reader, now: datetime) -> None:
    moderation.report(published, ReportReason.OTHER, "a\x00b", by=stranger, now=now)
    assert db.session.scalars(select(Report.note)).all() == ["ab"]


def test_what_is_not_shown_cannot_be_reported(held: Comment, reader: Reader, now: datetime) -> None:
    with pytest.raises(Conflict, match="no longer shown"):
        moderation.report(held, ReportReason.SPAM, "", by=reader, now=now)


def test_a_report_sees_a_removal_this_session_has_not(published: Comment, another_reader: Reader, now: datetime) -> None:
    removal = update(Comment).where(Comment.id == published.id).values(state=REMOVED, is_listed=False)
    db.session.execute(removal.execution_options(synchronize_session=False))
    with pytest.raises(Conflict, match="no longer shown"):
        moderation.report(published, ReportReason.SPAM, "", by=another_reader, now=now)


def test_nobody_reports_their_own_comment(published: Comment, reader: Reader, now: datetime) -> None:
    with pytest.raises(Conflict, match="your own"):
        moderation.report(published, ReportReason.SPAM, "", by=reader, now=now)


@pytest.mark.parametrize("verb", ["remove", "limit", "disable", "hold"])
def test_every_restriction_can_be_undone(published: Comment, moderator: Reader, now: datetime, verb: str) -> None:
    given = () if verb == "hold" else (clauses.current("abuse"),)
    entry = getattr(moderation, verb)(judged(published), *given, by=moderator, now=now)
    assert published.state is entry.to_state is not PUBLISHED
    moderation.undo(entry.id, by=moderator, now=now)
    assert published.state is PUBLISHED
    db.session.refresh(published.article)
    assert published.article.published_comments == 1
