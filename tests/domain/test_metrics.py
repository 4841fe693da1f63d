from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from sqlalchemy import select

from domain import clauses, metrics, moderation
from domain.judging import Judged
from domain.metrics import Dimension
from extensions import db
from models import Article, Finding, ModerationEntry, ModerationRule, Reader, RuleVersion, ScreeningVerdict, SecondOpinion
from tests import factories
from tests.statements import counted_statements

pytestmark = pytest.mark.usefixtures("stage")

DAY = timedelta(days=1)


def decide(article: Article, by: Reader, minutes: int, *, removes: bool = False) -> ModerationEntry:
    held = factories.comment(article, factories.guest())
    entry = db.session.scalars(select(ModerationEntry).where(ModerationEntry.comment_id == held.id)).one()
    judged, now = Judged(comment_id=held.id, version=held.version), entry.made_at + timedelta(minutes=minutes)
    if removes:
        return moderation.remove(judged, clauses.current("abuse"), by=by, now=now)
    return moderation.approve(judged, by=by, now=now)


def measured(now: datetime, by: Dimension = Dimension.MODERATOR) -> metrics.Metrics:
    return metrics.measured(now - DAY, now + DAY, by)


def test_waits_and_pace_are_told_of_each_moderator(article: Article, moderator: Reader, editor: Reader, now: datetime) -> None:
    for minute in range(1, 11):
        decide(article, moderator, minute)
    decide(article, editor, 100)
    told = {group.name: group for group in measured(now).groups}
    assert (told["Mo"].decisions, told["Mo"].half, told["Mo"].most, told["Ed"].half) == (
        10,
        timedelta(minutes=5),
        timedelta(minutes=9),
        timedelta(minutes=100),
    )


def test_the_pace_is_that_of_minutes_in_which_anything_was_decided(article: Article, moderator: Reader, now: datetime) -> None:
    start = now.replace(second=1, microsecond=0)
    for second in (0, 1, 2, 600):
        held = factories.comment(article, factories.guest())
        judged = Judged(comment_id=held.id, version=held.version)
        moderation.approve(judged, by=moderator, now=start + timedelta(seconds=second))
    assert measured(now).overall.a_minute == 2


def test_a_decision_taken_back_is_reversed(article: Article, moderator: Reader, now: datetime) -> None:
    first, _ = decide(article, moderator, 1, removes=True), decide(article, moderator, 1)
    moderation.undo(first.id, by=moderator, now=now)
    assert measured(now).overall.reversed == 0.5


def test_agreement_is_told_where_a_second_opinion_was_given(
    article: Article, moderator: Reader, editor: Reader, now: datetime
) -> None:
    for agrees in (True, False, True, True):
        entry = decide(article, moderator, 1, removes=True)
        given = {"by_id": editor.id, "given_at": now, "would_restrict": agrees}
        db.session.add(SecondOpinion(entry_id=entry.id, drawn_at=now, **given))
    found = measured(now, Dimension.SECTION).groups[0]
    assert (found.name, found.opinions, found.agreement) == ("City", 4, 0.75)


@pytest.mark.parametrize("by", Dimension)
def test_what_no_person_decided_is_counted_nowhere(article: Article, moderator: Reader, now: datetime, by: Dimension) -> None:
    one = decide(article, moderator, 1, removes=True)
    by_itself = {"from_state": one.from_state, "to_state": one.to_state, "clause_id": one.clause_id, "note": "", "detail": ""}
    db.session.add(ModerationEntry(comment_id=one.comment_id, act=one.act, made_at=now, **by_itself))
    assert [group.decisions for group in measured(now, by).groups] == [1]


def test_a_rule_is_as_precise_as_people_restricted_what_it_pointed_at(
    article: Article, moderator: Reader, now: datetime
) -> None:
    rule = ModerationRule(made_at=now)
    version = RuleVersion(rule=rule, number=1, name="Links to shops", source="", made_at=now)
    db.session.add(version)
    db.session.flush()
    for removes in (True, True, False):
        entry = decide(article, moderator, 1, removes=removes)
        db.session.add(
            ScreeningVerdict(
                comment_id=entry.comment_id,
                check="rules",
                finding=Finding.HOLD,
                check_version=1,
                rule_id=version.id,
                made_at=now,
            )
        )
    db.session.flush()
    (tool,) = measured(now).tools
    assert (tool.name, tool.precision.hits, tool.precision.decided, tool.precision.upheld) == ("Links to shops", 3, 3, 2)


def test_the_oldest_that_waits_is_told(article: Article, now: datetime) -> None:
    first = factories.comment(article, factories.guest())
    factories.comment(article, factories.guest())
    assert measured(now).backlog == metrics.Backlog(held=first.posted_at, reported=None)


@pytest.mark.parametrize(("times", "part", "seconds"), [([1, 2, 3, 4], 0.5, 2), ([1, 2, 3, 4], 0.9, 4), ([7], 0.9, 7)])
def test_a_percentile_is_a_time_that_was_measured(times: list[float], part: float, seconds: float) -> None:
    assert metrics.percentile(times, part) == timedelta(seconds=seconds)


def test_more_decisions_cost_no_more_queries(article: Article, moderator: Reader, now: datetime) -> None:
    counted = []
    for count in (1, 8):
        for _ in range(count):
            decide(article, moderator, 1)
        db.session.expire_all()
        with counted_statements() as statements:
            measured(now)
        counted.append(len(statements))
    assert counted[0] == counted[1]
