"""A load client for HTTP/1.1 on loopback: many keep-alive connections in one thread, and every answer is checked.

What a connection does is a script: a generator that yields a request as bytes and is sent the answer.
"""

from __future__ import annotations

import select
import socket
from collections.abc import Callable, Generator, Mapping, Sequence
from dataclasses import dataclass
from time import perf_counter
from typing import TypeAlias
from urllib.parse import urlencode

HOST = "127.0.0.1"
LONGEST_WAIT = 60.0  # seconds without any answer
MOST_PATIENCE = 10
BLOCK = 1 << 18  # bytes read at once: more than a page
WITHOUT_BODY = {204, 304}


class WrongAnswerError(RuntimeError):
    """A server answered something else than it should have: its speed means nothing then."""


@dataclass(frozen=True, slots=True)
class Answer:
    """What a server sent back, and how long it took."""

    status: int
    head: bytes
    body: bytes
    seconds: float

    def header(self, name: str) -> str:
        """Return the value of a header, empty where there is none."""
        start = self.head.lower().find(f"\r\n{name.lower()}:".encode())
        if start < 0:
            return ""
        end = self.head.find(b"\r\n", start + 2)
        return self.head[start + 3 + len(name) : end if end > 0 else None].decode().strip()

    def must(self, status: int, body: bytes | None = None, marker: bytes = b"") -> Answer:
        """Return the answer itself; raise `WrongAnswerError` unless it has this status, this body and this in its body."""
        if self.status != status or (body is not None and self.body != body) or marker not in self.body:
            found = self.body[:300].decode("utf-8", "replace")
            message = f"wanted {status} {marker!r}, got {self.status} with {len(self.body)} bytes: {found}"
            raise WrongAnswerError(message)
        return self


Script: TypeAlias = Generator[bytes, Answer, None]


class Period:
    """A stretch of time in which scripts go on, from the first one's first look at it, and what they note in it.

    It is drawn out, `MOST_PATIENCE` times at most, until `least` answers have come: a slow page is not judged by its first.
    """

    def __init__(self, seconds: float) -> None:
        self.latencies: list[float] = []
        self.least = 0
        self._seconds = seconds
        self._began_at: float | None = None

    def lasts(self) -> bool:
        """Whether the time is not over yet."""
        now = perf_counter()
        if self._began_at is None:
            self._began_at = now
        patience = self._seconds * (MOST_PATIENCE if len(self.latencies) < self.least else 1)
        return now < self._began_at + patience

    def note(self, answer: Answer) -> Answer:
        """Keep how long an answer took, and return it."""
        self.latencies.append(answer.seconds)
        return answer


Load: TypeAlias = Callable[[Period], Sequence[Script]]  # what the connections of a period do


def repeated(request: bytes, status: int, body: bytes, *, connections: int) -> Load:
    """Return the load of clients who send one request over and over, each time getting this very answer."""

    def client(period: Period) -> Script:
        while period.lasts():
            period.note((yield request).must(status, body))

    return lambda period: [client(period) for _ in range(connections)]


def get(path: str, headers: Mapping[str, str] | None = None) -> bytes:
    """Return a GET request."""
    return _request("GET", path, headers or {}, b"")


def post(path: str, fields: Mapping[str, str], cookie: str = "", more: Mapping[str, str] | None = None) -> bytes:
    """Return a form's POST request, as our own page sends it, with more headers where some are given."""
    headers = {"Sec-Fetch-Site": "same-origin", "Content-Type": "application/x-www-form-urlencoded", **(more or {})}
    if cookie:
        headers["Cookie"] = cookie
    return _request("POST", path, headers, urlencode(fields).encode())


def _request(method: str, path: str, headers: Mapping[str, str], body: bytes) -> bytes:
    sent = {"Host": "localhost", "User-Agent": "bench", **headers}
    if method == "POST":
        sent["Content-Length"] = str(len(body))
    lines = [f"{method} {path} HTTP/1.1", *(f"{name}: {value}" for name, value in sent.items())]
    return "\r\n".join([*lines, "", ""]).encode() + body


def fetch(port: int, request: bytes) -> Answer:
    """Send one request and return its answer."""
    answers: list[Answer] = []

    def once() -> Script:
        answers.append((yield request))

    run(port, [once()])
    return answers[0]


def run(port: int, scripts: Sequence[Script]) -> float:
    """Play every script on a connection of its own, all at once; return the seconds from first request to last answer."""
    connections: dict[int, _Connection] = {}
    poller = select.epoll()
    try:
        for script in scripts:
            connection = _Connection(port, script)
            connections[connection.number] = connection
            poller.register(connection.number, select.EPOLLIN)
        began = perf_counter()
        waiting = {number for number, connection in connections.items() if connection.start()}
        while waiting:
            ready = poller.poll(LONGEST_WAIT)
            if not ready:
                message = f"no answer within {LONGEST_WAIT:g} s on {len(waiting)} connections"
                raise WrongAnswerError(message)
            for number, _ in ready:
                if not connections[number].go_on():
                    waiting.discard(number)
                    poller.unregister(number)
        return perf_counter() - began
    finally:
        poller.close()
        for connection in connections.values():
            connection.close()


class _Connection:
    """One connection and its script."""

    def __init__(self, port: int, script: Script) -> None:
        self._socket = socket.create_connection((HOST, port), timeout=LONGEST_WAIT)
        self._socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self._socket.setblocking(False)
        self.number = self._socket.fileno()
        self._script = script
        self._received = bytearray()
        self._sent_at = 0.0

    def start(self) -> bool:
        """Send the first request; return whether there is one."""
        return self._send(next(self._script, None))

    def go_on(self) -> bool:
        """Read what has come and, if the answer is whole, send the next request; return whether the script goes on."""
        block = self._socket.recv(BLOCK)
        if not block:
            message = f"the server closed the connection within an answer: {bytes(self._received[:300])!r}"
            raise WrongAnswerError(message)
        self._received += block
        answer = self._whole_answer()
        if answer is None:
            return True
        try:
            return self._send(self._script.send(answer))
        except StopIteration:
            return False

    def close(self) -> None:
        self._script.close()
        self._socket.close()

    def _send(self, request: bytes | None) -> bool:
        if request is None:
            return False
        self._sent_at = perf_counter()
        self._socket.sendall(request)  # does not block: the buffer is empty, and larger than any request here
        return True

    def _whole_answer(self) -> Answer | None:
        end = self._received.find(b"\r\n\r\n")
        if end < 0:
            return None
        status = int(self._received[9:12])
        length = 0 if status in WITHOUT_BODY else self._length(end)
        if len(self._received) < end + 4 + length:
            return None
        answer = Answer(
            status=status,
            head=bytes(self._received[:end]),
            body=bytes(self._received[end + 4 : end + 4 + length]),
            seconds=perf_counter() - self._sent_at,
        )
        del self._received[: end + 4 + length]
        return answer

    def _length(self, end: int) -> int:
        head = self._received[:end].lower()
        start = head.find(b"content-length:")
        if start < 0:
            message = f"an answer without a length: {bytes(head)!r}"
            raise WrongAnswerError(message)
        return int(head[start + 15 :].split(b"\r\n", 1)[0])
