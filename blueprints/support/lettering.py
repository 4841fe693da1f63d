"""Any text, set in lines on a picture: in the site's own type, or whole in another that has its letters. Pure."""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

from domain.text import shortened
from lazily import lazily

if TYPE_CHECKING:
    from PIL import ImageFont
    from PIL.ImageFont import FreeTypeFont
else:
    ImageFont = lazily("PIL.ImageFont")

LONGEST = 400  # characters that are looked at: more than ever fit on a picture
VENDORED = Path(__file__).resolve().parents[2] / "static" / "vendor" / "source-serif-4"
SERIF = {bold: str(VENDORED / f"source-serif-4-latin-{700 if bold else 400}-normal.woff2") for bold in (True, False)}
# For what our type has no letters for, found by name where the system has them. The first that has the most is taken.
OTHERS = {
    True: ("NotoSerif-Bold", "NotoSans-Bold", "DejaVuSans-Bold"),
    False: ("NotoSerif-Regular", "NotoSans-Regular", "DejaVuSans"),
}
SCRIPTS = ("Arabic", "Hebrew", "Devanagari", "Bengali", "Tamil", "Thai", "Georgian", "Armenian", "Ethiopic")
JAPANESE_CHINESE_KOREAN = {True: "NotoSansCJK-Bold.ttc", False: "NotoSansCJK-Regular.ttc"}
NOTHING = "\U0010ffff"  # no character, so it is drawn as what every missing one is drawn as
ELLIPSIS = "…"


@dataclass(frozen=True)
class Lettering:
    """Lines of text in one type and size."""

    font: FreeTypeFont
    lines: tuple[str, ...]

    @property
    def height(self) -> int:
        """Return how far it is from one line to the next."""
        return round(self.font.size * 1.22)


def set_in_lines(text: str, *, sizes: tuple[int, ...], width: int, most: int, is_bold: bool = False) -> Lettering:
    """Return a text in the largest of the sizes in which it takes at most so many lines; at the smallest it is cut."""
    words = shortened(text, LONGEST)
    name, words = _type_for(words, is_bold=is_bold)
    for size in sizes:
        font = _face(name, size)
        lines = _wrapped(words, font, width)
        if len(lines) <= most:
            break
    else:
        lines = [*lines[: most - 1], _cut(lines[most - 1], font, width)]
    return Lettering(font, tuple(lines))


def runs_from_right(text: str) -> bool:
    """Whether the first letter with a direction runs from right to left."""
    directions = (unicodedata.bidirectional(char) for char in text)
    return next((direction != "L" for direction in directions if direction in {"L", "R", "AL"}), False)


def _wrapped(text: str, font: FreeTypeFont, width: int) -> list[str]:
    """Return a text in lines, broken between words, or within those that are wider than a line."""
    lines = [""]
    for word in text.split():
        joined = f"{lines[-1]} {word}".strip()
        if font.getlength(joined) <= width:
            lines[-1] = joined
            continue
        *whole, rest = _broken(word, font, width)
        lines = [line for line in (*lines, *whole, rest) if line]
    return lines


def _broken(word: str, font: FreeTypeFont, width: int) -> list[str]:
    """Return a word in pieces that fit, broken before letters, never before the marks on them."""
    pieces = [""]
    for char in word:
        if font.getlength(pieces[-1] + char) > width and pieces[-1] and not unicodedata.combining(char):
            pieces.append("")
        pieces[-1] += char
    return pieces


def _cut(line: str, font: FreeTypeFont, width: int) -> str:
    while line and font.getlength(line + ELLIPSIS) > width:
        line = line[:-1]
    return line.rstrip() + ELLIPSIS


def _type_for(text: str, *, is_bold: bool) -> tuple[str, str]:
    """Return the type that has the most of a text's letters, and of the text what it has."""
    letters = {char for char in text if not _needs_no_letter(char)}
    best, found = SERIF[is_bold], _covered(SERIF[is_bold], letters)
    for name in () if found == letters else _others(is_bold=is_bold):
        covered = _covered(name, letters)
        if len(covered) > len(found):
            best, found = name, covered
    return best, " ".join("".join(char for char in text if char in found or _needs_no_letter(char)).split())


def _others(*, is_bold: bool) -> list[str]:
    weight = "Bold" if is_bold else "Regular"
    names = [f"{name}.ttf" for name in OTHERS[is_bold]] + [f"NotoSans{script}-{weight}.ttf" for script in SCRIPTS]
    return [name for name in (*names, JAPANESE_CHINESE_KOREAN[is_bold]) if _is_there(name)]


def _covered(name: str, letters: set[str]) -> set[str]:
    return {char for char in letters if _has(name, char)}


def _needs_no_letter(char: str) -> bool:
    return char.isspace() or unicodedata.category(char) == "Cf"


@lru_cache(maxsize=64)
def _face(name: str, size: int) -> FreeTypeFont:
    return ImageFont.truetype(name, size)


@lru_cache(maxsize=64)
def _is_there(name: str) -> bool:
    try:
        ImageFont.truetype(name, 16)
    except OSError:
        return False
    return True


@lru_cache(maxsize=64)
def _plain_face(name: str) -> FreeTypeFont:
    return ImageFont.truetype(name, 16, layout_engine=ImageFont.Layout.BASIC)


@lru_cache(maxsize=8_192)
def _has(name: str, char: str) -> bool:
    """Whether a type has a letter: it draws it otherwise than what it does not have."""
    return _drawn(name, char) != _drawn(name, NOTHING)


def _drawn(name: str, char: str) -> tuple[object, bytes]:
    mask = _plain_face(name).getmask(char)
    return mask.size, bytes(mask)
