"""The newsroom's rules as it keeps them."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from sqlalchemy import select

from domain import clauses, moderation, policies, precision, rulekeeping, ruleyaml
from domain.errors import Conflict, Forbidden, Invalid, Missing
from domain.moderation import Judged
from domain.precision import Precision
from domain.rulebook import Rule
from extensions import db
from jobs.policy import switch_off_wrong_rules
from models import (
    Article,
    Comment,
    CommentState,
    Finding,
    ModerationAct,
    ModerationEntry,
    Reader,
    RuleVersion,
    ScreeningVerdict,
)
from tests import factories
from tests.statements import counted_statements


def rule(then: str = "flag", name: str = "Links") -> Rule:
    return ruleyaml.parse(f"name: {name}\nwhen:\n  links: {{at_least: 1}}\nthen: {then}")


def made(editor: Reader, now: datetime, name: str = "Links") -> RuleVersion:
    return rulekeeping.make(rule(name=name), clause=None, by=editor, now=now)


def hit(version: RuleVersion, comment: Comment, at: datetime) -> None:
    """Let a rule have hit a comment, which waits for that."""
    factories.put(comment, CommentState.HELD)
    found = {"check": "rules", "finding": Finding.HOLD, "check_version": version.number}
    db.session.add(ScreeningVerdict(comment_id=comment.id, rule_id=version.id, made_at=at, **found))
    db.session.flush()


def decided(comment: Comment, by: Reader, now: datetime, *, is_upheld: bool) -> ModerationEntry:
    if not is_upheld:
        return factories.approve(comment, by)
    judged = Judged(comment_id=comment.id, version=comment.version)
    return moderation.remove(judged, clauses.current("abuse"), by=by, now=now)


def details() -> list[tuple[ModerationAct, str, int | None]]:
    rows = select(ModerationEntry).where(ModerationEntry.comment_id.is_(None)).order_by(ModerationEntry.id)
    return [(entry.act, entry.detail, entry.actor_id) for entry in db.session.scalars(rows)]


def test_every_change_of_a_rule_is_entered(editor: Reader, now: datetime) -> None:
    version = made(editor, now)
    rulekeeping.revise(version.rule, rule("hold"), clause=None, expected=1, by=editor, now=now)
    rulekeeping.switch(version.rule, is_on=False, by=editor, now=now)
    rulekeeping.remove(version.rule, by=editor, now=now)
    assert details() == [
        (ModerationAct.RULE_CHANGED, "added Links", editor.id),
        (ModerationAct.RULE_CHANGED, "changed Links", editor.id),
        (ModerationAct.RULE_SWITCHED, "off Links", editor.id),
        (ModerationAct.RULE_CHANGED, "removed Links", editor.id),
    ]
    with pytest.raises(Missing):
        rulekeeping.kept(version.rule_id)


def test_who_is_second_is_told_and_overwrites_nothing(editor: Reader, now: datetime) -> None:
    version = made(editor, now)
    rulekeeping.revise(version.rule, rule("hold"), clause=None, expected=1, by=editor, now=now)
    with pytest.raises(Conflict):
        rulekeeping.revise(version.rule, rule("flag"), clause=None, expected=1, by=editor, now=now)


def test_a_rule_that_limits_needs_a_clause_in_force(editor: Reader, now: datetime) -> None:
    clause = clauses.current("spam").clause
    assert rulekeeping.make(rule("limit"), clause=clause, by=editor, now=now).clause_id == clause.id
    policies.retire(clause, by=editor, now=now)
    for no_reason in (None, clause):
        with pytest.raises(Invalid):
            rulekeeping.make(rule("limit"), clause=no_reason, by=editor, now=now)


def test_a_moderator_changes_nothing(moderator: Reader, now: datetime) -> None:
    with pytest.raises(Forbidden):
        made(moderator, now)


def test_precision_is_what_people_decided_afterwards(
    article: Article, reader: Reader, editor: Reader, moderator: Reader, now: datetime
) -> None:
    version = made(editor, now)
    comments = [factories.comment(article, reader) for _ in range(5)]
    for comment in comments:
        hit(version, comment, now)
    right, wrong, undone, appealed, _ = comments
    decided(right, moderator, now, is_upheld=True)
    decided(wrong, moderator, now, is_upheld=False)
    moderation.undo(decided(undone, moderator, now, is_upheld=True).id, by=moderator, now=now)
    decided(appealed, moderator, now, is_upheld=True)
    granted = {"act": ModerationAct.APPEAL_GRANTED, "to_state": CommentState.PUBLISHED, "made_at": now + timedelta(days=1)}
    db.session.add(ModerationEntry(comment_id=appealed.id, actor_id=editor.id, **granted))
    assert rulekeeping.kept(version.rule_id).precision == Precision(hits=5, decided=3, upheld=1)


def test_what_a_rule_hit_before_it_was_switched_on_again_says_nothing_of_it(
    article: Article, reader: Reader, editor: Reader, now: datetime
) -> None:
    version = made(editor, now)
    hit(version, factories.comment(article, reader), now)
    rulekeeping.switch(version.rule, is_on=False, by=editor, now=now + timedelta(hours=1))
    rulekeeping.switch(version.rule, is_on=True, by=editor, now=now + timedelta(hours=2))
    assert rulekeeping.kept(version.rule_id).precision.hits == 0


@pytest.mark.parametrize(("upheld", "is_on"), [(3, True), (2, False)])
def test_a_rule_that_is_wrong_too_often_switches_itself_off_and_says_so(  # noqa: PLR0917 - the cast
    upheld: int,
    is_on: bool,  # noqa: FBT001
    article: Article,
    reader: Reader,
    editor: Reader,
    moderator: Reader,
    now: datetime,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(precision, "LEAST_DECIDED", 10)
    version = made(editor, now)
    for number in range(10):
        hit(version, comment := factories.comment(article, reader), now)
        decided(comment, moderator, now, is_upheld=number < upheld)
    assert switch_off_wrong_rules.call_local() == (not is_on)
    assert version.rule.is_on is is_on
    said = [(ModerationAct.RULE_SWITCHED, "wrong Links", None)]
    assert details()[1:] == ([] if is_on else said)
    assert rulekeeping.kept(version.rule_id).switched_itself_off is not is_on


def test_more_rules_cost_no_more_queries(editor: Reader, now: datetime) -> None:
    counts = []
    for number in range(4):
        made(editor, now, f"Links {number}")
        with counted_statements() as statements:
            rulekeeping.current()
        counts.append(len(statements))
    assert len(set(counts)) == 1
