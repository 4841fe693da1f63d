"""Waiting for an answer no longer than is fair. Pure.

Python cannot stop a thread. So a call gets one of its own, whoever asked goes on at the deadline, and the thread ends
when the call does; until then it takes up one of few places, and when all are taken callers are turned away at once.
What holds the interpreter itself, as a regular expression that runs wild does, no deadline in the same process can help.
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import TypeVar

Answer = TypeVar("Answer")


class Overdue(Exception):
    """There was no answer in time. What comes later is dropped."""


class Busy(Exception):
    """So many calls hang that no other is begun."""


class Broken(Exception):
    """The answer is none: of another kind, or the call ended its thread."""


class Deadlines:
    """Calls of which no more than `most` run at once. One lives as long as the process, one for each thing called."""

    def __init__(self, most: int) -> None:
        self._places = threading.BoundedSemaphore(most)

    def within(self, seconds: float, call: Callable[[], object], *, gives: type[Answer]) -> Answer:
        """Return what the call returns, or raise what it raises.

        The call runs in another thread: it has no session and no request, and must change nothing that outlives it.
        Raises `Overdue`, `Busy`, or `Broken` where the answer is not of the kind that `gives` names.
        """
        if not self._places.acquire(blocking=False):
            raise Busy
        running = _Call(call, self._places)
        running.begin()
        if not running.ended.wait(seconds):
            raise Overdue
        if running.failure is not None:
            raise running.failure
        if not isinstance(running.answer, gives):
            raise Broken("not what was asked for")
        return running.answer


class _Call:
    """One call, its thread, and what came of it. It gives its place back when it ends, however late."""

    def __init__(self, call: Callable[[], object], places: threading.Semaphore) -> None:
        self.ended = threading.Event()
        self.answer: object = None
        self.failure: Exception | None = None
        self._call, self._places = call, places

    def begin(self) -> None:
        """Start the thread. It is a daemon: what hangs does not keep the process from ending."""
        try:
            threading.Thread(target=self._run, name="deadline", daemon=True).start()
        except RuntimeError as error:  # the machine has no thread left
            self._places.release()
            raise Busy from error

    def _run(self) -> None:
        try:
            self.answer = self._call()
        except Exception as failure:  # noqa: BLE001 - raised again where it was asked for
            self.failure = failure
        except BaseException as failure:  # noqa: BLE001 - an exit asked for in here is no exit of the asker
            self.failure = Broken(repr(failure))
        finally:
            self._places.release()
            self.ended.set()
