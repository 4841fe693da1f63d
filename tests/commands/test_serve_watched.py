from __future__ import annotations

import json
import os
import re
import signal
import socket
import subprocess
import time
import urllib.request
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from urllib.error import HTTPError

import pytest

from tests.browser.conftest import ROOT, free_port, wait_for
from tests.commands.test_serve import FLASK, environment

pytestmark = pytest.mark.timeout(600)  # seconds: workers are started again and again
TOKEN = "a-token-of-the-tests"
SECRET = "a-secret-in-an-address"
LONGEST_RESTART = 60  # seconds, on a busy machine


@dataclass(frozen=True)
class Served:
    """A running site of two workers: where it is, where its log goes, and its main process."""

    url: str
    log: Path
    folder: Path
    main: int

    def get(self, path: str) -> str:
        """Return what is answered."""
        headers = {"Authorization": f"Bearer {TOKEN}", "Cookie": f"guest={SECRET}"}
        request = urllib.request.Request(self.url + path, headers=headers)  # noqa: S310 - ours
        with urllib.request.urlopen(request, timeout=60) as answer:  # noqa: S310 - the same
            return str(answer.read().decode())

    def signs(self) -> int:
        """Return how often the sign-in page was given, by all workers."""
        found = re.search(r'foresay_requests_total\{endpoint="accounts.sign_in",.*\} (\S+)', self.get("/metrics"))
        return int(float(found[1])) if found else 0

    def listens(self) -> bool:
        """Whether a worker takes connections."""
        with socket.socket() as probe:
            return probe.connect_ex(("127.0.0.1", int(self.url.rpartition(":")[2]))) == 0

    def processes(self) -> set[int]:
        """Return the workers there are, ready or not, that of the jobs among them."""
        parts = (task.read_text().split() for task in Path(f"/proc/{self.main}/task").glob("*/children"))
        return {int(number) for part in parts for number in part}

    def workers(self) -> set[int]:
        """Return the web workers that have answered something."""
        numbers = {int(path.stem.rpartition("_")[2]) for path in (self.folder / "metrics").glob("histogram_*.db")}
        return {number for number in numbers if is_web_worker(number)}


def is_web_worker(number: int) -> bool:
    """Whether there is such a process, and it is one of them."""
    try:
        return Path(f"/proc/{number}/comm").read_text() == "foresay-web\n"
    except (FileNotFoundError, ProcessLookupError):  # the latter where it goes while it is read
        return False


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """Return a site of two workers that logs JSON."""
    folder, port = tmp_path_factory.mktemp("watched"), free_port()
    settings = {"FORESAY_WORKERS": "2", "FORESAY_LOG": "json", "FORESAY_LOG_LEVEL": "info", "FORESAY_METRICS_TOKEN": TOKEN}
    log = folder / "log"
    with log.open("wb") as output:
        process = subprocess.Popen(  # noqa: S603 - our own program
            [FLASK, "serve", "--prepare"],
            cwd=ROOT,
            env={**environment(folder, port), **settings},
            stdout=subprocess.DEVNULL,
            stderr=output,
            start_new_session=True,
        )
    wait_for(port, process, log)
    yield Served(f"http://127.0.0.1:{port}", log, folder, process.pid)
    os.killpg(process.pid, signal.SIGINT)
    process.wait(60)


def asked_both(served: Served) -> int:
    """Ask ten times, and until both workers have answered, and return how often."""
    end, asked = time.monotonic() + LONGEST_RESTART, 0
    while (len(served.workers()) < 2 and time.monotonic() < end) or asked < 10:
        served.get(f"/sign-in?next=/{SECRET}")
        asked += 1
    assert len(served.workers()) == 2
    return asked


def kill(served: Served, worker: int) -> None:
    """Let a worker die, and wait until it is no more."""
    os.kill(worker, signal.SIGKILL)
    end = time.monotonic() + LONGEST_RESTART
    while worker in served.workers() and time.monotonic() < end:
        time.sleep(0.05)


def test_figures_add_up_over_workers_and_outlive_one(served: Served) -> None:
    asked = served.signs() + asked_both(served)
    assert served.signs() == asked
    kill(served, min(served.workers()))
    asked += asked_both(served)
    assert served.signs() == asked


def kill_all(served: Served) -> None:
    """Let all workers die at the same moment, and return as soon as there are others, which are not ready yet."""
    before, end = served.processes(), time.monotonic() + LONGEST_RESTART
    for worker in before:
        os.kill(worker, signal.SIGKILL)
    while len(served.processes() - before) < len(before) and time.monotonic() < end:
        time.sleep(0.01)


def test_workers_that_die_as_soon_as_they_are_back_come_back_again(served: Served) -> None:
    asked_both(served)
    for _ in range(3):
        kill_all(served)
    end = time.monotonic() + LONGEST_RESTART
    while not served.listens() and time.monotonic() < end:
        time.sleep(0.05)
    assert asked_both(served)


def test_jobs_of_the_process_beside_are_among_the_figures(served: Served) -> None:
    end, wanted = time.monotonic() + 180, 'foresay_jobs_total{job="close_questions",outcome="done"}'
    while wanted not in (told := served.get("/metrics")) and time.monotonic() < end:  # periodic jobs come each minute
        time.sleep(1)
    assert wanted in told


def test_every_line_of_the_log_is_an_object_and_none_tells_a_secret(served: Served) -> None:
    served.get(f"/sign-in?next=/{SECRET}")
    lines = [json.loads(line) for line in served.log.read_text().splitlines()]
    assert [line for line in lines if not {"time", "level", "event"} <= line.keys()] == []
    told = {line["event"] for line in lines}
    assert "request" in told
    assert told & {"Started worker-1", "Started worker-2"}  # one may answer while the other still starts
    assert [line for line in lines if SECRET in str(line) or TOKEN in str(line)] == []


def says_ready(served: Served) -> bool:
    """Whether it says so now: on a busy machine a check may take longer than it may."""
    with suppress(HTTPError):
        return bool(json.loads(served.get("/readyz")) == {"status": "ready"})
    return False


def test_a_running_site_is_ready(served: Served) -> None:
    end = time.monotonic() + LONGEST_RESTART
    while not (found := says_ready(served)) and time.monotonic() < end:
        time.sleep(0.1)
    assert found
