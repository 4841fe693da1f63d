"""The links of a text: how many, where to, and what speaks against them. Pure.

Links are those that the page makes of the text, and those that readers make of it: written out, or as a bare address they complete.
"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Collection, Sequence
from html import unescape

from domain import text as markup
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
_MAY_LINK = re.compile(r"\S\.\S|//|https?:|[]&]", re.IGNORECASE)  # without any of it the page makes no link
_LEADS_AWAY = re.compile(r"https?:|//", re.IGNORECASE)  # what else is there leads to pages of the site, or to mail
_PIECE = re.compile(r"[^/?#\\]*")


def links(text: str) -> list[str]:
    """Return the links of a text, each as it is written, then those that only the page has; `MOST_FOUND` at most."""
    written = _written(text)
    known = Counter(map(domain, written))
    for link in _made(text):
        where = domain(link)
        if known[where] > 0:
            known[where] -= 1
        else:
            written.append(link)
    return written[:MOST_FOUND]


def _made(text: str) -> list[str]:
    """Return the links that the page makes of a text, as browsers are told, without those to pages of the site."""
    if not _MAY_LINK.search(text):
        return []
    return [link for link in markup.links_in(text[:MOST_READ]) if _LEADS_AWAY.match(link)]


def _written(text: str) -> list[str]:
    """Return what a reader takes for a link, in order."""
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
    address = re.sub(r"^(?:https?:)?[/\\]*", "", link, flags=re.IGNORECASE)
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
