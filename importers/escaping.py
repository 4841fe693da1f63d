"""Words to Markdown that shows exactly these words."""

from __future__ import annotations

import re

_ADDRESS = re.compile(r"(https?://[a-zA-Z0-9-]+(?:\.[a-zA-Z0-9-]+)+(?:[/?#](?:[^\s<>\[\]\\`|\"]*[\w/#=-])?)?)")
_MARKS = re.compile(r"[\\`*\[]|<(?=[a-zA-Z/!?])|&(?=#?\w+;)|~(?=~)|(?<=~)~|(?<![^\W_])_|_(?![^\W_])|:(?=//)")
_LINE_START = re.compile(r"^([ \t]*)(?=#{1,6}(?:\s|$)|[-+](?:\s|$)|>|-+\s*$|=+\s*$)", re.MULTILINE)
_NUMBERED = re.compile(r"^([ \t]*\d{1,9})(?=[.)](?:\s|$))", re.MULTILINE)
_LOOSE_NBSP = re.compile("(?<!\\S)\u00a0|\u00a0(?!\\S)")


def escaped(text: str) -> str:
    """Return `text` with a backslash before each character that Markdown would take for a mark, and web addresses as links.

    Non-breaking spaces stay only where they hold two words together.
    """
    parts = _ADDRESS.split(_LOOSE_NBSP.sub(" ", text))
    parts[::2] = [_marked(part) for part in parts[::2]]
    parts[1::2] = [f"<{address}>" for address in parts[1::2]]
    return _NUMBERED.sub(r"\1\\", _LINE_START.sub(r"\1\\", "".join(parts)))


def escaped_within_link(text: str) -> str:
    """Return `text` as the words of a link, where an address is no link of its own and a bracket would end the words."""
    return _marked(_LOOSE_NBSP.sub(" ", text)).replace("]", r"\]")


def _marked(text: str) -> str:
    return _MARKS.sub(r"\\\g<0>", text)
