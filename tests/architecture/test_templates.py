from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask
from jinja2 import TemplateError, nodes

from tests.applications import another_app
from tests.architecture import markup
from tests.architecture.sources import ROOT, find_nothing, templates, text_of

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


def broken(path: Path, site: Flask) -> str:
    try:
        site.jinja_env.get_template(template(path))
    except TemplateError as error:
        return repr(error)
    return ""


def test_every_template_compiles(site: Flask) -> None:
    find_nothing(PAGES + TEXTS, lambda path: broken(path, site))


def test_every_visible_text_goes_through_gettext() -> None:
    find_nothing(PAGES, lambda path: markup.bare_words(text_of(path)))


def test_every_text_of_a_mail_goes_through_gettext() -> None:
    find_nothing(TEXTS, lambda path: markup.bare_words(text_of(path), is_html=False))


def test_a_fragment_names_what_it_needs() -> None:
    fragments = [path for path in PAGES if path.name.startswith("_")]
    find_nothing(fragments, lambda path: not re.match(r"\{# needs: \S", text_of(path)))


def inline(path: Path) -> list[str]:
    html, _ = markup.without_logic(text_of(path))
    return [found[0] for rule in (INLINE, SCRIPT, re.compile("javascript:")) for found in rule.finditer(html)]


def test_nothing_is_inline() -> None:
    find_nothing(PAGES, inline)


def unsanitised(path: Path) -> list[str]:
    tree = markup.tree(text_of(path))
    safe = [found.node for found in tree.find_all(nodes.Filter) if found.name == "safe"]
    names = [getattr(node, "attr", "") or getattr(node, "name", "") for node in safe]
    switched = ["autoescape is switched" for _ in tree.find_all(nodes.ScopedEvalContextModifier)]
    return [name or "something without a name" for name in names if not name.endswith("_html")] + switched


def test_only_sanitised_html_is_marked_safe() -> None:
    find_nothing(PAGES, unsanitised)


def absent(path: Path) -> list[str]:
    missing = []
    for found in markup.tree(text_of(path)).find_all(nodes.FromImport):
        if not isinstance(found.template, nodes.Const):
            missing.append(f"a template that only the rendering knows, in line {found.lineno}")
            continue
        source = markup.tree(text_of(ROOT / "templates" / found.template.value))
        macros = {macro.name for macro in source.find_all(nodes.Macro)}
        names = [name if isinstance(name, str) else name[0] for name in found.names]
        missing += [f"{name} of {found.template.value}" for name in names if name not in macros]
    return missing


def test_what_is_imported_is_there() -> None:
    find_nothing(PAGES, absent)


def linked(path: Path) -> set[str]:
    area = path.relative_to(ROOT / "templates").parts[0]
    named = {markup.first_words(call) for call in markup.calls_of(text_of(path), {"url_for"})}
    return {f"{area}{name}" if name.startswith(".") else name or "an endpoint that is no plain text" for name in named}


def test_links_lead_to_endpoints_that_exist(site: Flask) -> None:
    endpoints = {rule.endpoint for rule in site.url_map.iter_rules()}
    find_nothing(PAGES + TEXTS, lambda path: linked(path) - endpoints)


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
