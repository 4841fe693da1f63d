"""What months that are over restricted is kept, and is what their entries say."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import func, select

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


@pytest.mark.usefixtures("restricted")
def test_a_count_that_does_not_follow_is_named() -> None:
    kept_by(APRIL)
    assert db.session.scalar(select(func.count()).select_from(RestrictionMonth)) == 2
    row, look = db.session.scalars(select(RestrictionMonth).limit(1)).one(), verifying.LOOKS[RestrictionMonth][0]
    assert list(look(row, APRIL)) == []
    row.count = 9
    (found,) = look(row, APRIL)
    assert str(found).startswith("restriction_month of 2026-03, removed by ")


@pytest.mark.parametrize(("month", "then"), [((2026, 1), (2026, 2)), ((2026, 11), (2026, 12)), ((2026, 12), (2027, 1))])
def test_months_follow_each_other(month: tuple[int, int], then: tuple[int, int]) -> None:
    assert restrictions.following(datetime(*month, 1, tzinfo=UTC)) == datetime(*then, 1, tzinfo=UTC)
