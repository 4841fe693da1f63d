from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from sqlalchemy import func, select

from domain import appeals, clauses, moderation, notices, restraints, sanctions
from domain.entries import Why
from domain.errors import Closed, Conflict, Forbidden, Invalid, Missing
from domain.moderation import Judged
from domain.sanctions import Measure
from extensions import db
from models import (
    Appeal,
    Article,
    Comment,
    CommentState,
    ModerationAct,
    ModerationEntry,
    Notification,
    Reader,
    Report,
    ReportReason,
    Role,
    SanctionKind,
    StatementOfReasons,
)
from tests import factories
from tests.recount import assert_counters_equal_a_recount

pytestmark = pytest.mark.usefixtures("stage")

WORDS = "It was a quotation."
WEEK = timedelta(days=7)


@pytest.fixture
def second(stage: None) -> Reader:
    return factories.account("Mia", role=Role.MODERATOR)


@pytest.fixture
def removed(article: Article, reader: Reader, another_reader: Reader, moderator: Reader, now: datetime) -> StatementOfReasons:
    """Return the statement of a comment that was reported, answered, picked and then removed."""
    comment = factories.comment(article, reader)
    factories.comment(article, another_reader, parent=comment)
    comment.picked_at = now
    moderation.report(comment, ReportReason.ABUSE, "", by=another_reader, now=now)
    newest = db.session.scalar(select(func.max(Report.id))) or 0
    db.session.refresh(comment)
    judged = Judged(comment_id=comment.id, version=comment.version, report_id=newest)
    entry = moderation.remove(judged, clauses.current("abuse"), by=moderator, now=now)
    return statement_of(entry)


@pytest.fixture
def muted(reader: Reader, moderator: Reader, now: datetime) -> StatementOfReasons:
    return statement_of(impose(reader, moderator, now))


def impose(reader: Reader, by: Reader, now: datetime) -> ModerationEntry:
    why = Why(clause=clauses.current("abuse"))
    return sanctions.impose(reader, Measure(kind=SanctionKind.MUTED, lasts=WEEK), by=by, now=now, why=why)


def statement_of(entry: ModerationEntry) -> StatementOfReasons:
    return db.session.scalars(select(StatementOfReasons).where(StatementOfReasons.entry_id == entry.id)).one()


def appealed(statement: StatementOfReasons, now: datetime) -> Appeal:
    return appeals.make(statement, WORDS, by=statement.reader, now=now)


@pytest.fixture
def banned(reader: Reader, moderator: Reader, now: datetime) -> StatementOfReasons:
    why, measure = Why(clause=clauses.current("abuse")), Measure(kind=SanctionKind.BANNED, lasts=WEEK)
    return statement_of(sanctions.impose(reader, measure, by=moderator, now=now, why=why))


def test_a_ban_is_not_renewed_while_an_appeal_against_it_waits(
    banned: StatementOfReasons, second: Reader, now: datetime
) -> None:
    appeal, ban = appealed(banned, now), banned.entry.sanction_id or 0
    with pytest.raises(Conflict, match="Decide about the appeal first"):
        sanctions.renew(ban, WEEK, by=second, now=now)
    appeals.grant(appeal.id, by=second, now=now)
    assert restraints.of(banned.reader, now).sanctions == ()


def test_a_ban_is_renewed_once_the_appeal_is_refused(banned: StatementOfReasons, second: Reader, now: datetime) -> None:
    appeals.refuse(appealed(banned, now).id, "It stays.", by=second, now=now)
    sanctions.renew(banned.entry.sanction_id or 0, WEEK, by=second, now=now)
    assert restraints.of(banned.reader, now).of_kind(SanctionKind.BANNED) is not None


def acts(statement: StatementOfReasons) -> list[ModerationAct]:
    entry = statement.entry
    about = (
        ModerationEntry.comment_id == entry.comment_id if entry.comment_id else ModerationEntry.sanction_id == entry.sanction_id
    )
    return list(db.session.scalars(select(ModerationEntry.act).where(about).order_by(ModerationEntry.id)))


def test_an_appeal_is_an_entry_and_waits_for_a_moderator(removed: StatementOfReasons, now: datetime) -> None:
    appeal = appealed(removed, now)
    assert appeals.waiting().rows == (appeal,)
    assert acts(removed)[-1] is ModerationAct.APPEALED


def test_the_same_appeal_twice_is_one_and_another_is_refused(removed: StatementOfReasons, now: datetime) -> None:
    appeal = appealed(removed, now)
    assert appealed(removed, now) is appeal
    with pytest.raises(Conflict, match="already"):
        appeals.make(removed, "And besides.", by=removed.reader, now=now)
    assert acts(removed).count(ModerationAct.APPEALED) == 1


def test_an_appeal_is_possible_for_half_a_year(removed: StatementOfReasons, now: datetime) -> None:
    late = removed.made_at + appeals.WINDOW + timedelta(seconds=1)
    with pytest.raises(Closed) as refusal:
        appealed(removed, late)
    assert refusal.value.values == {"until": removed.made_at + timedelta(days=183)}
    assert appealed(removed, late - timedelta(seconds=1)).id


@pytest.mark.parametrize("words", ["", " \n", "x" * 2_001])
def test_an_appeal_has_words_but_not_too_many(removed: StatementOfReasons, now: datetime, words: str) -> None:
    with pytest.raises(Invalid):
        appeals.make(removed, words, by=removed.reader, now=now)


def test_somebody_elses_statement_is_not_there(removed: StatementOfReasons, another_reader: Reader, now: datetime) -> None:
    with pytest.raises(Missing):
        appeals.make(removed, WORDS, by=another_reader, now=now)


def test_what_is_no_longer_restricted_cannot_be_appealed(removed: StatementOfReasons, moderator: Reader, now: datetime) -> None:
    moderation.undo(removed.entry_id, by=moderator, now=now)
    with pytest.raises(Closed, match="no longer in force"):
        appealed(removed, now)


def test_an_appeal_whose_cause_is_gone_waits_for_nobody(
    removed: StatementOfReasons, moderator: Reader, second: Reader, now: datetime
) -> None:
    appeal = appealed(removed, now)
    moderation.undo(removed.entry_id, by=moderator, now=now)
    assert (appeals.waiting().rows, appeals.waiting_count()) == ((), 0)
    with pytest.raises(Conflict, match="no longer in force"):
        appeals.grant(appeal.id, by=second, now=now)


@pytest.mark.parametrize("kind", ["removed", "muted"])
def test_nobody_decides_about_what_they_decided(
    request: pytest.FixtureRequest, moderator: Reader, now: datetime, kind: str
) -> None:
    appeal = appealed(request.getfixturevalue(kind), now)
    with pytest.raises(Forbidden, match="You decided"):
        appeals.grant(appeal.id, by=moderator, now=now)
    with pytest.raises(Forbidden, match="You decided"):
        appeals.refuse(appeal.id, "No.", by=moderator, now=now)
    assert appeal.decision_id is None


def test_nobody_decides_about_their_own_appeal(article: Article, moderator: Reader, second: Reader, now: datetime) -> None:
    comment = factories.comment(article, second)
    judged = Judged(comment_id=comment.id, version=comment.version)
    statement = statement_of(moderation.remove(judged, clauses.current("spam"), by=moderator, now=now))
    appeal = appealed(statement, now)
    with pytest.raises(Forbidden, match="your own"):
        appeals.grant(appeal.id, by=second, now=now)


def test_who_is_no_moderator_any_more_decides_nothing(removed: StatementOfReasons, second: Reader, now: datetime) -> None:
    appeal = appealed(removed, now)
    second.role = Role.READER
    with pytest.raises(Forbidden, match="Only a moderator"):
        appeals.grant(appeal.id, by=second, now=now)


def test_a_moderator_does_not_judge_the_sanction_of_an_equal(
    second: Reader, editor: Reader, moderator: Reader, now: datetime
) -> None:
    appeal = appealed(statement_of(impose(second, editor, now)), now)
    with pytest.raises(Forbidden, match="higher role"):
        appeals.grant(appeal.id, by=moderator, now=now)


def test_a_granted_appeal_gives_everything_back(removed: StatementOfReasons, second: Reader, now: datetime) -> None:
    appeal = appeals.grant(appealed(removed, now).id, by=second, now=now, answer="You are right.")
    comment = db.session.get_one(Comment, removed.comment_id, populate_existing=True)
    assert (comment.state, comment.picked_at is None, comment.replies) == (CommentState.PUBLISHED, False, 1)
    assert (appeal.is_granted, appeal.answer, removed.withdrawn_at) == (True, "You are right.", now)
    assert list(db.session.scalars(select(Report.settled_by_id))) == [appeal.decision_id]
    assert acts(removed)[-2:] == [ModerationAct.APPEALED, ModerationAct.APPEAL_GRANTED]
    assert_counters_equal_a_recount()


def test_what_was_put_aside_before_it_was_removed_is_given_back_whole(
    article: Article, reader: Reader, moderator: Reader, second: Reader, now: datetime
) -> None:
    comment = factories.comment(article, reader)
    for decide in (moderation.limit, moderation.remove):
        entry = decide(Judged(comment_id=comment.id, version=comment.version), clauses.current("abuse"), by=moderator, now=now)
    appeals.grant(appealed(statement_of(entry), now).id, by=second, now=now)
    assert comment.state is CommentState.PUBLISHED


def test_a_granted_appeal_lifts_the_sanction(muted: StatementOfReasons, second: Reader, now: datetime) -> None:
    appeals.grant(appealed(muted, now).id, by=second, now=now)
    assert restraints.of(muted.reader, now).sanctions == ()
    assert muted.withdrawn_at == now
    assert acts(muted) == [ModerationAct.SANCTIONED, ModerationAct.APPEALED, ModerationAct.APPEAL_GRANTED]


def test_a_refused_appeal_needs_an_answer_and_changes_nothing_else(
    removed: StatementOfReasons, second: Reader, now: datetime
) -> None:
    appeal = appealed(removed, now)
    with pytest.raises(Invalid):
        appeals.refuse(appeal.id, " ", by=second, now=now)
    appeals.refuse(appeal.id, "It insults a person.", by=second, now=now)
    assert (appeal.is_granted, removed.withdrawn_at) == (False, None)
    assert db.session.get_one(Comment, removed.comment_id).state is CommentState.REMOVED


@pytest.mark.parametrize("kind", ["removed", "muted"])
@pytest.mark.parametrize("is_granted", [True, False])
def test_the_author_hears_what_was_decided(
    request: pytest.FixtureRequest, second: Reader, now: datetime, kind: str, *, is_granted: bool
) -> None:
    statement = request.getfixturevalue(kind)
    appeal = appealed(statement, now)
    decide = (
        appeals.grant(appeal.id, by=second, now=now) if is_granted else appeals.refuse(appeal.id, "No.", by=second, now=now)
    )
    while notices.tell_next(now=now + notices.DELAY):
        pass
    heard = select(Notification.id).where(
        Notification.reader_id == statement.reader_id, Notification.entry_id == decide.decision_id
    )
    assert len(db.session.scalars(heard).all()) == 1


def test_an_appeal_is_decided_once(removed: StatementOfReasons, second: Reader, editor: Reader, now: datetime) -> None:
    appeal = appealed(removed, now)
    appeals.refuse(appeal.id, "No.", by=second, now=now)
    with pytest.raises(Conflict, match="has decided") as refusal:
        appeals.grant(appeal.id, by=editor, now=now)
    assert refusal.value.values == {"name": second.name}


def test_a_sanction_that_ends_by_itself_is_still_judged(muted: StatementOfReasons, second: Reader, now: datetime) -> None:
    appeal = appealed(muted, now)
    assert sanctions.end_due(now + WEEK) == 1
    assert appeals.waiting().rows == (appeal,)
    appeals.refuse(appeal.id, "No.", by=second, now=now + WEEK)
    assert muted.withdrawn_at == now + WEEK
