"""Rules that ask how much a comment is reported."""

from __future__ import annotations

from datetime import datetime

import pytest
from sqlalchemy import select

from domain import moderation
from extensions import db
from models import (
    Article,
    Comment,
    CommentState,
    ModerationEntry,
    Reader,
    Referral,
    ReferralKind,
    ReportReason,
    StatementOfReasons,
)
from tests import factories, screens

HELD, LIMITED, PUBLISHED = CommentState.HELD, CommentState.LIMITED, CommentState.PUBLISHED


def report(comment: Comment, now: datetime, *, times: int = 1) -> None:
    for _ in range(times):
        moderation.report(comment, ReportReason.ABUSE, "", by=factories.account(), now=now)


def queues(comment: Comment) -> list[ReferralKind]:
    return list(db.session.scalars(select(Referral.kind).where(Referral.comment_id == comment.id)))


@pytest.mark.parametrize(
    ("then", "after"),
    [
        ("hold", (HELD, [])),
        ("flag", (PUBLISHED, [ReferralKind.FLAGGED])),
        ("limit", (LIMITED, [])),
        ("{route: legal}", (HELD, [ReferralKind.LEGAL])),
    ],
)
def test_a_rule_acts_with_the_complaint_that_it_waits_for(
    then: str, after: tuple[CommentState, list[ReferralKind]], article: Article, reader: Reader, now: datetime
) -> None:
    version = screens.rule("reports: {at_least: 2}", then, clause="abuse" if then == "limit" else "")
    comment = factories.comment(article, reader)
    report(comment, now)
    assert (comment.state, queues(comment)) == (PUBLISHED, [])
    report(comment, now)
    assert (comment.state, queues(comment)) == after
    assert screens.verdict(comment, "rules").rule_id == version.id


def test_a_rule_can_ask_what_the_complaints_weigh(article: Article, reader: Reader, now: datetime) -> None:
    screens.rule("report_weight: {at_least: 3}")
    comment = factories.comment(article, reader)
    states = []
    for _ in range(3):
        report(comment, now)
        states.append(comment.state)
    assert states == [PUBLISHED, PUBLISHED, HELD]  # severity 2, of readers who were right as often as not


def test_who_is_limited_by_a_rule_is_told_that_no_person_decided(article: Article, reader: Reader, now: datetime) -> None:
    version = screens.rule("reports: {at_least: 1}", "limit", clause="abuse")
    comment = factories.comment(article, reader)
    report(comment, now)
    statement = db.session.scalars(select(StatementOfReasons)).one()
    entry = db.session.get_one(ModerationEntry, statement.entry_id)
    assert (statement.is_decided_by_machine, entry.actor_id, entry.rule_id) == (True, None, version.id)


def test_what_a_moderator_has_kept_is_not_held_by_the_same_rule_again(
    article: Article, reader: Reader, moderator: Reader, now: datetime
) -> None:
    screens.rule("reports: {at_least: 1}")
    comment = factories.comment(article, reader)
    report(comment, now)
    factories.approve(comment, moderator)
    report(comment, now)
    assert comment.state is PUBLISHED


def test_a_damaged_rule_refuses_no_complaint(article: Article, reader: Reader, now: datetime) -> None:
    screens.rule("reports: {at_least: 1}").source = "name: ["
    comment = factories.comment(article, reader)
    factories.put(comment, PUBLISHED)
    report(comment, now)
    assert comment.state is PUBLISHED
