from __future__ import annotations

import sys
import threading
import time
from collections.abc import Iterator

import pytest

from domain.deadlines import Broken, Busy, Deadlines, Overdue

LONG = 30.0
SHORT = 0.02


@pytest.fixture
def gate() -> Iterator[threading.Event]:
    gate = threading.Event()
    yield gate
    gate.set()


def hang(deadlines: Deadlines, gate: threading.Event) -> None:
    with pytest.raises(Overdue):
        deadlines.within(SHORT, gate.wait, gives=bool)


def test_an_answer_in_time_is_given() -> None:
    assert Deadlines(1).within(LONG, lambda: 7, gives=int) == 7


def test_a_call_that_hangs_is_left_behind(gate: threading.Event) -> None:
    began = time.monotonic()
    hang(Deadlines(1), gate)
    assert time.monotonic() - began < LONG / 2


def test_while_all_places_hang_callers_are_turned_away_at_once(gate: threading.Event) -> None:
    deadlines = Deadlines(2)
    hang(deadlines, gate)
    assert deadlines.within(LONG, lambda: 1, gives=int) == 1
    hang(deadlines, gate)
    with pytest.raises(Busy):
        deadlines.within(LONG, lambda: 1, gives=int)


def test_places_are_free_again_when_what_hung_comes_back(gate: threading.Event) -> None:
    deadlines = Deadlines(1)
    hang(deadlines, gate)
    gate.set()
    for thread in threading.enumerate():
        if thread.name == "deadline":
            thread.join(LONG)
    assert deadlines.within(LONG, lambda: 1, gives=int) == 1


def test_a_hundred_calls_one_after_another_need_one_place() -> None:
    deadlines = Deadlines(1)
    assert [deadlines.within(LONG, lambda: 1, gives=int) for _ in range(100)] == [1] * 100


def test_what_a_call_raises_is_raised_to_its_asker() -> None:
    deadlines = Deadlines(1)
    for _ in range(3):  # and its place is free again
        with pytest.raises(ZeroDivisionError):
            deadlines.within(LONG, lambda: 1 // 0, gives=int)


def test_a_call_that_asks_for_an_exit_ends_nobody_else() -> None:
    with pytest.raises(Broken):
        Deadlines(1).within(LONG, sys.exit, gives=int)


@pytest.mark.parametrize("nonsense", [None, "7", b"", [7], 7.0, object()])
def test_an_answer_of_another_kind_is_none(nonsense: object) -> None:
    with pytest.raises(Broken):
        Deadlines(1).within(LONG, lambda: nonsense, gives=int)


def test_what_hangs_does_not_keep_the_process_from_ending(gate: threading.Event) -> None:
    hang(Deadlines(1), gate)
    assert all(thread.daemon for thread in threading.enumerate() if thread.name == "deadline")


def test_a_machine_without_threads_is_busy(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(_: threading.Thread) -> None:
        raise RuntimeError("can't start new thread")

    deadlines = Deadlines(1)
    with monkeypatch.context() as patch:
        patch.setattr(threading.Thread, "start", refuse)
        with pytest.raises(Busy):
            deadlines.within(LONG, lambda: 1, gives=int)
    assert deadlines.within(LONG, lambda: 1, gives=int) == 1
