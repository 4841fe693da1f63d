"""The cache as a WSGI application in front of another."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from time import monotonic
from typing import TYPE_CHECKING, Literal

from cache.asking import Answer, ask
from cache.entries import PLAIN, Entry, Key, Store, best_coding
from cache.rules import Rule, finds_cookie

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

FRESH = 0.5  # seconds for which nobody asks whether an answer is still right
OLDEST = 1.0  # seconds: an older one is given out only while the site cannot make another
PATIENCE = 2.0  # seconds to wait for the thread that makes an answer
LAST_RESORT = 600.0  # seconds for which an old answer is better than an error
REST = 1.0  # seconds between two attempts to get an answer out of a site that fails
MOST_PATHS, MOST_HEADERS = 20_000, 1_000  # remembered; then all are forgotten and learnt anew
LONGEST_ADDRESS = 2_000  # characters: no link of ours is longer, and the paths remembered stay within 40 MB whoever asks
LONGEST_HEADER = 200  # characters: browsers send about twenty
FLIGHTS = 64  # answers that can be made at once: so many that two seldom wait for one another

Event = Literal["hit", "old", "checked", "made", "passed"]


@dataclass(frozen=True, kw_only=True)
class Settings:
    """What an application tells its cache: how to find an address's rule, and by which cookies it knows readers."""

    rule_of: Callable[[str], Rule | None]
    known_by: tuple[str, ...]
    prefix: str = ""  # of the cookie that stands for an argument
    room: int  # bytes
    note: Callable[[Event], None] | None = None


class Cache:
    """Answers from memory what it may; whatever else is asked goes through."""

    def __init__(self, app: WSGIApplication, settings: Settings, *, fresh: float = FRESH, oldest: float = OLDEST) -> None:
        self._app, self._settings = app, settings
        self.fresh, self.oldest = fresh, oldest
        self._known = finds_cookie(settings.known_by)
        self._note = settings.note or (lambda _event: None)
        self._rules: dict[str, Rule | None] = {}
        self._codings: dict[str, str] = {}
        self._flights = [threading.Lock() for _ in range(FLIGHTS)]
        self.store = Store(settings.room)

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        """Answer a request."""
        key = self._key(environ) if environ["REQUEST_METHOD"] in {"GET", "HEAD"} else None
        if key is None:
            self._note("passed")
            return self._app(environ, start_response)
        entry = self.store.get(key)
        if entry is not None and self._may_be_sent(entry, self.fresh):
            self._note("hit")
            return self._send(entry, environ, start_response)
        answer = self._made(key, entry, environ)
        if isinstance(answer, Entry):
            return self._send(answer, environ, start_response)
        return answer.send(environ, start_response) if answer else self._app(environ, start_response)

    def _key(self, environ: WSGIEnvironment) -> Key | None:
        """Return under what an answer to this request is kept; nothing where it has to be made for this reader alone."""
        path, host = environ.get("PATH_INFO", "/"), environ.get("HTTP_HOST", "")
        if len(path) + len(host) > LONGEST_ADDRESS:
            return None
        rule = self.rule_at(path)
        if rule is None:
            return None
        cookies = environ.get("HTTP_COOKIE", "")
        if cookies and not rule.for_everybody and self._known.search(cookies):
            return None
        query = environ.get("QUERY_STRING", "")
        if query or (cookies and rule.remembered):
            query = rule.query(query, cookies, self._settings.prefix)
        if len(query) > LONGEST_ADDRESS:  # of what the answer depends on: the rest of it may be as long as it likes
            return None
        return environ["wsgi.url_scheme"], host, environ.get("SCRIPT_NAME", ""), path, query

    def rule_at(self, path: str) -> Rule | None:
        """Return the rule of an address, as WSGI writes paths."""
        try:
            return self._rules[path]
        except KeyError:
            if len(self._rules) >= MOST_PATHS:
                self._rules = {}
            return self._rules.setdefault(path, self._settings.rule_of(path))

    def _coding(self, accepted: str) -> str:
        if len(accepted) > LONGEST_HEADER:
            return best_coding(accepted)
        try:
            return self._codings[accepted]
        except KeyError:
            if len(self._codings) >= MOST_HEADERS:
                self._codings = {}
            return self._codings.setdefault(accepted, best_coding(accepted))

    def _may_be_sent(self, entry: Entry, age: float) -> bool:
        now = monotonic()
        return now - entry.checked < age or now < entry.rests_until

    def _made(self, key: Key, entry: Entry | None, environ: WSGIEnvironment) -> Entry | Answer | None:
        """Return what one thread makes or checks, while the others take what there is or wait for it.

        Nothing if there is nothing, or nothing but what is too old, and the waiting takes too long.
        """
        flight = self._flights[hash(key) % FLIGHTS]
        if not flight.acquire(blocking=False):
            is_recent = entry is not None and self._may_be_sent(entry, self.oldest)
            if is_recent or not flight.acquire(timeout=PATIENCE):
                self._note("old")
                return entry if entry is not None and self._may_be_sent(entry, LAST_RESORT) else None
        try:
            entry = self.store.get(key) or entry  # another thread may have made it meanwhile
            if entry is not None and self._may_be_sent(entry, self.fresh):
                self._note("hit")
                return entry
            return self._asked(key, entry, environ)
        finally:
            flight.release()

    def _asked(self, key: Key, entry: Entry | None, environ: WSGIEnvironment) -> Entry | Answer:
        """Have the site make an answer, or say that the one there is is still right."""
        began = monotonic()
        answer = ask(self._app, key, environ, entry.etag if entry else "")
        if entry is not None and answer.status.startswith("304"):
            answer.close()
            entry.checked = began
            self._note("checked")
            return entry
        if entry is not None and answer.status.startswith("5") and began - entry.checked < LAST_RESORT:
            answer.close()
            entry.rests_until = monotonic() + REST
            self._note("old")
            return entry
        self._note("made")
        if not answer.may_be_kept:
            self.store.discard(key)
            return answer
        made = answer.as_entry(began)
        self.store.put(key, made)
        return made

    def _send(self, entry: Entry, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        tags = environ.get("HTTP_IF_NONE_MATCH")
        if tags and entry.is_known(tags):
            start_response("304 NOT MODIFIED", entry.in_304)
            return ()
        coding = self._coding(environ.get("HTTP_ACCEPT_ENCODING", "")) if entry.is_compressible else PLAIN
        body = entry.bodies.get(coding) or self.store.compressed(entry, coding)
        start_response(entry.status, entry.headers_in(coding))
        return () if environ["REQUEST_METHOD"] == "HEAD" else (body,)
