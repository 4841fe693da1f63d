from __future__ import annotations

import contextlib
import os
import resource
import signal
import socket
import subprocess
import sys
import time
import urllib.parse
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest

from bench.servers import family
from tests.browser.conftest import ROOT, free_port, wait_for

pytestmark = pytest.mark.timeout(400)  # seconds: a site is started
OPEN_PAGES = 1_200  # more than the server takes when nobody tells it
FLASK = str(Path(sys.executable).with_name("flask"))


def environment(folder: Path, port: int) -> dict[str, str]:
    """Return settings for an empty site in a folder."""
    site = {"FORESAY_INSTANCE": str(folder), "FORESAY_BIND": f"127.0.0.1:{port}", "FORESAY_DEMO": "0"}
    return {**os.environ, **site}


@pytest.fixture
def port() -> int:
    return free_port()


@pytest.fixture
def server(tmp_path: Path, port: int) -> Iterator[subprocess.Popen[bytes]]:
    """Return a site that answers, in a process group of its own as in a terminal."""
    log = tmp_path / "log"
    with log.open("wb") as output:
        command = [FLASK, "serve", "--prepare"]
        process = subprocess.Popen(  # noqa: S603 - our own program
            command, cwd=ROOT, env=environment(tmp_path, port), stdout=output, stderr=output, start_new_session=True
        )
    wait_for(port, process, log)
    yield process
    if process.poll() is None:
        os.killpg(process.pid, signal.SIGKILL)
        process.wait()


def test_interrupting_the_terminal_ends_the_site(server: subprocess.Popen[bytes]) -> None:
    os.killpg(server.pid, signal.SIGINT)
    assert server.wait(90) == 0


def test_being_told_to_end_ends_the_site(server: subprocess.Popen[bytes]) -> None:
    server.send_signal(signal.SIGTERM)
    assert server.wait(90) == 0


def test_a_taken_port_is_named(tmp_path: Path) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = int(taken.getsockname()[1])
        command = [FLASK, "serve"]
        ended = subprocess.run(  # noqa: S603 - our own program
            command, cwd=ROOT, env=environment(tmp_path, port), capture_output=True, text=True, check=False
        )
    assert (ended.returncode, f"cannot listen on 127.0.0.1:{port}" in ended.stderr) == (1, True)


def greeted(port: int) -> socket.socket:
    """Return a connection on which a page was read, and which stays open."""
    connection = socket.create_connection(("127.0.0.1", port), timeout=20)
    connection.sendall(b"GET /healthz HTTP/1.1\r\nHost: localhost\r\n\r\n")
    assert connection.recv(4_096).startswith(b"HTTP/1.1 200")
    return connection


@pytest.mark.usefixtures("server")
def test_open_pages_keep_no_new_reader_waiting(port: int) -> None:
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (min(hard, max(soft, 4_096)), hard))
    with contextlib.ExitStack() as stack:
        for _ in range(OPEN_PAGES):
            stack.enter_context(greeted(port))
        greeted(port).close()


def sign_up(port: int) -> None:
    """Let somebody make an account, of which they are told by mail."""
    form = {"name": "Ann", "email": "ann@news.example", "password": "several words in a row"}
    request = urllib.request.Request(
        f"http://127.0.0.1:{port}/sign-up",
        data=urllib.parse.urlencode(form).encode(),
        headers={"Sec-Fetch-Site": "same-origin"},
    )
    urllib.request.urlopen(request, timeout=20).close()  # noqa: S310 - the same


def answers(port: int) -> bool:
    """Whether somebody answers there."""
    try:
        urllib.request.urlopen(f"http://127.0.0.1:{port}/healthz", timeout=20).close()
    except OSError:
        return False
    return True


@pytest.mark.usefixtures("server")
def test_what_the_worker_writes_the_jobs_find(tmp_path: Path, port: int) -> None:
    sign_up(port)
    end = time.monotonic() + 90
    while "To: ann@news.example" not in (told := (tmp_path / "log").read_text()) and time.monotonic() < end:
        time.sleep(0.1)
    assert "To: ann@news.example" in told


def test_a_page_does_without_the_libraries_of_other_pages(server: subprocess.Popen[bytes], port: int) -> None:
    greeted(port).close()
    loaded = "".join(Path(f"/proc/{pid}/maps").read_text() for pid in family(server.pid))
    assert [name for name in ("numpy", "PIL", "lxml", "psycopg", "re2") if f"/{name}" in loaded] == []


def test_a_site_of_one_worker_is_two_processes(server: subprocess.Popen[bytes]) -> None:
    names = [Path(f"/proc/{pid}/comm").read_text().strip() for pid in family(server.pid)]
    assert names[1:] == ["foresay-all"]


def test_a_worker_that_died_is_followed_by_one_that_answers(server: subprocess.Popen[bytes], port: int) -> None:
    greeted(port).close()
    os.kill(family(server.pid)[1], signal.SIGKILL)
    end = time.monotonic() + 60
    while not answers(port):
        assert time.monotonic() < end
        time.sleep(0.1)
