from __future__ import annotations

import pytest

from domain.heat import Heat, Recent


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


def test_readers_wait_longer_the_hotter_it_is() -> None:
    assert not Heat.CALM.pace
    assert Heat.CALM.pace < Heat.WARM.pace < Heat.HEATED.pace
