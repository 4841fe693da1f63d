"""Plain text to an article: headline, byline and paragraphs. No character of it is taken for Markdown."""

from __future__ import annotations

import re

from importers.escaping import escaped
from importers.imported import N_, ImportedText, ImportRefused

LONGEST_HEADLINE_LINE = 120  # characters: longer is a paragraph
LONGEST_WRAPPED_LINE = 120  # characters: nobody wraps text wider, so a longer line is a whole paragraph
_BLANK_LINES = re.compile(r"\n\s*\n")
_SPACES = re.compile("[^\\S\u00a0]+")  # but not the one that holds two words together
_ENDS_NO_HEADLINE = (".", ":", ";", ",", "…")
_BYLINE = re.compile(r"(?:by|words by|text by)\s+(?P<name>\w[^.:!?]{1,78})", re.IGNORECASE)
_MOST_NAME_WORDS = 8  # "By Ana Lopez and Jo Baker in Leeds", but no sentence


def read(source: str) -> ImportedText:
    """Return the article. Raises `ImportRefused` where there is no text, or no more than a headline."""
    paragraphs = paragraphs_of(source)
    if not paragraphs:
        raise ImportRefused(N_("The file is empty: there is no text in it."))
    headline = paragraphs.pop(0) if is_headline(paragraphs[0]) else None
    byline = byline_in(paragraphs[0]) if headline and paragraphs else ""
    body = "\n\n".join(escaped(paragraph) for paragraph in paragraphs[1 if byline else 0 :])
    if not body:
        raise ImportRefused(N_("The file holds a headline but no text below it."))
    return ImportedText(headline=headline, body_markdown=body, byline=byline)


def paragraphs_of(source: str) -> list[str]:
    """Return the paragraphs, each on one line.

    Blank lines part them. Where none do, a line too long to have been wrapped tells that each line is a paragraph, and
    an indented line tells that one begins.
    """
    found: list[str] = []
    for block in _BLANK_LINES.split(source.strip("\n")):
        lines = [line for line in block.split("\n") if line.strip()]
        if max((len(line) for line in lines), default=0) <= LONGEST_WRAPPED_LINE:
            lines = _unwrapped(lines)
        found += [_SPACES.sub(" ", line).strip() for line in lines]
    return found


def is_headline(paragraph: str) -> bool:
    """Whether a first paragraph reads as a headline: short, and not ended like a sentence."""
    return len(paragraph) <= LONGEST_HEADLINE_LINE and not paragraph.endswith(_ENDS_NO_HEADLINE)


def byline_in(paragraph: str) -> str:
    """Return a line such as "By Ana Lopez" itself, or nothing where the line is something else."""
    found = _BYLINE.fullmatch(paragraph)
    if found is None or len(found["name"].split()) > _MOST_NAME_WORDS or not found["name"][0].isupper():
        return ""
    return paragraph


def _unwrapped(lines: list[str]) -> list[str]:
    """Join the wrapped lines of a block; a line that is indented among lines that are not begins a new paragraph."""
    indented = [line[0].isspace() for line in lines]
    joined: list[str] = []
    for line, begins in zip(lines, indented, strict=True):
        if not joined or (begins and not all(indented[1:])):
            joined.append(line.strip())
        else:
            joined[-1] += " " + line.strip()
    return joined
