from __future__ import annotations

import ast
import re
from pathlib import Path

import pytest
from jinja2 import nodes

from commands.translations import TEMPLATE, as_po, every_text, pseudo_text
from tests.architecture import markup
from tests.architecture.sources import dotted, find_nothing, nodes_of, python_files, templates, text_of

PLACE = re.compile(r"%\((\w+)\)")
FILLED_BY_WTFORMS = {"min", "max", "name", "value", "length"}
MODULES = python_files("blueprints", "commands", "domain", "jobs")
TRANSLATING = {"gettext", "lazy_gettext", "ngettext", "N_"}


def marked(path: Path) -> list[tuple[ast.Call, str]]:
    """Return the calls that mark a text, and the text."""
    found = [call for call in nodes_of(path) if isinstance(call, ast.Call)]
    calls = [call for call in found if dotted(call.func) in TRANSLATING and call.args]
    texts = [(call, call.args[0]) for call in calls]
    return [(call, text.value) for call, text in texts if isinstance(text, ast.Constant) and isinstance(text.value, str)]


def test_the_list_of_texts_is_up_to_date() -> None:
    assert TEMPLATE.read_bytes() == as_po(every_text()), "run: flask translations extract"


def places(text: str) -> set[str]:
    return set(PLACE.findall(text))


def doubled(path: Path) -> list[str]:
    return [text for _, text in marked(path) if "%%" in text and not places(text)]


def test_a_percent_sign_is_doubled_only_where_places_are_filled() -> None:
    find_nothing(MODULES, doubled)


def unfilled(path: Path) -> list[str]:
    shown = [(call, text) for call, text in marked(path) if dotted(call.func) != "N_"]
    given = [({keyword.arg for keyword in call.keywords}, text) for call, text in shown]
    return [text for names, text in given if not places(text) - FILLED_BY_WTFORMS <= names | {"num"}]


def test_every_place_of_a_text_is_filled_where_it_is_shown() -> None:
    find_nothing(MODULES, unfilled)


def unlike_what_is_raised(path: Path) -> list[str]:
    found = []
    for refusal in [call for call in nodes_of(path) if isinstance(call, ast.Call) and call.args]:
        match refusal.args[0]:
            case ast.Call(func=ast.Name(id="N_"), args=[ast.Constant(value=str() as text)]):
                found += [text] if places(text) != {keyword.arg for keyword in refusal.keywords} else []
    return found


def test_every_place_of_a_refusal_is_filled_where_it_is_raised() -> None:
    find_nothing(python_files("domain", "blueprints"), unlike_what_is_raised)


def unlike_what_is_given(path: Path) -> list[str]:
    found = []
    for call in markup.calls_of(text_of(path), markup.GETTEXT):
        given = {keyword.key for keyword in call.kwargs}
        texts = [argument.value for argument in call.args if isinstance(argument, nodes.Const)]
        if not texts:
            found.append(f"line {call.lineno} has a text that cannot be found by `flask translations extract`")
        elif {place for text in texts for place in places(text)} != given | ({"num"} & places(texts[0])):
            found.append(texts[0])
    return found


def test_every_place_of_a_templates_text_is_filled() -> None:
    find_nothing(templates(), unlike_what_is_given)


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
    kept = re.findall(r"%\(\w+\)[sd]|%[%sd]|<[^>]*>|&\w+;", text)
    assert kept
    assert all(place in pseudo_text(text) for place in kept)
