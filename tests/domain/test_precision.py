from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.precision import Precision, should_switch_off


@pytest.mark.parametrize(
    ("decided", "upheld", "expected"),
    [
        (50, 14, True),
        (50, 15, False),
        (49, 0, False),
        (50, 0, True),
        (1_000, 299, True),
        (1_000, 300, False),
        (51, 15, True),
        (0, 0, False),
    ],
)
def test_a_rule_is_switched_off_below_thirty_percent_of_fifty(decided: int, upheld: int, expected: bool) -> None:  # noqa: FBT001
    assert should_switch_off(Precision(hits=decided + 7, decided=decided, upheld=upheld)) is expected


@given(st.integers(1, 10**12))
def test_exactly_thirty_percent_stays_on_however_many_hits(tens: int) -> None:
    assert not should_switch_off(Precision(hits=10 * tens + 50, decided=10 * tens, upheld=3 * tens))
    assert should_switch_off(Precision(hits=10 * (tens + 4), decided=10 * (tens + 4), upheld=3 * (tens + 4) - 1))


def test_hits_that_nobody_decided_about_say_nothing() -> None:
    undecided = Precision(hits=10_000, decided=0, upheld=0)
    assert undecided.share is None
    assert undecided.interval == (0, 1)
    assert not should_switch_off(undecided)


@given(st.integers(1, 500), st.data())
def test_the_interval_holds_the_share_and_stays_within_all_and_nothing(decided: int, data: st.DataObject) -> None:
    found = Precision(hits=decided, decided=decided, upheld=data.draw(st.integers(0, decided)))
    low, high = found.interval
    assert found.share is not None
    assert 0 <= low <= found.share + 1e-9
    assert found.share - 1e-9 <= high <= 1
    assert low < high


def test_the_interval_is_wilsons() -> None:
    assert Precision(hits=60, decided=50, upheld=14).interval == pytest.approx((0.2068, 0.3671), abs=0.0005)


@pytest.mark.parametrize("counts", [(1, 2, 0), (2, 1, 2), (2, 2, -1)])
def test_counts_that_cannot_be_are_refused(counts: tuple[int, int, int]) -> None:
    with pytest.raises(ValueError, match="of"):
        Precision(*counts)
