from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from domain.heat import Heat, Recent, wait

NOW = datetime(2026, 11, 24, 12, tzinfo=UTC)
MINUTE = timedelta(minutes=1)


@pytest.mark.parametrize(
    ("posted", "restricted", "heat"),
    [
        (0, 0, Heat.CALM),
        (29, 5, Heat.CALM),
        (9, 9, Heat.CALM),
        (10, 2, Heat.WARM),
        (30, 0, Heat.WARM),
        (30, 6, Heat.HEATED),
        (90, 0, Heat.HEATED),
        (900, 900, Heat.HEATED),
    ],
)
def test_a_discussion_heats_up_by_its_pace_and_by_what_had_to_be_held(posted: int, restricted: int, heat: Heat) -> None:
    assert Recent(posted, restricted).heat is heat


@pytest.mark.parametrize(
    ("posted", "since", "left"),
    [
        (5, timedelta(0), timedelta(0)),
        (30, timedelta(0), MINUTE),
        (30, 0.5 * MINUTE, 0.5 * MINUTE),
        (30, MINUTE, timedelta(0)),
        (90, MINUTE, 2 * MINUTE),
        (90, 60 * MINUTE, timedelta(0)),
    ],
)
def test_readers_wait_longer_the_hotter_it_is(posted: int, since: timedelta, left: timedelta) -> None:
    assert wait(Recent(posted), NOW - since, NOW) == left


def test_nobody_waits_for_their_first_comment() -> None:
    assert wait(Recent(900), None, NOW) == timedelta(0)
