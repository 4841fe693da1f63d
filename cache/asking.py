"""Asking the application behind the cache, for nobody in particular."""

from __future__ import annotations

import io
from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING

from cache.entries import PLAIN, Entry, Headers, Key

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

KEPT = ("200", "404")
PRIVATE = {"set-cookie", "x-request-id", "content-length"}  # of one answer, not of a kept one
OF_THE_SERVER = (
    "SERVER_NAME",
    "SERVER_PORT",
    "SERVER_PROTOCOL",
    "REMOTE_ADDR",  # by it the site counts how often somebody asks; no page shows it
    "wsgi.version",
    "wsgi.errors",
    "wsgi.multithread",
    "wsgi.multiprocess",
    "wsgi.run_once",
)


@dataclass(eq=False)
class Answer:
    """What the application said."""

    status: str
    headers: Headers
    body: Iterable[bytes]

    def close(self) -> None:
        """Tell the application that nobody reads on."""
        with suppress(AttributeError):
            self.body.close()  # type: ignore[attr-defined]

    @property
    def may_be_kept(self) -> bool:
        """Whether it is whole, says that others may see it, and sets nothing in anybody's browser."""
        named = {name.lower(): value for name, value in self.headers}
        is_public = named.get("cache-control", "").startswith("public") or self.status.startswith("404")
        return self.status.startswith(KEPT) and is_public and "content-length" in named and "set-cookie" not in named

    def as_entry(self, checked: float) -> Entry:
        """Return it to be kept. Its body is read to the end."""
        headers = [(name, value) for name, value in self.headers if name.lower() not in PRIVATE]
        body = b"".join(self.body)
        self.close()
        return Entry(status=self.status, headers=headers, checked=checked, bodies={PLAIN: body})

    def send(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        """Hand it on to whoever asked, as it is."""
        start_response(self.status, self.headers)
        if environ["REQUEST_METHOD"] == "HEAD":
            self.close()
            return ()
        return self.body


def ask(app: WSGIApplication, key: Key, environ: WSGIEnvironment, etag: str) -> Answer:
    """Return what the application answers to a request in which there is nothing but an address, and a tag if there is one."""
    said: list[tuple[str, Headers]] = []

    def start(status: str, headers: Headers, _error: object = None) -> None:
        said.append((status, headers))

    body = app(_bare(key, environ, etag), start)  # type: ignore[arg-type]  # without `write`, which nothing of ours calls
    return Answer(*said[-1], body)


def _bare(key: Key, environ: WSGIEnvironment, etag: str) -> WSGIEnvironment:
    scheme, host, script, path, query = key
    asked: WSGIEnvironment = {name: environ[name] for name in OF_THE_SERVER if name in environ}
    asked |= {"REQUEST_METHOD": "GET", "SCRIPT_NAME": script, "PATH_INFO": path, "QUERY_STRING": query}
    asked |= {"wsgi.url_scheme": scheme, "wsgi.input": io.BytesIO()}
    asked |= {"HTTP_HOST": host} if host else {}
    return asked | ({"HTTP_IF_NONE_MATCH": etag} if etag else {})
