from __future__ import annotations

import os
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from importlib import import_module
from pathlib import Path

import pytest
from sqlalchemy.dialects.postgresql.base import PGDialect

from config import ROOT
from lazily import lazily, without
from tables.postgresql import Words

RARE = {
    "alembic",
    "bs4",
    "flask_migrate",
    "granian",
    "http_ece",
    "lxml",
    "numpy",
    "PIL",
    "py_vapid",
    "re2",
    "watchfiles",
    "yaml",
}
RARE |= {"blueprints.gallery", "email_validator", "markdown_it", "smtplib", "xml.etree.ElementTree"}
RARE |= {"sqlalchemy.dialects.postgresql"}
DRIVERS = {"psycopg", "redis"}


@pytest.fixture
def module(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    """Return the name of a module that takes its time to load, and says so."""
    name = f"slow_{tmp_path.name}"
    (tmp_path / f"{name}.py").write_text("import time\ntime.sleep(0.2)\nready = object()\n")
    monkeypatch.syspath_prepend(tmp_path)
    return name


def test_a_module_is_not_loaded_before_it_is_asked(module: str) -> None:
    lazily(module)
    assert module not in sys.modules


def test_threads_that_ask_at_once_get_the_same(module: str) -> None:
    late = lazily(module)
    with ThreadPoolExecutor(8) as threads:
        assert len(set(threads.map(lambda _: late.ready, range(8)))) == 1


def test_a_name_that_is_not_there_is_an_error(module: str) -> None:
    with pytest.raises(AttributeError):
        _ = lazily(module).absent


def loaded_by_a_site(instance: Path, **settings: str) -> set[str]:
    """Return the modules that a process holds once it has made the application."""
    script = "import app, sys; app.create_app(); print(*sys.modules)"
    site = {**os.environ, "FORESAY_INSTANCE": str(instance), **settings}
    ours = subprocess.run([sys.executable, "-c", script], cwd=ROOT, env=site, check=True, capture_output=True, text=True)  # noqa: S603 - our own program
    return set(ours.stdout.split())


def test_a_site_starts_without_what_few_pages_need_and_drivers_of_servers_it_does_not_use(tmp_path: Path) -> None:
    loaded = loaded_by_a_site(tmp_path)
    assert (loaded & RARE, loaded & DRIVERS) == (set(), set())


def test_what_may_be_said_to_postgresql_is_what_its_dialect_understands() -> None:
    assert dict(Words.construct_arguments) == dict(PGDialect.construct_arguments)


def test_a_site_with_redis_loads_its_driver(tmp_path: Path) -> None:
    assert loaded_by_a_site(tmp_path, FORESAY_REDIS_URL="redis://127.0.0.1:1/0") >= {"redis"}


def test_collecting_waste_goes_on_once_the_site_is_loaded() -> None:
    script = "import app, gc; assert gc.isenabled()"
    subprocess.run([sys.executable, "-c", script], cwd=ROOT, check=True)  # noqa: S603 - our own program


def test_a_module_that_is_hidden_is_found_again_afterwards(module: str) -> None:
    with without(module), pytest.raises(ModuleNotFoundError):
        import_module(module)
    assert import_module(module).ready


def test_a_module_that_is_loaded_already_is_not_hidden(module: str) -> None:
    loaded = import_module(module)
    with without(module):
        assert import_module(module) is loaded
