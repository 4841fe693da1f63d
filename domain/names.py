"""Readers' names: which can be used, and which look alike. Pure."""

from __future__ import annotations

import re
import unicodedata

from domain import text
from domain.errors import N_, Invalid

SHORTEST, LONGEST = 2, 30  # characters
MOST_MARKS = 3  # on one letter: what Hindi, Thai and pointed Hebrew need; more climbs out of its line

_PUNCTUATION = " .'’-_·"
_ADDRESS = re.compile(r"\w{2,}\.\w{2,}|www\.", re.IGNORECASE)  # mail programs and browsers make links of these
_JAPANESE = {"CJK", "HIRAGANA", "KATAKANA", "KATAKANA-HIRAGANA", "IDEOGRAPHIC"}  # written together
_NO_SCRIPT = {"MODIFIER", "COMBINING"}
_WORDS = re.compile(r"[^\W\d_]+|\d+")
_GUEST_NUMBER = re.compile(r"guest\w{0,4}")
_CAMEL = re.compile(r"(?<=[^\W\d_A-Z])(?=[A-Z])")
# Who the newsroom is, wherever it begins a word, or closes or opens a name written as one word.
_NEWSROOM = ("admin", "moderator", "newsroom", "foresay", "webmaster")
_NEWSROOM_WORDS = {
    "mod",
    "mods",
    "staff",
    "editor",
    "editors",
    "editorial",
    "official",
    "support",
    "team",
    "system",
    "verified",
}
# What the badge of an article's author says; people are called Author, but nobody is called Author of the Article.
_AUTHOR, _OF_WHAT = "author", ("article", "story", "ofthe", "ofthis")
# Shapes that pass for a Latin letter, so that a name cannot be borrowed by swapping one.
_ALIKE = str.maketrans(
    {
        **dict(zip("01358", "oiesb", strict=True)),
        **dict(zip("авеікмнорстухѕјһԁԛԝ", "abeikmhopctyxsjhdqw", strict=True)),  # Cyrillic
        **dict(zip("αβεζηικμνορτυχ", "abezhikmnoptyx", strict=True)),  # Greek
        **dict(zip("l|!ıӏɑɡ", "iiiiiag", strict=True)),  # noqa: RUF001 - rarer shapes, on purpose
    }
)
_ALIKE_PAIRS = (("rn", "m"), ("vv", "w"))
JOINING = {pair[0]: pair[1] for pair, _ in _ALIKE_PAIRS}  # a letter, and the one after it with which it looks like a third


def checked(name: str, *, site_name: str = "") -> str:
    """Return the name as it will be shown; raise `Invalid` for one that cannot be used."""
    name = _tidy(name)
    if not SHORTEST <= len(name) <= LONGEST:
        raise Invalid(N_("A name needs from %(least)s to %(most)s characters."), least=SHORTEST, most=LONGEST)
    if not _is_well_formed(name):
        raise Invalid(N_("A name is made of letters, digits, spaces, hyphens and apostrophes."))
    if _ADDRESS.search(name):
        raise Invalid(N_("A name cannot look like a web address."))
    if len(_scripts(name)) > 1:
        raise Invalid(N_("A name may use one alphabet only."))
    if _passes_for_newsroom(name, site_name):
        raise Invalid(N_("That name could be mistaken for the newsroom's. Choose another."))
    if _passes_for_guest(name):
        raise Invalid(N_("Readers without an account are shown as guests. Choose another name."))
    return name


def skeleton(name: str) -> str:
    """Return what is left of a name when look-alike letters, accents, spaces and punctuation no longer matter.

    Marks that belong to a script, such as the vowels of Hindi, tell names apart and stay.
    """
    folded = unicodedata.normalize("NFKD", name).casefold()
    for pair, single in _ALIKE_PAIRS:
        folded = folded.replace(pair, single)
    kept = (char for char in folded if char.isalnum() or (_is_mark(char) and not _is_accent(char)))
    return "".join(kept).translate(_ALIKE)


def _tidy(name: str) -> str:
    """Return the name on one line, in the compatibility form, without characters that cannot be seen."""
    name = text.line(unicodedata.normalize("NFKC", text.plain(name)))
    return "".join(char for char in name if unicodedata.category(char) != "Cf")


def _is_well_formed(name: str) -> bool:
    marks = 0
    for char in name:
        marks = marks + 1 if _is_mark(char) else 0
        if marks > MOST_MARKS or not (char.isalnum() or marks or char in _PUNCTUATION):
            return False
    return not _is_mark(name[0]) and any(char.isalpha() or char.isdigit() for char in name)


def _is_mark(char: str) -> bool:
    return unicodedata.category(char) in {"Mn", "Mc"}


def _is_accent(char: str) -> bool:
    name = unicodedata.name(char, "")
    return name.startswith("COMBINING") and "KATAKANA" not in name  # there the mark makes another letter


def _passes_for_newsroom(name: str, site_name: str) -> bool:
    whole, site = skeleton(name), skeleton(site_name)
    newsroom = tuple(skeleton(word) for word in _NEWSROOM)
    words = [skeleton(word) for word in _WORDS.findall(_CAMEL.sub(" ", name))]
    alone = {skeleton(word) for word in _NEWSROOM_WORDS}
    return (
        whole.startswith(newsroom)
        or whole.endswith(newsroom)
        or any(word.startswith(newsroom) or word in alone for word in words)
        or whole in alone
        or _passes_for_author(whole)
        or (len(site) >= SHORTEST and whole.startswith(site))
    )


def _passes_for_author(whole: str) -> bool:
    author = skeleton(_AUTHOR)
    is_of_this = any(skeleton(word) in whole.replace(author, "", 1) for word in _OF_WHAT)
    return (author in whole and is_of_this) or whole == f"the{author}"


def _passes_for_guest(name: str) -> bool:
    """Whether a name could be a guest's number; people are called Guest, but nobody is called Guest 4F2A."""
    return skeleton(re.split(r"[\W_]+", name)[0]) == skeleton("guest") or _GUEST_NUMBER.fullmatch(skeleton(name)) is not None


def _scripts(name: str) -> set[str]:
    scripts = {unicodedata.name(char, "UNKNOWN").split()[0] for char in name if char.isalpha()} - _NO_SCRIPT
    return scripts - _JAPANESE | ({"JAPANESE"} if scripts & _JAPANESE else set())
