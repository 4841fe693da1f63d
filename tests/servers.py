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

LONGEST_START = LONGEST_END = 120  # seconds, on a busy machine with a slow disk
DISK, MEMORY = "/tmp", "/dev/shm"  # noqa: S108 - not secret, and short, as a socket's path has to be
ROOM = 4_000_000_000  # bytes: many times what all workers' files take together
QUICK = ("fsync=off", "synchronous_commit=off", "full_page_writes=off", "autovacuum=off", "jit=off")


def postgres_programs() -> Path:
    """Return the folder with initdb and postgres; the newest of Debian's, or the one in PG_BINDIR."""
    if given := os.environ.get("PG_BINDIR"):
        return Path(given)
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"), key=lambda path: int(path.parts[-3]))
    if not found:
        raise RuntimeError("PostgreSQL is not installed: run ./dev test, or install Debian's package postgresql.")
    return found[-1].parent


def quickest_folder() -> str:
    """Return where files are made and written at the least cost: in memory, if there is room; no test cuts the power."""
    has_room = os.access(MEMORY, os.W_OK) and shutil.disk_usage(MEMORY).free > ROOM
    return MEMORY if has_room else DISK


def _server_user(folder: str) -> dict[str, Any]:
    """Return the user to run the server as: it refuses root."""
    if os.geteuid() != 0:
        return {}
    user = pwd.getpwnam("postgres")
    os.chown(folder, user.pw_uid, user.pw_gid)
    return {"user": user.pw_uid, "group": user.pw_gid, "extra_groups": []}


class PrivatePostgres:
    """A PostgreSQL that can be stopped and started again with what it holds."""

    def __init__(self, folder: str, *, is_durable: bool = False, follows: PrivatePostgres | None = None) -> None:
        self._folder, self._programs = folder, postgres_programs()
        self._environment = {"PATH": "/usr/bin:/bin", "LC_ALL": "C.UTF-8", "HOME": folder}
        self._owner = _server_user(folder)
        self._settings = ["listen_addresses=", "max_connections=250", *([] if is_durable else QUICK)]
        self.url = f"postgresql+psycopg://postgres@/postgres?host={folder}"
        self._run(self._copying(follows) if follows else self._making()).check_returncode()
        self.start()

    def _making(self) -> list[str | Path]:
        where = ["-D", f"{self._folder}/data", "-U", "postgres", "-A", "trust", "-E", "UTF8", "--no-sync"]
        return [self._programs / "initdb", *where]

    def _copying(self, primary: PrivatePostgres) -> list[str | Path]:
        """Return the command that makes a hot standby, which follows the other server from then on."""
        there = ["-h", primary._folder, "-U", "postgres", "-c", "fast"]
        return [self._programs / "pg_basebackup", "-D", f"{self._folder}/data", "--write-recovery-conf", "--no-sync", *there]

    @property
    def pid(self) -> int:
        """Return its main process."""
        return self._server.pid

    def start(self) -> None:
        """Start it, and return when it answers."""
        given = [part for item in self._settings for part in ("-c", item)]
        command: list[str | Path] = [self._programs / "postgres", "-D", f"{self._folder}/data", "-k", self._folder, *given]
        log = Path(self._folder, "log")
        with log.open("ab") as output:
            self._server = subprocess.Popen(  # noqa: S603 - as installed
                command, env=self._environment, cwd=self._folder, stdout=output, stderr=subprocess.STDOUT, **self._owner
            )
        end = time.monotonic() + LONGEST_START
        while self._run([self._programs / "pg_isready", "-q", "-h", self._folder]).returncode:
            if self._server.poll() is not None or time.monotonic() > end:
                raise RuntimeError(log.read_text())
            time.sleep(0.05)

    def stop(self, number: int = signal.SIGINT) -> None:
        """Stop it at once, whoever is connected; with SIGQUIT as a crash would."""
        self._server.send_signal(number)
        self._server.wait(LONGEST_END)

    def _run(self, command: list[str | Path]) -> subprocess.CompletedProcess[bytes]:
        return subprocess.run(  # noqa: S603 - as installed
            command, check=False, env=self._environment, cwd=self._folder, stdout=subprocess.DEVNULL, **self._owner
        )


@contextlib.contextmanager
def postgres_server(*, is_durable: bool = False, follows: PrivatePostgres | None = None) -> Iterator[PrivatePostgres]:
    """Start a server, or a hot standby of one; nothing of it is left. Tests need no commit to survive a power cut.

    For them no autovacuum runs either: it would count the rows that are committed, and none of a test's are.
    """
    folder = tempfile.mkdtemp(prefix="pgtest-", dir=DISK if is_durable else quickest_folder())
    server = PrivatePostgres(folder, is_durable=is_durable, follows=follows)
    try:
        yield server
    finally:
        server.stop()
        shutil.rmtree(folder, ignore_errors=True)


@contextlib.contextmanager
def private_postgres(*, is_durable: bool = False) -> Iterator[str]:
    """Start a server and give the address of its database; nothing of it is left."""
    with postgres_server(is_durable=is_durable) as server:
        yield server.url


class PrivateRedis:
    """A Redis that keeps nothing over a restart, as one may be run, unless it is durable."""

    def __init__(self, folder: str, *, is_durable: bool = False) -> None:
        self._folder, self._appends = folder, "yes" if is_durable else "no"
        self.url = f"unix://{folder}/redis"
        self.start()

    def start(self) -> None:
        """Start it, and return when it answers."""
        where = ["--port", "0", "--unixsocket", f"{self._folder}/redis", "--dir", self._folder]
        command = ["redis-server", *where, "--save", "", "--appendonly", self._appends]
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
        self._server.wait(LONGEST_END)

    def freeze(self) -> None:
        """Let it take connections and answer nothing, until it is killed or thawed."""
        self._server.send_signal(signal.SIGSTOP)

    def thaw(self) -> None:
        """Let it go on."""
        self._server.send_signal(signal.SIGCONT)


@contextlib.contextmanager
def private_redis(*, is_durable: bool = False) -> Iterator[PrivateRedis]:
    """Start a Redis; nothing of it is left."""
    folder = tempfile.mkdtemp(prefix="redis-", dir=DISK)
    server = PrivateRedis(folder, is_durable=is_durable)
    try:
        yield server
    finally:
        server.kill()
        shutil.rmtree(folder, ignore_errors=True)


@contextlib.contextmanager
def private_pgbouncer(url: str) -> Iterator[str]:
    """Start a pooler in transaction mode in front of a PostgreSQL, and give the address through it."""
    folder = tempfile.mkdtemp(prefix="pooler-", dir=DISK)
    owner = _server_user(folder)
    Path(folder, "users").write_text('"postgres" ""\n')
    Path(folder, "ini").write_text(
        f"[databases]\n* = host={url.partition('host=')[2]}\n"
        f"[pgbouncer]\nlisten_port = 6432\nunix_socket_dir = {folder}\nauth_type = trust\nauth_file = {folder}/users\n"
        "pool_mode = transaction\ndefault_pool_size = 5\nmax_client_conn = 200\n"
    )
    with Path(folder, "log").open("wb") as log:
        pooler = subprocess.Popen(  # noqa: S603 - as installed
            ["/usr/sbin/pgbouncer", f"{folder}/ini"], cwd=folder, stdout=log, stderr=subprocess.STDOUT, **owner
        )
    end = time.monotonic() + LONGEST_START
    while not Path(folder, ".s.PGSQL.6432").exists():
        if pooler.poll() is not None or time.monotonic() > end:
            raise RuntimeError(Path(folder, "log").read_text())
        time.sleep(0.05)
    try:
        yield f"{url.partition('host=')[0]}host={folder}&port=6432"
    finally:
        pooler.send_signal(signal.SIGTERM)
        pooler.wait(LONGEST_END)
        shutil.rmtree(folder, ignore_errors=True)
