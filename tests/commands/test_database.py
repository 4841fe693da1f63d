"""A site copied from one kind of database to the other: SQLite to PostgreSQL, then PostgreSQL to SQLite."""

from __future__ import annotations

import signal
import subprocess
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
import sqlalchemy as sa
from click.testing import Result
from flask import Flask
from flask_migrate import upgrade

from extensions import db
from models import Article, ClassifierModel, Comment, Participation, Reader, SavedFilter
from tests import factories
from tests.applications import migrated, twin
from tests.commands.conftest import site
from tests.wholes import everything, started, stored

FIRST_RELEASE = "e2229afeaca3"
ODD = "tab\t, back\\slash, \\N, new\nline, 'quotes', \"quotes\", é, 🎈, " + " " * 3
pytestmark = pytest.mark.timeout(400)  # seconds: whole sites are made
MANY = 20_000  # rows: long enough to be interrupted


def copy(app: Flask, *arguments: str) -> Result:
    return app.test_cli_runner().invoke(args=["database", "copy", *arguments])


@pytest.fixture
def source(ready: dict[str, str]) -> str:
    """Return a database with what is odd in some of its tables."""
    url = next(iter(ready.values()))
    with site(url):
        now = datetime(2026, 3, 29, 1, 30, 0, 123456, tzinfo=UTC)
        reader = factories.account("Odd")
        article = factories.open_article(datetime.now(UTC))
        article.body_source, article.byline = ODD, ""
        conditions: dict[str, object] = {"of": [0.1 + 0.2, None, "\0", ODD]}
        db.session.add(SavedFilter(name="odd", conditions=conditions, owner_id=reader.id, made_at=now))
        report = {"share": 1e-05}
        db.session.add(ClassifierModel(version="1", digest="0" * 64, weights=bytes(range(256)), report=report, trained_at=now))
        db.session.commit()
    return url


@pytest.fixture
def other(ready: dict[str, str]) -> str:
    """Return the address of a database of the other kind than the source, with nothing but its tables."""
    return list(ready.values())[1]


def test_a_copy_of_the_demo_holds_every_row(app: Flask, demo: str, empty: dict[str, str]) -> None:
    other = list(empty.values())[1]
    result = copy(app, demo, other)
    assert (result.exit_code, result.stderr.splitlines()) == (0, ["Copying", "Verifying", "Proving"]), result.output
    assert "Both hold the same: " in result.stdout
    assert "Everything in it is what the ledgers and the decisions say." in result.stdout
    assert everything(other) == everything(demo)


def test_there_and_back_every_row_is_stored_as_it_was(app: Flask, source: str, other: str, database_url: str) -> None:
    with site(source):
        db.session.execute(sa.text("UPDATE saved_filter SET conditions = 'null'"))
        db.session.commit()
    assert copy(app, source, other).exit_code == 0
    with twin(migrated(database_url)) as back:
        result = copy(app, other, back)
        assert (result.exit_code, stored(back)) == (0, stored(source)), result.output


@pytest.fixture(scope="module")
def copied(app: Flask, demo: str, servers: dict[str, str]) -> Iterator[str]:
    """Return the address of a copy of the demo in a database of the other kind. Nothing may write to it."""
    with twin(migrated(list(servers.values())[1])) as other:
        assert copy(app, demo, other).exit_code == 0
        yield other


def test_a_copied_site_answers_as_before(demo: str, copied: str) -> None:
    pages = []
    for url in (demo, copied):
        with site(url, demo=False) as app:
            slugs = db.session.scalars(sa.select(Article.slug).order_by(Article.slug)).all()
            paths = ["/", "/feed.atom", "/comments.atom", *(f"/articles/{slug}?sort=oldest" for slug in slugs)]
            db.session.remove()
            answers = [app.test_client().get(path) for path in paths]
            pages.append([(answer.status_code, answer.text) for answer in answers])
    assert len(pages[0]) == 8
    assert pages[0] == pages[1]


def test_what_is_written_to_a_copy_gets_new_numbers(app: Flask, source: str, other: str) -> None:
    assert copy(app, source, other).exit_code == 0
    with site(other):
        highest = db.session.scalar(sa.select(sa.func.max(Reader.id))) or 0
        assert factories.account("Newcomer").id == highest + 1
        db.session.rollback()


def test_a_difference_is_named_by_its_table_and_ends_with_one(app: Flask, demo: str, copied: str) -> None:
    with twin(copied) as other:
        with site(other):
            changed = sa.update(Comment).where(Comment.id == 7).values(body_source="Not what was said.")
            db.session.execute(changed)
            db.session.commit()
        result = copy(app, "--verify-only", demo, other)
    assert result.exit_code == 1
    assert result.stdout.splitlines()[0].startswith("comment: ")
    assert "which are not the same" in result.stdout
    assert "The copy is not what the source is" in result.stderr


def test_what_is_wrong_in_both_is_told(app: Flask, source: str, other: str) -> None:
    with site(source):
        db.session.execute(sa.update(Article).values(published_comments=5))
        db.session.commit()
    result = copy(app, source, other)
    assert result.exit_code == 1
    assert "published_comments is 5, should be 0" in result.stdout
    assert "in both there is something wrong: 1" in result.stderr


def fill(url: str) -> None:
    """Add rows enough for a copy to be interrupted."""
    with site(url):
        made = datetime(2026, 1, 1, tzinfo=UTC)
        highest = db.session.scalar(sa.select(sa.func.max(Reader.id))) or 0
        ids = range(highest + 1, highest + 1 + MANY)
        article_id = db.session.scalars(sa.select(Article.id)).first()
        guests = [{"id": one, "public_id": f"g{one}", "guest_key_hash": f"{one:064}", "created_at": made} for one in ids]
        db.session.execute(sa.insert(Reader), guests)
        took_part = [{"article_id": article_id, "reader_id": one, "began_at": made + timedelta(seconds=one)} for one in ids]
        db.session.execute(sa.insert(Participation), took_part)
        db.session.commit()


def progress(engine: sa.Engine) -> set[str]:
    """Return the tables of which a copy that is not finished has some rows, but not all."""
    begun = sa.text("SELECT table_name FROM foresay_copy WHERE after IS NOT NULL AND NOT is_done")
    with engine.connect() as connection:
        if not sa.inspect(connection).has_table("foresay_copy"):
            return set()
        return set(connection.scalars(begun))


def stopped_halfway(process: subprocess.Popen[str], engine: sa.Engine) -> bool:
    """Let a copy stand still if it is amid a long table; else it goes on."""
    if not progress(engine) & {"reader", "participation"}:
        return False
    process.send_signal(signal.SIGSTOP)
    if progress(engine) & {"reader", "participation"}:
        return True
    process.send_signal(signal.SIGCONT)
    return False


def test_a_copy_that_was_killed_goes_on_where_it_was(app: Flask, source: str, other: str, tmp_path: Path) -> None:
    fill(source)
    process = started("database", "copy", source, other, instance=tmp_path)
    engine, end = sa.create_engine(other), time.monotonic() + 60
    while not (found := stopped_halfway(process, engine)) and time.monotonic() < end:
        time.sleep(0.005)
    process.kill()
    process.communicate()
    assert (found, process.returncode) == (True, -signal.SIGKILL)
    engine.dispose()
    result = copy(app, source, other)
    assert result.exit_code == 0, result.output
    assert "were there already." in result.stdout
    assert everything(other) == everything(source)
    assert "foresay_copy" not in stored(other)


def test_an_unfinished_copy_is_not_gone_on_with_from_elsewhere(app: Flask, source: str, other: str) -> None:
    with site(other):
        db.session.execute(sa.text("CREATE TABLE foresay_copy (table_name TEXT, source TEXT, after TEXT, is_done BOOLEAN)"))
        db.session.execute(sa.text("INSERT INTO foresay_copy VALUES ('reader', 'another', NULL, FALSE)"))
        db.session.commit()
    result = copy(app, source, other)
    assert (result.exit_code, result.stdout) == (1, "")
    assert result.stderr == "Error: The target holds an unfinished copy of another database, another.\n"


def test_a_database_with_rows_is_not_copied_over(app: Flask, source: str, demo: str) -> None:
    result = copy(app, source, demo)
    assert result.exit_code == 1
    assert result.stderr == "Error: The target is not empty. Copy into a database that has no rows.\n"


def test_a_source_of_an_earlier_version_is_refused(app: Flask, empty: dict[str, str], other: str) -> None:
    same = next(iter(empty.values()))
    with site(same):
        upgrade(revision=FIRST_RELEASE)
    result = copy(app, same, other)
    assert result.exit_code == 1
    assert result.stderr == "Error: The source is not up to date. Run `flask db upgrade` on it first.\n"


def test_a_text_that_postgresql_cannot_keep_is_named(app: Flask, ready: dict[str, str]) -> None:
    with site(ready["sqlite"]):
        article = factories.open_article(datetime.now(UTC))
        article.byline = "nobody\0"
        number = article.id
        db.session.commit()
    result = copy(app, ready["sqlite"], ready["postgresql"])
    assert result.exit_code == 1
    assert f"article [{number}]: byline holds a NUL character" in result.stderr


@pytest.mark.parametrize("address", ["", "site.db", "mysql://host/name", "sqlite://", "postgresql://host/name"])
def test_an_address_that_is_none_is_refused(app: Flask, other: str, address: str) -> None:
    result = copy(app, address, other)
    assert result.exit_code == 1
    assert result.stderr.startswith("Error: An address is sqlite:///PATH or ")


def test_a_source_that_is_not_there_is_not_made(app: Flask, other: str, tmp_path: Path) -> None:
    result = copy(app, f"sqlite:///{tmp_path / 'none.db'}", other)
    assert (result.exit_code, result.stderr) == (1, f"Error: There is no file {tmp_path / 'none.db'}.\n")
    assert not (tmp_path / "none.db").exists()


def test_a_server_that_does_not_answer_is_one_line(app: Flask, source: str, tmp_path: Path) -> None:
    result = copy(app, source, f"postgresql+psycopg://nobody@/none?host={tmp_path}")
    assert result.exit_code == 1
    assert len(result.stderr.splitlines()) == 1
    assert "No such file or directory" in result.stderr
