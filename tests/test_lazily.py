from __future__ import annotations

import os
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from config import ROOT
from lazily import lazily

RARE = {"alembic", "bs4", "commands", "flask_migrate", "granian", "http_ece", "lxml", "numpy", "PIL", "py_vapid", "re2"}


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


def test_a_worker_starts_without_what_few_pages_need(tmp_path: Path) -> None:
    script = "import app, sys; app.create_worker(); print(*sys.modules)"
    site = {**os.environ, "FORESAY_INSTANCE": str(tmp_path)}
    ours = subprocess.run([sys.executable, "-c", script], cwd=ROOT, env=site, check=True, capture_output=True, text=True)  # noqa: S603 - our own program
    assert not RARE & set(ours.stdout.split())
