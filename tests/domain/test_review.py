from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from domain import cards, clauses, moderation, queues, review
from domain.errors import Missing
from domain.moderation import Judged
from domain.queues import Queue
from domain.review import Decision
from domain.standings import Record
from extensions import db
from models import Article, Comment, CommentState, ModerationEntry, Reader, ReferralKind, ReportReason
from tests import factories

pytestmark = pytest.mark.usefixtures("stage")


def judged(comment: Comment) -> Judged:
    return Judged(
        comment_id=comment.id, version=comment.version, report_id=cards.item(comment.id, now=datetime.now(UTC)).newest_report_id
    )


def approve(comment: Comment, by: Reader, now: datetime) -> ModerationEntry:
    return moderation.approve(judged(comment), by=by, now=now)


def remove(comment: Comment, by: Reader, now: datetime) -> ModerationEntry:
    return moderation.remove(judged(comment), clauses.current("spam"), by=by, now=now)


def reported(article: Article, *reports: tuple[ReportReason, str], now: datetime) -> Comment:
    comment = factories.comment(article, factories.account())
    for reason, note in reports:
        moderation.report(comment, reason, note, by=factories.guest(), now=now)
    return comment


def ids(queue: Queue) -> list[int]:
    return queues.waiting(queue, now=datetime.now(UTC)).comment_ids


def test_what_was_reported_first_comes_first(article: Article, another_reader: Reader, now: datetime) -> None:
    older, newer = (factories.comment(article, factories.account()) for _ in range(2))
    for comment in (newer, older, newer):
        moderation.report(comment, ReportReason.SPAM, "", by=another_reader, now=now)
    assert ids(Queue.REPORTED) == [newer.id, older.id]


def test_reports_of_what_is_no_longer_shown_wait_for_nobody(article: Article, now: datetime) -> None:
    comment = reported(article, (ReportReason.SPAM, ""), now=now)
    factories.put(comment, CommentState.WITHDRAWN)
    db.session.flush()
    assert ids(Queue.REPORTED) == []
    assert queues.counts(datetime.now(UTC)) == dict.fromkeys(Queue, 0)


def test_a_comment_held_again_shows_the_reports_it_has(article: Article, moderator: Reader, now: datetime) -> None:
    comment = factories.comment(article, factories.guest())
    entry = approve(comment, moderator, now)
    moderation.report(comment, ReportReason.PRIVACY, "a street", by=factories.guest(), now=now)
    moderation.undo(entry.id, by=moderator, now=now)
    assert ids(Queue.HELD) == [comment.id]
    assert [reports.notes for reports in cards.item(comment.id, now=datetime.now(UTC)).complaints] == [("a street",)]


def test_complaints_are_grouped_with_the_most_frequent_reason_first(article: Article, now: datetime) -> None:
    spam, abuse = (ReportReason.SPAM, "shop"), (ReportReason.ABUSE, "")
    comment = reported(article, abuse, spam, spam, now=now)
    found = cards.item(comment.id, now=datetime.now(UTC)).complaints
    assert [(group.reason, group.count, group.notes) for group in found] == [
        (ReportReason.SPAM, 2, ("shop", "shop")),
        (ReportReason.ABUSE, 1, ()),
    ]


def test_of_many_notes_the_newest_are_shown(article: Article, now: datetime) -> None:
    notes = [(ReportReason.OTHER, str(number)) for number in range(cards.NOTES_A_REASON + 2)]
    (found,) = cards.item(reported(article, *notes, now=now).id, now=datetime.now(UTC)).complaints
    assert (found.count, found.notes) == (7, ("6", "5", "4", "3", "2"))


def test_an_author_is_known_by_what_became_of_their_comments(
    article: Article, stranger: Reader, moderator: Reader, now: datetime
) -> None:
    first, second, third, fourth = (factories.comment(article, stranger) for _ in range(4))
    approve(first, moderator, now)
    remove(second, moderator, now)
    moderation.undo(approve(third, moderator, now).id, by=moderator, now=now)
    assert cards.item(fourth.id, now=datetime.now(UTC)).record == Record(comments=4, approved=1, removed=1)


def test_a_reported_comment_waits_since_its_first_report(article: Article, reader: Reader, now: datetime) -> None:
    comment = factories.comment(article, reader)
    later = now + timedelta(hours=1)
    for moment in (later, later + timedelta(hours=1)):
        moderation.report(comment, ReportReason.SPAM, "", by=factories.guest(), now=moment)
    assert cards.item(comment.id, now=datetime.now(UTC)).waits_since == later


def test_there_has_to_be_a_comment_to_show() -> None:
    with pytest.raises(Missing):
        cards.item(999_999, now=datetime.now(UTC))


def test_counting_stops_where_a_number_says_many(article: Article, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(queues, "MOST_COUNTED", 2)
    for _ in range(5):
        factories.comment(article, factories.guest())
    assert queues.counts(datetime.now(UTC))[Queue.HELD] == 3


def test_the_last_decision_is_offered_until_it_is_undone(
    article: Article, stranger: Reader, moderator: Reader, now: datetime
) -> None:
    first, second = factories.comment(article, stranger), factories.comment(article, stranger)
    entries = [approve(first, moderator, now), remove(second, moderator, now)]
    offered = []
    while (last := review.last_decision(moderator, now)) is not None:
        offered.append(last.entry)
        moderation.undo(last.entry.id, by=moderator, now=now)
    assert offered == entries[::-1]


def test_after_an_act_without_undo_no_older_decision_is_offered(
    article: Article, stranger: Reader, moderator: Reader, now: datetime
) -> None:
    first, second, third = (factories.comment(article, stranger) for _ in range(3))
    remove(first, moderator, now)
    referral = moderation.refer(judged(second), ReferralKind.LEGAL, by=moderator, now=now)
    approval = approve(third, moderator, now)
    assert review.last_decision(moderator, now) == Decision(approval, stands=True)
    moderation.undo(approval.id, by=moderator, now=now)
    assert review.last_decision(moderator, now) == Decision(referral, stands=False)


def test_a_decision_that_another_moderator_followed_is_not_offered(
    article: Article, stranger: Reader, moderator: Reader, editor: Reader, now: datetime
) -> None:
    comment = factories.comment(article, stranger)
    approve(comment, moderator, now)
    moderation.report(comment, ReportReason.SPAM, "", by=factories.guest(), now=now)
    approve(comment, editor, now)
    assert review.last_decision(moderator, now) is None


def test_an_old_decision_is_offered_among_the_decisions_only(
    article: Article, stranger: Reader, moderator: Reader, now: datetime
) -> None:
    entry = approve(factories.comment(article, stranger), moderator, now)
    assert review.last_decision(moderator, now + review.UNDO_OFFERED) is None
    (decision,), _ = review.decisions_by(moderator)
    assert (decision.entry, decision.stands) == (entry, True)


def test_a_decision_about_what_was_withdrawn_since_does_not_stand(
    article: Article, stranger: Reader, moderator: Reader, now: datetime
) -> None:
    comment = factories.comment(article, stranger)
    approve(comment, moderator, now)
    factories.put(comment, CommentState.WITHDRAWN)
    db.session.flush()
    (decision,), _ = review.decisions_by(moderator)
    assert (review.last_decision(moderator, now), decision.stands) == (None, False)


def test_decisions_are_read_page_by_page(
    article: Article, stranger: Reader, moderator: Reader, now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(review, "DECISIONS_A_PAGE", 2)
    comments = [factories.comment(article, stranger) for _ in range(3)]
    entries = [approve(comment, moderator, now) for comment in comments]
    newest, cursor = review.decisions_by(moderator)
    oldest, end = review.decisions_by(moderator, before=cursor)
    assert [decision.entry for decision in (*newest, *oldest)] == entries[::-1]
    assert end is None
