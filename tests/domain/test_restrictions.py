"""What months that are over restricted is kept, and is what their entries say."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import delete, select, update

from domain import clauses, moderation, periods, restrictions, transparency, verifying
from domain.judging import Judged
from extensions import db
from models import Article, Reader, RestrictionMonth
from tests import factories

pytestmark = pytest.mark.usefixtures("stage")

MARCH, APRIL, MAY = (datetime(2026, month, 10, 12, tzinfo=UTC) for month in (3, 4, 5))
HALF = periods.containing(MARCH)


@pytest.fixture
def restricted(article: Article, moderator: Reader) -> None:
    """Let comments be removed by two clauses in March and in May."""
    author = factories.account()
    for number, at in enumerate((MARCH, MARCH, MAY)):
        comment = factories.comment(article, author, f"Something {number}.")
        clause = clauses.current("spam" if number else "abuse")
        moderation.remove(Judged(comment_id=comment.id, version=comment.version), clause, by=moderator, now=at)


def kept_by(now: datetime) -> list[datetime]:
    """Keep all there is to keep at a moment, and return of which months."""
    while restrictions.keep_next(now=now):
        pass
    return list(db.session.scalars(select(RestrictionMonth.month).distinct().order_by(RestrictionMonth.month)))


def summed() -> int:
    return sum(one.times for one in restrictions.counted(HALF))


@pytest.mark.usefixtures("restricted")
def test_a_month_is_kept_a_day_after_it_is_over() -> None:
    over, march = datetime(2026, 4, 2, tzinfo=UTC), datetime(2026, 3, 1, tzinfo=UTC)
    assert kept_by(over - timedelta(seconds=1)) == []
    assert kept_by(over) == [march]


@pytest.mark.usefixtures("restricted")
@pytest.mark.parametrize("now", [MARCH, APRIL, MAY, MAY + timedelta(days=400)])
def test_a_report_is_the_same_whatever_is_kept(now: datetime) -> None:
    before = transparency.report_on(HALF)
    kept_by(now)
    assert transparency.report_on(HALF) == before
    assert summed() == before.counts[transparency.RESTRICTIONS, transparency.ALL, transparency.ALL] == 3


@pytest.mark.usefixtures("restricted")
def test_months_in_which_nothing_was_restricted_are_passed_over() -> None:
    assert [month.month for month in kept_by(MAY + timedelta(days=60))] == [3, 5]


@pytest.mark.usefixtures("restricted")
def test_what_is_kept_is_not_counted_again() -> None:
    kept_by(APRIL)
    db.session.execute(RestrictionMonth.__table__.update().values(count=7))  # type: ignore[attr-defined]
    assert summed() == 7 + 7 + 1


@pytest.fixture
def kept(restricted: None) -> None:
    """Let March and May be kept."""
    del restricted
    kept_by(MAY + timedelta(days=60))


def wrong() -> list[str]:
    return [str(one) for check in verifying.checks() for one in verifying.findings(check, now=MAY) if not one.is_waiting]


@pytest.mark.usefixtures("kept")
def test_a_count_that_does_not_follow_is_named() -> None:
    assert wrong() == []
    db.session.execute(update(RestrictionMonth).where(RestrictionMonth.month < APRIL).values(count=9))
    assert [one.rpartition(" by ")[0] for one in wrong()] == ["restriction_month of 2026-03, removed"] * 2


@pytest.mark.usefixtures("kept")
def test_a_kind_that_is_missing_is_named() -> None:
    gone = db.session.scalars(select(RestrictionMonth).limit(1)).one()
    db.session.delete(gone)
    db.session.flush()
    assert wrong() == [f"restriction_month of 2026-03, removed by {gone.clause_id}: is 0, should be 1"]


@pytest.mark.usefixtures("kept")
def test_a_month_that_is_missing_is_named() -> None:
    db.session.execute(delete(RestrictionMonth).where(RestrictionMonth.month < APRIL))
    assert [one.rpartition(" by ")[0] for one in wrong()] == ["restriction_month of 2026-03, removed"] * 2


@pytest.mark.usefixtures("kept")
def test_a_kind_that_was_made_up_is_named() -> None:
    row = db.session.scalars(select(RestrictionMonth).where(RestrictionMonth.month > APRIL)).one()
    made_up = {name: getattr(row, name) for name in (*restrictions.KEY, "count")}
    db.session.add(RestrictionMonth(month=datetime(2026, 4, 1, tzinfo=UTC), **made_up))
    assert wrong() == [f"restriction_month of 2026-04, removed by {row.clause_id}: is 1, should be 0"]


@pytest.mark.parametrize(("month", "then"), [((2026, 1), (2026, 2)), ((2026, 11), (2026, 12)), ((2026, 12), (2027, 1))])
def test_months_follow_each_other(month: tuple[int, int], then: tuple[int, int]) -> None:
    assert restrictions.following(datetime(*month, 1, tzinfo=UTC)) == datetime(*then, 1, tzinfo=UTC)
