"""Readers and a moderator who go on working whatever breaks, and know what they were told.

What got no answer, or an error of ours, is sent again as it was, as somebody in front of a browser does.
"""

from __future__ import annotations

import re
import socket
import threading
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import cycle
from queue import Empty, Queue
from random import Random

from bench import sites
from bench.load import HOST, Answer, WrongAnswerError, fetch, get, post

THINKING = 0.4  # seconds between two acts: a machine of two cores is not to be slow before anything breaks
LED = re.compile(r"(?:#comment-|/comments/)(\d+)$")  # where a post leads: among all, or to the page of one that waits
WHILE_AWAY = 0.1  # seconds until something is sent again
DONE, CONFLICT, TOO_SOON, ERROR = 303, 409, 429, 500


@dataclass(frozen=True, kw_only=True)
class Ballot:
    """Where somebody votes, and the answers they give in turn."""

    article_id: int
    slug: str
    answers: list[dict[str, str]]


class Front:
    """The web servers, reached as through a proxy: one that takes no connection is left for the next."""

    def __init__(self, ports: Sequence[int]) -> None:
        self.ports = ports
        self._chance = Random(1)  # noqa: S311 - addresses, not secrets

    def taking(self, port: int) -> int:
        """Return the port, or the next one that takes connections where it takes none."""
        first = self.ports.index(port)
        return next(filter(_takes_connections, [*self.ports[first:], *self.ports[:first]]), port)

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
    """What was acknowledged to one client, after which answers something was sent again, and what was refused."""

    acts: int = 0
    answers: Counter[str] = field(default_factory=Counter)  # by status
    refused: list[str] = field(default_factory=list)


class Client(threading.Thread):
    """Somebody at work, or several of a kind. What was begun is sent until there is an answer that is no error of the site's."""

    def __init__(self, name: str, front: Front) -> None:
        super().__init__(name=name, daemon=True)
        self.notes, self.ending = Notes(), threading.Event()
        self.failure: Exception | None = None
        self._front, self._ports = front, cycle(front.ports)

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

    def do(self, path: str, fields: dict[str, str], cookie: str, *, decided_is_done: bool = False) -> Answer | None:
        """Return the answer that acknowledges what was sent; nothing, and a note, where it was refused.

        With `decided_is_done` that it was decided already acknowledges it, too, where an earlier try had no answer.
        """
        tries = 0
        while True:
            answer = self._front.send(path, fields, cookie, next(self._ports))
            if answer is not None and answer.status < ERROR and answer.status != TOO_SOON:
                if answer.status == DONE or (decided_is_done and tries and answer.status == CONFLICT):
                    return answer
                self.notes.refused.append(f"{self.name}: {answer.status} at try {tries + 1} of {path} {fields}")
                return None
            tries += 1
            self.notes.answers[str(answer.status) if answer else "none"] += 1
            self.ending.wait(WHILE_AWAY)


class Writer(Client):
    """Post comments, never the same twice. `visits` says by whose cookie and where; `posted` has what was posted, with where."""

    def __init__(self, name: str, front: Front, visits: Iterator[tuple[str, str]]) -> None:
        super().__init__(name, front)
        self.posted: dict[str, str] = {}
        self.heard: Queue[int] = Queue()  # the comments by their numbers, for a moderator
        self._visits = visits

    def acts(self) -> Iterator[None]:
        """Write until there is nowhere to write to."""
        for number, (cookie, path) in enumerate(self._visits, start=1):
            text = f"{self.name}, number {number}. {sites.remark(Random(self.name + str(number)).randrange(10**9))}"  # noqa: S311
            answer = self.do(path, {"body": text}, cookie)
            if answer is None:
                continue
            self.posted[text] = path
            found = LED.search(answer.header("Location"))
            if found is None:
                message = f"a post led to {answer.header('Location')!r}, not to its comment"
                raise WrongAnswerError(message)
            self.heard.put(int(found[1]))
            yield


class Voter(Client):
    """Changes a take and a prediction on one article again and again."""

    def __init__(self, name: str, front: Front, cookie: str, ballot: Ballot) -> None:
        super().__init__(name, front)
        self.given: dict[str, str] = {}
        self.ballot, self._cookie = ballot, cookie

    def acts(self) -> Iterator[None]:
        """Answer otherwise each time."""
        for answer in cycle(self.ballot.answers):
            if self.do(f"/articles/{self.ballot.slug}/participation", answer, self._cookie):
                self.given = answer
                yield


class Rater(Client):
    """Rates comments, and changes their mind."""

    def __init__(self, name: str, front: Front, cookie: str, comment_ids: Sequence[int]) -> None:
        super().__init__(name, front)
        self.given: dict[int, str] = {}
        self._cookie, self._comment_ids = cookie, comment_ids

    def acts(self) -> Iterator[None]:
        """Find each comment good in one round and poor in the next."""
        for verdict in cycle(("good", "poor")):
            for comment_id in self._comment_ids:
                if self.do(f"/comments/{comment_id}/rating", {"verdict": verdict}, self._cookie):
                    self.given[comment_id] = verdict
                    yield


class Moderator(Client):
    """Decides about what writers whose comments are held were told of; every second comment is removed."""

    def __init__(self, name: str, front: Front, cookie: str, waiting: Queue[int], reason: str) -> None:
        super().__init__(name, front)
        self.decided: dict[int, str] = {}
        self._cookie, self._waiting, self._reason = cookie, waiting, reason

    def acts(self) -> Iterator[None]:
        """Decide until told to end."""
        while not self.ending.is_set():
            try:
                comment_id = self._waiting.get(timeout=THINKING)
            except Empty:
                continue
            verb, more = ("removal", {"reason": self._reason}) if comment_id % 2 else ("approval", {})
            form = {"version": "1", "report": "0", **more}
            if self.do(f"/moderation/comments/{comment_id}/{verb}", form, self._cookie, decided_is_done=True):
                self.decided[comment_id] = verb
                yield


def _answer(port: int, request: bytes) -> Answer | None:
    try:
        return fetch(port, request)
    except (OSError, WrongAnswerError):  # it is away, or went away within its answer
        return None


def _takes_connections(port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex((HOST, port)) == 0
