"""Text as folded code points, and their n-grams as numbers that are the same in every process and on every machine. Pure."""

from __future__ import annotations

import unicodedata
from functools import cache

from domain.arrays import CodePoints, Hashes, NDArray, Places, np

MOST_READ = 10_000  # characters: twice the longest comment; what follows is cut, so that no text can keep a worker busy
LONGEST_RUN = 2  # of one character: "soooo" and "sooooooo" are the same cry, yet "so" and "soo" are not

_TABLE = 0x20000  # below it kinds are looked up; above are rare ideographs, then tags and variation selectors
_TAGS = 0xE0000
_SPACE = 0x20
_NOTHING, _GAP, _WORD, _SYMBOL = range(4)
_FACTOR = 0x9E3779B97F4A7C15  # odd, so that no bit of a character is lost


def folded(text: str, *, symbols: bool) -> CodePoints:
    """Return the words of `text` with one space before, between and after them: without case, kinds of width, invisible
    characters and long runs, and, if not asked for, without symbols. Of a text without words it is a single space."""
    folded_text = unicodedata.normalize("NFKC", text[:MOST_READ]).casefold()[:MOST_READ]
    codes = np.frombuffer(folded_text.encode("utf-32-le", "replace"), dtype="<u4")
    kinds = _kinds_of(codes)
    seen = kinds != _NOTHING
    codes, kinds = codes[seen], kinds[seen]
    gaps = (kinds == _GAP) if symbols else (kinds != _WORD)
    spaced = np.concatenate([[_SPACE], np.where(gaps, _SPACE, codes), [_SPACE]]).astype(np.uint32)
    return _without_runs(spaced)


def text_of(codes: CodePoints) -> str:
    """Return code points as a string: one character each."""
    return codes.astype("<u4").tobytes().decode("utf-32-le")


def ngrams(codes: CodePoints, size: int) -> Hashes:
    """Return the hash of the n-gram that begins at each place; what is left at the end is too short to be one."""
    sums = np.full(max(0, len(codes) - size + 1), size, dtype=np.uint64)
    for place in range(size):
        sums = sums * np.uint64(_FACTOR) + codes[place : place + len(sums)]
    return mixed(sums)


def within_words(codes: CodePoints, size: int) -> Places:
    """Return where the n-grams begin that lie within a word and the spaces at both of its ends."""
    spaces = np.concatenate([[0], np.cumsum(codes == _SPACE)])
    begins = np.arange(max(0, len(codes) - size + 1))
    inner: Places = begins[spaces[begins + size - 1] == spaces[begins + 1]]
    return inner


def words_at(codes: CodePoints, longest: int) -> Places:
    """Return where words begin, and where they go on for another `longest` characters."""
    places = np.arange(len(codes))
    letters = codes != _SPACE
    begins = letters & np.concatenate([[False], ~letters[:-1]])
    since = places - np.maximum.accumulate(np.where(begins, places, 0))
    found: Places = np.flatnonzero(letters & (since % longest == 0))
    return found


def mixed(numbers: Hashes) -> Hashes:
    """Return numbers of which every bit depends on every bit of those given (the last steps of SplitMix64)."""
    numbers = (numbers ^ (numbers >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    numbers = (numbers ^ (numbers >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    return numbers ^ (numbers >> np.uint64(31))


def _without_runs(codes: CodePoints) -> CodePoints:
    same = codes[1:] == codes[:-1]
    kept = np.ones(len(codes), dtype=bool)
    kept[1:] = ~(same & (codes[1:] == _SPACE))
    kept[LONGEST_RUN:] &= ~(same[1:] & same[:-1])
    return codes[kept]


def _kinds_of(codes: CodePoints) -> NDArray[np.uint8]:
    kinds: NDArray[np.uint8] = _table()[np.minimum(codes, _TABLE - 1)]
    kinds[codes >= _TABLE] = _WORD
    kinds[codes >= _TAGS] = _NOTHING
    return kinds


@cache
def _table() -> NDArray[np.uint8]:
    return np.array([_kind(chr(code)) for code in range(_TABLE)], dtype=np.uint8)


def _kind(char: str) -> int:
    category = unicodedata.category(char)
    if category == "Cf" or 0xFE00 <= ord(char) <= 0xFE0F:  # noqa: PLR2004 - the variation selectors
        return _NOTHING
    if category[0] in "ZC":
        return _GAP
    return _WORD if category[0] in "LMN" else _SYMBOL
