from __future__ import annotations

from pathlib import Path

import pytest
from flask import Flask
from werkzeug.routing import Map, Rule

from tests.applications import another_app


@pytest.fixture
def site(tmp_path: Path) -> Flask:
    """Return a site of which no address was built."""
    with another_app(f"sqlite:///{tmp_path / 'none.db'}") as site:
        return site


def is_compiled(rule: Rule) -> bool:
    """Whether Werkzeug has compiled how the rule's addresses are built: it names what it compiles so."""
    return "builder:" in rule._build_unknown.__name__  # noqa: SLF001 - it says so nowhere else


def values_for(rule: Rule) -> dict[str, object]:
    """Return a value for each part of an address, one of those it may have, and some that go behind the question mark."""
    given: dict[str, object] = {name: min(getattr(part, "items", "7")) for name, part in rule._converters.items()}  # noqa: SLF001
    return given | {"rule": "a b/ü", "page": "2"}


@pytest.mark.parametrize("others", [True, False], ids=["with_others", "alone"])
def test_every_address_is_built_as_werkzeug_builds_it(site: Flask, *, others: bool) -> None:
    for rule in site.url_map.iter_rules():
        usual = Rule(rule.rule, endpoint=rule.endpoint, defaults=rule.defaults)
        Map([usual], converters=site.url_map.converters)
        expected = usual.build(values_for(usual), others)
        assert expected
        assert [rule.build(values_for(rule), others) for _ in "12"] == [expected] * 2  # compiled just now, and kept


def test_no_address_is_compiled_before_it_is_built(site: Flask) -> None:
    asked, *others = site.url_map.iter_rules()
    asked.build(dict.fromkeys(asked.arguments, "7"))
    assert is_compiled(asked)
    assert not any(is_compiled(rule) for rule in others)
