"""Reader's and newsroom's markup to safe HTML, and text made harmless. Pure.

Two locks: the renderer never passes raw HTML through, and the sanitiser keeps only what is on its list.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from functools import cache
from html import unescape
from types import MappingProxyType
from typing import TYPE_CHECKING, Any
from urllib.parse import urljoin

import nh3

from lazily import lazily

if TYPE_CHECKING:
    import markdown_it
    from markdown_it.rules_inline import StateInline
else:
    markdown_it = lazily("markdown_it")

RENDERER_VERSION = 2  # stored with each text, so that a better renderer can find what to render again

NOBODY: Mapping[str, str] = MappingProxyType({})
MOST_MARKS = 5  # on one letter: a pointed and chanted Hebrew shin; more is a tower that climbs over its neighbours

_COMMENT_TAGS = {"p", "br", "em", "strong", "s", "a", "blockquote", "ul", "ol", "li", "code", "pre", "hr"}
_ARTICLE_TAGS = _COMMENT_TAGS | {"h2", "h3"}
_KEPT_CONTROLS = {"\n", "\t"}
_MARKS = {"Mn", "Me"}  # those that stand above, below or around a letter; the spacing ones stand beside it
_TAG = re.compile(r"""<(?:[^>"]|"[^"]*")*>""")
_EDGE_OF_QUOTE = re.compile(r"<(/?)blockquote>")
_ITEM = re.compile(r"<li>(?:\n<p>)?")
_ENDS_A_BLOCK = ("</p>", "</pre>", "</ul>", "</ol>")
# Marks that turn text around for what follows; a text may not reach out of its own box.
_BIDI_CONTROLS = dict.fromkeys([*range(0x202A, 0x202F), *range(0x2066, 0x206A)])

_BEFORE_MENTION = re.compile(r"[^\w/.:@#?=&%+-]|_")  # not letters, as in mail addresses, nor what stands in links
_GOES_ON = re.compile(r"[^\W_]|[-._·][^\W_]")  # "@Ann-Marie" names no Ann, but "@Ann's" does


def plain(text: str) -> str:
    """Return `text` in NFC with one kind of line end, without control characters, lone surrogates, bidi controls and
    towers of combining marks."""
    text = text.replace("\r\n", "\n").replace("\r", "\n").encode("utf-8", "replace").decode().translate(_BIDI_CONTROLS)
    kept = (char for char in text if char in _KEPT_CONTROLS or unicodedata.category(char) != "Cc")
    return _without_towers(unicodedata.normalize("NFC", "".join(kept))).strip()


def line(text: str) -> str:
    """Return `text` made `plain` and set on one line."""
    return " ".join(plain(text).split())


def comment_html(source: str, people: Mapping[str, str] = NOBODY) -> str:
    """Return the safe HTML of a reader's Markdown. `@` and a name among `people` links to the address that goes with it."""
    html = _of_comments().render(source, {"people": _longest_first(people)})
    return _sanitised(html, _COMMENT_TAGS, rel="nofollow ugc noopener")


def mentioned_in(source: str, people: Mapping[str, str]) -> list[str]:
    """Return the names among `people` that `comment_html` makes links of, in the order of their first mention."""
    found: dict[str, None] = {}
    _of_comments().parse(source, {"people": _longest_first(people), "found": found})
    return list(found)


def links_in(source: str) -> list[str]:
    """Return where the links that `comment_html` makes of a text lead, in order, as browsers are told."""
    inline = (token.children or () for token in _of_comments().parse(source, {}))
    return [str(part.attrs["href"]) for parts in inline for part in parts if part.type == "link_open"]


def begins_mention(source: str, place: int) -> bool:
    """Whether the `@` at this place can stand before a name, and does not sit inside a word or a link."""
    return place == 0 or _BEFORE_MENTION.match(source[place - 1]) is not None


def ends_name(source: str, place: int) -> bool:
    """Whether a name can end before this place."""
    following = source[place : place + 2]
    return not following or not (_GOES_ON.match(following) or unicodedata.category(following[0]).startswith("M"))


def article_html(source: str) -> str:
    """Return the safe HTML of the newsroom's Markdown. Its first level of headings becomes the second."""
    html = _of_articles().render(source).replace("<h1>", "<h2>").replace("</h1>", "</h2>")
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


def own_part(html: str) -> str:
    """Return the safe HTML of a comment without what it quotes at its beginning; the whole where it says nothing else."""
    depth = end = 0
    for edge in _EDGE_OF_QUOTE.finditer(html):
        if not depth and html[end : edge.start()].strip():
            break
        depth += -1 if edge[1] else 1
        end = end if depth else edge.end()
    own = html[end:].strip()
    return own if words_of(own) else html


def gist(html: str, most: int) -> str:
    """Return the beginning of what a comment's author says, as an `excerpt`."""
    return excerpt(own_part(html), most)


def lines_of(html: str) -> str:
    """Return safe HTML as plain text on lines: a blank one between paragraphs, marks before what is quoted, dashes before items."""
    depth, lines = 0, list[str]()
    for shown in _ITEM.sub("- ", html).split("\n"):
        if edge := _EDGE_OF_QUOTE.fullmatch(shown):
            depth += -1 if edge[1] else 1
            continue
        words = unescape(_TAG.sub("", shown))
        if words or not _TAG.search(shown):
            lines.append(f"{'> ' * depth}{words}")
        if shown.endswith(_ENDS_A_BLOCK) and lines and lines[-1]:
            lines.append("")
    return "\n".join(lines).strip("\n")


def with_absolute_links(html: str, site_url: str) -> str:
    """Return safe HTML that can be read elsewhere: links to pages of the site name the site."""
    if "href=" not in html:
        return html
    return _sanitised(html, _ARTICLE_TAGS, rel="nofollow ugc noopener", base=site_url)


def _longest_first(people: Mapping[str, str]) -> list[tuple[str, str]]:
    return sorted(people.items(), key=lambda person: len(person[0]), reverse=True)


@cache
def _of_articles() -> markdown_it.MarkdownIt:
    """Return what renders the newsroom's Markdown."""
    made = markdown_it.MarkdownIt("commonmark", {"html": False, "linkify": True})
    return made.enable(["linkify", "strikethrough"]).disable(["image"])


@cache
def _of_comments() -> markdown_it.MarkdownIt:
    """Return what renders readers' Markdown, in which `@` and a name may be a link."""
    made = markdown_it.MarkdownIt("commonmark", {"html": False, "linkify": True, "breaks": True})
    made.enable(["linkify", "strikethrough"]).disable(["image", "heading", "lheading"])
    made.inline.add_terminator_char("@")
    made.inline.ruler.before("emphasis", "mention", _mention)
    return made


def _mention(state: StateInline, silent: bool) -> bool:  # noqa: FBT001 - the shape of a rule of markdown-it
    """Make a link of `@` and a name: the longest that fits, in whatever case."""
    if state.src[state.pos] != "@" or state.linkLevel or not begins_mention(state.src, state.pos):
        return False
    start = state.pos + 1
    for name, path in state.env.get("people", ()):
        end = start + len(name)
        if end > state.posMax or state.src[start:end].casefold() != name.casefold() or not ends_name(state.src, end):
            continue
        if not silent:
            _link(state, f"@{name}", path)
            state.env.setdefault("found", {})[name] = None
        state.pos = end
        return True
    return False


def _link(state: StateInline, label: str, path: str) -> None:
    opening: Any = state.push("link_open", "a", 1)
    opening.attrs = {"href": path}
    state.push("text", "", 0).content = label
    state.push("link_close", "a", -1)


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


def shortened(text: str, most: int) -> str:
    """Return `text` on one line, cut between words with an ellipsis where it has more than `most` characters."""
    flat = line(text)
    if len(flat) <= most:
        return flat
    head = flat[: most - 1]
    whole = head.rpartition(" ")[0]
    return (whole if len(whole) > most // 2 else head) + "…"  # text without spaces is cut where it is
