from __future__ import annotations

import ast
import re
from pathlib import Path

import pytest
from jinja2 import nodes

from commands.translations import TEMPLATE, as_po, every_text, pseudo_text
from tests.architecture import markup
from tests.architecture.sources import dotted, name_of, python_files, templates

PLACE = re.compile(r"%\((\w+)\)")
FILLED_BY_WTFORMS = {"min", "max", "name", "value", "length"}
MODULES = python_files("blueprints", "commands", "domain", "jobs")
TRANSLATING = {"gettext", "lazy_gettext", "ngettext", "N_"}


def marked(path: Path) -> list[tuple[ast.Call, str]]:
    """Return the calls that mark a text, and the text."""
    tree = ast.parse(path.read_text())
    calls = [call for call in ast.walk(tree) if isinstance(call, ast.Call) and dotted(call.func) in TRANSLATING and call.args]
    texts = [(call, call.args[0]) for call in calls]
    return [(call, text.value) for call, text in texts if isinstance(text, ast.Constant) and isinstance(text.value, str)]


def test_the_list_of_texts_is_up_to_date() -> None:
    assert TEMPLATE.read_bytes() == as_po(every_text()), "run: flask translations extract"


@pytest.mark.parametrize("path", MODULES, ids=name_of)
def test_a_percent_sign_is_doubled_only_where_places_are_filled(path: Path) -> None:
    assert not [text for _, text in marked(path) if "%%" in text and not PLACE.search(text)]


@pytest.mark.parametrize("path", MODULES, ids=name_of)
def test_every_place_of_a_text_is_filled_where_it_is_shown(path: Path) -> None:
    for call, text in marked(path):
        if dotted(call.func) != "N_":
            given = {keyword.arg for keyword in call.keywords}
            assert set(PLACE.findall(text)) - FILLED_BY_WTFORMS <= given | {"num"}, text


@pytest.mark.parametrize("path", python_files("domain", "blueprints"), ids=name_of)
def test_every_place_of_a_refusal_is_filled_where_it_is_raised(path: Path) -> None:
    tree = ast.parse(path.read_text())
    for refusal in [call for call in ast.walk(tree) if isinstance(call, ast.Call) and call.args]:
        match refusal.args[0]:
            case ast.Call(func=ast.Name(id="N_"), args=[ast.Constant(value=str() as text)]):
                assert set(PLACE.findall(text)) == {keyword.arg for keyword in refusal.keywords}, text


@pytest.mark.parametrize("path", templates(), ids=name_of)
def test_every_place_of_a_templates_text_is_filled(path: Path) -> None:
    for call in markup.calls_of(path.read_text(), markup.GETTEXT):
        given = {keyword.key for keyword in call.kwargs}
        texts = [argument.value for argument in call.args if isinstance(argument, nodes.Const)]
        assert texts, "a text that cannot be found by `flask translations extract`"
        assert {place for text in texts for place in PLACE.findall(text)} == given | ({"num"} & set(PLACE.findall(texts[0])))


def test_a_made_up_text_is_accented_and_between_marks() -> None:
    assert pseudo_text("Send the report").startswith("⟦Šéñď ťhé řépöřť ")
    assert pseudo_text("Send the report").endswith("⟧")


@pytest.mark.parametrize("text", ["Send", "Your text is kept here", "Results appear once you have voted."])
def test_a_made_up_text_is_at_least_30_percent_longer(text: str) -> None:
    assert len(pseudo_text(text)) >= 1.3 * len(text)


@pytest.mark.parametrize(
    "text", ["%(num)s minutes", "%(share)d %%", "%s of %d", 'a <a href="%(url)s">link</a>', "Tom &amp; Jerry"]
)
def test_places_for_values_stay_as_they_are(text: str) -> None:
    places = re.findall(r"%\(\w+\)[sd]|%[%sd]|<[^>]*>|&\w+;", text)
    assert places
    assert all(place in pseudo_text(text) for place in places)
