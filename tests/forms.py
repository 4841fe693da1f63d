"""Forms as a browser fills them: everything a page's form would send, to be changed and sent."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from bs4 import BeautifulSoup
from bs4.element import Tag
from werkzeug.datastructures import MultiDict

Fields = MultiDict[str, Any]


def fields_of(html: str, *, action: str) -> Fields:
    """Return what the form that is sent to `action` would send now, its buttons aside."""
    form = BeautifulSoup(html, "lxml").find("form", attrs={"action": action})
    assert isinstance(form, Tag), f"no form to {action}"
    fields: Fields = MultiDict()
    for control in form.find_all(["input", "textarea", "select"]):
        if value := _value(control):
            fields.add(str(control["name"]), value[0])
    return fields


def type_into(fields: Fields, typed: Mapping[str, Any]) -> None:
    """Put these values in place of those in the form."""
    for name, value in typed.items():
        fields.setlist(name, [value])


def _value(control: Tag) -> list[str]:
    if control.name == "textarea":
        return [control.get_text().removeprefix("\n")]
    if control.name == "select":
        options = control.find_all("option")
        return [str(option["value"]) for option in options if option.has_attr("selected")] or [str(options[0]["value"])]
    if control.get("type") == "file" or (control.get("type") in {"checkbox", "radio"} and not control.has_attr("checked")):
        return []
    return [str(control.get("value", ""))]
