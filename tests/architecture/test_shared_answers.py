"""What is sent to everybody is the same for everybody, and nothing of a reader is in it."""

from __future__ import annotations

import contextvars
import gzip
import io
import re
from collections.abc import Callable, Iterator, Mapping
from functools import lru_cache
from random import Random
from typing import Any

import brotli
import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import Connection

from cache import Cache, Rule
from extensions import db
from tests.architecture.doors import Door, request_of
from tests.architecture.test_doors import DOORS
from tests.scene import WHO, Scene, performed

COMBINATIONS = 1_000  # on each page
NOT_SHARED = {
    "accounts.sign_in": "a form for somebody's address and password",
    "accounts.sign_up": "the same",
    "accounts.confirm_email": "a token in the address",
    "asset": "in memory already, and in browsers for ever",
    "gallery.show": "there is none on a real site",
    "gallery.error": "the same",
    "legalnotices.receipt": "a token in the address",
    "notifications.unsubscribing": "a token in the address",
    "records.forecasts_file": "written while it is read, however long it is",
    "records.methods_file": "the same",
    "records.scores_file": "the same",
    "statements.receipt": "a token in the address",
    "watching.healthz": "how this process is at this moment",
    "watching.readyz": "the same",
}
PUBLIC = [door for door in DOORS if door.method == "GET" and door.cells.split()[0] == "page"]
SHARED = [door for door in PUBLIC if door.endpoint not in NOT_SHARED]
READ: dict[str | None, Callable[[bytes], bytes]] = {"br": brotli.decompress, "gzip": gzip.decompress, None: bytes}
SAID = {
    "Accept": ("*/*", "application/json", "text/html,application/xhtml+xml", "image/webp"),
    "Accept-Encoding": ("br", "gzip", "identity", "gzip, deflate, br, zstd", "*", "br;q=0, gzip;q=0.1"),
    "Accept-Language": ("en", "de-DE,de;q=0.9", "ar", "*"),
    "Authorization": ("Bearer x", "Basic YTpi"),
    "Cookie": ("_ga=GA1.2", "theme=dark", "xsession=1; xguest=2", "sort=<b>", "sort=", "a=b; sessions=c", "__Host-session=1"),
    "DNT": ("1",),
    "From": ("reader@example.org",),
    "If-Modified-Since": ("Mon, 02 Nov 2026 10:00:00 GMT",),
    "If-None-Match": ('"nothing"', 'W/"0"'),
    "Origin": ("https://evil.example", "null"),
    "Range": ("bytes=0-99",),
    "Referer": ("https://example.org/?token=x", "http://localhost/"),
    "Sec-Fetch-Site": ("cross-site", "same-origin", "none"),
    "User-Agent": ("curl/8", "Mozilla/5.0 (iPhone)", "Googlebot/2.1"),
    "X-Forwarded-For": ("203.0.113.9",),
    "X-Forwarded-Host": ("evil.example",),
    "X-Forwarded-Proto": ("https",),
    "X-Requested-With": ("XMLHttpRequest",),
}


@pytest.fixture(scope="module")
def performance(app: Flask) -> Iterator[tuple[Scene, Connection]]:
    with performed(app) as performance:
        db.session.commit()
        yield performance


@pytest.fixture
def scene(performance: tuple[Scene, Connection]) -> Scene:
    return performance[0]


@pytest.fixture
def cache(app: Flask, performance: tuple[Scene, Connection], monkeypatch: pytest.MonkeyPatch) -> Cache:
    cache: Cache = app.extensions["cache"]
    cache.store.clear()
    monkeypatch.setattr(cache, "fresh", 600)
    return cache


def fetch(cache: Cache, path: str, headers: Mapping[str, str]) -> tuple[int, dict[str, str], bytes]:
    """Ask as a server does; without a client between, for there are many."""
    before, _, query = path.partition("?")
    environ: dict[str, Any] = {"REQUEST_METHOD": "GET", "PATH_INFO": before, "QUERY_STRING": query, "HTTP_HOST": "localhost"}
    environ |= {"wsgi.url_scheme": "http", "wsgi.input": io.BytesIO(), "SERVER_NAME": "localhost", "SERVER_PORT": "80"}
    environ |= {f"HTTP_{name.upper().replace('-', '_')}": value for name, value in headers.items()}
    said: list[tuple[str, list[tuple[str, str]]]] = []
    body = b"".join(contextvars.Context().run(cache, environ, lambda *head: said.append(head)))  # type: ignore[arg-type]
    return int(said[0][0][:3]), dict(said[0][1]), body


@lru_cache
def plain(coding: str | None, body: bytes) -> bytes:
    return READ[coding](body)


def said(chance: Random) -> dict[str, str]:
    return {name: chance.choice(values) for name, values in SAID.items() if chance.random() < 0.4}


def test_every_public_page_is_shared_or_has_its_reason(app: Flask) -> None:
    ruled = {name for name, view in app.view_functions.items() if isinstance(getattr(view, "rule", None), Rule)}
    assert {door.endpoint for door in PUBLIC} == {
        door.endpoint for door in PUBLIC if door.endpoint in ruled
    } | NOT_SHARED.keys()


@pytest.mark.parametrize("door", SHARED, ids=str)
def test_a_public_page_says_how_it_may_be_kept(door: Door, scene: Scene, cache: Cache) -> None:
    path, _ = request_of(scene, door, "nobody")
    _, head, _ = fetch(cache, path, {})
    assert head["Cache-Control"].startswith("public")
    assert "Set-Cookie" not in head
    status, again, body = fetch(cache, path, {"If-None-Match": head["ETag"]})
    assert (status, body, again["ETag"]) == (304, b"", head["ETag"])


@pytest.mark.parametrize("door", SHARED, ids=str)
def test_whatever_is_sent_along_a_public_page_is_the_same(door: Door, scene: Scene, cache: Cache) -> None:
    path, _ = request_of(scene, door, "nobody")
    chance, expected = Random(door.endpoint), fetch(cache, path, {})[2]
    for number in range(COMBINATIONS):
        if number % 100 == 0:
            cache.store.clear()  # and whoever comes first does not matter
        status, head, body = fetch(cache, path, said(chance))
        assert (status, plain(head.get("Content-Encoding"), body)) == (200, expected)


@pytest.mark.parametrize("door", SHARED, ids=str)
def test_what_a_reader_we_know_gets_is_kept_for_nobody(door: Door, scene: Scene, cache: Cache) -> None:
    path, _ = request_of(scene, door, "nobody")
    rule = cache.rule_at(path.partition("?")[0])
    is_for_everybody, everybodys = rule is not None and rule.for_everybody, fetch(cache, path, {})[2]
    cache.store.clear()
    for who, word in zip(WHO[1:], door.cells.split()[1:], strict=True):
        if word == "page":
            answer = contextvars.Context().run(FlaskClient.open, scene.browser(who), path)
            assert "no-store" in answer.headers["Cache-Control"] or answer.data == everybodys
            assert is_for_everybody or cache.store.bytes == 0


@pytest.mark.parametrize(
    "endpoint", ["articles.show", "articles.news", "comments.show", "disputes.index", "feeds.article", "oembed.show"]
)
def test_what_belongs_to_an_article_can_be_forgotten_with_it(endpoint: str, scene: Scene, cache: Cache) -> None:
    path, _ = request_of(scene, next(door for door in SHARED if door.endpoint == endpoint), "nobody")
    _, head, _ = fetch(cache, path, {})
    assert re.fullmatch(r"foresay,article-\d+", head["Cache-Tag"])
    assert head["Surrogate-Key"] == head["Cache-Tag"].replace(",", " ")
