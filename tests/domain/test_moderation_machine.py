"""Whatever authors, readers and moderators do, in whatever order: the entries alone say how everything stands."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, rule, run_state_machine_as_test
from sqlalchemy import func, select

from domain import audit, clauses, comments, moderation, notices, recounting, replaying, revisions
from domain.errors import DomainError
from domain.moderation import BY_AUTHORS, Judged
from domain.permissions import can_moderate
from extensions import db
from models import (
    Comment,
    CommentRevision,
    CommentState,
    ModerationAct,
    ModerationEntry,
    Notice,
    ReferralKind,
    Report,
    ReportReason,
    Role,
)
from tests import factories
from tests.recount import assert_counters_equal_a_recount

BEGAN = datetime(2031, 3, 1, 9, tzinfo=UTC)
SEQUENCES, STEPS, COMMENTS, STAFF = 16, 50, 4, 3
which, who, code = st.integers(0, COMMENTS - 1), st.integers(0, STAFF), st.sampled_from(["abuse", "spam", "illegal"])
seldom = st.integers(0, 9).map(lambda number: number == 7)  # nothing can be done afterwards


class Desk(RuleBasedStateMachine):
    """A few comments, their authors, moderators and an editor. A refusal leaves everything as it was."""

    cast: dict[str, Any]

    def __init__(self) -> None:
        super().__init__()
        self.now = BEGAN
        self.history = db.session.begin_nested()

    @initialize()
    def some_write(self) -> None:
        article = factories.open_article(BEGAN - timedelta(days=1), "A bridge")
        self.authors = [factories.guest(), factories.account(), factories.account(role=Role.MODERATOR), factories.account()]
        self.staff = [factories.account(role=role) for role in (Role.MODERATOR, Role.MODERATOR, Role.EDITOR)]
        self.staff.append(self.authors[1])  # who may not
        first = comments.post(article, "A first comment.", by=self.authors[0], now=self.now)
        self.comments = [first.id]
        for by in self.authors[1:]:
            self.comments.append(comments.post(article, "Another comment.", by=by, now=self.now).id)

    def comment(self, number: int) -> Comment:
        return db.session.get_one(Comment, self.comments[number])

    def judged(self, number: int) -> Judged:
        comment = self.comment(number)
        newest = db.session.scalar(select(func.max(Report.id)).where(Report.comment_id == comment.id))
        edit = revisions.waiting_of(comment)
        return Judged(comment_id=comment.id, version=comment.version, report_id=newest or 0, revision_id=edit.id if edit else 0)

    def attempt(self, act: Callable[..., object], *given: Any, **named: Any) -> None:
        with suppress(DomainError), db.session.begin_nested():
            act(*given, now=self.now, **named)
        db.session.expire_all()
        self.now += timedelta(seconds=5)

    @rule(number=which, by=who)
    def approve(self, number: int, by: int) -> None:
        self.attempt(moderation.approve, self.judged(number), by=self.staff[by])

    @rule(number=which, by=who, code=code)
    def limit(self, number: int, by: int, code: str) -> None:
        self.attempt(moderation.limit, self.judged(number), clauses.current(code), by=self.staff[by])

    @rule(number=which, by=who, code=code)
    def remove(self, number: int, by: int, code: str) -> None:
        self.attempt(moderation.remove, self.judged(number), clauses.current(code), by=self.staff[by])

    @rule(number=which, by=who, code=code)
    def disable(self, number: int, by: int, code: str) -> None:
        self.attempt(moderation.disable, self.judged(number), clauses.current(code), by=self.staff[by])

    @rule(number=which, by=who)
    def hold(self, number: int, by: int) -> None:
        self.attempt(moderation.hold, self.judged(number), by=self.staff[by])

    @rule(number=which, by=who, kind=st.sampled_from(ReferralKind))
    def refer(self, number: int, by: int, kind: ReferralKind) -> None:
        self.attempt(moderation.refer, self.judged(number), kind, by=self.staff[by])

    @rule(number=which, by=st.integers(0, COMMENTS - 1))
    def report(self, number: int, by: int) -> None:
        self.attempt(moderation.report, self.comment(number), ReportReason.ABUSE, "", by=self.authors[by])

    @rule(back=st.sampled_from([0, 0, 0, 1, 2]))
    def undo(self, back: int) -> None:
        about = select(ModerationEntry).where(ModerationEntry.actor_id.is_not(None)).order_by(ModerationEntry.id.desc())
        entry = db.session.scalar(about.offset(back).limit(1))
        if entry is not None:
            self.attempt(moderation.undo, entry.id, by=entry.actor if back else self.staff[2])

    @rule(number=which, by=who)
    def overturn(self, number: int, by: int) -> None:
        entry = moderation.decisions_about([self.comments[number]]).get(self.comments[number])
        if entry is not None:
            self.attempt(moderation.overturn, entry, by=self.staff[by])

    @rule(number=which, is_done=seldom)
    def withdraw(self, number: int, *, is_done: bool) -> None:
        if is_done:
            self.attempt(comments.withdraw, self.comment(number), by=self.authors[number])

    @rule(number=which, text=st.sampled_from(["Look at www.example.org", "Better words."]))
    def edit(self, number: int, text: str) -> None:
        comment, by = self.comment(number), self.authors[number]
        self.attempt(revisions.edit, comment, text, by=by, window=timedelta(days=1))

    @rule(number=which, by=who, verb=st.sampled_from(["approve_edit", "refuse_edit"]))
    def decide_edit(self, number: int, by: int, verb: str) -> None:
        self.attempt(getattr(moderation, verb), self.judged(number), by=self.staff[by])

    @rule(number=which, by=who, is_done=seldom)
    def erase(self, number: int, by: int, *, is_done: bool) -> None:
        if is_done:
            self.attempt(moderation.erase, self.comments[number], by=self.staff[by])

    @rule(seconds=st.sampled_from([1, 30]))
    def jobs_run(self, seconds: int) -> None:
        self.now += timedelta(seconds=seconds)
        notices.tell_next(now=self.now)
        audit.seal(now=self.now)

    def teardown(self) -> None:
        try:
            while audit.seal(now=self.now):
                pass
            assert [str(one) for batch in replaying.batches() for one in batch] == []
            assert [str(one) for batch in audit.faults(now=self.now + timedelta(days=3)) for one in batch] == []
            self.nobody_was_told_of_what_was_undone_in_time()
            self.everybody_had_the_right()
            erased = select(func.count()).where(CommentRevision.body_source != "", CommentRevision.comment_id == Comment.id)
            assert not db.session.scalar(erased.where(Comment.state == CommentState.ERASED))
            assert_counters_equal_a_recount()
            assert [one for batch in recounting.batches() for one in recounting.differences(batch)] == []
        finally:
            self.history.rollback()
            db.session.expire_all()

    def everybody_had_the_right(self) -> None:
        for entry in db.session.scalars(select(ModerationEntry).where(ModerationEntry.comment_id.is_not(None))):
            if entry.actor is None:
                assert entry.act in {ModerationAct.HELD, ModerationAct.EDIT_HELD}
            elif entry.act in BY_AUTHORS:
                assert entry.actor_id == entry.subject.reader_id
            else:
                assert can_moderate(entry.actor)
                assert entry.actor_id != entry.subject.reader_id

    def nobody_was_told_of_what_was_undone_in_time(self) -> None:
        for notice in db.session.scalars(select(Notice).where(Notice.cancelled_at.is_not(None))):
            assert notice.told_at is None
            undone = select(ModerationEntry.id).where(ModerationEntry.undoes_id == notice.entry_id)
            assert db.session.scalar(undone) is not None


@pytest.mark.usefixtures("stage")
def test_the_entries_alone_say_how_everything_stands() -> None:
    run_state_machine_as_test(
        Desk,
        settings=settings(
            max_examples=SEQUENCES,
            stateful_step_count=STEPS,
            phases=[Phase.generate],
            derandomize=True,
            suppress_health_check=list(HealthCheck),
        ),
    )
