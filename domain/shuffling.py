"""Orders that favour nobody: everybody's own, and the same each time. Pure."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta
from typing import TypeVar

TURN = timedelta(minutes=10)  # that strangers share an order: long enough for shared caches, short beside any poll
EPOCH = datetime(2000, 1, 1, tzinfo=UTC)

T = TypeVar("T")


def turn(now: datetime) -> int:
    """Return the number of the turn: strangers who come in the same one see the same order."""
    return (now - EPOCH) // TURN


def shuffled(items: Sequence[T], *, seed: str, key: Callable[[T], int]) -> list[T]:
    """Return the items in the order that belongs to a seed; every order is as likely as any other."""
    return sorted(items, key=lambda item: hashlib.sha256(f"{seed}:{key(item)}".encode()).digest())
