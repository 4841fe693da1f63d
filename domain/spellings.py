"""How a word is misspelt so that it is still read as itself. Pure.

Only what is no likely word by itself: short words are left alone, where "crap" would become "carp".
"""

from __future__ import annotations

from collections.abc import Iterator

LONG = 5  # letters of a word whose letters can change places or go missing and still be read
VERY_LONG = 6  # of one that can be read backwards, and is seldom another then
MIDDLE = 4  # letters of a word that can be written by its sound
_VOWELS = set("aeiou")
_SOUNDS = (
    ("ck", "kk"),
    ("ck", "k"),
    ("c", "k"),
    ("f", "ph"),
    ("m", "rn"),
    ("w", "vv"),
    ("s", "z"),
    ("i", "ee"),
)  # the last two for long words only


def other_spellings(word: str) -> set[str]:
    """Return spellings of a word in Latin letters: by sound, by shape, without vowels, with two letters exchanged."""
    if not (word.isascii() and word.isalpha()):
        return set()
    found: set[str] = set()
    if len(word) >= MIDDLE:
        heard = word.replace("ck", "k").replace("f", "ph")
        found |= {heard, heard.replace("c", "k"), *(word.replace(*sound) for sound in _SOUNDS[:-2])}
    if len(word) >= LONG:
        found |= {word.replace(*sound) for sound in _SOUNDS}
        found |= set(_exchanged(word)) | set(_without_vowels(word))
    if len(word) >= VERY_LONG:
        found.add(word[::-1])
    return {one for one in found if one != word and len(one) >= MIDDLE}


def _exchanged(word: str) -> Iterator[str]:
    """Yield the word with two neighbours exchanged, of those within it."""
    for place in range(1, len(word) - 2):
        yield word[:place] + word[place + 1] + word[place] + word[place + 2 :]


def _without_vowels(word: str) -> Iterator[str]:
    """Yield the word without one of its inner vowels, and without all."""
    inner = range(1, len(word) - 1)
    for place in inner:
        if word[place] in _VOWELS:
            yield word[:place] + word[place + 1 :]
    yield word[0] + "".join(char for char in word[1:-1] if char not in _VOWELS) + word[-1]
