"""Atom feeds taken apart, and what RFC 4287 asks of each."""

from __future__ import annotations

import re
from datetime import datetime
from xml.etree import ElementTree as ET

from werkzeug.test import TestResponse

ATOM, XML, THREADING = (
    "{http://www.w3.org/2005/Atom}",
    "{http://www.w3.org/XML/1998/namespace}",
    "{http://purl.org/syndication/thread/1.0}",
)
INSTANT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)")  # RFC 3339
ID = re.compile(r"(tag:[^:,]+,\d{4}-\d\d-\d\d:\S+|https?://\S+)")
ONCE = ("id", "title", "updated")


def feed_in(answer: TestResponse) -> ET.Element:
    """Return the feed in an answer, which is one that RFC 4287 allows."""
    assert answer.status_code == 200
    assert answer.mimetype == "application/atom+xml"
    feed = ET.fromstring(answer.data)  # noqa: S314 - our own, and strict about what is well formed
    assert feed.tag == f"{ATOM}feed"
    _check(feed)
    assert {link.get("rel") for link in feed.findall(f"{ATOM}link")} == {"self", "alternate"}
    for entry in entries_of(feed):
        _check(entry)
        assert text_of(entry, "author", "name")
        assert len(entry.findall(f"{ATOM}content")) == len(entry.findall(f"{ATOM}link[@rel='alternate']")) == 1
    ids = [text_of(each, "id") for each in (feed, *entries_of(feed))]
    assert len(ids) == len(set(ids))
    return feed


def entries_of(feed: ET.Element) -> list[ET.Element]:
    """Return a feed's entries, as they stand."""
    return feed.findall(f"{ATOM}entry")


def text_of(element: ET.Element, *path: str) -> str:
    """Return the text of an element inside another."""
    return element.findtext("/".join(f"{ATOM}{name}" for name in path), default="")


def when(element: ET.Element, name: str = "updated") -> datetime:
    """Return an instant of an entry or of the feed."""
    return datetime.fromisoformat(text_of(element, name))


def _check(element: ET.Element) -> None:
    for name in ONCE:
        assert len(element.findall(f"{ATOM}{name}")) == 1, name
    assert ID.fullmatch(text_of(element, "id"))
    assert all(INSTANT.fullmatch(text_of(element, name) or "-") for name in ("updated",))
    assert all(INSTANT.fullmatch(found.text or "") for found in element.findall(f"{ATOM}published"))
    assert all((link.get("href") or "").startswith("http") for link in element.findall(f"{ATOM}link"))
