"""Reader's and newsroom's markup to safe HTML, and text made harmless. Pure.

Two locks: the renderer never passes raw HTML through, and the sanitiser keeps only what is on its list.
"""

from __future__ import annotations

import re
import unicodedata
from html import unescape
from urllib.parse import urljoin

import nh3
from markdown_it import MarkdownIt

RENDERER_VERSION = 1  # stored with each text, so that a better renderer can find what to render again

MOST_MARKS = 5  # on one letter: a pointed and chanted Hebrew shin; more is a tower that climbs over its neighbours

_COMMENT_TAGS = {"p", "br", "em", "strong", "s", "a", "blockquote", "ul", "ol", "li", "code", "pre", "hr"}
_ARTICLE_TAGS = _COMMENT_TAGS | {"h2", "h3"}
_KEPT_CONTROLS = {"\n", "\t"}
_MARKS = {"Mn", "Me"}  # those that stand above, below or around a letter; the spacing ones stand beside it
_TAG = re.compile(r"""<(?:[^>"]|"[^"]*")*>""")
# Marks that turn text around for what follows; a text may not reach out of its own box.
_BIDI_CONTROLS = dict.fromkeys([*range(0x202A, 0x202F), *range(0x2066, 0x206A)])

_markdown = MarkdownIt("commonmark", {"html": False, "linkify": True}).enable(["linkify", "strikethrough"]).disable(["image"])
_comment_markdown = MarkdownIt("commonmark", {"html": False, "linkify": True, "breaks": True})
_comment_markdown.enable(["linkify", "strikethrough"]).disable(["image", "heading", "lheading"])


def plain(text: str) -> str:
    """Return `text` in NFC with one kind of line end, without control characters, lone surrogates, bidi controls and
    towers of combining marks."""
    text = text.replace("\r\n", "\n").replace("\r", "\n").encode("utf-8", "replace").decode().translate(_BIDI_CONTROLS)
    kept = (char for char in text if char in _KEPT_CONTROLS or unicodedata.category(char) != "Cc")
    return _without_towers(unicodedata.normalize("NFC", "".join(kept))).strip()


def line(text: str) -> str:
    """Return `text` made `plain` and set on one line."""
    return " ".join(plain(text).split())


def comment_html(source: str) -> str:
    """Return the safe HTML of a reader's Markdown."""
    return _sanitised(_comment_markdown.render(source), _COMMENT_TAGS, rel="nofollow ugc noopener")


def article_html(source: str) -> str:
    """Return the safe HTML of the newsroom's Markdown. Its first level of headings becomes the second."""
    html = _markdown.render(source).replace("<h1>", "<h2>").replace("</h1>", "</h2>")
    return _sanitised(html, _ARTICLE_TAGS, rel="noopener")


def words_of(html: str) -> str:
    """Return the text of safe HTML, for places that take no markup."""
    return unescape(_TAG.sub("", html)).strip()


def excerpt(html: str, most: int) -> str:
    """Return the beginning of the text of safe HTML on one line, cut between words where that is possible."""
    words = " ".join(words_of(html).split())
    if len(words) <= most:
        return words
    start = words[: most - 1]
    return f"{start.rpartition(' ')[0] or start}…"


def with_absolute_links(html: str, site_url: str) -> str:
    """Return safe HTML that can be read elsewhere: links to pages of the site name the site."""
    if "href=" not in html:
        return html
    return _sanitised(html, _ARTICLE_TAGS, rel="nofollow ugc noopener", base=site_url)


def _without_towers(text: str) -> str:
    """Cut the combining marks of a letter beyond `MOST_MARKS`. Invisible characters among them give room for no more."""
    if text.isascii():
        return text
    kept: list[str] = []
    marks = 0
    for char in text:
        kind = unicodedata.category(char)
        if kind != "Cf":
            marks = marks + 1 if kind in _MARKS else 0
        if kind == "Cf" or marks <= MOST_MARKS:
            kept.append(char)
    return "".join(kept)


def _sanitised(html: str, tags: set[str], rel: str, base: str = "") -> str:
    return nh3.clean(
        html,
        tags=tags,
        attributes={"a": {"href"}, "*": set()},
        attribute_filter=(lambda _, name, value: urljoin(base, value) if name == "href" else value) if base else None,
        url_schemes={"http", "https", "mailto"},
        link_rel=rel,
    ).strip()
