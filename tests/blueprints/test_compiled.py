from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from babel.numbers import format_decimal
from flask import Flask, render_template

from blueprints.support import compiled
from config import Config


@pytest.fixture
def kept(tmp_path: Path) -> Path:
    """Return where compiled templates are kept."""
    return tmp_path / "templates"


@pytest.fixture
def page(tmp_path: Path) -> Callable[..., str]:
    """Return what starts a small site, and gives its one page."""
    (tmp_path / "pages").mkdir()
    (tmp_path / "pages" / "page.html").write_text("{{ 1 + 1 }}")

    def start(locale: str = "en") -> str:
        app = Flask("small", root_path=str(tmp_path), template_folder="pages")
        app.jinja_env.filters["number"] = lambda number: format_decimal(number, locale=locale)
        compiled.bind(app, Config(secret_key="s" * 32, database_url="sqlite://", instance=tmp_path, locale=locale))
        with app.app_context():
            return render_template("page.html")

    return start


def test_a_template_is_compiled_once(page: Callable[[], str], kept: Path) -> None:
    page()
    (file,) = kept.iterdir()
    made = file.stat().st_mtime_ns
    assert (page(), file.stat().st_mtime_ns) == ("2", made)


def test_a_template_that_was_changed_is_compiled_anew(page: Callable[[], str], tmp_path: Path) -> None:
    page()
    (tmp_path / "pages" / "page.html").write_text("{{ 2 + 2 }}")
    assert page() == "4"


def test_a_site_in_another_language_compiles_anew(page: Callable[..., str], tmp_path: Path) -> None:
    (tmp_path / "pages" / "page.html").write_text("{{ 2000 | number }}")
    assert (page("en"), page("de")) == ("2,000", "2.000")


@pytest.mark.parametrize("length", [0, 5, 20, 60])
def test_a_file_that_was_cut_off_is_no_fault(page: Callable[[], str], kept: Path, length: int) -> None:
    page()
    (file,) = kept.iterdir()
    file.write_bytes(file.read_bytes()[:length])
    assert page() == "2"


def test_a_folder_that_cannot_be_made_is_no_fault(page: Callable[[], str], kept: Path) -> None:
    kept.write_text("a file in its place")
    assert page() == "2"
