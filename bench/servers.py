"""Web servers and databases that live as long as a measurement, on loopback and in a temporary folder."""

from __future__ import annotations

import contextlib
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from bench.load import HOST, fetch, get
from config import ROOT
from tests.applications import SECRET, empty_database
from tests.servers import private_postgres

LONGEST_START = 60.0  # seconds
LONGEST_END = 15.0
LISTENING = "0A"  # in /proc/net/tcp
TICKS = os.sysconf("SC_CLK_TCK")
GRANIAN, GUNICORN = "granian", "gunicorn"
GUNICORN_THREADS = 32
SITE, UNLIMITED, FLOOR = "app:create_app", "bench.sites:unlimited", "bench.floors:create"
BARE = "bench.bare:create"  # Flask and its server, and nothing else in any of its processes


@dataclass(frozen=True, kw_only=True)
class Size:
    """How many workers a server has, and how many threads each of granian's."""

    workers: int = 2
    threads: int = 4


@dataclass(frozen=True, kw_only=True)
class RunningServer:
    """A web server that has answered once."""

    name: str
    port: int
    pid: int
    seconds_to_first_answer: float

    def cpu_seconds(self) -> float:
        """Return the processor time it and its workers have used."""
        return sum(_cpu_ticks(pid) for pid in family(self.pid)) / TICKS

    def megabytes(self) -> float:
        """Return the memory it and its workers hold: their own, what they share once, and the files they have loaded once.

        Such files count in full though others on the machine, this process above all, have loaded them too.
        """
        processes = family(self.pid)
        return (sum(map(_own_kilobytes, processes)) + max(map(_loaded_kilobytes, processes))) / 1000

    def shares(self) -> list[float]:
        """Return the part of that memory that is each process's own, the main one's first."""
        return [_own_kilobytes(pid) / 1000 for pid in family(self.pid)]


@contextlib.contextmanager
def served(
    name: str, factory: str, database_url: str, folder: Path, size: Size, *, settings: Mapping[str, str] | None = None
) -> Iterator[RunningServer]:
    """Serve what `factory` makes, with this database, on granian or gunicorn; nothing of it is left."""
    port = free_port()
    log = folder / f"{name}-{port}.log"
    environment = {
        "PATH": os.environ["PATH"],
        "HOME": str(folder),
        "FORESAY_BIND": f"{HOST}:{port}",
        "FORESAY_SITE_URL": "http://127.0.0.1:8000",  # in the pages: whichever server sends them, they are the same
        "FORESAY_DATABASE_URL": database_url,
        "FORESAY_INSTANCE": str(folder),
        "FORESAY_SECRET_KEY": SECRET,
        "FORESAY_WORKERS": str(size.workers),
        "FORESAY_THREADS": str(size.threads),
        **(settings or {}),
    }
    began = time.monotonic()
    with log.open("wb") as output:
        process = subprocess.Popen(  # noqa: S603 - our own command
            _command(name, factory, port, size),
            env=environment,
            cwd=ROOT,
            stdout=output,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
    try:
        _wait_for(process, port, log, listeners=size.workers if name == GRANIAN else 1)
        yield RunningServer(name=name, port=port, pid=process.pid, seconds_to_first_answer=time.monotonic() - began)
    finally:
        _end(process)


def _command(name: str, factory: str, port: int, size: Size) -> list[str]:
    if name == GRANIAN and factory == SITE:
        return [sys.executable, "-m", "flask", "--app", "app", "serve"]
    if factory == BARE:
        return [sys.executable, "-m", "bench.bare", HOST, str(port)]
    if name == GRANIAN:
        return [sys.executable, "-m", "bench.launch", factory]
    options = ["--no-control-socket", "-k", "gthread", "--threads", str(GUNICORN_THREADS), "--worker-connections", "1000"]
    return [sys.executable, "-m", "gunicorn", *options, "-w", str(size.workers), "-b", f"{HOST}:{port}", f"{factory}()"]


def free_port() -> int:
    """Return a port of this machine on which nothing listens."""
    with socket.socket() as probe:
        probe.bind((HOST, 0))
        port: int = probe.getsockname()[1]
        return port


def _wait_for(process: subprocess.Popen[bytes], port: int, log: Path, *, listeners: int) -> None:
    """Wait until a page comes and all who listen are there: each worker of granian listens for itself, when it is ready."""
    end = time.monotonic() + LONGEST_START
    while process.poll() is None and time.monotonic() < end:
        if listening(port) >= listeners:
            fetch(port, get("/")).must(200)
            return
        time.sleep(0.02)
    message = f"the server did not start:\n{log.read_text()[-3000:]}"
    raise RuntimeError(message)


def listening(port: int) -> int:
    """Return how many sockets listen on the port."""
    table = [line.split() for line in Path("/proc/net/tcp").read_text().splitlines()[1:]]
    return sum(row[1].endswith(f":{port:04X}") and row[3] == LISTENING for row in table)


def _end(process: subprocess.Popen[bytes]) -> None:
    process.send_signal(signal.SIGTERM)
    try:
        process.wait(LONGEST_END)
    except subprocess.TimeoutExpired:
        os.killpg(process.pid, signal.SIGKILL)  # the group that was made for it
        process.wait()


@contextlib.contextmanager
def database_server(kind: str, folder: Path) -> Iterator[str]:
    """Give the address of a server in which every acknowledged commit is on the disk: a PostgreSQL, or a SQLite file."""
    if kind == "sqlite":
        yield f"sqlite:///{folder / 'bench.db'}"
        return
    with private_postgres(is_durable=True) as url:
        yield url


@contextlib.contextmanager
def site_and_floor(kind: str, folder: Path) -> Iterator[tuple[str, str]]:
    """Give the addresses of two empty databases on one server: the site's and the floor's."""
    with database_server(kind, folder) as url, empty_database(url, "site") as site, empty_database(url, "floor") as floor:
        yield site, floor


def family(pid: int) -> list[int]:
    """Return a process and everything under it that has not ended meanwhile."""
    found: list[int] = []
    for file in Path(f"/proc/{pid}/task").glob("*/children"):
        with contextlib.suppress(FileNotFoundError, ProcessLookupError):
            found += map(int, file.read_text().split())
    return [pid, *(one for child in found for one in family(child))]


def _cpu_ticks(pid: int) -> int:
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return int(fields[11]) + int(fields[12])  # in user and in system mode


def _own_kilobytes(pid: int) -> int:
    """Return a process's memory that is no file's, pages it shares divided among those that share them."""
    return _kilobytes(pid, "smaps_rollup", "Pss_Anon:", "Pss_Shmem:")


def _loaded_kilobytes(pid: int) -> int:
    return _kilobytes(pid, "status", "RssFile:")


def _kilobytes(pid: int, file: str, *names: str) -> int:
    rows = (line.split() for line in Path(f"/proc/{pid}/{file}").read_text().splitlines())
    return sum(int(row[1]) for row in rows if row[0] in names)
