"""Texts that a page shows in English although the site runs in the made-up language, where each text stands in ⟦ ⟧."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator

from bs4 import BeautifulSoup
from bs4.element import NavigableString, Tag

from tests.architecture.markup import SEEN_ATTRIBUTES, UNSEEN_ELEMENTS

FORMATTED = {"time"}  # written by Babel, with the zone's name
TYPED = {"textarea"}


def forgotten_on(html: str, known: str) -> list[str]:
    """Return what is neither translated nor what somebody wrote; `known` has everything that anybody wrote."""
    page = BeautifulSoup(html, "lxml")
    found, depth = [], 0
    for text in page.find_all(string=True):
        if type(text) is NavigableString and not _is_unseen(text):
            bare, depth = outside_marks(str(text), depth)
            found += [part for part in _parts(bare) if not (_is_left_alone(text) or (_is_written(text) and part in known))]
    assert depth == 0, "marks do not match"
    return found + [part for value in _read_out(page) for part in _parts(outside_marks(value)[0]) if part not in known]


def outside_marks(text: str, depth: int = 0) -> tuple[str, int]:
    """Return what of a text stands outside the marks, which can be nested, and how many are still open after it."""
    kept = []
    for char in text:
        depth += (char == "⟦") - (char == "⟧")
        kept.append("·" if char in "⟦⟧" else char if depth == 0 else "")
    return "".join(kept), depth


def _parts(text: str) -> list[str]:
    """Return the parts of a text, between points in the middle, that have Latin letters."""
    parts = (" ".join(part.split()) for part in text.split("·"))
    return [part for part in parts if any(unicodedata.name(char, "").startswith("LATIN ") for char in part)]


def _ancestors(node: NavigableString | Tag) -> list[Tag]:
    return [*([node] if isinstance(node, Tag) else []), *node.parents]


def _is_unseen(node: NavigableString) -> bool:
    return any(tag.name in UNSEEN_ELEMENTS for tag in node.parents)


def _is_left_alone(node: NavigableString | Tag) -> bool:
    tags = _ancestors(node)
    return any(tag.get("translate") == "no" or tag.name in FORMATTED | TYPED for tag in tags)


def _is_written(node: NavigableString) -> bool:
    return any(tag.get("dir") == "auto" or tag.name == "title" for tag in node.parents)


def _read_out(page: BeautifulSoup) -> Iterator[str]:
    for tag in page.find_all(True):
        names = SEEN_ATTRIBUTES | ({"value"} if tag.get("type") == "submit" else set())
        if not _is_left_alone(tag):
            yield from (str(tag[name]) for name in names if tag.has_attr(name))
