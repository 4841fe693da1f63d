"""Readers and a moderator who go on working whatever breaks, and know what they were told.

What got no answer, or an error of ours, is sent again as it was, as somebody in front of a browser does.
"""

from __future__ import annotations

import threading
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import count, cycle
from queue import Empty, Queue
from random import Random

from bench import sites
from bench.load import Answer, WrongAnswerError, fetch, get, post

THINKING = 0.12  # seconds between two acts
WHILE_AWAY = 0.1  # seconds until something is sent again
TOO_SOON, ERROR = 429, 500


class Front:
    """The web servers, reached as through a proxy: one that does not answer is left for the next."""

    def __init__(self, ports: Sequence[int]) -> None:
        self.ports = ports
        self._chance = Random(1)  # noqa: S311 - addresses, not secrets

    def read(self, path: str, cookie: str, port: int) -> Answer | None:
        """Return what a server answers, nothing where it does not."""
        return _answer(port, get(path, {"Cookie": cookie, **self._address()}))

    def send(self, path: str, fields: dict[str, str], cookie: str, port: int) -> Answer | None:
        """Send a form to a server, from an address of one's own."""
        return _answer(port, post(path, fields, cookie, self._address()))

    def _address(self) -> dict[str, str]:
        return {"X-Forwarded-For": ".".join(["10", *(str(self._chance.randrange(1, 255)) for _ in range(3))])}


@dataclass
class Notes:
    """What was acknowledged to one client, how often something was sent again, and what was refused."""

    acts: int = 0
    again: int = 0
    answers: Counter[str] = field(default_factory=Counter)  # that were no acknowledgement, by status
    refused: list[str] = field(default_factory=list)


class Client(threading.Thread):
    """Somebody at work. `act` does one thing, and is done over until it is told how that ended."""

    def __init__(self, name: str, front: Front, cookie: str) -> None:
        super().__init__(name=name, daemon=True)
        self.notes, self.ending = Notes(), threading.Event()
        self.failure: Exception | None = None
        self._front, self._cookie, self._ports = front, cookie, cycle(front.ports)

    def run(self) -> None:
        """Work until told to end; what was begun is finished first."""
        try:
            for _ in self.acts():
                self.notes.acts += 1
                if self.ending.wait(THINKING):
                    return
        except Exception as error:  # noqa: BLE001 - told to whoever started the thread
            self.failure = error

    def acts(self) -> Iterator[None]:
        """Do one thing after another."""
        raise NotImplementedError

    def do(self, path: str, fields: dict[str, str]) -> Answer:
        """Send a form until there is an answer that is no error of the site's, and return it."""
        first = True
        while True:
            answer = self._front.send(path, fields, self._cookie, next(self._ports))
            if answer is not None and answer.status < ERROR and answer.status != TOO_SOON:
                if answer.status != 303 and (first or answer.status != 409):  # noqa: PLR2004 - decided before, by an unheard try
                    self.notes.refused.append(f"{self.name}: {answer.status} {path} {fields}")
                return answer
            self.notes.answers[str(answer.status) if answer else "none"] += 1
            self.notes.again += 1
            first = False
            time.sleep(WHILE_AWAY)


class Writer(Client):
    """Posts comments, never the same twice. `to` says where; what is posted is in `posted`, with where that was."""

    def __init__(self, name: str, front: Front, cookie: str, to: Iterator[str]) -> None:
        super().__init__(name, front, cookie)
        self.posted: dict[str, str] = {}
        self.heard: Queue[int] = Queue()  # the comments by their numbers, for a moderator
        self._to = to

    def acts(self) -> Iterator[None]:
        """Write until there is nowhere to write to."""
        for number, path in zip(count(1), self._to, strict=False):
            text = f"{self.name}, number {number}. {sites.remark(Random(self.name + str(number)).randrange(10**9))}"  # noqa: S311
            answer = self.do(path, {"body": text})
            self.posted[text] = path
            comment_id = answer.header("Location").rpartition("#comment-")[2]
            if not comment_id.isdecimal():
                message = f"a post led to {answer.header('Location')!r}, not to its comment"
                raise WrongAnswerError(message)
            self.heard.put(int(comment_id))
            yield


class Voter(Client):
    """Changes a take and a prediction again and again."""

    def __init__(self, name: str, front: Front, cookie: str, path: str, answers: Sequence[dict[str, str]]) -> None:
        super().__init__(name, front, cookie)
        self.given: dict[str, str] = {}
        self._path, self._answers = path, answers

    def acts(self) -> Iterator[None]:
        """Answer otherwise each time."""
        for answer in cycle(self._answers):
            self.do(self._path, answer)
            self.given = answer
            yield


class Rater(Client):
    """Rates comments, and changes their mind."""

    def __init__(self, name: str, front: Front, cookie: str, comment_ids: Sequence[int]) -> None:
        super().__init__(name, front, cookie)
        self.given: dict[int, str] = {}
        self._comment_ids = comment_ids

    def acts(self) -> Iterator[None]:
        """Find each comment good in one round and poor in the next."""
        for verdict in cycle(("good", "poor")):
            for comment_id in self._comment_ids:
                self.do(f"/comments/{comment_id}/rating", {"verdict": verdict})
                self.given[comment_id] = verdict
                yield


class Moderator(Client):
    """Decides about what a writer, whose comments are held, was told of; every second comment is removed."""

    def __init__(self, name: str, front: Front, cookie: str, waiting: Queue[int], reason: str) -> None:
        super().__init__(name, front, cookie)
        self.decided: dict[int, str] = {}
        self._waiting, self._reason = waiting, reason

    def acts(self) -> Iterator[None]:
        """Decide until told to end."""
        while not self.ending.is_set():
            try:
                comment_id = self._waiting.get(timeout=THINKING)
            except Empty:
                continue
            verb, more = ("removal", {"reason": self._reason}) if comment_id % 2 else ("approval", {})
            self.do(f"/moderation/comments/{comment_id}/{verb}", {"version": "1", "report": "0", **more})
            self.decided[comment_id] = verb
            yield


def _answer(port: int, request: bytes) -> Answer | None:
    try:
        return fetch(port, request)
    except (OSError, WrongAnswerError):  # it is away, or went away within its answer
        return None
