from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path

import pytest

from bench.servers import family
from commands import workers
from config import ROOT, Config

PATIENCE = 90.0  # seconds, on a busy machine
pytestmark = pytest.mark.timeout(400)  # seconds: what is waited for comes in several steps
# A program with two workers, each of which writes down its number, its role and what it was started with.
PROGRAM = """
import os, signal, sys, time
from commands import workers

def work(role):
    {before}
    with open(sys.argv[1], "a") as told:
        print(os.getpid(), role, *sys.argv[2:], file=told)
    time.sleep(600)

if "--role" in sys.argv:
    {loading}
    workers.begin(sys.argv[sys.argv.index("--role") + 1], work, int(sys.argv[-1].removeprefix("--parent=")))
workers.start(["web", "jobs"], work)
"""
OBEDIENT = "workers.when_told(lambda: os._exit(0))"
STUBBORN = "pass"
CHANGING = f"from pathlib import Path; workers.end_at_changes(Path(sys.argv[1]).parent); {OBEDIENT}"
# Says that it begins, and when it is told to end; between these it takes a moment.
SLOW = """
    def say(word):
        with open(sys.argv[1], "a") as told:
            print(os.getpid(), word, file=told, flush=True)
    say("begins")
    time.sleep(1)
    workers.when_told(lambda: (say("ends"), os._exit(0)))
"""


# Begins only after its main process has ended.
LOADING = """
    main = os.getppid()
    with open(sys.argv[1], "a") as told:
        print(os.getpid(), "loads", file=told)
    while os.getppid() == main:
        time.sleep(0.02)
"""


class Watched:
    """Such a program that runs."""

    def __init__(self, folder: Path, before: str, loading: str = "pass") -> None:
        self._told = folder / "told"
        self._told.touch()
        command = [sys.executable, "-c", PROGRAM.format(before=before, loading=loading), str(self._told)]
        self.main = subprocess.Popen(command, cwd=ROOT, start_new_session=True)  # noqa: S603 - our own program

    def begun(self, count: int) -> list[list[str]]:
        """Return what workers have written down, once they are so many."""
        until(lambda: len(self._told.read_text().splitlines()) >= count)
        return [line.split() for line in self._told.read_text().splitlines()]

    def pids(self) -> list[int]:
        """Return the first two workers."""
        return [int(line[0]) for line in self.begun(2)[:2]]


def until(is_so: Callable[[], bool]) -> None:
    end = time.monotonic() + PATIENCE
    while not is_so():
        assert time.monotonic() < end
        time.sleep(0.02)


def is_gone(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] == "Z"
    except (FileNotFoundError, ProcessLookupError):  # the latter where it goes while it is read
        return True


@pytest.fixture(params=[OBEDIENT])
def watched(tmp_path: Path, request: pytest.FixtureRequest) -> Iterator[Watched]:
    yield from watching(Watched(tmp_path, request.param))


@pytest.fixture
def loading(tmp_path: Path) -> Iterator[Watched]:
    yield from watching(Watched(tmp_path, OBEDIENT, LOADING))


def watching(made: Watched) -> Iterator[Watched]:
    yield made
    for pid in family(made.main.pid) if made.main.poll() is None else []:
        with suppress(ProcessLookupError):  # it has ended by itself
            os.kill(pid, signal.SIGKILL)
    made.main.wait(PATIENCE)


def test_a_worker_that_dies_is_followed_by_one_of_its_role(watched: Watched) -> None:
    first, *_ = watched.begun(2)
    os.kill(int(first[0]), signal.SIGKILL)
    assert watched.begun(3)[2][1:] == [first[1], "--role", first[1], "--after=-9", f"--parent={watched.main.pid}"]


def test_a_worker_that_ends_by_itself_is_followed_by_another(watched: Watched) -> None:
    first, *_ = watched.begun(2)
    os.kill(int(first[0]), signal.SIGTERM)
    assert watched.begun(3)[2][1] == first[1]


def test_hanging_up_starts_all_workers_anew(watched: Watched) -> None:
    watched.begun(2)
    watched.main.send_signal(signal.SIGHUP)
    assert {line[1] for line in watched.begun(4)[2:]} == {"web", "jobs"}


@pytest.mark.parametrize("watched", [CHANGING], indirect=True)
def test_a_changed_file_starts_those_anew_that_look_for_changes(watched: Watched, tmp_path: Path) -> None:
    watched.begun(2)

    def are_back() -> bool:
        (tmp_path / "changed.py").touch()  # again and again: nobody says since when they look
        return {line[1] for line in watched.begun(2)[2:]} == {"web", "jobs"}

    until(are_back)


def test_ending_the_main_process_ends_its_workers(watched: Watched) -> None:
    workers_before = watched.pids()
    watched.main.terminate()
    assert (watched.main.wait(PATIENCE), [is_gone(pid) for pid in workers_before]) == (0, [True, True])


@pytest.mark.parametrize("watched", [STUBBORN], indirect=True)
def test_the_main_process_waits_for_workers_that_take_their_time(watched: Watched) -> None:
    watched.begun(2)
    watched.main.terminate()
    with pytest.raises(subprocess.TimeoutExpired):
        watched.main.wait(1)


@pytest.mark.parametrize("watched", [STUBBORN], indirect=True)
def test_being_told_twice_ends_workers_that_take_their_time(watched: Watched) -> None:
    watched.begun(2)
    watched.main.terminate()
    time.sleep(0.5)  # signals of one kind that come at once are one
    watched.main.send_signal(signal.SIGINT)
    assert watched.main.wait(PATIENCE) == 0


@pytest.mark.parametrize("watched", [SLOW], indirect=True)
def test_a_worker_hears_that_it_shall_end_though_it_had_not_listened_yet(watched: Watched) -> None:
    watched.begun(2)
    watched.main.terminate()
    watched.main.wait(PATIENCE)
    assert [line[1] for line in watched.begun(4)].count("ends") == 2


def test_workers_do_not_outlive_a_main_process_that_was_killed(watched: Watched) -> None:
    workers_before = watched.pids()
    watched.main.kill()
    until(lambda: all(is_gone(pid) for pid in workers_before))


def test_a_worker_does_not_outlive_a_main_process_that_was_killed_while_it_loaded(loading: Watched) -> None:
    os.kill(loading.pids()[0], signal.SIGKILL)
    heir = int(loading.begun(3)[2][0])
    loading.main.kill()
    until(lambda: is_gone(heir))


def test_the_main_process_holds_nothing(watched: Watched) -> None:
    watched.begun(2)
    rows = Path(f"/proc/{watched.main.pid}/smaps_rollup").read_text().splitlines()
    kilobytes = {row.split()[0]: row.split()[1] for row in rows[1:]}
    assert int(kilobytes["Pss_Anon:"]) < 8_000


@pytest.mark.parametrize(
    ("count", "works", "found"),
    [(1, True, ["all"]), (1, False, ["web"]), (2, True, ["web", "web", "jobs"]), (2, False, ["web", "web"])],
)
def test_jobs_have_a_process_of_their_own_where_several_workers_answer(count: int, works: bool, found: list[str]) -> None:  # noqa: FBT001 - a table
    config = Config(secret_key="s" * 32, database_url="sqlite://", workers=count)
    assert workers.roles(config, works=works) == found
