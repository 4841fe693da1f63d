"""The main process of `flask serve` once its workers run: it starts another when one dies, and ends them when it is told to.

A program of its own, run by its path, which holds nothing of the site:

    python watcher.py "web:17 jobs:18" python -m flask serve

has these two workers, and makes a new one by the command, to which it adds the role, how the one before has ended, and its own number.
It is started with the signals of `HEEDED` held back, so that none is lost that came before.
"""

from __future__ import annotations

import os
import signal
import sys
import time

ENDS = {signal.SIGINT, signal.SIGTERM}
HEEDED = {*ENDS, signal.SIGHUP, signal.SIGCHLD}
SOON = 5.0  # seconds a worker has lived that could as well not have been started
MOST_SOON = 5  # such deaths in a row that are bad luck: no memory left, a mistaken kill
PAUSE = 1.0  # seconds before the next start after more of them


class Worker:
    """A process: its role, since when it runs, and how many before it have died soon, in a row."""

    def __init__(self, role: str, deaths: int = 0) -> None:
        self.role, self._deaths = role, deaths
        self._begun = time.monotonic()

    def heir(self) -> Worker:
        """Return the one to follow it; that takes a moment where workers do nothing but die."""
        died_soon = time.monotonic() - self._begun < SOON
        if died_soon and self._deaths >= MOST_SOON:
            time.sleep(PAUSE)
        return Worker(self.role, self._deaths + 1 if died_soon else 0)


class Watcher:
    """Has workers, by their number."""

    def __init__(self, workers: dict[int, Worker], command: list[str]) -> None:
        self._workers, self._command = workers, command

    def watch(self) -> None:
        """Return when all workers have ended because this process was told to. SIGHUP lets them all be started anew."""
        while (number := signal.sigwait(HEEDED)) not in ENDS:
            if number == signal.SIGHUP:
                self._tell(signal.SIGTERM)
            for pid, how in self._ended():
                self._replace(pid, how)
        self._tell(signal.SIGTERM)
        while self._workers:
            if signal.sigwait(HEEDED) in ENDS:
                self._tell(signal.SIGKILL)  # told twice, by somebody who does not want to wait for a job
            for pid, _ in self._ended():
                del self._workers[pid]

    def _tell(self, number: int) -> None:
        for pid in self._workers:
            os.kill(pid, number)  # it exists: one that has ended stays until it is waited for

    def _ended(self) -> list[tuple[int, int]]:
        """Return the workers that have ended, and how: their code, or minus the signal."""
        found = []
        try:
            while (ended := os.waitpid(-1, os.WNOHANG))[0]:
                found.append((ended[0], os.waitstatus_to_exitcode(ended[1])))
        except ChildProcessError:
            pass
        return [(pid, how) for pid, how in found if pid in self._workers]

    def _replace(self, pid: int, how: int) -> None:
        heir = self._workers.pop(pid).heir()
        command = [*self._command, "--role", heir.role, f"--after={how}", f"--parent={os.getpid()}"]
        self._workers[os.spawnv(os.P_NOWAIT, command[0], command)] = heir  # noqa: S606 - our own command, as it was given


if __name__ == "__main__":
    pairs = (worker.split(":") for worker in sys.argv[1].split())
    Watcher({int(pid): Worker(role) for role, pid in pairs}, sys.argv[2:]).watch()
