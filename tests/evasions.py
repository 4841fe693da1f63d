"""How people disguise a word that is not wanted: one function a technique, of the word and dice."""

from __future__ import annotations

import unicodedata
from collections.abc import Callable
from random import Random

Technique = Callable[[str, Random], str]

SMALL_CAPITALS = str.maketrans("abcdefghijklmnoprstuvwyz", "ᴀʙᴄᴅᴇꜰɢʜɪᴊᴋʟᴍɴᴏᴘʀꜱᴛᴜᴠᴡʏᴢ")
CYRILLIC = str.maketrans("abceghijkmnoprstuwxy", "авсеԍһіјкмпоргѕтцԝху")
GREEK = str.maketrans("abeiknoptuvwxz", "αβεικηορτυνωχζ")
CHEROKEE = str.maketrans("abcdeghijklmoprstvwyz", "ᎪᏴᏟᎠᎬᏀᎻᎥᎫᏦᏞᎷᎾᏢᏒᏚᎢᏙᎳᎩᏃ")
CANADIAN = str.maketrans("abcdhjlmnprsuvw", "ᗩᗷᑕᗪᕼᒍᒪᗰᑎᑭᖇᔕᑌᐯᗯ")
TURNED = str.maketrans("abcdefghijklmnopqrstuvwxyz", "ɐqɔpǝɟƃɥıɾʞןɯuodbɹsʇnʌʍxʎz")  # noqa: RUF001
LEET = str.maketrans("aeiost", "431057")
SIGNS = str.maketrans("aseicl", "@$€!¢|")
STROKES = str.maketrans("abcdeghiklotuz", "ąƀȼđɇǥħɨꝁłøŧʉƶ")
DRAWN = {"m": r"|\/|", "k": "|<", "o": "()", "d": "|)", "u": "|_|", "h": "|-|", "n": r"|\|", "v": r"\/", "w": r"\/\/"}
VOWELS = "aeiou"


def lettered(first: int) -> Technique:
    """Return letters from a block of Unicode that holds the alphabet in a row."""
    return lambda word, _: "".join(chr(first + ord(char) - ord("a")) for char in word)


def between(separator: str) -> Technique:
    """Return letters with something between each two."""
    return lambda word, _: separator.join(word)


def middle(word: str) -> int:
    return len(word) // 2


def covered(word: str, cover: str, places: set[int]) -> str:
    return "".join(cover if place in places else char for place, char in enumerate(word))


def inner_vowels(word: str) -> set[int]:
    return {place for place in range(1, len(word) - 1) if word[place] in VOWELS} or {1}


def exchanged(word: str, dice: Random) -> str:
    place = dice.randrange(1, len(word) - 2)
    return word[:place] + word[place + 1] + word[place] + word[place + 2 :]


def accented(word: str, dice: Random) -> str:
    return unicodedata.normalize("NFC", "".join(char + chr(dice.choice((0x300, 0x301, 0x308, 0x30A))) for char in word))


def towered(word: str, dice: Random) -> str:
    return "".join(char + "".join(chr(dice.randrange(0x300, 0x36F)) for _ in range(5)) for char in word)


def mixed_case(word: str, _: Random) -> str:
    return "".join(char.upper() if place % 2 else char for place, char in enumerate(word))


TECHNIQUES: dict[str, Technique] = {
    "as it is": lambda word, _: word,
    "capitals": lambda word, _: word.upper(),
    "mixed case": mixed_case,
    "full width": lettered(0xFF41),
    "bold": lettered(0x1D41A),
    "fraktur": lettered(0x1D586),
    "monospace": lettered(0x1D68A),
    "sans italic": lettered(0x1D622),
    "circled": lettered(0x24D0),
    "in brackets": lettered(0x249C),
    "squared": lettered(0x1F130),
    "black circles": lettered(0x1F150),
    "black squares": lettered(0x1F170),
    "flags": lettered(0x1F1E6),
    "small capitals": lambda word, _: word.translate(SMALL_CAPITALS),
    "Cyrillic": lambda word, _: word.translate(CYRILLIC),
    "one Cyrillic letter": lambda word, _: word[:1] + word[1:].translate(CYRILLIC)[:1] + word[2:],
    "Greek": lambda word, _: word.translate(GREEK),
    "Cherokee": lambda word, _: word.translate(CHEROKEE),
    "Canadian syllables": lambda word, _: word.translate(CANADIAN),
    "strokes": lambda word, _: word.translate(STROKES),
    "accents": accented,
    "towers of marks": towered,
    "enclosing marks": lambda word, _: "".join(f"{char}\u20de" for char in word),
    "struck through": lambda word, _: "".join(f"{char}\u0336" for char in word),
    "zero width spaces": between("\u200b"),
    "zero width joiners": between("\u200d"),
    "soft hyphens": between("\u00ad"),
    "grapheme joiners": between("\u034f"),
    "invisible letters": between("\u3164"),
    "variation selectors": lambda word, _: "".join(f"{char}\ufe0f" for char in word),
    "tags": lambda word, dice: "".join(f"{char}{chr(0xE0061 + dice.randrange(26))}" for char in word),
    "turned around": lambda word, _: f"\u202e{word}\u202c",
    "spaces": between(" "),
    "wide spaces": between("\u2003"),
    "lines": between("\n"),
    "dots": between("."),
    "hyphens": between("-"),
    "underscores": between("_"),
    "stars between": between("*"),
    "slashes": between("/"),
    "bars": between("|"),
    "emoji between": between("🔥"),
    "digits between": between("1"),
    "dots with spaces": between(" . "),
    "one dot": lambda word, _: f"{word[: middle(word)]}.{word[middle(word) :]}",
    "brackets": lambda word, _: f"{word[:1]}({word[1:2]}){word[2:]}",
    "markup": lambda word, _: f"{word[:2]}**{word[2:3]}**{word[3:]}",
    "entities": lambda word, _: "".join(f"&#{ord(char)};" for char in word),
    "one entity": lambda word, _: f"{word[:1]}&#x{ord(word[1]):x};{word[2:]}",
    "empty links": lambda word, _: f"{word[:2]}[](/){word[2:]}",
    "digits": lambda word, _: word.translate(LEET),
    "signs": lambda word, _: word.translate(SIGNS),
    "drawings": lambda word, _: "".join(DRAWN.get(char, char) for char in word),
    "a long letter": lambda word, _: f"{word[:1]}{word[1] * 6}{word[2:]}",
    "long letters": lambda word, dice: "".join(char * dice.randrange(3, 6) for char in word),
    "each letter twice": lambda word, _: "".join(char * 2 for char in word),
    "a covered letter": lambda word, _: covered(word, "*", {1}),
    "covered vowels": lambda word, _: covered(word, "#", inner_vowels(word)),
    "an emoji for a letter": lambda word, _: covered(word, "🤬", {middle(word)}),
    "a hyphen for a letter": lambda word, _: covered(word, "-", {middle(word)}),
    "upside down": lambda word, _: word[::-1].translate(TURNED),
    "two letters exchanged": exchanged,
    "without vowels": lambda word, _: "".join(char for place, char in enumerate(word) if place not in inner_vowels(word)),
    "by its sound": lambda word, _: word.replace("ck", "k").replace("c", "k").replace("f", "ph"),
    "by its shape": lambda word, _: word.replace("m", "rn").replace("w", "vv").replace("l", "I"),
    "letters and digits mixed": lambda word, dice: "".join(dice.choice((char, char.translate(LEET))) for char in word),
    "glued to another": lambda word, _: f"you{word}man",
    "spaces and digits": lambda word, _: " ".join(word.translate(LEET)),
    "backwards": lambda word, _: word[::-1],
    "a space in it": lambda word, _: f"{word[: middle(word)]} {word[middle(word) :]}",
}
