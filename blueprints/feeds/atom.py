"""The shape of an Atom feed (RFC 4287), with replies as RFC 4685 has them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from blueprints.support import xml

if TYPE_CHECKING:
    from xml.etree.ElementTree import Element

MEDIA_TYPE = "application/atom+xml"
ATOM, THREADING = "http://www.w3.org/2005/Atom", "http://purl.org/syndication/thread/1.0"


@dataclass(frozen=True, kw_only=True)
class Author:
    """Who wrote an entry, and where they can be read."""

    name: str
    url: str = ""


@dataclass(frozen=True, kw_only=True)
class Entry:
    """One thing to read. `id` never changes; `content_html` is safe HTML; `answers` is the id of another entry."""

    id: str
    url: str
    title: str
    author: Author
    published: datetime
    updated: datetime
    content_html: str
    language: str = ""
    answers: tuple[str, str] | None = None  # its id and its address


@dataclass(frozen=True, kw_only=True)
class Feed:
    """A list of entries, newest first. `began` stands for its last change while there are none."""

    id: str
    url: str  # of the feed
    page: str  # where the same can be read
    title: str
    language: str
    base: str  # what relative addresses are relative to
    began: datetime
    entries: tuple[Entry, ...]

    @property
    def updated(self) -> datetime:
        """Return when something in it was last written or changed."""
        return max((entry.updated for entry in self.entries), default=self.began)


def written(feed: Feed) -> bytes:
    """Return the feed as a file."""
    outermost = xml.root("feed", xmlns=ATOM, **{"xmlns:thr": THREADING}, xml_lang=feed.language, xml_base=feed.base)
    xml.add(outermost, "id", feed.id)
    xml.add(outermost, "title", feed.title)
    xml.add(outermost, "updated", _instant(feed.updated))
    xml.add(outermost, "link", rel="self", type=MEDIA_TYPE, href=feed.url)
    xml.add(outermost, "link", rel="alternate", type="text/html", href=feed.page)
    for entry in feed.entries:
        _add(outermost, entry)
    return xml.document(outermost)


def _add(outermost: Element, entry: Entry) -> None:
    element = xml.add(outermost, "entry", **({"xml_lang": entry.language} if entry.language else {}))
    xml.add(element, "id", entry.id)
    xml.add(element, "title", entry.title)
    author = xml.add(element, "author")
    xml.add(author, "name", entry.author.name)
    if entry.author.url:
        xml.add(author, "uri", entry.author.url)
    xml.add(element, "published", _instant(entry.published))
    xml.add(element, "updated", _instant(entry.updated))
    xml.add(element, "link", rel="alternate", type="text/html", href=entry.url)
    if entry.answers:
        xml.add(element, "thr:in-reply-to", ref=entry.answers[0], href=entry.answers[1], type="text/html")
    xml.add(element, "content", entry.content_html, type="html")


def _instant(value: datetime) -> str:
    return value.isoformat(timespec="seconds").replace("+00:00", "Z")
