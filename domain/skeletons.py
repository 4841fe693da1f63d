"""What is left of a text when it no longer matters how its letters are drawn, spaced or disguised, each with its place. Pure.

A letter is folded on its own: compatibility forms, case, accents, look-alikes of other scripts, digits and signs that stand
for letters. What cannot be seen is dropped; what stands between letters is a gap. Nothing here decides what is a word.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from html import unescape
from typing import NamedTuple

MOST_READ = 20_000  # characters: four times the longest comment; what follows is cut, so that no text keeps a worker busy

ANY = "*"  # the sign of a letter that its author covered
SPACE, MARK = " ", "."  # the signs of gaps: of white space, and of whatever else stands between letters

# What a digit or sign is taken for where it repeats the letter beside it, and all it can stand for. It stays itself as well.
_ONE_OF = {"0": "o", "1": "il", "2": "z", "3": "e", "4": "a", "5": "s", "6": "gb", "7": "t", "8": "b", "9": "gq"}
_SIGNS = {"@": "a", "$": "s", "!": "il", "|": "il", "¡": "i", "€": "e", "£": "l", "¢": "c", "©": "c", "+": "t", "¥": "y"}
_SIGNS |= {"§": "s", "×": "x", "℮": "e", "®": "r", "∂": "d", "†": "t"}  # noqa: RUF001
_GAPS = SPACE + MARK
_NO_LETTERS = "".join((_GAPS, ANY, *_ONE_OF, *_SIGNS))
_AS_GAPS = dict.fromkeys(map(ord, (*_ONE_OF, *_SIGNS)), MARK)
_BEGINNING = re.compile(f"(?<![^{re.escape(_NO_LETTERS)}])[^{re.escape(_GAPS)}]")
CAPITAL_I = "\x00"  # drawn as a small l is
OPTIONS = {digit: digit + letters for digit, letters in _ONE_OF.items()} | _SIGNS | {"l": "li", CAPITAL_I: "il"}
_SAME_AS = {symbol: letters[0] for symbol, letters in (_ONE_OF | _SIGNS).items()} | {CAPITAL_I: "i"}

# Letters that pass for a Latin one. Those whose name says which ("LATIN LETTER SMALL CAPITAL I") need no place here.
_ALIKE = {
    **dict(zip("авсԁеєғԍһніјкӏмпорԛгѕтуцѵԝшхᴦь", "abcdeefghhijklmnopqrstyuvwwxrb", strict=True)),
    **dict(zip("αβγδεϵζηθικμνοπρστυχω", "abydeeznoikuvonpotuxw", strict=True)),
    **dict(zip("ΑΒΕΖΗΙΚΜΝΟΡΤΥΧ", "abezhikmnoptyx", strict=True)),  # noqa: RUF001
    **dict(zip("օոսհցզյ", "onuhgqj", strict=True)),
    **dict(zip("ᎪᏴᏟᎠᎬᏀᎻᎥᎫᏦᏞᎷᎾᏢᏒᏚᎢᏙᎳᎩᏃ", "abcdeghijklmoprstvwyz", strict=True)),
    **dict(zip("ꓮꓐꓚꓓꓰꓝꓖꓧꓲꓙꓗꓡꓟꓠꓳꓑꓣꓢꓔꓴꓦꓪꓫꓬꓜ", "abcdefghijklmnoprstuvwxyz", strict=True)),  # noqa: RUF001
    **dict(zip("ⲁⲃⲥⲉⲏⲓⲕⲙⲛⲟⲣⲧⲩⲭⲍ", "abcehikmnoptyxz", strict=True)),
    **dict(zip("ᗩᗷᑕᗪᕼᒍᒪᗰᑎᑭᖇᔕᑌᐯᗯᖴ", "abcdhjlmnprsuvwf", strict=True)),
    **dict(zip("ɩɑɡƽʂ", "iagss", strict=True)),
}
_NAMED = re.compile(r"(?:LATIN|REGIONAL|NEGATIVE|CROSSED|SQUARED)[ A-Z-]*LETTER (?:[A-Z-]+ )*?([A-Z])(?: WITH .*| BAR)?")
_FILLERS = set("\u115f\u1160\u3164\uffa0\u0640")  # letters that draw nothing, and one that only stretches others
_SELECTORS = {"\u034f", "\u17b4", "\u17b5", *map(chr, range(0xFE00, 0xFE10)), *map(chr, range(0xE0100, 0xE01F0))}
_MARKUP = set("*`~")  # of which the page shows nothing
_STAY = {0, 7, 8, 9}  # the combining classes of marks that belong to a script: vowels of Hindi, voicing of kana
_COVER = "\ue000"  # for private use, so that it is in no text
_COVERED = re.compile(r"(?<![\w*])\w+(?:[*#%&?^•●█■░▒~\-_☠-🫿\U0001f300-\U0001faff]+\w*)+")
_MASK = re.compile(r"[*#%&?^•●█■░▒~\-_☠-🫿\U0001f300-\U0001faff]")
MOST_COVERED = 30  # words that hide letters behind stars, of one text

# What is drawn of several characters, or not drawn at all.
_ENTITY = r"&(?:#\d{1,7}|#[xX][0-9a-fA-F]{1,6}|[A-Za-z]{2,8});"
_DRAWN = {r"|\/|": "m", r"\/\/": "w", r"\/": "v", "/\\": "a", "|<": "k", "()": "o", "[]": "o", "|)": "d", "|3": "b"}
_DRAWN |= {"|_|": "u", "|-|": "h", r"|\|": "n", "¯|¯": "t"}
_SEVERAL = re.compile("|".join((_ENTITY, r"\[?\]\([^)\n]{0,300}\)", *map(re.escape, sorted(_DRAWN, key=len, reverse=True)))))

_MAY_DRAW = ("&", "](", "\\", "|", "()", "[]")
_Drawn = tuple[str, int, int]

_TURNED = str.maketrans("ɐqɔpǝɟƃɥıɾʞןɯuodbɹsʇnʌʍxʎz", "abcdefghijklmnopqrstuvwxyz")  # noqa: RUF001
_IS_TURNED = re.compile("[ɐɔǝɟƃɥɾʞןɯɹʇʌʍʎ]")


class Run(NamedTuple):
    """The same letter once or several times in a row: its sign, its first and last place in the skeleton, how often."""

    sign: str
    first: int
    last: int
    times: int


@dataclass(frozen=True, eq=False)
class Skeleton:
    """A text as signs: letters, what may stand for letters, and gaps. `source` are the characters, with their places."""

    signs: str
    source: str | Sequence[_Drawn]

    def span(self, first: int, last: int) -> tuple[int, int]:
        """Return from where to where in the text the signs from `first` to `last` stand."""
        ends = (self._places[first], self._places[last])
        return min(begin for begin, _ in ends), max(end for _, end in ends)

    def run(self, first: int) -> Run:
        """Return the run that begins at a letter. It goes on across gaps only where letters stand alone: "s s", not "as so"."""
        sign, last, times = self.signs[first], first, 1
        while (place := self.next_letter(last)) < len(self.signs):
            other = self.signs[place]
            if not _continues(self.signs[last], other) or not (place == last + 1 or (self._alone(last) and self._alone(place))):
                break
            sign, last, times = sign if sign == other else base(sign), place, times + 1
        return Run(sign, first, last, times)

    def next_letter(self, place: int) -> int:
        """Return the place of the letter after this place, or the end."""
        place += 1
        while place < len(self.signs) and self.signs[place] in _GAPS:
            place += 1
        return place

    def begins_word(self, place: int) -> bool:
        """Whether a word can begin at this place: no letter stands right before it."""
        return place == 0 or self.signs[place - 1] in _NO_LETTERS

    def ends_word(self, place: int) -> bool:
        """Whether a word can end with this place."""
        return place + 1 == len(self.signs) or self.signs[place + 1] in _NO_LETTERS

    def words(self) -> Iterator[int]:
        """Yield the places where words can begin, of a run its first."""
        return (place for place in map(re.Match.start, _BEGINNING.finditer(self.signs)) if not self._goes_on(place))

    def starts(self, signs: Collection[str]) -> Iterator[int]:
        """Yield the places where runs of these letters begin, within words as well."""
        wanted = "".join(sign for sign, letters in OPTIONS.items() if set(letters) & set(signs)) + "".join(signs)
        found = re.finditer(f"[{re.escape(wanted)}]", self.signs) if wanted else ()
        return (place for place in map(re.Match.start, found) if not self._goes_on(place))

    def _goes_on(self, place: int) -> bool:
        """Whether the letter before this one belongs to the same run."""
        before = place - 1
        while before >= 0 and self.signs[before] in _GAPS:
            before -= 1
        if before < 0 or not _continues(self.signs[before], self.signs[place]):
            return False
        return before == place - 1 or (self._alone(before) and self._alone(place))

    def _alone(self, place: int) -> bool:
        before, after = self.signs[place - 1 : place], self.signs[place + 1 : place + 2]
        return (not before or before in _GAPS) and (not after or after in _GAPS)

    @cached_property
    def _places(self) -> list[tuple[int, int]]:
        source = _each(self.source, 0, len(self.source)) if isinstance(self.source, str) else self.source
        return [(begin, end) for char, begin, end in source for _ in _GLYPHS[char]]


def skeletons(text: str) -> list[Skeleton]:
    """Return the ways to read a text: with signs and digits as letters, then, where there are any, as what separates letters;
    and upside down, where letters stand on their heads."""
    text = text[:MOST_READ]
    way = plain(text)
    ways = [way]
    without_signs = way.signs.translate(_AS_GAPS)
    if without_signs != way.signs:
        ways.append(Skeleton(without_signs, way.source))
    if _IS_TURNED.search(text):
        turned = text.translate(_TURNED)
        ways.append(_skeleton([(turned[place], place, place + 1) for place in reversed(range(len(text)))]))
    return ways


def plain(text: str) -> Skeleton:
    """Return the first way to read a text."""
    text = text[:MOST_READ]
    if any(sign in text for sign in _MAY_DRAW):
        return _skeleton(list(_drawn(text)))
    return Skeleton("".join(map(_GLYPHS.__getitem__, text)), text)


def covered(text: str) -> list[Skeleton]:
    """Return the words of a text in which letters are covered by stars and the like, each alone."""
    found: list[Skeleton] = []
    for match in _COVERED.finditer(text[:MOST_READ]):
        word = _MASK.sub(_COVER, match.group().rstrip("-_~?%&^"))  # which end what is no covered word
        found.append(_skeleton([(char, match.start() + place, match.start() + place + 1) for place, char in enumerate(word)]))
        if len(found) == MOST_COVERED:
            break
    return found


def is_letter(sign: str) -> bool:
    """Whether a sign is a letter by itself, and neither stands for one nor parts them."""
    return sign not in _NO_LETTERS


def base(sign: str) -> str:
    """Return the letter that a digit or sign is taken for first, or the letter itself."""
    return _SAME_AS.get(sign, sign)


def _skeleton(source: Sequence[_Drawn]) -> Skeleton:
    return Skeleton("".join(_GLYPHS[char] for char, _, _ in source), source)


def _continues(one: str, other: str) -> bool:
    if one == other:
        return other != ANY
    is_plain = one not in _SAME_AS or other not in _SAME_AS
    return is_plain and CAPITAL_I not in {one, other} and base(one) == base(other)


def _drawn(text: str) -> Iterator[_Drawn]:
    """Yield each character as the page shows it, and from where to where it stands in the text."""
    place = 0
    for match in _SEVERAL.finditer(text):
        yield from _each(text, place, match.start())
        group, place = match.group(), match.end()
        shown = unescape(group) if group[0] == "&" else _DRAWN.get(group, "")
        yield from ((char, match.start(), place) for char in shown)
    yield from _each(text, place, len(text))


def _each(text: str, begin: int, end: int) -> Iterator[_Drawn]:
    return ((text[place], place, place + 1) for place in range(begin, end))


class _Glyphs(dict[str, str]):
    """Characters as signs of a skeleton, none or several, each worked out once."""

    def __missing__(self, char: str) -> str:
        signs = _signs_of(char)
        if len(self) < 1 << 16:  # of the million that there are, no site sees more
            self[char] = signs
        return signs


_GLYPHS = _Glyphs()


def _signs_of(char: str) -> str:
    if char in {"I", "\uff29"}:
        return CAPITAL_I
    signs = ""
    for one in unicodedata.normalize("NFKD", char):
        if one in _ALIKE:
            signs += _ALIKE[one]
        elif not _is_unseen(one):
            signs += "".join(map(_sign_of, unicodedata.normalize("NFKD", one.casefold())))
    return signs


def _sign_of(char: str) -> str:
    """Return what a folded character is in a skeleton."""
    category = unicodedata.category(char)
    if char in _SIGNS:
        return char
    if category == "Nd":
        return str(unicodedata.digit(char))
    if named := _NAMED.fullmatch(unicodedata.name(char, "")):
        return named[1].lower()
    if category[0] in "LMN":
        return _ALIKE.get(char, char)
    if char == _COVER:
        return ANY
    return SPACE if category[0] == "Z" or char.isspace() else MARK


def _is_unseen(char: str) -> bool:
    """Whether a character draws nothing by itself, is an accent, or is markup that stands within words."""
    category = unicodedata.category(char)
    if category == "Mn":
        return unicodedata.combining(char) not in _STAY or char in _SELECTORS
    return category in {"Cf", "Me"} or char in _FILLERS or char in _MARKUP
