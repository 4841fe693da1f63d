from __future__ import annotations

from datetime import UTC, datetime

import pytest

from domain import periods
from domain.errors import Missing
from domain.periods import Period


@pytest.mark.parametrize("name", ["2026", "2026-H3", "2026-h1", "1999-H1", "9999-H1", "2026-H1 ", "٢٠٢٦-H1"])
def test_what_is_no_half_year_is_not_found(name: str) -> None:
    with pytest.raises(Missing):
        periods.named(name)


def test_a_half_year_ends_where_the_next_begins() -> None:
    period = periods.named("2026-H2")
    assert (period.start, period.end) == (datetime(2026, 7, 1, tzinfo=UTC), datetime(2027, 1, 1, tzinfo=UTC))


def test_every_half_year_since_the_first_is_named() -> None:
    found = periods.between(datetime(2025, 12, 31, tzinfo=UTC), datetime(2026, 7, 1, tzinfo=UTC))
    assert list(found) == [Period(2025, 2), Period(2026, 1), Period(2026, 2)]
