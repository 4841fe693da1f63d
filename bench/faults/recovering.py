"""How soon the site answers after a fault."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from random import Random

from bench.faults.breaking import Setup, some_fault
from bench.faults.clients import Front
from bench.faults.scene import Scene
from bench.load import Answer

BETWEEN_TRIES = 0.01
LONGEST_RECOVERY = 60.0
Try = Callable[[int], Answer | None]  # a request to the server on a port


@dataclass(frozen=True, kw_only=True)
class Happened:
    """One fault: how long it lasted, and how many seconds after its end the site had given a page, and stored something.

    `calm` is how many seconds the same took just before it: what the machine's load alone makes of it. `all_after` is when
    every web server had done both by itself: one that was killed has to be started for that, while others answer for it.
    """

    fault: str
    calm: float
    lasted: float
    read_after: float
    stored_after: float
    all_after: float

    @property
    def seconds(self) -> float:
        """Return when the site answered again."""
        return max(self.read_after, self.stored_after)


def break_something(setup: Setup, scene: Scene, front: Front, chance: Random) -> Happened:
    """Let one fault happen and end, and return when the site, and then each web server, had read and stored again."""
    name, fault = some_fault(setup, chance)
    looking = _Looking(setup, front, *_looks(scene, front))
    calm = max(looking.at_the_site(time.monotonic()))
    began = time.monotonic()
    fault(setup, chance)
    end = time.monotonic()
    read, stored = looking.at_the_site(end)
    every = looking.at_every_server(end)
    return Happened(fault=name, calm=calm, lasted=end - began, read_after=read, stored_after=stored, all_after=every)


def _looks(scene: Scene, front: Front) -> tuple[Try, Try]:
    """Return how a signed-in reader asks for a page, and has something stored; each is an answer only when it went well."""
    cookie, comment = scene.watcher, f"/comments/{scene.rated[-1]}"

    def reads(port: int) -> Answer | None:
        return _if(200, front.read(comment, cookie, port))

    def stores(port: int) -> Answer | None:
        verdict = "good" if time.time_ns() % 2 else "none"
        return _if(303, front.send(f"{comment}/rating", {"verdict": verdict}, cookie, port))

    return reads, stores


def _if(status: int, answer: Answer | None) -> Answer | None:
    return answer if answer is not None and answer.status == status else None


@dataclass(frozen=True)
class _Looking:
    """Somebody who asks again and again until it goes well."""

    setup: Setup
    front: Front
    reads: Try
    stores: Try

    def at_the_site(self, since: float) -> tuple[float, float]:
        """Return after how many seconds the site has read, and stored, whichever server the proxy meant to ask."""
        ports = [web.port for web in self.setup.webs]
        read = max(self._when(lambda port=port: self.reads(self.front.taking(port)), since) for port in ports)  # type: ignore[misc]
        stored = max(self._when(lambda port=port: self.stores(self.front.taking(port)), since) for port in ports)  # type: ignore[misc]
        return read, stored

    def at_every_server(self, since: float) -> float:
        """Return after how many seconds each server has done both by itself."""
        ports = [web.port for web in self.setup.webs]
        return max(self._when(lambda port=port: self.reads(port) and self.stores(port), since) for port in ports)  # type: ignore[misc]

    def _when(self, succeeds: Callable[[], object], since: float) -> float:
        while not succeeds():
            if time.monotonic() - since > LONGEST_RECOVERY:
                break
            for unit in self.setup.units:
                unit.revive()
            time.sleep(BETWEEN_TRIES)
        return time.monotonic() - since
