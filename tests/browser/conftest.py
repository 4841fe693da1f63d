"""A real browser on the real site: `flask serve --prepare` with the demo, in a folder of its own."""

from __future__ import annotations

import contextlib
import os
import re
import signal
import socket
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, StorageState, ViewportSize, expect

from tests.browser.kept import KeptPages

ROOT = Path(__file__).resolve().parents[2]
LONGEST_START = 180  # seconds
LONGEST_END = 60
HELD: list[socket.socket] = []  # as long as this process runs
LONGEST_TEST = 400  # seconds, of which all but a few are two starts of a site on a busy machine
expect.set_options(timeout=20_000)  # a busy machine is no fault of a page
QUIET = "--disable-gpu --disable-quic --no-first-run --disable-background-networking --disable-component-update --disable-sync"
PHONE = ViewportSize(width=390, height=844)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Give the first test that needs a site the time to start it."""
    for item in items:
        if item.nodeid.startswith("tests/browser/"):
            item.add_marker(pytest.mark.timeout(LONGEST_TEST))


@dataclass(frozen=True)
class Site:
    """A running site: its address and the demo's sign-ins, as (address, password) by role."""

    url: str
    folder: Path
    sign_ins: dict[str, tuple[str, str]]


@pytest.fixture(scope="session")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """Start the site as `./dev run` does."""
    yield from run_site(tmp_path_factory.mktemp("site"))


def run_site(folder: Path, **settings: str) -> Iterator[Site]:
    """Run a site in a folder until the generator is closed."""
    port = free_port()
    environment = {**os.environ, "FORESAY_INSTANCE": str(folder), "FORESAY_BIND": f"127.0.0.1:{port}", **settings}
    log = folder / "log"
    flask = Path(sys.executable).with_name("flask")
    with log.open("wb") as output:
        server = subprocess.Popen(  # noqa: S603 - our own program
            [flask, "serve", "--prepare"], cwd=ROOT, env=environment, stdout=output, stderr=subprocess.STDOUT
        )
    try:
        wait_for(port, server, log)
        yield Site(f"http://127.0.0.1:{port}", folder, sign_ins_in(log.read_text()))
    finally:
        server.send_signal(signal.SIGINT)
        server.wait(LONGEST_END)


def free_port() -> int:
    """Return a port nobody listens on, and which nobody is given who asks for any port: whoever names it can have it."""
    held = socket.socket()
    held.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    held.bind(("127.0.0.1", 0))
    HELD.append(held)
    return int(held.getsockname()[1])


def sign_ins_in(output: str) -> dict[str, tuple[str, str]]:
    """Return the demo's sign-ins as they were printed."""
    found = re.findall(r"^\s*(reader|moderator|editor)\s+(\S+@\S+)\s+(\S+)\s*$", output, re.MULTILINE)
    return {role: (address, password) for role, address, password in found}


def wait_for(port: int, server: subprocess.Popen[bytes], log: Path) -> None:
    """Return when the server listens; raise with its log when it does not in time."""
    end = time.monotonic() + LONGEST_START
    while time.monotonic() < end and server.poll() is None:
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.1)
    message = f"ended with {server.poll()}:\n{log.read_text()}"
    raise RuntimeError(message)


@pytest.fixture(autouse=True)
def calm(request: pytest.FixtureRequest) -> None:
    """Let what earlier tests wrote be older: all of them at once would heat the discussion, and slow down who writes in it."""
    if "site" not in request.fixturenames:
        return
    site: Site = request.getfixturevalue("site")
    with contextlib.closing(sqlite3.connect(site.folder / "foresay.db", timeout=20)) as database, database:
        database.execute(
            "UPDATE comment SET posted_at = strftime('%Y-%m-%d %H:%M:%f000', posted_at, '-11 minutes')"
            " WHERE posted_at > strftime('%Y-%m-%d %H:%M:%f', 'now', '-11 minutes')"
        )


@pytest.fixture(scope="session")
def base_url(site: Site) -> str:
    """Let pages be named by their path."""
    return site.url


@pytest.fixture(scope="session")
def browser_type_launch_args(browser_type_launch_args: dict[str, Any]) -> dict[str, Any]:
    """Use the system's Chromium; its sandbox does not work as root."""
    path = os.environ.get("CHROMIUM", "/usr/bin/chromium")
    return {**browser_type_launch_args, "executable_path": path, "args": QUIET.split(), "chromium_sandbox": os.geteuid() != 0}


@pytest.fixture(scope="session")
def kept(browser: Browser, base_url: str) -> Iterator[KeptPages]:
    """Return the pages that one test leaves to the next."""
    pages = KeptPages(browser, base_url)
    yield pages
    pages.close()


@pytest.fixture
def page(kept: KeptPages) -> Iterator[Page]:
    """Return a page at a desk."""
    yield kept.page("desk")
    kept.leave("desk")


@pytest.fixture
def phone(kept: KeptPages) -> Iterator[Page]:
    """Return a page on a phone."""
    yield kept.page("phone", viewport=PHONE)
    kept.leave("phone", PHONE)


@pytest.fixture
def without_javascript(kept: KeptPages) -> Iterator[Page]:
    """Return a page in a browser without JavaScript."""
    yield kept.page("without JavaScript", java_script_enabled=False)
    kept.leave("without JavaScript")


@pytest.fixture
def fresh(browser: Browser, base_url: str) -> Iterator[Callable[..., Page]]:
    """Return a function that gives a page in a new browser, which may be given options."""
    contexts: list[BrowserContext] = []

    def open_page(**options: Any) -> Page:
        contexts.append(browser.new_context(base_url=base_url, **options))
        return contexts[-1].new_page()

    yield open_page
    for context in contexts:
        context.close()


@pytest.fixture(scope="session")
def sessions() -> dict[str, StorageState]:
    """Return what a browser keeps of being signed in, by role: the site lets nobody sign in twenty times a minute."""
    return {}


@pytest.fixture
def signed_in(
    site: Site, sessions: dict[str, StorageState], kept: KeptPages, fresh: Callable[..., Page]
) -> Iterator[Callable[..., Page]]:
    """Return a function that gives a page in which the demo's reader, moderator or editor is signed in."""
    used: set[str] = set()

    def sign_in(role: str, **options: Any) -> Page:
        page = fresh(**options) if options or role in used else kept.page(role)
        used.update(() if options else {role})
        if role in sessions:
            page.context.add_cookies(sessions[role]["cookies"])  # type: ignore[arg-type]
            if page.request.get("/me", max_redirects=0).ok:
                return page
        address, password = site.sign_ins[role]
        page.goto("/sign-in")
        page.get_by_label("E-mail").fill(address)
        page.get_by_label("Password", exact=True).fill(password)
        page.get_by_role("main").get_by_role("button", name="Sign in").click()
        page.wait_for_url(lambda url: "/sign-in" not in url)
        sessions[role] = page.context.storage_state()
        return page

    yield sign_in
    for role in used:
        kept.leave(role)
