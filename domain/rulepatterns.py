"""The patterns of moderation rules: RE2 only, which reads a text once whatever the pattern, within limits. Pure.

Linear is not yet quick: a step costs as much as the pattern is large, so that its size has a limit of its own.
"""

from __future__ import annotations

import unicodedata
from functools import lru_cache
from typing import TYPE_CHECKING, Protocol

from domain.errors import N_, Invalid
from lazily import lazily

if TYPE_CHECKING:
    import re2
else:
    re2 = lazily("re2")

LONGEST = 300  # characters: more cannot be read, and so not be trusted
LARGEST = 500  # instructions: some 20 ms at the very worst on 5,000 characters, by measurement; a list of words is far quicker
MOST_MEMORY = 256 * 1024  # bytes of one pattern, its cache of states with it; with less room it goes more slowly, never wrong
REMEMBERED = 512  # patterns compiled: those of a hundred full rules; at most 128 MB, and as people write them some 5

# Of each list nothing that anybody means fits every text: their words share no letters.
_INNOCENT = (
    ("my ox", "Hat rib", "jus Fen", "zig Pal wok"),
    ("мы же", "да, но", "зуб сир"),
    ("نعم", "هذا", "بيت"),
    ("はい", "日本", "你好"),
)
_HIDDEN = {"Cc", "Cs", "Zl", "Zp"}  # controls, halves of characters, line ends: they are written as \t, \n, \x{...}
_TURNING = {"LRE", "RLE", "LRO", "RLO", "PDF", "LRI", "RLI", "FSI", "PDI"}  # what turns the characters after it around


class Found(Protocol):
    """Where a pattern fits."""

    def group(self) -> bytes:
        """Return what it fits."""


class Pattern(Protocol):
    """A compiled pattern, as far as we use it."""

    programsize: int

    def search(self, text: bytes) -> Found | None:
        """Return the first place where it fits."""


def checked(pattern: str) -> str:
    """Return a pattern that can be used. Raises `Invalid` for what is no pattern, too large, or fits every text."""
    if not pattern.strip():
        raise Invalid(N_("The pattern is empty: it would fit every text."))
    if len(pattern) > LONGEST:
        raise Invalid(N_("The pattern is too long: at most %(most)s characters."), most=LONGEST)
    if any(_is_hidden(char) for char in pattern):
        raise Invalid(N_("The pattern has an invisible character in it: write it as \\t, \\n or \\x{…}."))
    try:
        found = compiled(pattern)
    except re2.error as error:
        raise Invalid(N_("The pattern cannot be read: %(why)s."), why=_reason(error)) from error
    if _fits_everything(found):
        raise Invalid(N_("The pattern fits almost every text. Say more exactly what you are looking for."))
    if found.programsize > LARGEST:
        raise Invalid(N_("The pattern is too large: make its repetitions fewer, or its sets of characters smaller."))
    return pattern


@lru_cache(REMEMBERED)
def compiled(pattern: str) -> Pattern:
    """Return a pattern ready to search with, in whatever case unless it says `(?-i)`. Raises `re2.error`."""
    options = re2.Options()
    options.max_mem = MOST_MEMORY
    options.case_sensitive = False
    options.never_capture = True
    options.log_errors = False  # they are told to who wrote the pattern, not to the log
    made: Pattern = re2.compile(pattern.encode(), options)
    return made


def _fits_everything(pattern: Pattern) -> bool:
    return bool(pattern.search(b"")) or any(all(pattern.search(text.encode()) for text in texts) for texts in _INNOCENT)


def _is_hidden(char: str) -> bool:
    return unicodedata.category(char) in _HIDDEN or unicodedata.bidirectional(char) in _TURNING


def _reason(error: Exception) -> str:
    """Return what RE2 says of a pattern, which it says in bytes."""
    said = error.args[0] if error.args else ""
    return said.decode("utf-8", "replace") if isinstance(said, bytes) else str(said)
