"""A fault told without what it says: messages of exceptions repeat what was typed, addresses and keys among it."""

from __future__ import annotations

import traceback
from pathlib import Path
from typing import Any

MOST_FRAMES = 25  # the innermost of them; a template calls deeply
ROOT = Path(__file__).resolve().parents[1]


def described(error: BaseException) -> dict[str, Any]:
    """Return the kind of an error, of those it came from, and the lines it passed, the innermost last."""
    kinds, one = [], cause_of(error)
    while one is not None:
        kinds.append(kind_of(one))
        one = cause_of(one)
    frames = traceback.extract_tb(error.__traceback__)[-MOST_FRAMES:]
    where = [f"{_short(frame.filename)}:{frame.lineno} in {frame.name}" for frame in frames]
    return {"error": kind_of(error), **({"caused_by": kinds} if kinds else {}), "where": where}


def kind_of(error: BaseException) -> str:
    """Return the name of an error's class, with its module where that is not Python's own."""
    kind = type(error)
    return kind.__qualname__ if kind.__module__ == "builtins" else f"{kind.__module__}.{kind.__qualname__}"


def cause_of(error: BaseException) -> BaseException | None:
    """Return the error this one came from."""
    return error.__cause__ or (None if error.__suppress_context__ else error.__context__)


def _short(filename: str) -> str:
    _, found, rest = filename.partition("site-packages/")
    return rest if found else filename.removeprefix(f"{ROOT}/")
