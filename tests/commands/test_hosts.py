"""Two hosts with a web server and a worker each, on one PostgreSQL and one Redis."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import UTC, datetime
from http.cookiejar import CookieJar
from pathlib import Path
from urllib.error import HTTPError
from urllib.parse import urlencode, urljoin
from urllib.request import HTTPCookieProcessor, Request, build_opener

import pytest
from flask_migrate import upgrade

from domain import readers
from extensions import db
from tests import factories
from tests.applications import another_app
from tests.browser.conftest import ROOT, free_port, wait_for
from tests.conftest import SECRET, VAPID_KEY
from tests.postbox import Postbox, open_postbox
from tests.servers import private_postgres, private_redis

FLASK = str(Path(sys.executable).with_name("flask"))
SLUG = "harbour-bridge-tolls-to-be-dropped"
AT_MOST = 2.0  # seconds: one for a page that is kept, and one for a moment of everything
pytestmark = pytest.mark.timeout(400)  # seconds: two hosts are started


@dataclass(frozen=True)
class Hosts:
    """What readers reach, and where mail arrives."""

    urls: tuple[str, str]
    postbox: Postbox


class Visitor:
    """A browser that reaches now one host, now the other; both have the same name."""

    def __init__(self) -> None:
        self._opener = build_opener(HTTPCookieProcessor(CookieJar()))

    def ask(self, url: str, **fields: str) -> tuple[int, str]:
        """Ask for a page, or send a form; return the status in the end, and the text."""
        body = urlencode(fields).encode() if fields else None
        try:
            with self._opener.open(Request(url, body, {"Sec-Fetch-Site": "same-origin"}), timeout=30) as answer:  # noqa: S310 - our own
                return answer.status, answer.read().decode()
        except HTTPError as error:
            if error.code == 307:
                return self.ask(urljoin(url, error.headers["Location"]), **fields)
            return error.code, error.read().decode()


@pytest.fixture(scope="module")
def hosts(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Hosts]:
    """Start all of it, each host with a folder of its own."""
    with ExitStack() as stack:
        database, redis = stack.enter_context(private_postgres()), stack.enter_context(private_redis())
        postbox = stack.enter_context(open_postbox())
        _fill(database, tmp_path_factory.mktemp("instance"))
        shared = {
            "FORESAY_DATABASE_URL": database,
            "FORESAY_REDIS_URL": redis.url,
            "FORESAY_SECRET_KEY": SECRET,
            "FORESAY_VAPID_KEY": VAPID_KEY,
            "FORESAY_MAIL": f"smtp://127.0.0.1:{postbox.port}",
        }
        yield Hosts((_host(stack, tmp_path_factory, shared), _host(stack, tmp_path_factory, shared)), postbox)


def _fill(database: str, folder: Path) -> None:
    with another_app(database, instance=folder) as site, site.app_context():
        upgrade()
        db.session.remove()
        now = datetime.now(UTC)
        factories.open_article(now)
        for name in ("ann", "bea"):
            address = f"{name}@example.org"
            readers.register(name=name.title(), email=address, password_hash=factories.PASSWORD_HASH, now=now)
        db.session.commit()


def _host(stack: ExitStack, folders: pytest.TempPathFactory, shared: dict[str, str]) -> str:
    """Start a web server and a worker, and return where they are reached."""
    folder, port = folders.mktemp("host"), free_port()
    own = {"FORESAY_INSTANCE": str(folder), "FORESAY_BIND": f"127.0.0.1:{port}"}
    for command in (["serve", "--no-jobs"], ["jobs", "work"]):
        log = folder / command[0]
        with log.open("wb") as output:
            server = subprocess.Popen(  # noqa: S603 - our own program
                [FLASK, *command], cwd=ROOT, env={**os.environ, **shared, **own}, stdout=output, stderr=output
            )
        stack.callback(server.wait, 90)
        stack.callback(server.terminate)
        if command[0] == "serve":
            wait_for(port, server, log)
    return f"http://127.0.0.1:{port}"


def signed_in(url: str) -> Visitor:
    visitor = Visitor()
    visitor.ask(f"{url}/sign-in", email="ann@example.org", password=factories.PASSWORD)
    return visitor


def test_who_signs_in_at_one_is_known_at_the_other(hosts: Hosts) -> None:
    status, page = signed_in(hosts.urls[0]).ask(f"{hosts.urls[1]}/me")
    assert (status, "Ann" in page) == (200, True)


def test_a_guest_of_one_is_the_same_guest_at_the_other(hosts: Hosts) -> None:
    visitor = Visitor()
    visitor.ask(f"{hosts.urls[0]}/articles/{SLUG}/comments", body="Said by a guest.")
    status, page = visitor.ask(f"{hosts.urls[1]}/me")
    assert (status, "Said by a guest." in page) == (200, True)


def test_guesses_at_both_count_together(hosts: Hosts) -> None:
    urls = [f"{hosts.urls[place % 2]}/sign-in" for place in range(11)]
    assert [Visitor().ask(url, email="bea@example.org", password="wrong")[0] for url in urls] == [422] * 10 + [429]


def test_a_comment_at_one_is_in_the_page_and_the_pulse_of_the_other(hosts: Hosts) -> None:
    first, second = hosts.urls
    stranger, path = Visitor(), f"/articles/{SLUG}"
    before = json.loads(stranger.ask(f"{second}{path}/pulse")[1])
    assert "Said on the first host." not in stranger.ask(f"{second}{path}")[1]
    author = signed_in(first)
    author.ask(f"{first}{path}/comments", body="Said on the first host.")
    end, seen, asked_at = time.monotonic() + AT_MOST, False, 0.0
    while not seen and asked_at < end:  # however long an answer takes that was asked for in time
        asked_at = time.monotonic()
        pulse, page = stranger.ask(f"{second}{path}/pulse")[1], stranger.ask(f"{second}{path}")[1]
        seen = json.loads(pulse)["version"] > before["version"] and "Said on the first host." in page
    assert seen


def test_a_mail_is_sent_once(hosts: Hosts) -> None:
    fields = {"name": "Cleo", "email": "cleo@example.org", "password": "four plain words here"}
    Visitor().ask(f"{hosts.urls[0]}/sign-up", **fields)
    end = time.monotonic() + 90
    while not hosts.postbox.received and time.monotonic() < end:
        time.sleep(0.1)
    time.sleep(2)  # for one too many
    assert [mail["To"] for mail in hosts.postbox.received] == ["cleo@example.org"]
    assert re.search(r"/email-confirmation/", hosts.postbox.received[0].get_content())


def test_keys_that_are_only_in_a_folder_are_warned_of(tmp_path: Path) -> None:
    settings = {"FORESAY_INSTANCE": str(tmp_path), "FORESAY_REDIS_URL": "unix:///nowhere/at/all", "FORESAY_DEMO": "0"}
    port = free_port()
    with subprocess.Popen(  # noqa: S603 - our own program
        [FLASK, "serve", "--no-jobs"],
        cwd=ROOT,
        env={**os.environ, **settings, "FORESAY_BIND": f"127.0.0.1:{port}"},
        stderr=subprocess.PIPE,
        text=True,
    ) as server:
        assert server.stderr
        said = server.stderr.readline()
        server.terminate()
    assert "FORESAY_SECRET_KEY, FORESAY_VAPID_KEY" in said
