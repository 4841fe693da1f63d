"""What the script of a text says of its language, for the `lang` and `dir` of a page. Pure.

A word list would tell French from English, but also be wrong about short comments; a script is never wrong.
"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter

SAMPLE = 2_000  # characters; more of the same text say nothing more
LEAST_KANA = 0.1  # of a Japanese text's letters; Chinese borrows a の here and there

# By the first word of its letters' Unicode names. Where several languages share a script, only the script is said.
_LANGUAGES = {
    "ARABIC": "und-Arab",
    "ARMENIAN": "hy",
    "BENGALI": "und-Beng",
    "BOPOMOFO": "zh",
    "CHEROKEE": "chr",
    "CJK": "und-Hani",
    "CYRILLIC": "und-Cyrl",
    "DEVANAGARI": "und-Deva",
    "ETHIOPIC": "und-Ethi",
    "GEORGIAN": "ka",
    "GREEK": "el",
    "GUJARATI": "gu",
    "GURMUKHI": "pa",
    "HANGUL": "ko",
    "HEBREW": "he",
    "JAPANESE": "ja",
    "KANNADA": "kn",
    "KHMER": "km",
    "LAO": "lo",
    "MALAYALAM": "ml",
    "MONGOLIAN": "und-Mong",
    "MYANMAR": "und-Mymr",
    "NKO": "nqo",
    "ORIYA": "or",
    "SINHALA": "si",
    "SYRIAC": "und-Syrc",
    "TAMIL": "ta",
    "TELUGU": "te",
    "THAANA": "dv",
    "THAI": "th",
    "TIBETAN": "und-Tibt",
}
_RIGHT_TO_LEFT = {"he", "dv", "nqo", "und-Arab", "und-Syrc"}
_KANA = ("HIRAGANA", "KATAKANA")
_NO_SCRIPT = {"MODIFIER", "KATAKANA-HIRAGANA", "IDEOGRAPHIC"}
_ADDRESS = re.compile(r"(?:https?://|www\.)\S+", re.IGNORECASE)  # Latin in every language


def language_of(source: str) -> str | None:
    """Return the `lang` of a text most of whose letters are of one script, or nothing for Latin and for mixed texts."""
    found = _scripts(unicodedata.normalize("NFKC", _ADDRESS.sub(" ", source[:SAMPLE])))
    if not found:
        return None
    script, letters = found.most_common(1)[0]
    return _LANGUAGES.get(script) if letters * 2 > found.total() else None


def direction_of(language: str | None) -> str:
    """Return the `dir` of a text in this language, `auto` where it is not known."""
    if language is None:
        return "auto"
    return "rtl" if language in _RIGHT_TO_LEFT else "ltr"


def _scripts(text: str) -> Counter[str]:
    """Count the letters of each script. Kana and the ideographs among them are one script, Japanese."""
    found = Counter(unicodedata.name(char, "UNKNOWN").split()[0] for char in text if char.isalpha())
    for name in _NO_SCRIPT:
        del found[name]
    kana = sum(found[name] for name in _KANA)
    if kana and kana >= LEAST_KANA * (kana + found["CJK"]):
        found["JAPANESE"] = kana + found.pop("CJK", 0)
        for name in _KANA:
            del found[name]
    return found
