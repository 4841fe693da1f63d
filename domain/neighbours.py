"""Texts that repeat others, word for word or nearly. Pure.

A text is the set of the five-letter pieces of its author's own words. Its fingerprint finds candidates by an index, many
among millions of texts (A. Broder, "On the resemblance and containment of documents", 1997); `resemblance` then compares
the two texts themselves and decides. Short texts have no fingerprint: two readers may well both write "I agree".
"""

from __future__ import annotations

import re
from functools import cache

from domain.arrays import Hashes, np
from domain.ngrams import folded, mixed, ngrams

SIZE = 5  # letters and spaces of a piece
LEAST_PIECES = 60  # different ones: some twelve words, which no two readers find by chance, and "ha ha ha" never has
NEAR = 0.6  # of the pieces of both texts they have to share: a sentence added to two, every tenth word exchanged

BYTES = 8  # of a fingerprint, each made of the least of all pieces by an order of its own: equal as often as texts resemble
BANDS = 4  # of two bytes: one of 200 strangers shares one, and so do 99 of 100 texts that resemble by four fifths
LEAST_EQUAL = 4  # bytes: strangers who share a band seldom share two bytes more
_QUOTED = re.compile(r"^[ \t]*>.*$", re.MULTILINE)


def own_words(text: str) -> str:
    """Return what of a text is not quoted."""
    return _QUOTED.sub("", text)


def fingerprint(text: str) -> int | None:
    """Return 64 bits, as a signed number, that texts share in part where they resemble; None for a text that is short."""
    pieces = _pieces(text)
    if len(pieces) < LEAST_PIECES:
        return None
    least = mixed(pieces[np.newaxis, :] ^ _seeds()[:, np.newaxis]).min(axis=1)
    return int.from_bytes((mixed(least) >> np.uint64(56)).astype(np.uint8).tobytes(), signed=True)


def bands(fingerprint: int) -> tuple[int, ...]:
    """Return four numbers to look for neighbours by: texts that resemble nearly always share one. Each says its place as
    well, so that one indexed column can hold all."""
    unpacked = _bytes_of(fingerprint)
    return tuple(place << 16 | unpacked[2 * place] << 8 | unpacked[2 * place + 1] for place in range(BANDS))


def is_near(one: int, other: int) -> bool:
    """Whether two texts may well resemble, to judge by their fingerprints."""
    equal = sum(ours == theirs for ours, theirs in zip(_bytes_of(one), _bytes_of(other), strict=True))
    return equal >= LEAST_EQUAL


def resemblance(one: str, other: str) -> float:
    """Return the share of the pieces of two texts that both have: 1 for the same words, 0 where one has too few."""
    pieces, others = _pieces(one), _pieces(other)
    if min(len(pieces), len(others)) < LEAST_PIECES:
        return 0.0
    shared = len(np.intersect1d(pieces, others, assume_unique=True))
    return shared / (len(pieces) + len(others) - shared)


def repeats(one: str, other: str) -> bool:
    """Whether one text says what the other does, in nearly the same words."""
    return resemblance(one, other) >= NEAR


@cache
def _seeds() -> Hashes:
    return mixed(np.arange(1, BYTES + 1, dtype=np.uint64))


def _pieces(text: str) -> Hashes:
    return np.unique(ngrams(folded(own_words(text), symbols=False), SIZE))


def _bytes_of(fingerprint: int) -> bytes:
    return fingerprint.to_bytes(BYTES, signed=True)
