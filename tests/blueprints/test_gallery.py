from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask
from jinja2 import nodes

from blueprints.support.errors import TITLES
from tests.applications import another_app
from tests.architecture import markup
from tests.architecture.sources import ROOT
from tests.pages import check_page

MACROS = [
    (path.name, macro.name)
    for path in sorted((ROOT / "templates" / "macros").glob("*.html"))
    for macro in markup.tree(path.read_text()).find_all(nodes.Macro)
]


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Flask]:
    folder = tmp_path_factory.mktemp("gallery")
    with another_app(f"sqlite:///{folder}/unused.db", instance=folder) as app:
        yield app


def shown() -> set[tuple[str, str]]:
    """Return the macros that the gallery calls, with the file each comes from."""
    found = set()
    for path in (ROOT / "templates" / "gallery").glob("*.html"):
        source = path.read_text()
        for imported in markup.tree(source).find_all(nodes.FromImport):
            assert isinstance(imported.template, nodes.Const)
            called = {str(name) for name in imported.names if list(markup.calls_of(source, {str(name)}))}
            found |= {(Path(imported.template.value).name, name) for name in called}
    return found


@pytest.mark.parametrize("macro", MACROS, ids=":".join)
def test_every_macro_is_in_the_gallery(macro: tuple[str, str]) -> None:
    assert macro in shown()


def test_the_gallery_is_a_whole_page(site: Flask) -> None:
    page = site.test_client().get("/gallery")
    assert page.status_code == 200
    check_page(page.text)


@pytest.mark.parametrize("status", TITLES)
def test_every_error_page_can_be_looked_at(site: Flask, status: int) -> None:
    page = site.test_client().get(f"/gallery/errors/{status}")
    assert page.status_code == 200
    check_page(page.text)


def test_readers_find_no_gallery(tmp_path: Path) -> None:
    with another_app(f"sqlite:///{tmp_path}/unused.db", instance=tmp_path, testing=False) as app:
        assert not [rule for rule in app.url_map.iter_rules() if "gallery" in rule.rule]


def test_developers_find_the_gallery(tmp_path: Path) -> None:
    with another_app(f"sqlite:///{tmp_path}/unused.db", instance=tmp_path, testing=False, development=True) as app:
        assert [rule for rule in app.url_map.iter_rules() if rule.rule == "/gallery"]
