from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask
from jinja2 import nodes

from tests.applications import another_app
from tests.architecture import markup
from tests.architecture.sources import ROOT, name_of, templates

PAGES = templates()
TEXTS = sorted(path for path in (ROOT / "templates").rglob("*") if path.is_file() and path.suffix != ".html")
SCRIPT = re.compile(r"<script(?![^>]*\ssrc=)(?![^>]*ld\+json)", re.IGNORECASE)
INLINE = re.compile(r"""<[a-z][^<>]*?\s(style|on[a-z]+)\s*=""", re.IGNORECASE)


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Flask]:
    folder = tmp_path_factory.mktemp("templates")
    with another_app(f"sqlite:///{folder}/unused.db", instance=folder, development=True) as app:
        yield app


def template(path: Path) -> str:
    return markup.name_of_template(path, ROOT)


@pytest.mark.parametrize("path", PAGES + TEXTS, ids=name_of)
def test_every_template_compiles(path: Path, site: Flask) -> None:
    site.jinja_env.get_template(template(path))


@pytest.mark.parametrize("path", PAGES, ids=name_of)
def test_every_visible_text_goes_through_gettext(path: Path) -> None:
    assert not markup.bare_words(path.read_text())


@pytest.mark.parametrize("path", TEXTS, ids=name_of)
def test_every_text_of_a_mail_goes_through_gettext(path: Path) -> None:
    assert not markup.bare_words(path.read_text(), is_html=False)


@pytest.mark.parametrize("path", [path for path in PAGES if path.name.startswith("_")], ids=name_of)
def test_a_fragment_names_what_it_needs(path: Path) -> None:
    assert re.match(r"\{# needs: \S", path.read_text())


@pytest.mark.parametrize("path", PAGES, ids=name_of)
def test_nothing_is_inline(path: Path) -> None:
    html, _ = markup.without_logic(path.read_text())
    assert not INLINE.findall(html)
    assert not SCRIPT.search(html)
    assert "javascript:" not in html


@pytest.mark.parametrize("path", PAGES, ids=name_of)
def test_only_sanitised_html_is_marked_safe(path: Path) -> None:
    tree = markup.tree(path.read_text())
    safe = [found.node for found in tree.find_all(nodes.Filter) if found.name == "safe"]
    names = [getattr(node, "attr", "") or getattr(node, "name", "") for node in safe]
    assert all(name.endswith("_html") for name in names), names
    assert not list(tree.find_all(nodes.ScopedEvalContextModifier)), "autoescape is switched"


@pytest.mark.parametrize("path", PAGES, ids=name_of)
def test_what_is_imported_is_there(path: Path) -> None:
    for found in markup.tree(path.read_text()).find_all(nodes.FromImport):
        assert isinstance(found.template, nodes.Const)
        source = markup.tree((ROOT / "templates" / found.template.value).read_text())
        macros = {macro.name for macro in source.find_all(nodes.Macro)}
        assert {name if isinstance(name, str) else name[0] for name in found.names} <= macros


@pytest.mark.parametrize("path", PAGES + TEXTS, ids=name_of)
def test_links_lead_to_endpoints_that_exist(path: Path, site: Flask) -> None:
    endpoints = {rule.endpoint for rule in site.url_map.iter_rules()}
    area = path.relative_to(ROOT / "templates").parts[0]
    named = {markup.first_words(call) for call in markup.calls_of(path.read_text(), {"url_for"})}
    assert {f"{area}{name}" if name.startswith(".") else name for name in named} <= endpoints


@pytest.mark.parametrize(
    "source",
    [
        "<p>Hello</p>",
        "<p>{{ 'Yes' if x else 1 }}</p>",
        "<p>{{ x or 'nothing' }}</p>",
        "<p>{{ 'no' ~ x }}</p>",
        '<a title="More">{{ _("More") }}</a>',
        "<a aria-label=\"{{ 'More' if x }}\">+</a>",
        "<input type=submit value=Send>",
        '<p>{{ area(form.body, hint="Say why") }}</p>',
        "<p>{{ x | default('None yet') }}</p>",
    ],
)
def test_a_bare_word_is_found(source: str) -> None:
    assert markup.bare_words(source)


@pytest.mark.parametrize(
    "source",
    [
        "<p>{{ _('Hello') }} · 7 %</p>",
        "<p class=\"{{ 'big' if x }}\">{{ name }}</p>",
        '<p translate="no">Foresay</p>',
        "<p>{{ bar(label, tone='foresight') }}</p>",
        "{# Hello #}{% if x == 'hello' %}{{ x | number }}{% endif %}",
        '<input value="{{ text }}" name="reason">',
        "{% block wide %}page--wide{% endblock %}",
    ],
)
def test_what_needs_no_translation_is_let_through(source: str) -> None:
    assert not markup.bare_words(source)
