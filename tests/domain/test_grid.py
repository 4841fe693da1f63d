from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from domain import grid

OPENED = datetime(2026, 3, 28, 9, 17, 5, tzinfo=UTC)  # the night after, clocks go forward in Europe


@pytest.mark.parametrize(
    ("length", "step"),
    [
        (timedelta(minutes=1), timedelta(hours=1)),
        (timedelta(days=7), timedelta(hours=1)),
        (timedelta(hours=399) - timedelta.resolution, timedelta(hours=1)),
        (timedelta(hours=399), timedelta(hours=2)),
        (timedelta(days=30), timedelta(hours=2)),
        (timedelta(days=365), timedelta(days=1)),
        (timedelta(days=365 * 30), timedelta(weeks=4)),
        (timedelta(days=365 * 40), timedelta(weeks=8)),
        (timedelta(days=365 * 900), timedelta(weeks=128)),
    ],
)
def test_the_step_is_the_least_that_fits(length: timedelta, step: timedelta) -> None:
    assert grid.step_of(OPENED, OPENED + length) == step


@pytest.mark.parametrize("hours", [1, 398, 399, 400, 797, 5_000, 90_000])
def test_there_are_never_too_many_moments(hours: int) -> None:
    closes_at = OPENED + timedelta(hours=hours)
    assert len({*grid.moments(OPENED, closes_at, closes_at), closes_at}) <= grid.MOST


def test_moments_are_even_through_the_night_in_which_clocks_change() -> None:
    closes_at = OPENED + timedelta(days=2)
    found = list(grid.moments(OPENED, closes_at, OPENED + timedelta(hours=30)))
    assert found == [OPENED + timedelta(hours=place) for place in range(31)]


def test_moments_end_with_the_schedule_and_with_what_is_asked() -> None:
    closes_at = OPENED + timedelta(hours=2, minutes=30)
    assert len(list(grid.moments(OPENED, closes_at, OPENED + timedelta(days=9)))) == 3
    assert len(list(grid.moments(OPENED, closes_at, OPENED + timedelta(minutes=59)))) == 1
    assert not list(grid.moments(OPENED, closes_at, OPENED - timedelta(seconds=1)))
