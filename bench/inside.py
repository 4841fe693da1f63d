"""Acts measured inside this process, as a shell would do them: through a verb of the domain, to the end of its transaction."""

from __future__ import annotations

import gc
from collections.abc import Callable, Mapping
from pathlib import Path
from time import perf_counter, process_time

from bench.report import Plan, Sample

WARM_UP = 3  # acts, unread: the first builds its statements
ACTS_AT_LEAST = 20  # in a round
MEMORY = Path("/proc/self")


def alternate(plan: Plan, acts: Mapping[str, Callable[[], None]]) -> dict[str, list[Sample]]:
    """Do each act over and over, in turns, forwards and backwards, so that what disturbs the machine disturbs all."""
    found: dict[str, list[Sample]] = {name: [] for name in acts}
    for act in acts.values():
        for _ in range(WARM_UP):
            act()
    for number in range(plan.rounds):
        for name in list(acts)[:: -1 if number % 2 else 1]:
            found[name].append(_sample(acts[name], plan.seconds))
    return found


def once(act: Callable[[], object]) -> tuple[float, float]:
    """Return the seconds an act takes, and how far it lets the memory of this process grow, in gigabytes."""
    gc.collect()
    (MEMORY / "clear_refs").write_text("5")  # forget how much it once was
    began = perf_counter()
    act()
    return perf_counter() - began, _peak()


def _sample(act: Callable[[], None], seconds: float) -> Sample:
    latencies: list[float] = []
    began, before = perf_counter(), process_time()
    while perf_counter() - began < seconds or len(latencies) < ACTS_AT_LEAST:
        at = perf_counter()
        act()
        latencies.append(perf_counter() - at)
    return Sample(seconds=perf_counter() - began, latencies=latencies, cpu_seconds=process_time() - before)


def _peak() -> float:
    line = next(line for line in (MEMORY / "status").read_text().splitlines() if line.startswith("VmHWM:"))
    return int(line.split()[1]) / 1_000_000
