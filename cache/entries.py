"""Finished answers, in every coding that was asked for, and the room they are kept in."""

from __future__ import annotations

import gzip
import re
import threading
from collections import OrderedDict
from dataclasses import dataclass, field

import brotli
from werkzeug.datastructures import Accept
from werkzeug.http import parse_accept_header

OVERHEAD = 2_000  # bytes of an entry beside its key and its bodies
LARGEST_SHARE = 4  # one answer takes no more than a quarter of the room
WORTH_COMPRESSING = 400  # bytes
COMPRESSIBLE = re.compile(r"text/|application/(json|xml|[a-z.-]+\+(xml|json))|image/svg")
BROTLI_QUALITY, GZIP_LEVEL = 5, 6
PLAIN = "identity"
IN_304 = {"etag", "cache-control", "vary", "surrogate-key", "cache-tag"}

Key = tuple[str, ...]
Headers = list[tuple[str, str]]


@dataclass(eq=False)
class Entry:
    """A finished answer. `checked` is the instant before it was last found to be right, on the monotonic clock."""

    status: str
    headers: Headers
    checked: float
    bodies: dict[str, bytes]  # by coding; PLAIN is always there
    rests_until: float = 0.0  # the site could not make another: nobody asks it again before that
    is_kept: bool = False
    key: Key = ()  # under which it was kept; who asks chooses how long it is
    _sent: dict[str, Headers] = field(default_factory=dict)

    def __post_init__(self) -> None:
        """Work out what every request asks for."""
        named = {name.lower(): value for name, value in self.headers}
        self.etag = named.get("etag", "")
        self.opaque = self.etag.removeprefix("W/")
        self.in_304 = [(name, value) for name, value in self.headers if name.lower() in IN_304]
        is_text = COMPRESSIBLE.match(named.get("content-type", "")) is not None
        self.is_compressible = is_text and len(self.bodies[PLAIN]) >= WORTH_COMPRESSING

    @property
    def size(self) -> int:
        """Return the bytes it takes, about."""
        return OVERHEAD + sum(map(len, self.key)) + sum(map(len, self.bodies.values()))

    def is_known(self, tags: str) -> bool:
        """Whether an If-None-Match names this answer. Tags are compared weakly, and no tag contains another's quotes."""
        return bool(self.etag) and (self.opaque in tags or tags.strip() == "*")

    def headers_in(self, coding: str) -> Headers:
        """Return the head of the answer in a coding that there is a body of."""
        if coding not in self._sent:
            told = [("Content-Length", str(len(self.bodies[coding])))]
            self._sent[coding] = [*self.headers, *told, *([("Content-Encoding", coding)] if coding != PLAIN else [])]
        return self._sent[coding]


class Store:
    """Entries by key within a bound in bytes. What was not asked for longest goes first."""

    def __init__(self, room: int) -> None:
        self._room = room
        self._entries: OrderedDict[Key, Entry] = OrderedDict()
        self._lock = threading.Lock()
        self.bytes = 0

    def get(self, key: Key) -> Entry | None:
        """Return an entry, and remember that it was asked for."""
        with self._lock:
            entry = self._entries.get(key)
            if entry is not None:
                self._entries.move_to_end(key)
            return entry

    def put(self, key: Key, entry: Entry) -> None:
        """Keep an entry instead of what was there, unless it takes too much of the room."""
        with self._lock:
            self._drop(self._entries.pop(key, None))
            entry.key = key
            if entry.size * LARGEST_SHARE > self._room:
                return
            self._entries[key], entry.is_kept = entry, True
            self.bytes += entry.size
            self._make_room()

    def discard(self, key: Key) -> None:
        """Forget an entry that has become wrong."""
        with self._lock:
            self._drop(self._entries.pop(key, None))

    def compressed(self, entry: Entry, coding: str) -> bytes:
        """Return an entry's body in a coding, compressing it on first use."""
        plain = entry.bodies[PLAIN]
        body = brotli.compress(plain, quality=BROTLI_QUALITY) if coding == "br" else gzip.compress(plain, GZIP_LEVEL, mtime=0)
        with self._lock:
            if coding not in entry.bodies:
                entry.bodies[coding] = body
                self.bytes += len(body) if entry.is_kept else 0
                self._make_room()
        return entry.bodies[coding]

    def clear(self) -> None:
        """Forget everything."""
        with self._lock:
            while self._entries:
                self._drop(self._entries.popitem()[1])

    def _make_room(self) -> None:
        while self.bytes > self._room:
            self._drop(self._entries.popitem(last=False)[1])

    def _drop(self, entry: Entry | None) -> None:
        if entry is not None:
            entry.is_kept = False
            self.bytes -= entry.size


def best_coding(accepted: str) -> str:
    """Return in which coding a client that sends this Accept-Encoding gets its answer."""
    wanted = parse_accept_header(accepted, Accept)
    return next((coding for coding in ("br", "gzip") if wanted.quality(coding) > 0), PLAIN)
