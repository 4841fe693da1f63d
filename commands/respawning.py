"""A web server that goes on however soon one of its workers dies again."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Sequence
from typing import Any

from granian.server.mp import MPServer

SOON = 5.5  # seconds a worker has lived: granian takes two such deaths of one for a fault in the application, and ends itself
MOST_SOON = 5  # such deaths in a row of one worker that are bad luck: no memory left, a mistaken kill


class LastingServer(MPServer):
    """Granian, but it ends only when a worker does nothing but die, and overlooks none of several that die at once."""

    def __init__(self, *given: Any, **named: Any) -> None:
        super().__init__(*given, **named)
        self._deaths = Counter[int]()  # by worker, how often in a row it died soon

    def _respawn_workers(self, workers: Sequence[int], spawn_target: Any, target_loader: Any, delay: float = 0) -> None:
        now = time.monotonic()
        for place in workers:
            died_soon = now - self.wrks[place].birth <= SOON
            self._deaths[place] = self._deaths[place] + 1 if died_soon else 0
        super()._respawn_workers(workers, spawn_target, target_loader, delay)
        for place in workers:
            if self._deaths[place] < MOST_SOON:
                self.respawned_wrks.pop(place, None)  # by which granian knows that it died before
        self._look_again()

    def _look_again(self) -> None:
        """Let dead workers be seen to at once: of two that die at the same moment granian may note one."""
        dead = [place for place, worker in enumerate(self.wrks) if not worker.is_alive()]  # type: ignore[no-untyped-call] # of granian's
        if dead:
            self.interrupt_children[:] = dead
            self.main_loop_interrupt.set()
