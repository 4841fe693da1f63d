"""A text's paragraphs and sentences in plain words, and where they stand in its Markdown. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING

from lazily import lazily

if TYPE_CHECKING:
    import markdown_it
else:
    markdown_it = lazily("markdown_it")

LONGEST_HEADLINE_MADE = 80  # characters: two lines on a phone

_LONGEST_WORD = 40  # characters on either side of a full stop that tell whether it ends a sentence
_SENTENCE_END = re.compile(r"[.?!…]+[\"'”’»)\]]*\s+")
_TITLES = re.compile(r"mrs?|ms|dr|prof|st|gov|sen|rep|gen|col|lt|sgt|rev|hon|pres|vs?")  # a name follows, never a sentence
_SHORTENED = re.compile(
    r"[sj]r|no|inc|ltd|co|corp|etc|approx|dept|est|fig|jan|feb|mar|apr|jun|jul|aug|sept?|oct|nov|dec|[^\W\d]|(?:\w\.)+\w"
)
_BEGINS = re.compile(  # a word that no name begins with: after it, even "U.S." has ended a sentence
    r"(?:do|does|did|should|will|would|what|how|who|when|why|is|are|was|were|has|have|can|could|give|tell|share|let"
    r"|the|it|he|she|we|they|this|that|but|and|so|yet|in|on|at)\b",
    re.IGNORECASE,
)


@dataclass(frozen=True)
class Paragraph:
    """A paragraph or heading in plain words. `lines` are its place in the Markdown, `level` is 0 outside lists and quotes."""

    words: str
    lines: tuple[int, int]
    level: int


def paragraphs(markdown: str) -> list[Paragraph]:
    """Return the paragraphs and headings of a Markdown text, in order."""
    found = []
    for token in _markdown().parse(markdown):
        if token.type == "inline" and token.map:
            parts = (" " if part.type in {"softbreak", "hardbreak"} else part.content for part in token.children or ())
            words = " ".join("".join(parts).split())
            if words:
                found.append(Paragraph(words, (token.map[0], token.map[1]), token.level - 1))
    return found


def sentences(words: str) -> list[str]:
    """Return the sentences of a paragraph's plain words. A quotation is not taken apart."""
    found, start, seen, quotes = [], 0, 0, _Quotes()
    quotes_end = not _Quotes().read(words)
    for end in _SENTENCE_END.finditer(words):
        quoted = quotes.read(words[seen : end.end()]) and quotes_end
        seen = end.end()
        before, after = words[max(start, end.start() - _LONGEST_WORD) : end.start()], words[seen : seen + _LONGEST_WORD]
        if not (quoted or after[:1].islower() or (end[0].startswith(".") and _is_abbreviated(before, after))):
            found.append(words[start:seen].strip())
            start = seen
    return [*found, words[start:].strip()] if words[start:].strip() else found


class _Quotes:
    """Whether we are within a quotation, as we read on."""

    def __init__(self) -> None:
        self.curly = self.straight = 0

    def read(self, words: str) -> bool:
        self.curly += words.count("“") - words.count("”")
        self.straight += words.count('"')
        return self.curly > 0 or self.straight % 2 == 1


def without(markdown: str, dropped: Iterable[Paragraph]) -> str:
    """Return the Markdown text without these paragraphs, and without the blank line below each."""
    lines = markdown.split("\n")
    for paragraph in sorted(dropped, key=lambda paragraph: paragraph.lines, reverse=True):
        first, end = paragraph.lines
        lines[first : end + (lines[end : end + 1] == [""])] = []
    return "\n".join(lines).strip("\n")


def headline_from(markdown: str) -> str:
    """Return a headline made from the first sentence, cut between words. Empty where the text has no words."""
    words = next((paragraph.words for paragraph in paragraphs(markdown)), "")
    sentence = next(iter(sentences(words)), "")
    if len(sentence) <= LONGEST_HEADLINE_MADE:
        return sentence.removesuffix(".")
    cut = sentence[:LONGEST_HEADLINE_MADE]
    return (cut.rpartition(" ")[0] or cut[:-1]).rstrip(" ,;:–—-(“\"'") + "…"


def _is_abbreviated(before: str, after: str) -> bool:
    """Whether the full stop between these words belongs to an abbreviation or an initial, and ends no sentence."""
    last = before.rpartition(" ")[2].strip("(“\"'").lower()
    return bool(_TITLES.fullmatch(last) or (_SHORTENED.fullmatch(last) and not _BEGINS.match(after)))


@cache
def _markdown() -> markdown_it.MarkdownIt:
    return markdown_it.MarkdownIt("commonmark", {"html": False})
