"""A PostgreSQL of the tests' own: started on a socket, gone afterwards."""

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
