"""Markdown to an article: the header's values, the first heading as headline, the rest as it stands."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from markdown_it import MarkdownIt
from markdown_it.token import Token

from importers import front_matter
from importers.imported import N_, ImportedText, ImportRefused
from lazily import lazily

if TYPE_CHECKING:
    from importers import html
else:
    html = lazily("importers.html")

_MARKDOWN = MarkdownIt("commonmark")
_HEADLINE_KEYS = ("headline", "title")
_BYLINE_KEYS = ("byline", "author", "authors")
_SECTION_KEYS = ("section", "category", "categories")
_CODE = r"(?P<code>(?P<ticks>`+)(?!`).*?(?<!`)(?P=ticks)(?!`))"
_IMAGE = r"!\[[^\]]*\](?:\([^()\s]*(?:\([^()\s]*\)[^()\s]*)*(?:\s+[\"'][^)]*[\"'])?\)|\[[^\]]*\])"
_CODE_OR_IMAGE = re.compile(f"{_CODE}|{_IMAGE}", re.DOTALL)
_TAGS_LEFT = N_("The text has HTML tags within its lines; readers would see them as typed. Take them out before you open it.")
_IMAGES_LEFT_OUT = N_("Pictures were left out.")


def read(source: str) -> ImportedText:
    """Return the article. Raises `ImportRefused` where there is no text, or no more than a headline."""
    values, source = front_matter.split(source)
    source, notes = _without_images(_without_html_blocks(source))
    heading, body = _split_heading(source)
    headline = front_matter.first_of(values, _HEADLINE_KEYS) or heading or None
    body = body.strip("\n").rstrip()
    if not body:
        only_headline = N_("The file holds a headline but no text below it.")
        raise ImportRefused(only_headline if headline else N_("The file is empty: there is no text in it."))
    if "<" in body and any(part.type == "html_inline" for token in _MARKDOWN.parse(body) for part in token.children or ()):
        notes += (_TAGS_LEFT,)
    byline, section = (front_matter.first_of(values, keys) for keys in (_BYLINE_KEYS, _SECTION_KEYS))
    return ImportedText(headline=headline, body_markdown=body, byline=byline, section=section, notes=notes)


def _without_html_blocks(source: str) -> str:
    """Turn the blocks of HTML in a Markdown text into Markdown: readers would see their tags."""
    lines = source.split("\n")
    for token in reversed(_MARKDOWN.parse(source) if "<" in source else []):
        if token.type == "html_block" and token.level == 0 and token.map:
            lines[slice(*token.map)] = [html.markdown_of(token.content), ""]
    return "\n".join(lines)


def _without_images(source: str) -> tuple[str, tuple[str, ...]]:
    lines = source.split("\n")
    found = False
    for token in reversed(_MARKDOWN.parse(source) if "![" in source else []):
        if token.map and any(part.type == "image" for part in token.children or ()):
            found = True
            kept = _CODE_OR_IMAGE.sub(lambda part: part["code"] or "", "\n".join(lines[slice(*token.map)]))
            lines[slice(*token.map)] = [line for line in kept.split("\n") if line.strip()] or [""]
    return "\n".join(lines), (_IMAGES_LEFT_OUT,) if found else ()


def _split_heading(source: str) -> tuple[str, str]:
    """Return the headline and the text without it: the first heading of the first level, or whatever heading begins it."""
    tokens = _MARKDOWN.parse(source)
    first = next((place for place, token in enumerate(tokens) if token.type == "heading_open" and token.tag == "h1"), None)
    if first is None and tokens and tokens[0].type == "heading_open":
        first = 0
    if first is None:
        return "", source
    lines = source.split("\n")
    lines[slice(*(tokens[first].map or (0, 0)))] = []
    return _words(tokens[first + 1]), "\n".join(lines)


def _words(heading: Token) -> str:
    parts = (" " if part.type in {"softbreak", "hardbreak"} else part.content for part in heading.children or ())
    return " ".join("".join(parts).split())
