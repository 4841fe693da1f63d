from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select

from domain import clauses, comments, moderation, periods, suppression, transparency
from domain.judging import Judged
from domain.periods import Period
from domain.transparency import ALL, CATEGORIES, DECIDERS, PERSON, RESTRICTIONS, middle_of
from extensions import db
from models import Article, ModerationEntry, Reader, ReportReason
from tests import factories
from tests.statements import counted_statements

pytestmark = pytest.mark.usefixtures("stage")
THEN = datetime(2026, 3, 10, 12, tzinfo=UTC)  # far from the end of its half-year


@pytest.fixture
def period(now: datetime) -> Period:
    return periods.containing(now)


def remove(article: Article, by: Reader, clause: str, count: int, now: datetime) -> list[ModerationEntry]:
    author = factories.account()
    found = []
    for number in range(count):
        comment = factories.comment(article, author, f"Something {number} for {clause}.")
        judged = Judged(comment_id=comment.id, version=comment.version)
        found.append(moderation.remove(judged, clauses.current(clause), by=by, now=now))
    return found


def row_of(report: transparency.Transparency, code: str) -> str:
    return next(clause.key for clause in report.clauses if clause.code == code)


def test_a_report_counts_by_clause_act_category_and_who_decided(
    article: Article, moderator: Reader, now: datetime, period: Period
) -> None:
    remove(article, moderator, "abuse", 12, now)
    report = transparency.report_on(period)
    abuse = report.clauses[0]
    places = [
        (RESTRICTIONS, abuse.key, "removed"),
        (CATEGORIES, abuse.category.value, "removed"),
        (DECIDERS, PERSON, "removed"),
    ]
    assert [report.at(*place) for place in [*places, (RESTRICTIONS, ALL, ALL)]] == [12] * 4


def test_what_another_half_year_decided_is_not_counted(
    article: Article, moderator: Reader, now: datetime, period: Period
) -> None:
    remove(article, moderator, "abuse", 12, period.start - timedelta(seconds=1))
    assert transparency.report_on(period).at(RESTRICTIONS) == 0


def test_small_counts_are_hidden_in_every_table_they_could_be_worked_out_from(
    article: Article, moderator: Reader, now: datetime, period: Period
) -> None:
    for clause, count in (("abuse", 30), ("spam", 3), ("privacy", 14)):
        remove(article, moderator, clause, count, now)
    report = transparency.report_on(period)
    shown = {code: report.at(RESTRICTIONS, row_of(report, code), "removed") for code in ("abuse", "spam", "privacy")}
    keys = [clause.key for clause in report.clauses]
    sums = transparency.sums_of(keys, {clause.key: clause.category.value for clause in report.clauses})
    worked_out = suppression.worked_out(sums, report.hidden)
    assert (shown, {key for key in worked_out if 0 < report.counts[key] < 10}) == (
        {"abuse": 30, "spam": None, "privacy": None},
        set(),
    )


def test_the_same_half_year_gives_the_same_report_again(
    article: Article, moderator: Reader, now: datetime, period: Period
) -> None:
    remove(article, moderator, "abuse", 11, now)
    assert transparency.report_on(period) == transparency.report_on(period)


def test_what_was_taken_back_is_counted_beside_what_was_decided(
    article: Article, moderator: Reader, now: datetime, period: Period
) -> None:
    for entry in remove(article, moderator, "abuse", 10, now):
        moderation.undo(entry.id, by=moderator, now=now)
    report = transparency.report_on(period)
    assert (report.at(RESTRICTIONS), report.at("reversals", "undone")) == (10, 10)


def test_reports_of_readers_are_counted_by_reason(article: Article, now: datetime, period: Period) -> None:
    comment = factories.comment(article, factories.account())
    for _ in range(10):
        moderation.report(comment, ReportReason.SPAM, "", by=factories.account(), now=now)
    report = transparency.report_on(period)
    assert (report.at("reports", "spam"), report.at("reports")) == (10, 10)


@pytest.mark.parametrize(("minutes", "middle"), [(range(9), None), (range(1, 12), 6), (range(10), 4.5)])
def test_a_median_is_told_of_ten_or_more(minutes: range, middle: float | None) -> None:
    found = middle_of([timedelta(minutes=minute) for minute in minutes]).time
    assert found == (None if middle is None else timedelta(minutes=middle))


def test_the_median_wait_is_from_being_held_to_a_persons_decision(article: Article, moderator: Reader) -> None:
    for minute in range(1, 12):
        held = comments.post(article, f"Waiting for {minute} minutes.", by=factories.guest(), now=THEN)
        entry = db.session.scalars(select(ModerationEntry).where(ModerationEntry.comment_id == held.id)).one()
        judged = Judged(comment_id=held.id, version=held.version)
        moderation.approve(judged, by=moderator, now=entry.made_at + timedelta(minutes=minute))
    assert transparency.report_on(periods.containing(THEN)).medians["held"].time == timedelta(minutes=6)


def test_more_decisions_cost_no_more_queries(article: Article, moderator: Reader, now: datetime, period: Period) -> None:
    counted = []
    for count in (1, 15):
        remove(article, moderator, "abuse", count, now)
        db.session.expire_all()
        with counted_statements() as statements:
            transparency.report_on(period)
        counted.append(len(statements))
    assert counted[0] == counted[1]
