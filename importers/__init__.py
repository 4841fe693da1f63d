"""Files to articles: plain text, Markdown, HTML. Parsing only; what it gives is written through `domain`."""

from __future__ import annotations

import re
from pathlib import PurePath
from typing import TYPE_CHECKING

from importers import text
from importers.decoding import decode
from importers.imported import LONGEST_SOURCE, N_, TOO_LONG, ImportedText, ImportRefused
from lazily import lazily

if TYPE_CHECKING:
    from importers import html, markdown
else:
    html, markdown = lazily("importers.html"), lazily("importers.markdown")

__all__ = ["LARGEST_FILE", "ImportRefused", "ImportedText", "read"]

LARGEST_FILE = 2_000_000  # bytes: ten times the longest text, for the markup around it

_MARKDOWN = {".md", ".markdown", ".mdown", ".mkd"}
_HTML = {".html", ".htm", ".xhtml"}
_TEXT = {".txt", ".text"}
_TAGS = re.compile(rb"<(?:!doctype html|html|head|body|article|main|div|p|h1)\b", re.IGNORECASE)
_SNIFFED = 2048  # bytes


def read(data: bytes, filename: str) -> ImportedText:
    """Return the article in a file. Raises `ImportRefused` with a message for the editor where there is none to be had."""
    if len(data) > LARGEST_FILE:
        raise ImportRefused(N_("The file is too large: at most %(most)s MB."), most=LARGEST_FILE // 1_000_000)
    suffix = PurePath(filename).suffix.lower()
    is_html = suffix in _HTML or (suffix not in _TEXT | _MARKDOWN and _TAGS.search(data[:_SNIFFED]) is not None)
    source, notes = decode(data, html=is_html)
    if not is_html and len(source) > LONGEST_SOURCE:
        raise ImportRefused(TOO_LONG)
    if not source.strip():
        raise ImportRefused(N_("The file is empty: there is no text in it."))
    reader = html.read if is_html else markdown.read if suffix in _MARKDOWN else text.read
    article = reader(source)
    return ImportedText(
        headline=article.headline,
        body_markdown=article.body_markdown,
        byline=article.byline,
        section=article.section,
        notes=notes + article.notes,
    )
