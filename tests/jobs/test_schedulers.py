"""Several workers, each with a clock of its own: what is due in a minute is queued once, in each kind of store."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from datetime import datetime, timedelta
from pathlib import Path
from threading import Event
from typing import Any

import pytest

from config import Config
from extensions import jobs as queue
from jobs import stores
from jobs.consumer import OneOfMany
from tests.servers import private_postgres, private_redis

MINUTE = datetime(2026, 11, 29, 22, 50, 7)  # noqa: DTZ001 - the queue counts in naive UTC


def _in_a_file(_stack: ExitStack, folder: Path) -> dict[str, str]:
    return {"database_url": f"sqlite:///{folder}/foresay.db"}


def _in_postgresql(stack: ExitStack, _folder: Path) -> dict[str, str]:
    return {"database_url": stack.enter_context(private_postgres())}


def _in_redis(stack: ExitStack, folder: Path) -> dict[str, str]:
    return {"database_url": f"sqlite:///{folder}/foresay.db", "redis_url": stack.enter_context(private_redis()).url}


@pytest.fixture(params=[_in_a_file, _in_postgresql, _in_redis])
def schedulers(
    request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[tuple[OneOfMany, OneOfMany]]:
    """Return those of two workers at one queue."""
    made: Callable[[ExitStack, Path], dict[str, Any]] = request.param
    with ExitStack() as stack:
        kind, given = stores.store_for(Config(secret_key="", instance=tmp_path, **made(stack, tmp_path)))
        monkeypatch.setattr(queue, "storage", kind(queue.name, **given))
        yield OneOfMany(queue, Event(), 1, periodic=True), OneOfMany(queue, Event(), 1, periodic=True)
        queue.storage.close()


def queued() -> list[str]:
    return sorted(type(task).__name__ for task in queue.pending())


def test_a_minutes_jobs_are_queued_by_one_of_two(schedulers: tuple[OneOfMany, OneOfMany]) -> None:
    for scheduler in schedulers:
        scheduler.enqueue_periodic_tasks(MINUTE)
    assert "close_questions" in queued()
    assert len(queued()) == len(set(queued()))


def test_the_next_minutes_jobs_are_queued_too(schedulers: tuple[OneOfMany, OneOfMany]) -> None:
    first, second = schedulers
    first.enqueue_periodic_tasks(MINUTE)
    second.enqueue_periodic_tasks(MINUTE + timedelta(minutes=1))
    assert queued().count("close_questions") == 2


def test_who_was_first_is_forgotten(schedulers: tuple[OneOfMany, OneOfMany]) -> None:
    first, _ = schedulers
    for minute in range(30):
        first.enqueue_periodic_tasks(MINUTE + timedelta(minutes=minute))
    assert len(queue.all_results()) <= 10
