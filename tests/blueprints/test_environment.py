from __future__ import annotations

import pytest
from flask import Flask


def test_a_template_knows_what_the_site_was_taught_since_it_was_read(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    with app.app_context():
        read = app.jinja_env.from_string("{{ taught }}")
        monkeypatch.setitem(app.jinja_env.globals, "taught", "since")
        assert read.render() == "since"


def test_what_one_template_was_given_hides_what_all_know(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(app.jinja_env.globals, "known", "to all")
    with app.app_context():
        assert app.jinja_env.from_string("{{ known }}", globals={"known": "to one"}).render() == "to one"


def test_an_imported_macro_knows_what_only_the_page_was_given(app: Flask) -> None:
    page = "{% from macros import told %}{{ told() }}"
    with app.app_context():
        macros = app.jinja_env.from_string("{% macro told() %}{{ given }}{% endmacro %}")
        assert app.jinja_env.from_string(page, globals={"given": "by the page"}).render(macros=macros) == "by the page"
