from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from sqlalchemy import select

from domain import clauses, merging, moderation, notices, overriding, readers, restraints, sanctions
from domain.entries import Why
from domain.errors import Conflict, Forbidden, Invalid
from domain.judging import Judged
from domain.sanctions import Measure
from extensions import db
from models import (
    Article,
    ModerationAct,
    ModerationEntry,
    Notification,
    NotificationKind,
    Reader,
    Role,
    Sanction,
    SanctionKind,
    StatementOfReasons,
)
from tests import factories

pytestmark = pytest.mark.usefixtures("stage")

WARNED, HELD, SLOWED, MUTED, SUSPENDED, BANNED = SanctionKind
WEEK = timedelta(days=7)


def impose(
    reader: Reader, kind: SanctionKind, by: Reader, now: datetime, *, lasts: timedelta = WEEK, approvals: int = 2
) -> Sanction:
    measure = Measure(kind=kind, lasts=lasts, approvals=approvals)
    entry = sanctions.impose(reader, measure, by=by, now=now, why=Why(clause=clauses.current("abuse")))
    assert entry.sanction is not None
    return entry.sanction


def acts_about(reader: Reader) -> list[tuple[ModerationAct, int | None]]:
    rows = db.session.scalars(
        select(ModerationEntry).where(ModerationEntry.reader_id == reader.id).order_by(ModerationEntry.id)
    )
    return [(row.act, row.actor_id) for row in rows]


def live_statements(reader: Reader) -> list[StatementOfReasons]:
    live = (StatementOfReasons.reader_id == reader.id) & StatementOfReasons.withdrawn_at.is_(None)
    return list(db.session.scalars(select(StatementOfReasons).where(live)))


def told(reader: Reader, at: datetime) -> list[ModerationAct]:
    """Return what a reader has heard of decisions about them once all notices that are due are told."""
    while notices.tell_next(now=at):
        pass
    rows = select(ModerationEntry.act).join(Notification, Notification.entry_id == ModerationEntry.id)
    own = (Notification.reader_id == reader.id) & (Notification.kind == NotificationKind.DECISION)
    return list(db.session.scalars(rows.where(own).order_by(Notification.id)))


@pytest.mark.parametrize("kind", SanctionKind)
def test_a_sanction_has_an_entry_a_statement_and_an_end(
    reader: Reader, moderator: Reader, now: datetime, kind: SanctionKind
) -> None:
    row = impose(reader, kind, moderator, now)
    assert acts_about(reader) == [(ModerationAct.SANCTIONED, moderator.id)]
    assert [one.reasons for one in live_statements(reader)] == [row.clause.statement]
    assert row.ends_at is not None
    assert told(reader, now + notices.DELAY) == [ModerationAct.SANCTIONED]


@pytest.mark.parametrize(
    ("role", "over", "is_allowed"),
    [
        (Role.READER, Role.READER, False),
        (Role.MODERATOR, Role.READER, True),
        (Role.MODERATOR, Role.MODERATOR, False),
        (Role.MODERATOR, Role.ADMIN, False),
        (Role.EDITOR, Role.MODERATOR, True),
        (Role.EDITOR, Role.ADMIN, False),
        (Role.ADMIN, Role.EDITOR, True),
        (Role.ADMIN, Role.ADMIN, False),
    ],
)
def test_only_lower_roles_are_sanctioned(now: datetime, role: Role, over: Role, *, is_allowed: bool) -> None:
    by, reader = factories.account(role=role), factories.account(role=over)
    if is_allowed:
        assert impose(reader, MUTED, by, now).id
        return
    with pytest.raises(Forbidden, match="lower than yours"):
        impose(reader, MUTED, by, now)
    assert acts_about(reader) == []


def test_nobody_sanctions_themselves(editor: Reader, now: datetime) -> None:
    with pytest.raises(Forbidden, match="themselves"):
        impose(editor, WARNED, editor, now)


@pytest.mark.parametrize("kind", SanctionKind)
def test_only_who_is_shut_out_is_signed_out(reader: Reader, moderator: Reader, now: datetime, kind: SanctionKind) -> None:
    token = readers.sign_in(reader, now=now)
    impose(reader, kind, moderator, now)
    assert (readers.signed_in_with(token, now=now) is None) is (kind in {SUSPENDED, BANNED})


UNENDING = [
    Measure(kind=HELD),
    Measure(kind=HELD, approvals=51),
    Measure(kind=MUTED),
    Measure(kind=MUTED, lasts=timedelta()),
    Measure(kind=BANNED, lasts=timedelta(days=367)),
]


@pytest.mark.parametrize("measure", UNENDING)
def test_a_sanction_without_an_end_is_refused(reader: Reader, moderator: Reader, now: datetime, measure: Measure) -> None:
    with pytest.raises(Invalid):
        sanctions.impose(reader, measure, by=moderator, now=now, why=Why(clause=clauses.current("abuse")))


def test_a_second_sanction_of_the_same_kind_is_refused(reader: Reader, moderator: Reader, now: datetime) -> None:
    impose(reader, MUTED, moderator, now)
    with pytest.raises(Conflict, match="already"):
        impose(reader, MUTED, moderator, now)


def test_whoever_has_not_seen_the_newest_sanction_adds_none(reader: Reader, moderator: Reader, now: datetime) -> None:
    impose(reader, WARNED, moderator, now)
    with pytest.raises(Conflict, match="meanwhile"):
        sanctions.impose(
            reader, Measure(kind=MUTED, lasts=WEEK), by=moderator, now=now, why=Why(clause=clauses.current("abuse")), seen=0
        )


def test_a_lifted_sanction_is_over_with_its_statement(reader: Reader, moderator: Reader, now: datetime) -> None:
    row = impose(reader, SUSPENDED, moderator, now)
    told(reader, now + notices.DELAY)
    sanctions.lift(row.id, by=moderator, now=now + WEEK / 2)
    assert restraints.of(reader, now + WEEK / 2).sanctions == ()
    assert live_statements(reader) == []
    assert told(reader, now + WEEK) == [ModerationAct.SANCTIONED, ModerationAct.SANCTION_LIFTED]
    with pytest.raises(Conflict, match="over already"):
        sanctions.lift(row.id, by=moderator, now=now + WEEK)


def test_a_sanction_lifted_at_once_is_never_heard_of(reader: Reader, moderator: Reader, now: datetime) -> None:
    row = impose(reader, MUTED, moderator, now)
    sanctions.lift(row.id, by=moderator, now=now + timedelta(seconds=5))
    assert told(reader, now + WEEK) == []


def test_what_a_higher_role_imposed_is_not_lifted(reader: Reader, moderator: Reader, editor: Reader, now: datetime) -> None:
    row = impose(reader, MUTED, editor, now)
    with pytest.raises(Forbidden, match="higher role"):
        sanctions.lift(row.id, by=moderator, now=now)


def test_the_clock_ends_what_is_over_but_no_ban(reader: Reader, moderator: Reader, now: datetime) -> None:
    over = [impose(reader, kind, moderator, now) for kind in (SLOWED, MUTED, SUSPENDED)]
    ban = impose(reader, BANNED, moderator, now)
    assert sanctions.end_due(now + WEEK - timedelta(seconds=1)) == 0
    assert sanctions.end_due(now + WEEK) == 3
    assert [one.ended_at for one in (*over, ban)] == [now + WEEK] * 3 + [None]
    assert len(live_statements(reader)) == 1
    assert sanctions.end_due(now + WEEK) == 0


def test_approvals_end_the_holding_back(article: Article, reader: Reader, moderator: Reader, now: datetime) -> None:
    row = impose(reader, HELD, moderator, now, approvals=2)
    for _ in range(2):
        assert row.ended_at is None
        sanctions.count_approval(reader.id, now=now)
    assert row.ended_at == now
    assert acts_about(reader)[-1] == (ModerationAct.SANCTION_ENDED, None)


def test_an_approval_counts_and_its_undoing_takes_that_back(
    article: Article, stranger: Reader, moderator: Reader, now: datetime
) -> None:
    comment = factories.comment(article, stranger)
    row = impose(stranger, HELD, moderator, now, approvals=1)
    approval = factories.approve(comment, moderator)
    assert row.ended_at == approval.made_at
    moderation.undo(approval.id, by=moderator, now=now + timedelta(seconds=5))
    db.session.refresh(row)
    assert [row.ended_at, row.approvals] == [None, 1]
    assert len(live_statements(stranger)) == 1
    factories.approve(comment, moderator)
    assert row.ended_at is not None


def approved_at_once(author: Reader, by: Reader, now: datetime, count: int) -> list[ModerationEntry]:
    """Return the approvals of so many held comments, all decided in one moment."""
    article = factories.open_article(now)
    written = [factories.comment(article, author) for _ in range(count)]
    judged = [Judged(comment_id=comment.id, version=comment.version) for comment in written]
    return [moderation.approve(one, by=by, now=now + WEEK) for one in judged]


@pytest.mark.parametrize(("undone", "left"), [([2], None), ([0], None), ([1], 1), ([0, 1], 2), ([1, 0], 2), ([2, 1], 1)])
def test_of_approvals_at_once_only_undoing_the_one_that_ended_the_holding_back_revives_it(
    reader: Reader, moderator: Reader, now: datetime, undone: list[int], left: int | None
) -> None:
    row = impose(reader, HELD, moderator, now)
    approvals = approved_at_once(reader, moderator, now, 3)
    for place in undone:
        moderation.undo(approvals[place].id, by=moderator, now=now + WEEK)
    db.session.refresh(row)
    assert (None if row.ended_at else row.approvals) == left


def test_undoing_revives_what_held_a_guest_back_who_has_signed_up_since(
    stranger: Reader, reader: Reader, moderator: Reader, now: datetime
) -> None:
    row = impose(stranger, HELD, moderator, now, approvals=1)
    (approval,) = approved_at_once(stranger, moderator, now, 1)
    merging.absorb(stranger, reader, now=now + WEEK)
    moderation.undo(approval.id, by=moderator, now=now + WEEK)
    assert restraints.of(reader, now + WEEK).of_kind(HELD) == row


def test_an_override_that_approves_counts_like_an_approval(
    article: Article, reader: Reader, moderator: Reader, editor: Reader, now: datetime
) -> None:
    row = impose(reader, HELD, moderator, now)
    comment = factories.comment(article, reader)
    judged = Judged(comment_id=comment.id, version=comment.version)
    removal = moderation.remove(judged, clauses.current("abuse"), by=moderator, now=now)
    kept = overriding.override(removal.id, None, by=editor, now=now + WEEK, note="It is a joke.")
    assert row.approvals == 1
    moderation.undo(kept.id, by=editor, now=now + WEEK)
    assert row.approvals == 2


def test_bans_come_up_before_they_are_to_be_reviewed(reader: Reader, moderator: Reader, now: datetime) -> None:
    row = impose(reader, BANNED, moderator, now, lasts=timedelta(days=100))
    assert sanctions.bans_to_review(now + timedelta(days=80)) == []
    assert sanctions.bans_to_review(now + timedelta(days=90)) == [row]
    sanctions.renew(row.id, timedelta(days=100), by=moderator, now=now + timedelta(days=90))
    (renewed,) = restraints.of(reader, now + timedelta(days=90)).sanctions
    assert renewed.ends_at == now + timedelta(days=190)
    assert len(live_statements(reader)) == 1


def test_a_guest_does_not_leave_a_sanction_behind_by_signing_up(
    stranger: Reader, reader: Reader, moderator: Reader, now: datetime
) -> None:
    impose(stranger, BANNED, moderator, now)
    merging.absorb(stranger, reader, now=now)
    assert restraints.of(reader, now).of_kind(BANNED)
    assert told(reader, now + notices.DELAY) == [ModerationAct.SANCTIONED]
