"""What changed between two texts, word by word. Pure."""

from __future__ import annotations

import enum
import re
from dataclasses import dataclass
from difflib import SequenceMatcher
from itertools import groupby

MOST_WORDS = 2_000  # of both texts together: more is not compared, because the work grows faster than the text

# A word with the space after it; a sign of a script that is written without spaces; or a space at the very beginning.
_UNSPACED = r"\u0e00-\u0e7f\u3040-\u30ff\u3400-\u9fff"  # Thai, kana, ideographs
_WORD = re.compile(rf"[{_UNSPACED}]\s*|[^\s{_UNSPACED}]+\s*|\s+")


class Kind(enum.Enum):
    """What became of a piece of text."""

    KEPT = "kept"
    ADDED = "added"
    TAKEN = "taken"


@dataclass(frozen=True)
class Piece:
    """Some words in a row that were all kept, added or taken out."""

    kind: Kind
    text: str


def between(old: str, new: str) -> list[Piece] | None:
    """Return the pieces of both texts in reading order; None where they are too long to be compared."""
    before, after = _WORD.findall(old), _WORD.findall(new)
    if len(before) + len(after) > MOST_WORDS:
        return None
    pieces: list[Piece] = []
    for what, old_from, old_to, new_from, new_to in SequenceMatcher(None, before, after).get_opcodes():
        if what == "equal":
            pieces.append(Piece(Kind.KEPT, "".join(after[new_from:new_to])))
            continue
        pieces.append(Piece(Kind.TAKEN, "".join(before[old_from:old_to])))
        pieces.append(Piece(Kind.ADDED, "".join(after[new_from:new_to])))
    return _joined([piece for piece in pieces if piece.text])


def _joined(pieces: list[Piece]) -> list[Piece]:
    return [Piece(kind, "".join(piece.text for piece in run)) for kind, run in groupby(pieces, key=lambda piece: piece.kind)]
