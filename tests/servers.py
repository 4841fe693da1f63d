"""A PostgreSQL and a Redis of the tests' own: started on a socket, gone afterwards."""

from __future__ import annotations

import contextlib
import os
import pwd
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from redis import Redis, RedisError

LONGEST_START = 30  # seconds
QUICK = ("fsync=off", "synchronous_commit=off", "full_page_writes=off", "autovacuum=off", "jit=off")


def postgres_programs() -> Path:
    """Return the folder with initdb and postgres; the newest of Debian's, or the one in PG_BINDIR."""
    if given := os.environ.get("PG_BINDIR"):
        return Path(given)
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"), key=lambda path: int(path.parts[-3]))
    if not found:
        raise RuntimeError("PostgreSQL is not installed: run ./dev test, or install Debian's package postgresql.")
    return found[-1].parent


@contextlib.contextmanager
def private_postgres(*, is_durable: bool = False) -> Iterator[str]:
    """Start a server and give the address of its database; nothing of it is left. Tests need no commit to survive a power cut.

    For them no autovacuum runs either: it would count the rows that are committed, and none of a test's are.
    """
    programs = postgres_programs()
    folder = tempfile.mkdtemp(prefix="pgtest-", dir="/tmp")  # a socket's path has to be short
    owner = _server_user(folder)
    environment = {"PATH": "/usr/bin:/bin", "LC_ALL": "C.UTF-8", "HOME": folder}
    initdb: list[str | Path] = [
        programs / "initdb",
        "-D",
        f"{folder}/data",
        "-U",
        "postgres",
        "-A",
        "trust",
        "-E",
        "UTF8",
        "--no-sync",
    ]
    subprocess.run(initdb, check=True, env=environment, cwd=folder, stdout=subprocess.DEVNULL, **owner)  # noqa: S603
    settings = ["listen_addresses=", "max_connections=250", *([] if is_durable else QUICK)]
    given = [part for item in settings for part in ("-c", item)]
    command: list[str | Path] = [programs / "postgres", "-D", f"{folder}/data", "-k", folder, *given]
    with Path(folder, "log").open("wb") as log:
        server = subprocess.Popen(command, env=environment, cwd=folder, stdout=log, stderr=subprocess.STDOUT, **owner)  # noqa: S603
    try:
        _wait_for(server, programs, folder, environment)
        yield f"postgresql+psycopg://postgres@/postgres?host={folder}"
    finally:
        server.send_signal(signal.SIGINT)
        server.wait(20)
        shutil.rmtree(folder, ignore_errors=True)


def _server_user(folder: str) -> dict[str, Any]:
    """Return the user to run the server as: it refuses root."""
    if os.geteuid() != 0:
        return {}
    user = pwd.getpwnam("postgres")
    os.chown(folder, user.pw_uid, user.pw_gid)
    return {"user": user.pw_uid, "group": user.pw_gid, "extra_groups": []}


def _wait_for(server: subprocess.Popen[bytes], programs: Path, folder: str, environment: dict[str, str]) -> None:
    end = time.monotonic() + LONGEST_START
    while subprocess.run([programs / "pg_isready", "-q", "-h", folder], env=environment, check=False).returncode:  # noqa: S603
        if server.poll() is not None or time.monotonic() > end:
            raise RuntimeError(Path(folder, "log").read_text())
        time.sleep(0.05)


class PrivateRedis:
    """A Redis that keeps nothing over a restart, as one may be run."""

    def __init__(self, folder: str) -> None:
        self._folder = folder
        self.url = f"unix://{folder}/redis"
        self.start()

    def start(self) -> None:
        """Start it, and return when it answers."""
        where = ["--port", "0", "--unixsocket", f"{self._folder}/redis", "--dir", self._folder]
        command = ["redis-server", *where, "--save", "", "--appendonly", "no"]
        self._server = subprocess.Popen(command, stdout=subprocess.DEVNULL)  # noqa: S603 - as installed
        end = time.monotonic() + LONGEST_START
        while not self.answers():
            if self._server.poll() is not None or time.monotonic() > end:
                raise RuntimeError("redis-server did not start")
            time.sleep(0.02)

    def answers(self) -> bool:
        """Whether it is there."""
        try:
            with Redis.from_url(self.url) as client:
                return bool(client.ping())
        except RedisError:
            return False

    def client(self) -> Redis:
        """Return a connection of the test's own."""
        return Redis.from_url(self.url)

    def kill(self) -> None:
        """End it at once, with all it holds."""
        self._server.kill()
        self._server.wait(20)

    def freeze(self) -> None:
        """Let it take connections and answer nothing, until it is killed or thawed."""
        self._server.send_signal(signal.SIGSTOP)

    def thaw(self) -> None:
        """Let it go on."""
        self._server.send_signal(signal.SIGCONT)


@contextlib.contextmanager
def private_redis() -> Iterator[PrivateRedis]:
    """Start a Redis; nothing of it is left."""
    folder = tempfile.mkdtemp(prefix="redis-", dir="/tmp")
    server = PrivateRedis(folder)
    try:
        yield server
    finally:
        server.kill()
        shutil.rmtree(folder, ignore_errors=True)
