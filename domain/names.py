"""Readers' names: which can be used, and which look alike. Pure."""

from __future__ import annotations

import re
import unicodedata

from domain import text
from domain.errors import N_, Invalid

SHORTEST, LONGEST = 2, 30  # characters
_ALLOWED = re.compile(r"[\w .'’\-]+")
_STAFF = re.compile(r"admin|moderator|editor|newsroom|staff|official|foresay|guest")
_JAPANESE = {"CJK", "HIRAGANA", "KATAKANA"}  # written together
# Shapes that pass for a Latin letter, so that a name cannot be borrowed by swapping one.
_ALIKE = str.maketrans(
    {
        **dict(zip("01358", "oiesb", strict=True)),
        **dict(zip("аеіјорсухѕ", "aeijopcyxs", strict=True)),  # noqa: RUF001 - Cyrillic on purpose
        **dict(zip("αιονρ", "aionp", strict=True)),  # noqa: RUF001 - Greek on purpose
        **dict(zip("l|!", "iii", strict=True)),
    }
)


def checked(name: str) -> str:
    """Return the name as it will be shown; raise `Invalid` for one that cannot be used."""
    name = text.line(unicodedata.normalize("NFKC", name))
    if not SHORTEST <= len(name) <= LONGEST:
        raise Invalid(N_("A name needs from %(least)s to %(most)s characters."), least=SHORTEST, most=LONGEST)
    if not _ALLOWED.fullmatch(name) or not any(char.isalnum() for char in name):
        raise Invalid(N_("A name is made of letters, digits, spaces, hyphens and apostrophes."))
    if len(_scripts(name)) > 1:
        raise Invalid(N_("A name may use one alphabet only."))
    if _STAFF.search(skeleton(name)) or _STAFF.search(name.casefold()):
        raise Invalid(N_("That name could be mistaken for the newsroom's. Choose another."))
    return name


def skeleton(name: str) -> str:
    """Return what is left of a name when look-alike letters, marks, spaces and punctuation no longer matter."""
    folded = unicodedata.normalize("NFKD", name).casefold().translate(_ALIKE)
    return "".join(char for char in folded if char.isalnum())


def _scripts(name: str) -> set[str]:
    scripts = {unicodedata.name(char, "UNKNOWN").split()[0] for char in name if char.isalpha()}
    return scripts - _JAPANESE | ({"JAPANESE"} if scripts & _JAPANESE else set())
