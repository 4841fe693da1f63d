"""A text in pieces, with the places marked that checks saw in it. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Stretch:
    """A part of a text, and whether a check pointed at it."""

    text: str
    is_marked: bool


def places(evidence: Mapping[str, Any] | None) -> list[tuple[int, int]]:
    """Return the places that evidence names, each from a character to before another. What is none is left out."""
    named = (evidence or {}).get("places") or []
    pairs = [place[:2] for place in named if isinstance(place, list | tuple)]
    return [(one[0], one[1]) for one in pairs if len(one) > 1 and all(isinstance(end, int) for end in one)]


def stretches(text: str, marked: Iterable[tuple[int, int]]) -> list[Stretch]:
    """Return the text in stretches that are marked or not; nothing where nothing is. Places that overlap are one."""
    found: list[Stretch] = []
    at = 0
    for first, last in sorted(marked):
        begin, end = max(first, at), min(last, len(text))
        if begin < end:
            found += [Stretch(text[at:begin], is_marked=False), Stretch(text[begin:end], is_marked=True)]
            at = end
    return [one for one in [*found, Stretch(text[at:], is_marked=False)] if one.text] if found else []
