"""Whatever is imposed, lifted, appealed against and decided, in whatever order: the entries alone say how everything stands."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, rule, run_state_machine_as_test
from sqlalchemy import select

from domain import appeals, clauses, comments, moderation, overriding, replaying, restraints, sanctionreplay, sanctions
from domain.entries import Why
from domain.errors import DomainError
from domain.moderation import Judged
from domain.sanctions import Measure
from extensions import db
from models import (
    Appeal,
    Comment,
    CommentState,
    ModerationAct,
    ModerationEntry,
    Role,
    Sanction,
    SanctionKind,
    StatementOfReasons,
)
from tests import factories
from tests.recount import assert_counters_equal_a_recount

BEGAN = datetime(2031, 3, 1, 9, tzinfo=UTC)
SEQUENCES, STEPS, READERS, STAFF = 16, 50, 3, 3
APPROVALS = 2
which, who, back = st.integers(0, READERS - 1), st.integers(0, STAFF), st.integers(0, 3)


class Conduct(RuleBasedStateMachine):
    """A few readers, one of them a moderator, and those who restrict them. A refusal leaves everything as it was."""

    def __init__(self) -> None:
        super().__init__()
        self.now = BEGAN
        self.history = db.session.begin_nested()

    @initialize()
    def some_come(self) -> None:
        self.article = factories.open_article(BEGAN - timedelta(days=1), "A bridge")
        moderator = factories.account(role=Role.MODERATOR)
        self.readers = [factories.guest(), factories.account(), moderator]
        self.staff = [moderator, *(factories.account(role=role) for role in (Role.MODERATOR, Role.EDITOR)), self.readers[1]]
        for number in range(READERS):
            self.write(number)
        self.judge(0, 1, is_kept=False)
        self.impose(1, 1, SanctionKind.MUTED)
        self.appeal(0)

    def attempt(self, act: Callable[..., object], *given: Any, **named: Any) -> None:
        with suppress(DomainError), db.session.begin_nested():
            act(*given, now=self.now, **named)
        db.session.expire_all()
        self.now += timedelta(seconds=7)

    def newest(self, table: type[Any], back: int) -> Any:
        return db.session.scalar(select(table).order_by(table.id.desc()).offset(back).limit(1))

    def decided(self, back: int) -> ModerationEntry | None:
        about = select(ModerationEntry).where(ModerationEntry.comment_id.is_not(None), ModerationEntry.actor_id.is_not(None))
        return db.session.scalar(about.order_by(ModerationEntry.id.desc()).offset(back).limit(1))

    @rule(reader=which)
    def write(self, reader: int) -> None:
        self.attempt(comments.post, self.article, f"Text of {self.now}.", by=self.readers[reader])

    @rule(back=back, by=who, is_kept=st.booleans())
    def judge(self, back: int, by: int, *, is_kept: bool) -> None:
        if (comment := self.newest(Comment, back)) is None:
            return
        judged = Judged(comment_id=comment.id, version=comment.version)
        if is_kept:
            self.attempt(moderation.approve, judged, by=self.staff[by])
        else:
            self.attempt(moderation.remove, judged, clauses.current("abuse"), by=self.staff[by])

    @rule(by=who, count=st.integers(2, 4))
    def approve_together(self, by: int, count: int) -> None:
        now = self.now
        for comment in db.session.scalars(select(Comment).order_by(Comment.id.desc()).limit(count)).all():
            self.now = now
            self.attempt(moderation.approve, Judged(comment_id=comment.id, version=comment.version), by=self.staff[by])

    @rule(back=back, is_kept=st.booleans())
    def override(self, back: int, *, is_kept: bool) -> None:
        if (entry := self.decided(back)) is not None:
            clause = None if is_kept else clauses.current("spam")
            self.attempt(overriding.override, entry.id, clause, by=self.staff[2], note="Otherwise.")

    @rule(back=back)
    def undo(self, back: int) -> None:
        if (entry := self.decided(back)) is not None:
            self.attempt(moderation.undo, entry.id, by=entry.actor)

    @rule(reader=which, by=who, kind=st.sampled_from([*SanctionKind, SanctionKind.HELD]))
    def impose(self, reader: int, by: int, kind: SanctionKind) -> None:
        measure, why = Measure(kind=kind, lasts=timedelta(minutes=2), approvals=APPROVALS), Why(clause=clauses.current("spam"))
        self.attempt(sanctions.impose, self.readers[reader], measure, by=self.staff[by], why=why)

    @rule(back=back, by=who, is_renewed=st.booleans())
    def look_again(self, back: int, by: int, *, is_renewed: bool) -> None:
        if (sanction := self.newest(Sanction, back)) is None:
            return
        if is_renewed:
            self.attempt(sanctions.renew, sanction.id, timedelta(days=1), by=self.staff[by])
        else:
            self.attempt(sanctions.lift, sanction.id, by=self.staff[by])

    @rule(back=back)
    def appeal(self, back: int) -> None:
        if (statement := self.newest(StatementOfReasons, back)) is not None:
            self.attempt(appeals.make, statement, f"No, at {self.now}.", by=statement.reader)

    @rule(back=back, by=who, is_granted=st.booleans())
    def decide(self, back: int, by: int, *, is_granted: bool) -> None:
        if (appeal := self.newest(Appeal, back)) is None:
            return
        if is_granted:
            self.attempt(appeals.grant, appeal.id, by=self.staff[by])
        else:
            self.attempt(appeals.refuse, appeal.id, "No.", by=self.staff[by])

    @rule(seconds=st.sampled_from([5, 120]))
    def time_passes(self, seconds: int) -> None:
        self.now += timedelta(seconds=seconds)
        sanctions.end_due(self.now)

    def teardown(self) -> None:
        try:
            assert [str(one) for batch in replaying.batches() for one in batch] == []
            assert [str(one) for batch in sanctionreplay.batches() for one in batch] == []
            self.nobody_decided_about_what_they_decided()
            for reader in self.readers:
                kinds = [one.kind for one in restraints.of(reader, self.now).sanctions]
                assert len(kinds) == len(set(kinds))
                if (held := restraints.of(reader, self.now).of_kind(SanctionKind.HELD)) is not None:
                    assert held.approvals == APPROVALS - self.counted(held)
            assert_counters_equal_a_recount()
        finally:
            self.history.rollback()
            db.session.expire_all()

    def counted(self, held: Sanction) -> int:
        """Return how many of its reader's comments were approved while the sanction ran, and still are."""
        undone = select(ModerationEntry.undoes_id).where(ModerationEntry.undoes_id.is_not(None))
        kept = select(ModerationEntry.id).join(Comment, Comment.id == ModerationEntry.comment_id)
        kept = kept.where(Comment.reader_id == held.reader_id, ModerationEntry.act == ModerationAct.APPROVED)
        kept = kept.where(ModerationEntry.from_state == CommentState.HELD, ModerationEntry.id.not_in(undone))
        about = select(ModerationEntry).where(ModerationEntry.sanction_id == held.id).order_by(ModerationEntry.id)
        acts = [(one.id, one.act is not ModerationAct.SANCTION_ENDED) for one in db.session.scalars(about)]
        runs = [next((is_on for at, is_on in reversed(acts) if at < approval), False) for approval in db.session.scalars(kept)]
        return sum(runs)

    def nobody_decided_about_what_they_decided(self) -> None:
        for appeal in db.session.scalars(select(Appeal).where(Appeal.decision_id.is_not(None))):
            decision, cause = appeal.decision, appeal.statement.entry
            assert decision is not None
            assert decision.actor_id not in {cause.actor_id, appeal.statement.reader_id}
            comment = appeal.statement.comment
            if appeal.is_granted and comment is not None and decision.act is ModerationAct.APPEAL_GRANTED:
                assert decision.to_state is CommentState.PUBLISHED


@pytest.mark.usefixtures("stage")
def test_the_entries_alone_say_what_readers_are_under() -> None:
    run_state_machine_as_test(
        Conduct,
        settings=settings(
            max_examples=SEQUENCES,
            stateful_step_count=STEPS,
            phases=[Phase.generate],
            derandomize=True,
            suppress_health_check=list(HealthCheck),
        ),
    )
