"""Processes that are started again whenever they end, as systemd does with a unit, and a PostgreSQL that can be killed."""

from __future__ import annotations

import contextlib
import os
import signal
import subprocess
import sys
import time
from collections.abc import Mapping
from pathlib import Path

from bench.load import HOST
from bench.servers import family, free_port, listening
from config import ROOT
from tests.applications import SECRET
from tests.servers import PrivatePostgres

LONGEST_END = 3.0  # seconds that who is told to end may take for what is under way
LONGEST_START = 180.0  # seconds, on a machine on which much else runs


class Unit:
    """A `flask` command that is to run all the time."""

    def __init__(self, name: str, arguments: list[str], environment: Mapping[str, str], folder: Path) -> None:
        self.name = name
        self._arguments = [sys.executable, "-m", "flask", "--app", "app", *arguments]
        self._environment = {"PATH": os.environ["PATH"], "HOME": str(folder), **environment}
        self._log = folder / f"{name}.log"
        self.revived = 0
        self.launch()

    @property
    def pid(self) -> int:
        """Return its main process."""
        return self._process.pid

    def launch(self) -> None:
        """Start it without waiting for it."""
        with self._log.open("ab") as output:
            self._process = subprocess.Popen(  # noqa: S603 - our own command
                self._arguments,
                env=self._environment,
                cwd=ROOT,
                stdout=output,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )

    def wait_until_ready(self) -> None:
        """Return when it does its work; one that ends meanwhile is started again."""
        end = time.monotonic() + LONGEST_START
        while not self.is_ready():
            self.revive()
            if time.monotonic() > end:
                message = f"{self.name} did not start:\n{self._log.read_text()[-3000:]}"
                raise RuntimeError(message)
            time.sleep(0.02)

    def is_ready(self) -> bool:
        """Whether it runs."""
        return self._process.poll() is None

    def revive(self) -> None:
        """Start it again if it has ended by itself, and count that."""
        if self._process.poll() is not None:
            self.revived += 1
            self.launch()

    def kill(self) -> None:
        """Kill it with all its processes, as systemd does with what is left of a unit."""
        end_all(family(self.pid))
        self._process.wait()

    def terminate(self) -> None:
        """Ask it to end, and wait for that; kill it where it does not."""
        everybody = family(self.pid)
        self._process.terminate()
        with contextlib.suppress(subprocess.TimeoutExpired):
            self._process.wait(LONGEST_END)
        end_all(everybody)
        self._process.wait()


class WebServer(Unit):
    """`flask serve` on a port of its own."""

    def __init__(self, name: str, environment: Mapping[str, str], folder: Path, workers: int) -> None:
        self.port, self.workers = free_port(), workers
        own = {"FORESAY_BIND": f"{HOST}:{self.port}", "FORESAY_WORKERS": str(workers)}
        super().__init__(name, ["serve"], {**environment, **own}, folder)

    def is_ready(self) -> bool:
        """Whether every worker listens."""
        return listening(self.port) >= self.workers

    def worker_ids(self) -> list[int]:
        """Return the processes that answer."""
        return [pid for pid in family(self.pid)[1:] if _name_of(pid) in {"foresay-web", "foresay-all"}]


def kill_postgres(server: PrivatePostgres) -> None:
    """Kill a PostgreSQL with all its processes: what a power cut does, but for what the operating system keeps."""
    others = family(server.pid)[1:]
    server.stop(signal.SIGKILL)
    end_all(others)


def environment_of(folder: Path, database_url: str, redis_url: str, mail_port: int) -> dict[str, str]:
    """Return the settings all units have."""
    return {
        "FORESAY_DATABASE_URL": database_url,
        "FORESAY_INSTANCE": str(folder),
        "FORESAY_SECRET_KEY": SECRET,
        "FORESAY_SITE_URL": "http://localhost:8000",
        "FORESAY_MAIL": f"smtp://{HOST}:{mail_port}",
        "FORESAY_TRUSTED_PROXIES": "1",
        "FORESAY_PUSH_SERVICES": "off",
        "FORESAY_LOG": "json",
        **({"FORESAY_REDIS_URL": redis_url} if redis_url else {}),
    }


def end_all(pids: list[int]) -> None:
    """Kill processes, the first one first so that it starts no other."""
    for pid in pids:
        with contextlib.suppress(ProcessLookupError):
            os.kill(pid, signal.SIGKILL)


def _name_of(pid: int) -> str:
    try:
        return Path(f"/proc/{pid}/comm").read_text().strip()
    except OSError:
        return ""
