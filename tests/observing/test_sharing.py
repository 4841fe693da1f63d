from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

from config import ROOT

COUNT = "from observing import metrics; metrics.cache_answered('hit'); metrics.cache_holds(5_000)"
TELL = "from observing import sharing; print(sharing.told().decode())"
SHARE = "from pathlib import Path; from observing import sharing; sharing.share(Path({folder!r}))"


def ran(program: str, **environment: str) -> str:
    """Return what a process of its own prints."""
    command = [sys.executable, "-c", program]
    given = {**os.environ, **environment}
    return subprocess.run(command, cwd=ROOT, env=given, check=True, capture_output=True, text=True).stdout  # noqa: S603 - our own program


def test_counts_of_processes_that_are_no_more_are_added_up(tmp_path: Path) -> None:
    for _ in range(3):
        ran(COUNT, PROMETHEUS_MULTIPROC_DIR=str(tmp_path))
    told = ran(TELL, PROMETHEUS_MULTIPROC_DIR=str(tmp_path))
    assert 'foresay_cache_answers_total{event="hit"} 3.0' in told


def test_what_they_held_is_gone_with_them(tmp_path: Path) -> None:
    ran(COUNT, PROMETHEUS_MULTIPROC_DIR=str(tmp_path))
    told = ran(f"{COUNT}; {TELL}", PROMETHEUS_MULTIPROC_DIR=str(tmp_path))
    assert 'foresay_cache_holds{of="bytes"} 5000.0' in told


def test_a_process_that_shares_counts_into_the_folder(tmp_path: Path) -> None:
    told = ran("; ".join([SHARE.format(folder=str(tmp_path)), COUNT, TELL]))
    assert 'foresay_cache_answers_total{event="hit"} 1.0' in told
    assert list(tmp_path.glob("counter_*.db"))


def test_what_an_earlier_start_has_counted_is_forgotten(tmp_path: Path) -> None:
    ran(COUNT, PROMETHEUS_MULTIPROC_DIR=str(tmp_path))
    told = ran("; ".join([SHARE.format(folder=str(tmp_path)), COUNT, TELL]))
    assert 'foresay_cache_answers_total{event="hit"} 1.0' in told


def test_a_folder_the_operator_has_named_is_used_as_it_is(tmp_path: Path) -> None:
    named = tmp_path / "named"
    named.mkdir()
    for _ in range(2):
        ran("; ".join([SHARE.format(folder=str(tmp_path / "ours")), COUNT]), PROMETHEUS_MULTIPROC_DIR=str(named))
    assert (len(list(named.glob("counter_*.db"))), (tmp_path / "ours").exists()) == (2, False)


def test_a_process_alone_tells_its_own_figures() -> None:
    assert 'foresay_cache_answers_total{event="hit"} 1.0' in ran(f"{COUNT}; {TELL}")
