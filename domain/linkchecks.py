"""The links of a text: how many, where to, and what speaks against them. Pure.

Links are found as the page would make them: written out, in Markdown, or as a bare address that browsers and readers complete.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection, Sequence
from html import unescape

from domain.ruleconditions import host

MOST_READ = 20_000  # characters: four times the longest comment
MOST_LINKS = 4  # of a reader with approvals: two sources for each side of a matter
MOST_FOUND = 50  # links that are looked at: more are too many whatever they are

_LINK = re.compile(r"(?:https?://|(?<=\()//|www\.)[^\s<>\"')\]]+", re.IGNORECASE)
_ENDINGS = (
    "com|net|org|info|biz|io|co|ru|cn|xyz|top|site|online|shop|club|me|tk|ly|link|click|live|store|pro|vip"  # as spam has
)
_BARE = re.compile(rf"(?<![\w.@/-])(?:[\w-]{{1,63}}\.){{1,4}}(?:{_ENDINGS})\b(?:[/?#][^\s<>\"')\]]*)?", re.IGNORECASE)
_DISGUISED = re.compile(r"(?<=\w)\s?[\[({]\s?(?:dot|\.)\s?[\])}]\s?(?=\w)", re.IGNORECASE)  # example[dot]org
_PIECE = re.compile(r"[^/?#\\]*")


def links(text: str) -> list[str]:
    """Return the links of a text, in order, each as it is written, `MOST_FOUND` at most."""
    shown = _shown(text)
    found = {match.start(): match.group() for pattern in (_LINK, _BARE) for match in pattern.finditer(shown)}
    places: list[int] = []
    for place in sorted(found):
        if not places or place >= places[-1] + len(found[places[-1]]):
            places.append(place)
    return [found[place].rstrip(".,;:!?") for place in places[:MOST_FOUND]]


def domains(found: Sequence[str]) -> tuple[str, ...]:
    """Return the domains that links lead to, each once, in order."""
    return tuple(dict.fromkeys(filter(None, map(domain, found))))


def domain(link: str) -> str:
    """Return the domain a link leads to, in lower case: without a scheme, a user, a port or a path."""
    address = re.sub(r"^(?:https?:)?[/\\]+", "", link, flags=re.IGNORECASE)
    whole = _PIECE.match(address)
    return host(whole.group().rpartition("@")[2].partition(":")[0]).rstrip(".") if whole else ""


def is_within(one: str, listed: Collection[str]) -> bool:
    """Whether a domain is one of those listed, or below one."""
    labels = one.split(".")
    return any(".".join(labels[place:]) in listed for place in range(len(labels)))


def _shown(text: str) -> str:
    """Return a text as its links are read: entities resolved, invisible characters gone, full stops of any width."""
    plain = unicodedata.normalize("NFKC", unescape(text[:MOST_READ]))
    return _DISGUISED.sub(".", "".join(char for char in plain if unicodedata.category(char) != "Cf"))
