"""What the figures of this process say, and by how much something changes them."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from observing.metrics import registry


def figure(name: str, **labels: str) -> float:
    """Return a figure; nothing counted yet is nought."""
    return registry.get_sample_value(name, labels) or 0.0


def change_of(name: str, act: Callable[[], Any], **labels: str) -> float:
    """Do something and return by how much it changed a figure."""
    before = figure(name, **labels)
    act()
    return figure(name, **labels) - before
