"""Dumps of PostgreSQL: made and put back by its own programs. A password is given to them in their environment only."""

from __future__ import annotations

import secrets
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO

import sqlalchemy as sa
from sqlalchemy import Connection
from sqlalchemy.exc import ProgrammingError

from commands import refusals
from commands.database import places
from config import environment

PROGRAMS = Path("/usr/lib/postgresql")  # where Debian has those of each version
AS_THEY_ARE = ("--no-owner", "--no-privileges")  # who may do what is the new server's to say
OF_TRIGGERS = sa.text(
    "SELECT DISTINCT p.oid::regprocedure::text FROM pg_trigger t JOIN pg_proc p ON p.oid = t.tgfoid "
    "JOIN pg_class c ON c.oid = t.tgrelid WHERE NOT t.tgisinternal AND c.relname = ANY(:names)"
)


def dump(connection: Connection, to: Path) -> None:
    """Dump what a connection sees, which has to see one moment. Nobody waits for it."""
    moment = connection.scalar(sa.text("SELECT pg_export_snapshot()"))
    what = ("--format=custom", "--compress=0", f"--exclude-table={places.QUEUE}*", f"--snapshot={moment}", f"--file={to}")
    _run("pg_dump", connection.engine.url, *AS_THEY_ARE, *what)


def load(url: sa.URL, dump: Path, *, first: str = "") -> None:
    """Put a dump into a database in one transaction, after the statements in `first`: all of it, or nothing has changed."""
    with tempfile.TemporaryFile() as said, _started("psql", url, "-Xq", "--set=ON_ERROR_STOP=1", stderr=said) as psql:
        with _started("pg_restore", None, *AS_THEY_ARE, "--file=-", str(dump), stderr=said) as restore:
            is_whole = _piped(restore, psql, first)
        if psql.wait() or restore.returncode or not is_whole:
            refusals.stop(_complaint(said))


def emptying(connection: Connection, known: set[str]) -> str:
    """Return the statements that take away what a database holds; end the command where something in it is not ours."""
    names = [name for name in places.tables_of(connection) if name in known]
    if strange := sorted(set(places.tables_of(connection)) - known):
        refusals.stop(f"The database holds tables that are not Foresay's, {strange[0]} for one. Give it a database of its own.")
    functions = connection.scalars(OF_TRIGGERS, {"names": names}).all()
    quoted = connection.dialect.identifier_preparer.quote
    dropped = [f"DROP TABLE {', '.join(quoted(name) for name in names)} CASCADE;"] if names else []
    return "\n".join(["SET lock_timeout = '10s';", *dropped, *(f"DROP FUNCTION {name};" for name in functions)])


@contextmanager
def scratch(url: sa.URL) -> Iterator[sa.URL]:
    """Give the address of an empty database beside another, and drop it at the end."""
    name, server = (
        f"foresay_try_{secrets.token_hex(6)}",
        sa.create_engine(url, isolation_level="AUTOCOMMIT", poolclass=sa.NullPool),
    )
    try:
        with server.connect() as connection:
            connection.exec_driver_sql(f"CREATE DATABASE {name} TEMPLATE template0 ENCODING 'UTF8'")
    except ProgrammingError:
        refusals.stop("Its digests are right, but it could not be tried: this user may not create databases on the server.")
    try:
        yield url.set(database=name)
    finally:
        with server.connect() as connection:
            connection.exec_driver_sql(f"DROP DATABASE {name} WITH (FORCE)")


def _piped(restore: subprocess.Popen[bytes], psql: subprocess.Popen[bytes], first: str) -> bool:
    """Hand over the statements; tell whether all were handed over. What has no end is not done by the server."""
    if psql.stdin is None or restore.stdout is None:
        return False
    try:
        with psql.stdin as statements:
            statements.write(f"BEGIN;\n{first}\n".encode())
            shutil.copyfileobj(restore.stdout, statements)
            if restore.wait() == 0:
                statements.write(b"\nCOMMIT;\n")
    except BrokenPipeError:
        restore.kill()
        return False
    return True


def _run(program: str, url: sa.URL, *arguments: str) -> None:
    with tempfile.TemporaryFile() as said, _started(program, url, *arguments, stderr=said) as process:
        process.communicate()
        if process.returncode:
            refusals.stop(_complaint(said))


def _started(program: str, url: sa.URL | None, *arguments: str, stderr: IO[bytes]) -> subprocess.Popen[bytes]:
    password = {"PGPASSWORD": str(url.password)} if url is not None and url.password else {}
    where = () if url is None else (f"--dbname={_without_password(url)}",)
    return subprocess.Popen(  # noqa: S603 - PostgreSQL's own programs
        [_program(program), *arguments, *where],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=stderr,
        env=environment(LC_MESSAGES="C", **password),
    )


def _program(name: str) -> str:
    found = sorted(PROGRAMS.glob(f"*/bin/{name}"), key=lambda path: int(path.parts[-3]))
    path = str(found[-1]) if found else shutil.which(name)
    return path or refusals.stop(f"There is no {name}. Install PostgreSQL's programs (Debian: postgresql-client).")


def _without_password(url: sa.URL) -> str:
    there = sa.URL.create("postgresql", url.username, None, url.host, url.port, url.database, url.query)
    return there.difference_update_query(["password"]).render_as_string(hide_password=False)


def _complaint(said: IO[bytes]) -> str:
    said.seek(0)
    lines = [line for line in said.read().decode(errors="replace").splitlines() if line.strip()]
    return next((line for line in lines if "error" in line.lower()), lines[0] if lines else "PostgreSQL's program failed.")
