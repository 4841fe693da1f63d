"""A web page to an article: the part that is the article, as Markdown, and what its head says of it."""

from __future__ import annotations

import re

from bs4 import BeautifulSoup, Tag
from bs4.element import PreformattedString
from markdownify import MarkdownConverter

from importers import text
from importers.escaping import escaped, escaped_within_link
from importers.imported import LONGEST_SOURCE, N_, TOO_LONG, ImportedText, ImportRefused

MOST_TAGS = 40_000  # opening and closing; a heavy page has half as many, and each costs time
DEEPEST = 150  # elements within one another: articles have some ten, and the converter calls itself for each
_BLOCKS = {"p", "div", "section", "article", "blockquote", "pre", "ul", "ol", "dl", "table", "h1", "h2", "h3", "h4", "h5", "h6"}
_INLINE = {"a", "b", "strong", "i", "em", "s", "del", "q", "code", "kbd", "samp", "sub", "sup"}
_NOT_THE_ARTICLE = {"script", "style", "nav", "aside", "footer", "form", "noscript", "template", "iframe", "svg", "dialog"}
_NOT_THE_ARTICLE |= {"button", "input", "select", "textarea", "img", "picture", "video", "audio", "canvas", "object", "embed"}
_NOT_THE_ARTICLE |= {"figcaption", "head", "title", "meta", "link"}
_HIDING_STYLE = re.compile(r"display\s*:\s*none|visibility\s*:\s*hidden", re.IGNORECASE)
_READ_AS = {"dt": "p", "dd": "p", "address": "p", "caption": "p", "summary": "p", "legend": "p", "td": "div", "th": "div"}
_READ_AS |= dict.fromkeys(["body", "main", "header", "figure", "center", "details", "fieldset", "dl", "hgroup", "tr"], "div")
_READ_AS |= dict.fromkeys(["h4", "h5", "h6"], "h3")  # the page shows two levels below its headline
_TABLE_PARTS = {"table", "thead", "tbody", "tfoot"}
# Where a block begins, a paragraph left open has ended: the parser does not know, and would put the one in the other.
_PARAGRAPH_ENDS = re.compile(rf"(?=<(?:{'|'.join(sorted(_BLOCKS))})\b)", re.IGNORECASE)
_XML_START = re.compile(r"<\?xml[^>]*>", re.IGNORECASE)
_SITE_NAME = re.compile(r"\s+[|»·]\s[^|»·]*$")
_BLANK_LINES = re.compile(r"[ \t]*\n(?:[ \t]*\n)+")


class _Converter(MarkdownConverter):
    def escape(self, words: str, parent_tags: set[str]) -> str:
        words = words.replace("\n", " ")
        return escaped_within_link(words) if "a" in parent_tags else escaped(words)


def read(source: str) -> ImportedText:
    """Return the article. Raises `ImportRefused` where the page holds no text, or is nested beyond reading."""
    page = _parsed(source)
    title, byline, section = _head(page)
    _drop_surroundings(page)
    article = _article_in(page)
    headline = _headline(article, page, title)
    for header in _tags(article, {"header"}):
        header.decompose()
    body = _markdown(article)
    if not body:
        raise ImportRefused(N_("The page holds no article text. If scripts write it, copy the text into a text file."))
    return ImportedText(headline=headline or None, body_markdown=body, byline=byline, section=section)


def markdown_of(fragment: str) -> str:
    """Return a piece of HTML as Markdown. Raises `ImportRefused` where it is nested beyond reading."""
    page = _parsed(fragment)
    _drop_surroundings(page)
    return _markdown(page)


def _parsed(source: str) -> BeautifulSoup:
    if source.count("<") > MOST_TAGS:
        raise ImportRefused(N_("The page has too many elements. Copy its text into a text file."))
    source = _PARAGRAPH_ENDS.sub("</p>", _XML_START.sub("", source))
    page = BeautifulSoup(source + "\n", "html.parser")  # with a line end it is never taken for a file's name
    _check_depth(page)
    for string in page.find_all(string=lambda string: isinstance(string, PreformattedString)):
        string.extract()
    return page


def _head(page: BeautifulSoup) -> tuple[str, str, str]:
    """Return title, byline and section as the page's head has them."""
    title = _content(page, "og:title") or (_words(page.title) if page.title else "")
    author = _content(page, "author") or _content(page, "article:author")
    byline = "" if author.startswith(("http:", "https:")) else author
    return _SITE_NAME.sub("", title), byline, _content(page, "article:section")


def _content(page: BeautifulSoup, name: str) -> str:
    found = page.find("meta", attrs={"property": name}) or page.find("meta", attrs={"name": name})
    return " ".join(str(found.get("content") or "").split()) if isinstance(found, Tag) else ""


def _drop_surroundings(page: BeautifulSoup) -> None:
    first_form = page.find("form")
    if isinstance(first_form, Tag) and len(first_form.get_text()) > len(page.get_text()) / 2:
        first_form.name = "div"  # some sites wrap the whole page in one form
    for tag in _tags(page):
        if not tag.decomposed and (tag.name in _NOT_THE_ARTICLE or _is_hidden(tag)):
            tag.decompose()


def _is_hidden(tag: Tag) -> bool:
    hides = "hidden" in tag.attrs or tag.get("aria-hidden") == "true"
    return hides or _HIDING_STYLE.search(str(tag.get("style") or "")) is not None


def _article_in(page: BeautifulSoup) -> Tag:
    """Return the element that holds the article: of several, the one with the most text."""
    mains = [tag for tag in _tags(page) if tag.name == "main" or tag.get("role") == "main"]
    for found in (_tags(page, {"article"}), mains, _tags(page, {"body"})):
        with_text = [tag for tag in found if tag.get_text(strip=True)]
        if with_text:
            return max(with_text, key=lambda tag: len(tag.get_text()))
    return page


def _headline(article: Tag, page: BeautifulSoup, title: str) -> str:
    """Return the first heading, which leaves the text, or else the title. One outside the article may be the site's name."""
    heading = article.find("h1")
    if isinstance(heading, Tag) and (words := _words(heading)):
        heading.decompose()
        return words
    outside = page.find("h1")
    words = _words(outside) if isinstance(outside, Tag) else ""
    return words if words and (not title or words in title) else title


def _markdown(article: Tag) -> str:
    if len(article.get_text()) > LONGEST_SOURCE:
        raise ImportRefused(TOO_LONG)
    if not _tags(article, _BLOCKS | {"br"}):
        return "\n\n".join(escaped(paragraph) for paragraph in text.paragraphs_of(article.get_text()))
    _settle_tables(article)
    _settle_inline(article)
    for tag in _tags(article):
        tag.name = _READ_AS.get(tag.name, tag.name)
    written = _Converter(heading_style="ATX", bullets="-", autolinks=False).convert_soup(article)
    return _BLANK_LINES.sub("\n\n", written).strip()


def _check_depth(page: Tag) -> None:
    waiting = [(page, 0)]
    while waiting:
        tag, depth = waiting.pop()
        if depth > DEEPEST:
            raise ImportRefused(N_("The page's elements are nested too deeply. Copy its text into a text file."))
        waiting += [(child, depth + 1) for child in tag.children if isinstance(child, Tag)]


def _settle_tables(article: Tag) -> None:
    """Make each row of a table a line, as readers' pages show no tables; a table made for layout just falls apart."""
    for table in _tags(article, {"table"}):
        if not _tags(table, _BLOCKS):
            for row in _tags(table, {"tr"}):
                cells = _tags(row, {"td", "th"})
                for cell in cells:
                    cell.insert_before(" · " if cell is not cells[0] else "")
                    cell.name = "span"
                row.name = "p"
    for part in _tags(article, _TABLE_PARTS):
        part.name = "div"


def _settle_inline(article: Tag) -> None:
    """Leave no emphasis or link around whole blocks, no attribute but a link's address, and no address but the web's."""
    for tag in _tags(article):
        address = str(tag.get("href") or "").strip()
        usable = tag.name == "a" and address.startswith(("http://", "https://", "mailto:"))
        tag.attrs = {"href": _encoded(address)} if usable else {}
    for tag in _tags(article, _INLINE):
        if _tags(tag, _BLOCKS):
            tag.unwrap()


def _encoded(address: str) -> str:
    return re.sub(r"[\s<>()\\]", lambda found: f"%{ord(found[0]):02X}", address)


def _tags(within: Tag, names: set[str] | None = None) -> list[Tag]:
    """Return the elements within another, all or those so named: what `find_all` does, and many times as fast."""
    return [tag for tag in within.descendants if isinstance(tag, Tag) and (names is None or tag.name in names)]


def _words(tag: Tag) -> str:
    return " ".join(tag.get_text(" ").split())
