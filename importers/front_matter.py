"""The lines between fences at the top of a Markdown file: title, byline, section. Not all of YAML, only what headers use."""

from __future__ import annotations

import re
from collections.abc import Iterable

from importers.imported import N_, ImportRefused

LONGEST = 20_000  # characters: a header has some hundred, and one that is a book of its own is a mistake or an attack
DEEPEST = 5  # lists within lists; what is deeper stays as it was typed

_FENCES = {"---": ("---", "..."), "+++": ("+++",)}
_PAIR = re.compile(r"([A-Za-z_][\w .-]*+)\s*+[:=]\s*+(.*)")  # gives nothing back: a line of spaces is read once
_REMARK = re.compile(r"\s#\s.*")
_FOLDED = {">", ">-", ">+", "|", "|-", "|+"}


def split(source: str) -> tuple[dict[str, str], str]:
    """Return the header's values by lower-case key, and the text below it; without a whole header, nothing and all.

    Raises `ImportRefused` for one that is too long.
    """
    lines = source.lstrip("\n").split("\n")
    closing = _FENCES.get(lines[0].rstrip(), ())
    end = next((place for place, line in enumerate(lines[1:], 1) if line.rstrip() in closing), 0)
    header = lines[1:end]
    if not end or not all(_belongs(line) for line in header):
        return {}, source
    if sum(map(len, header)) > LONGEST:
        raise ImportRefused(N_("The header at the top of the file is too long: at most %(most)s characters."), most=LONGEST)
    return _values(header), "\n".join(lines[end + 1 :])


def first_of(values: dict[str, str], names: Iterable[str]) -> str:
    """Return the first of the named values that is there, or nothing."""
    return next((values[name] for name in names if values.get(name)), "")


def _belongs(line: str) -> bool:
    """Whether the line could be part of a header: a pair, a list item, a continuation, a comment, a table's name."""
    return not line.strip() or line.startswith((" ", "\t", "-", "#", "[")) or _PAIR.fullmatch(line) is not None


def _values(header: list[str]) -> dict[str, str]:
    values: dict[str, str] = {}
    key = ""
    for line in header:
        pair = _PAIR.fullmatch(line)
        if pair:
            key = pair[1].rstrip().lower()
            values[key] = "" if pair[2].strip() in _FOLDED else _unquoted(pair[2])
        elif key and line.strip() and not line.startswith(("#", "[")):
            item = line.strip()
            joint = ", " if item.startswith("- ") else " "
            values[key] = joint.join(filter(None, (values[key], _unquoted(item.removeprefix("- ")))))
    return values


def _unquoted(value: str, depth: int = 0) -> str:
    value = _REMARK.sub("", value).strip()
    if depth < DEEPEST and value.startswith("[") and value.endswith("]"):
        return ", ".join(_unquoted(item, depth + 1) for item in value[1:-1].split(",") if item.strip())
    if len(value) > 1 and value[0] == value[-1] and value[0] in "\"'":
        quote = value[0]
        return value[1:-1].replace("\\" + quote, quote).replace("''" if quote == "'" else '\\"', quote)
    return value
