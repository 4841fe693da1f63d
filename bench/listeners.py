"""Many open pages that listen to one pulse, each on a connection of its own, at the pace of `static/js/discussion/pulse.js`."""

from __future__ import annotations

import heapq
import json
import select
import socket
from collections.abc import Callable
from dataclasses import dataclass, field
from random import Random
from time import perf_counter

from bench.load import HOST, WrongAnswerError, get

OFTEN = 2.0  # seconds between two questions, a tenth more or less
BLOCK = 65_536
LONGEST_ANSWER = 10.0  # seconds


@dataclass
class Heard:
    """What the listeners were told, and when."""

    news: dict[int, list[float]] = field(
        default_factory=dict
    )  # by comment, when each page knew, on the clock of `perf_counter`
    answers: int = 0
    unchanged: int = 0
    lateness: list[float] = field(default_factory=list)  # seconds from question to answer


class _Listener:
    """One open page."""

    def __init__(self, port: int, appeared: int) -> None:
        self.socket = socket.create_connection((HOST, port), timeout=LONGEST_ANSWER)
        self.socket.setblocking(False)
        self.etag, self.appeared, self.asked_at = b"", appeared, 0.0
        self.received = bytearray()


@dataclass(frozen=True, kw_only=True)
class Audience:
    """So many pages with so many comments on them, and how long they stay open."""

    pages: int
    comments: int
    seconds: float


def listen(port: int, path: str, audience: Audience, meanwhile: Callable[[float], None]) -> Heard:
    """Let pages listen. `meanwhile` is told the seconds that have gone, again and again, and may do something short."""
    chance, heard = Random(7), Heard()  # noqa: S311 - the same each time, not a secret
    pages = {(page := _Listener(port, audience.comments)).socket.fileno(): page for _ in range(audience.pages)}
    poller = select.epoll()
    for number in pages:
        poller.register(number, select.EPOLLIN)
    plain = get(path)[:-2]
    began = perf_counter()
    due = [(began + chance.random() * OFTEN, number) for number in pages]
    heapq.heapify(due)
    try:
        while (now := perf_counter()) < began + audience.seconds:
            meanwhile(now - began)
            while due and due[0][0] <= now:
                _ask(pages[heapq.heappop(due)[1]], plain)
            for number, _ in poller.poll(max(0.0, min(0.05, due[0][0] - now if due else 0.05))):
                if _hear(pages[number], heard):
                    heapq.heappush(due, (perf_counter() + OFTEN * (0.9 + chance.random() / 5), number))
    finally:
        for page in pages.values():
            page.socket.close()
    return heard


def _ask(page: _Listener, plain: bytes) -> None:
    page.asked_at = perf_counter()
    page.socket.send(plain + (b"If-None-Match: " + page.etag + b"\r\n\r\n" if page.etag else b"\r\n"))


def _hear(page: _Listener, heard: Heard) -> bool:
    """Take in what has come; return whether the answer is whole."""
    block = page.socket.recv(BLOCK)
    if not block:
        message = f"the server closed the connection: {bytes(page.received[:200])!r}"
        raise WrongAnswerError(message)
    page.received += block
    end = page.received.find(b"\r\n\r\n")
    if end < 0:
        return False
    status = page.received[9:12]
    if status == b"304":
        heard.unchanged += 1
    elif status != b"200":
        message = f"an answer that is none: {bytes(page.received[:200])!r}"
        raise WrongAnswerError(message)
    elif not _is_told(page, end, heard):
        return False
    page.received.clear()
    heard.answers += 1
    heard.lateness.append(perf_counter() - page.asked_at)
    return True


def _is_told(page: _Listener, end: int, heard: Heard) -> bool:
    head = bytes(page.received[:end])
    length = int(_value(head, b"content-length"))
    body = page.received[end + 4 :]
    if len(body) < length:
        return False
    page.etag = _value(head, b"etag")
    appeared = json.loads(body)["appeared"]
    if appeared < page.appeared:
        message = f"{appeared} comments after {page.appeared}: time went backwards"
        raise WrongAnswerError(message)
    for number in range(page.appeared + 1, appeared + 1):
        heard.news.setdefault(number, []).append(perf_counter())
    page.appeared = appeared
    return True


def _value(head: bytes, name: bytes) -> bytes:
    start = head.lower().index(b"\r\n" + name + b":") + len(name) + 3
    return head[start : head.find(b"\r\n", start) if head.find(b"\r\n", start) > 0 else None].strip()
