"""Figures of a site that runs in several processes: each keeps its own in a file, and whoever is asked adds them up.

A process that ends leaves its file, so that no count goes back. `flask serve` empties the folder when it starts.
"""

from __future__ import annotations

import os
from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path

from prometheus_client import CollectorRegistry, Metric, generate_latest, values
from prometheus_client.multiprocess import MultiProcessCollector, mark_process_dead
from prometheus_client.registry import Collector

import config
from observing.metrics import registry

VARIABLE = "PROMETHEUS_MULTIPROC_DIR"  # which prometheus_client looks for when a process starts


def share(folder: Path) -> None:
    """Keep the figures of this process, and of those it starts, in `folder`, emptied first. Call before anything is counted.

    Where the operator has named a folder in `PROMETHEUS_MULTIPROC_DIR`, that one is in use already, and stays as it is.
    """
    if is_shared():
        return
    folder.mkdir(parents=True, exist_ok=True)
    for old in folder.glob("*.db"):
        old.unlink()
    config.hand_down(VARIABLE, str(folder))
    values.ValueClass = values.MultiProcessValue()


def is_shared() -> bool:
    """Whether the figures of this process are in a file."""
    return values.ValueClass is not values.MutexValue


def told(*beside: Collector) -> bytes:
    """Return the figures of all processes that share, and those of the collectors given, as Prometheus reads them."""
    found = CollectorRegistry()
    if is_shared():
        _forget_the_dead(Path(config.handed_down(VARIABLE)))
        MultiProcessCollector(found)
    else:
        found.register(_Here())
    for collector in beside:
        found.register(collector)
    return generate_latest(found)


class _Here(Collector):
    """The figures of this process alone."""

    def collect(self) -> Iterable[Metric]:
        """Return them."""
        return registry.collect()


def _forget_the_dead(folder: Path) -> None:
    """Leave out what processes that are no more say they hold; their counts stay."""
    for number in {path.stem.rpartition("_")[2] for path in folder.glob("gauge_live*.db")}:
        if not _is_alive(int(number)):
            with suppress(FileNotFoundError):  # another worker was asked at the same time
                mark_process_dead(int(number))


def _is_alive(number: int) -> bool:
    try:
        os.kill(number, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True
