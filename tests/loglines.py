"""What the log says of what a test does."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any

import pytest
from flask import Flask

from observing import logs

Lines = Callable[[], list[dict[str, Any]]]


@pytest.fixture
def lines(app: Flask, capsys: pytest.CaptureFixture[str]) -> Iterator[Lines]:
    """Return what gives the lines written since it was last asked, each an object."""
    usual = app.extensions["foresay"]
    logs.configure(replace(usual, log="json", log_level="info"))
    yield lambda: [json.loads(line) for line in capsys.readouterr().err.splitlines()]
    logs.configure(usual)


def one(lines: list[dict[str, Any]], event: str) -> dict[str, Any]:
    """Return the one line of an event."""
    found = [line for line in lines if line["event"] == event]
    assert len(found) == 1, lines
    return found[0]
