"""A backup of a site on each kind of database: made while it is written to, proved, and put back."""

from __future__ import annotations

import hashlib
import io
import json
import resource
import secrets
import tarfile
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from click.testing import Result
from flask_migrate import upgrade

from commands.backup import postgresql
from commands.database import places
from extensions import db
from models import Article, Participation, Reader
from tests import factories
from tests.applications import empty_database, migrated, twin
from tests.commands.conftest import site
from tests.servers import postgres_programs
from tests.wholes import everything, started, stored

pytestmark = pytest.mark.timeout(400)  # seconds: whole sites are made
KEYS = {"secret_key": "the key of the first machine, long enough", "vapid_key": "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8"}
Contents = dict[str, bytes]


def run(url: str, *arguments: object, instance: Path, **settings: Any) -> Result:
    """Run a command on a database, on a machine with these files."""
    instance.mkdir(exist_ok=True)
    with site(url, instance=instance, **settings) as app:
        return app.test_cli_runner().invoke(args=["backup", *map(str, arguments)])


@pytest.fixture(scope="session")
def saved(demo: str, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a backup of the demo."""
    file = tmp_path_factory.mktemp("saved") / "site.backup"
    result = run(demo, "create", file, instance=file.with_name("instance"), **KEYS)
    assert (result.exit_code, result.stdout[:20]) == (0, f"{file}: "[:20]), result.output
    return file


@pytest.fixture
def new(database_url: str) -> Iterator[str]:
    """Return the address of an empty database of the kind the backup is of."""
    with empty_database(database_url, f"new_{secrets.token_hex(4)}") as url:
        yield url


@pytest.fixture(scope="session")
def with_an_article(database_url: str) -> Iterator[str]:
    with twin(migrated(database_url)) as url:
        with site(url):
            factories.open_article(datetime.now(UTC))
            db.session.commit()
        yield url


@pytest.fixture
def used(with_an_article: str) -> Iterator[str]:
    """Return the address of a database in which there is an article."""
    with twin(with_an_article) as url:
        yield url


def contents(file: Path) -> Contents:
    with tarfile.open(file) as tar:
        return {member.name: content.read() for member in tar if (content := tar.extractfile(member))}


def packed(file: Path, inside: Contents) -> Path:
    with tarfile.open(file, "w:gz") as tar:
        for name, content in inside.items():
            member = tarfile.TarInfo(name)
            member.size = len(content)
            tar.addfile(member, io.BytesIO(content))
    return file


def with_manifest(inside: Contents, **changed: object) -> Contents:
    return {**inside, "manifest.json": json.dumps({**json.loads(inside["manifest.json"]), **changed}).encode()}


def with_half_a_dump(inside: Contents) -> Contents:
    """Cut the dump off, and let its digest agree with that."""
    name = list(inside)[-1]
    half = inside[name][: len(inside[name]) // 2]
    digests = {**json.loads(inside["manifest.json"])["digests"], name: hashlib.sha256(half).hexdigest()}
    return with_manifest({**inside, name: half}, digests=digests)


def with_a_bit_turned(inside: Contents) -> Contents:
    name = list(inside)[-1]
    dump = bytearray(inside[name])
    dump[len(dump) // 2] ^= 1
    return {**inside, name: bytes(dump)}


@contextmanager
def linked(file: Path) -> Iterator[tarfile.TarFile]:
    with tarfile.open(file, "w:gz") as tar:
        yield tar


def test_what_is_restored_on_another_machine_is_what_was_there(saved: Path, demo: str, new: str, tmp_path: Path) -> None:
    result = run(new, "restore", saved, instance=tmp_path / "instance")
    assert (result.exit_code, result.stdout[:10]) == (0, "Restored: "), result.output
    assert everything(new) == everything(demo)
    assert {name: (tmp_path / "instance" / name).read_text() for name in KEYS} == KEYS


def test_a_backup_and_its_keys_are_for_their_owner_alone(saved: Path, new: str, tmp_path: Path) -> None:
    run(new, "restore", saved, instance=tmp_path / "instance")
    paths = [saved, *(tmp_path / "instance" / name for name in KEYS)]
    assert [path.stat().st_mode & 0o777 for path in paths] == [0o600] * 3


def databases(url: str) -> list[str]:
    """Return what databases there are beside one."""
    made = sa.make_url(url)
    if made.get_backend_name() == "sqlite":
        return sorted(path.name for path in Path(made.database or "").parent.iterdir())
    engine = sa.create_engine(made)
    with engine.connect() as connection:
        found = list(connection.scalars(sa.text("SELECT datname FROM pg_database ORDER BY 1")))
    engine.dispose()
    return found


def test_a_backup_is_proved_by_restoring_it_and_nothing_of_that_is_left(saved: Path, demo: str, tmp_path: Path) -> None:
    before = databases(demo)
    result = run(demo, "verify", saved, instance=tmp_path / "instance")
    assert result.exit_code == 0, result.output
    assert f"{saved} is whole and can be restored: " in result.stdout
    assert databases(demo) == before


def writing(url: str, until: threading.Event, written: list[int]) -> None:
    """Add a guest and what they took part in, in one transaction each, as fast as can be."""
    engine = sa.create_engine(url, connect_args={"timeout": 30} if url.startswith("sqlite") else {})
    now = datetime.now(UTC)
    for number in range(1, 1_000_000):
        with engine.begin() as connection:
            guest = sa.insert(Reader).values(public_id=f"w{number}", guest_key_hash=f"{number:064}", created_at=now)
            article = connection.scalar(sa.select(Article.id).limit(1))
            key: Any = connection.execute(guest).inserted_primary_key
            took_part = {"article_id": article, "reader_id": key[0], "began_at": now}
            connection.execute(sa.insert(Participation).values(took_part))
        written.append(number)
        if until.is_set():
            break
    engine.dispose()


def test_a_backup_is_of_one_moment_while_others_write(used: str, tmp_path: Path) -> None:
    until, written, counts, file = threading.Event(), [0], [], tmp_path / "busy.backup"
    writer = threading.Thread(target=writing, args=(used, until, written))
    writer.start()
    counts.append(written[-1])
    result = run(used, "create", file, instance=tmp_path / "instance")
    counts.append(written[-1])
    until.set()
    writer.join()
    assert result.exit_code == 0, result.output
    rows = json.loads(contents(file)["manifest.json"])["rows"]
    assert rows["reader"] == rows["participation"]
    assert counts[0] <= rows["participation"] <= counts[1]
    assert counts[1] > counts[0] + 1, "nobody was kept from writing"
    assert run(used, "verify", file, instance=tmp_path / "instance").exit_code == 0


WRONG: dict[str, tuple[Callable[[Contents], Contents], str]] = {
    "a bit is turned": (with_a_bit_turned, "is not what its digest says"),
    "a key is missing": (lambda inside: {k: v for k, v in inside.items() if k != "secret_key"}, "secret_key is missing"),
    "a path leads out": (lambda inside: {**inside, "../secret_key": b"x"}, "does not belong in a backup: '../secret_key'"),
    "something is twice": (lambda inside: {**inside, "./vapid_key": b"x"}, "does not belong in a backup"),
    "no manifest": (lambda inside: {"x": b"x", **inside}, "it does not begin with a manifest"),
    "another manifest": (lambda inside: {**inside, "manifest.json": b"[1]"}, "its manifest cannot be read"),
    "another file's name": (lambda inside: with_manifest(inside, digests={"/etc/passwd": "0"}), "its manifest cannot be read"),
    "a newer file": (lambda inside: with_manifest(inside, format=2), "made by a newer version"),
    "newer tables": (lambda inside: with_manifest(inside, revision="ffffffffffff"), "made by a newer version"),
}


@pytest.mark.parametrize("case", WRONG)
def test_what_is_wrong_with_a_backup_is_one_line_and_nothing_is_lost(case: str, saved: Path, used: str, tmp_path: Path) -> None:
    change, told = WRONG[case]
    file, before = packed(tmp_path / "wrong.backup", change(contents(saved))), stored(used)
    for arguments in (["verify", file], ["restore", "--replace", file]):
        result = run(used, *arguments, instance=tmp_path / "instance")
        lines = [line for line in result.stderr.splitlines() if line.startswith("Error: ")]
        assert (result.exit_code, len(lines)) == (1, 1), result.output
        assert told in lines[0]
    assert stored(used) == before
    assert not (tmp_path / "instance" / "secret_key").exists()


@pytest.mark.parametrize("share", [0, 0.01, 0.5, 0.999])
def test_a_file_that_was_cut_off_is_refused(share: float, saved: Path, used: str, tmp_path: Path) -> None:
    file, before = tmp_path / "cut.backup", stored(used)
    file.write_bytes(saved.read_bytes()[: int(saved.stat().st_size * share)])
    result = run(used, "restore", "--replace", file, instance=tmp_path / "instance")
    assert result.exit_code == 1
    assert "is no backup, or not whole" in result.stderr
    assert stored(used) == before


def test_a_link_in_a_backup_is_refused(saved: Path, used: str, tmp_path: Path) -> None:
    file = tmp_path / "linked.backup"
    with linked(file) as tar:
        manifest = tarfile.TarInfo("manifest.json")
        manifest.size = len(contents(saved)["manifest.json"])
        tar.addfile(manifest, io.BytesIO(contents(saved)["manifest.json"]))
        link = tarfile.TarInfo("secret_key")
        link.type, link.linkname = tarfile.SYMTYPE, "/etc/passwd"
        tar.addfile(link)
    result = run(used, "verify", file, instance=tmp_path / "instance")
    assert (result.exit_code, "does not belong in a backup: 'secret_key'" in result.stderr) == (1, True)


def test_half_a_dump_is_not_restored_by_half(saved: Path, used: str, tmp_path: Path) -> None:
    file, before = packed(tmp_path / "half.backup", with_half_a_dump(contents(saved))), stored(used)
    result = run(used, "restore", "--replace", file, instance=tmp_path / "instance")
    lines = [line for line in result.stderr.splitlines() if line.startswith("Error: ")]
    assert (result.exit_code, len(lines), stored(used)) == (1, 1, before), result.output


def failing_before_the_rows(folder: Path) -> Path:
    """Return a folder of programs in which pg_restore fails where it has said whole statements, and no row yet."""
    programs, real = folder / "99" / "bin", postgres_programs()
    programs.mkdir(parents=True)
    (programs / "psql").symlink_to(real / "psql")
    (programs / "pg_restore").write_text(f"#!/bin/sh\n{real}/pg_restore \"$@\" | sed '/^COPY /,$d'\nexit 1\n")
    (programs / "pg_restore").chmod(0o755)
    return folder


def test_what_pg_restore_did_not_finish_is_not_committed(
    ready: dict[str, str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    url, file = ready["postgresql"], tmp_path / "site.backup"
    with site(url):
        factories.open_article(datetime.now(UTC))
        db.session.commit()
    assert run(url, "create", file, instance=tmp_path / "instance").exit_code == 0
    before = stored(url)
    monkeypatch.setattr(postgresql, "PROGRAMS", failing_before_the_rows(tmp_path / "programs"))
    result = run(url, "restore", "--replace", file, instance=tmp_path / "instance")
    assert (result.exit_code, stored(url) == before) == (1, True), result.output


def test_rows_that_are_not_there_are_named(saved: Path, demo: str, tmp_path: Path) -> None:
    inside = contents(saved)
    rows = {**json.loads(inside["manifest.json"])["rows"], "comment": 1_000}
    file = packed(tmp_path / "fewer.backup", with_manifest(inside, rows=rows))
    result = run(demo, "verify", file, instance=tmp_path / "instance")
    assert (result.exit_code, result.stdout) == (1, "comment: has 120 rows, should have 1000\n")


def test_a_database_with_rows_is_replaced_only_on_request(saved: Path, demo: str, used: str, tmp_path: Path) -> None:
    before = stored(used)
    result = run(used, "restore", saved, instance=tmp_path / "instance")
    assert (result.exit_code, "The database is not empty." in result.stderr, stored(used)) == (1, True, before)
    result = run(used, "restore", "--replace", saved, instance=tmp_path / "instance")
    assert (result.exit_code, everything(used)) == (0, everything(demo)), result.output


def test_a_backup_of_the_other_kind_is_refused(saved: Path, ready: dict[str, str], tmp_path: Path) -> None:
    result = run(list(ready.values())[1], "restore", saved, instance=tmp_path / "instance")
    assert (result.exit_code, "`flask database copy` moves it" in result.stderr) == (1, True)


def test_a_backup_of_an_earlier_version_is_brought_up_to_date(new: str, servers: dict[str, str], tmp_path: Path) -> None:
    with site(new):
        upgrade(revision="e2229afeaca3")
        db.session.execute(sa.text("INSERT INTO reader (public_id, role, created_at) VALUES ('old', 'reader', '2026-01-01')"))
        db.session.commit()
    file = tmp_path / "old.backup"
    assert run(new, "create", file, instance=tmp_path / "instance").exit_code == 0
    with empty_database(next(iter(servers.values())), "brought_up") as url:
        result = run(url, "restore", file, instance=tmp_path / "instance")
        assert result.exit_code == 0, result.output
        with site(url):
            assert places.revision_of(db.session.connection()) == places.newest_revision()
            assert db.session.scalars(sa.select(Reader.public_id)).all() == ["old"]


def test_nothing_is_restored_while_somebody_has_the_database_open(saved: Path, used: str, tmp_path: Path) -> None:
    engine, before = sa.create_engine(used), stored(used)
    with engine.connect() as connection:
        connection.execute(sa.select(Article.id)).all()
        result = run(used, "restore", "--replace", saved, instance=tmp_path / "instance")
    engine.dispose()
    assert result.exit_code == 1
    assert "Stop the site first." in result.stderr or "lock timeout" in result.stderr
    assert stored(used) == before


def test_a_full_disk_is_one_line_and_leaves_nothing(demo: str, tmp_path: Path) -> None:
    folder, environment = tmp_path / "full", {"FORESAY_DATABASE_URL": demo}
    folder.mkdir()

    def little_space() -> None:
        resource.setrlimit(resource.RLIMIT_FSIZE, (100_000, 100_000))  # bytes

    create = ("backup", "create", str(folder / "site.backup"))
    process = started(*create, instance=tmp_path / "instance", environment=environment, preexec_fn=little_space)
    said, _ = process.communicate(timeout=120)
    errors = [line for line in said.splitlines() if line.startswith("Error: ")]
    assert (process.returncode, len(errors), list(folder.iterdir())) == (1, 1, []), said
    assert "Traceback" not in said


@pytest.mark.parametrize("target", ["none/site.backup", "there.backup"])
def test_what_cannot_be_written_or_is_there_is_refused(target: str, demo: str, tmp_path: Path) -> None:
    (tmp_path / "there.backup").write_text("kept")
    result = run(demo, "create", tmp_path / target, instance=tmp_path / "instance")
    assert result.exit_code == 1
    assert result.stderr.splitlines()[-1].startswith("Error: ")
    assert (tmp_path / "there.backup").read_text() == "kept"


def test_a_key_that_is_set_in_another_way_is_told(saved: Path, new: str, tmp_path: Path) -> None:
    result = run(new, "restore", saved, instance=tmp_path / "instance", secret_key="another key, which is long enough for it")
    assert "FORESAY_SECRET_KEY is set to another key than the backup's" in result.stderr


def test_without_postgresqls_programs_it_says_which(
    ready: dict[str, str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(postgresql, "PROGRAMS", tmp_path)
    monkeypatch.setenv("PATH", str(tmp_path))
    result = run(ready["postgresql"], "create", tmp_path / "site.backup", instance=tmp_path / "instance")
    assert result.exit_code == 1
    assert "There is no pg_dump. Install PostgreSQL's programs (Debian: postgresql-client)." in result.stderr


def test_a_password_is_no_argument_of_a_program(ready: dict[str, str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    program = tmp_path / "pg_dump"
    program.write_text(f'#!/bin/sh\necho "$@" >{tmp_path}/arguments\necho "$PGPASSWORD" >{tmp_path}/password\nexit 1\n')
    program.chmod(0o755)
    monkeypatch.setattr(postgresql, "PROGRAMS", tmp_path)
    monkeypatch.setenv("PATH", f"{tmp_path}:/usr/bin:/bin")
    url = sa.make_url(ready["postgresql"]).set(password="sesame").render_as_string(hide_password=False)
    assert run(url, "create", tmp_path / "site.backup", instance=tmp_path / "instance").exit_code == 1
    assert "sesame" not in (tmp_path / "arguments").read_text()
    assert (tmp_path / "password").read_text() == "sesame\n"


def test_without_the_right_to_make_a_database_it_says_what_was_not_tried(ready: dict[str, str], tmp_path: Path) -> None:
    url, file = ready["postgresql"], tmp_path / "site.backup"
    assert run(url, "create", file, instance=tmp_path / "instance").exit_code == 0
    role = f"lodger_{sa.make_url(url).database}"
    engine = sa.create_engine(url, isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        connection.exec_driver_sql(f"CREATE ROLE {role} LOGIN")
        limited = sa.make_url(url).set(username=role).render_as_string(hide_password=False)
        result = run(limited, "verify", file, instance=tmp_path / "instance")
        connection.exec_driver_sql(f"DROP ROLE {role}")
    engine.dispose()
    assert result.exit_code == 1
    assert "Its digests are right, but it could not be tried: this user may not create databases" in result.stderr


def test_a_restore_that_is_killed_leaves_the_one_or_the_other(saved: Path, demo: str, used: str, tmp_path: Path) -> None:
    before, after = everything(used), everything(demo)
    environment = {"FORESAY_DATABASE_URL": used}
    for seconds in (0.1, 0.5):
        process = started("backup", "restore", "--replace", str(saved), instance=tmp_path / "instance", environment=environment)
        assert process.stdout is not None
        process.stdout.readline()  # it is unpacking
        threading.Event().wait(seconds)
        process.kill()
        process.communicate()
        assert everything(used) in (before, after)
