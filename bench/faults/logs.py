"""What the site said in its log while things broke."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from bench.report import Check, same

MOST_TOLD = 12


def broken(folder: Path) -> Check:
    """Check that no request was answered by a 500: each would be a fault without a word of what was stored."""
    found = Counter(_told(line) for line in _lines(folder, "fault") if "stored" not in line)
    return same("answers without a word of what was stored (500)", dict(found.most_common(MOST_TOLD)), {})


def failures(folder: Path) -> Iterator[str]:
    """Tell what was answered with a 503, and which jobs failed, each with how often."""
    faults = Counter(
        f"{line['error']}, stored: {line['stored'] or 'nothing was sent'}"
        for line in _lines(folder, "fault")
        if "stored" in line
    )
    yield f"answers that said what was stored: {dict(faults.most_common(MOST_TOLD))}"
    jobs = Counter(f"{line['job']}: {line['error']}" for line in _lines(folder, "job") if "error" in line)
    yield f"jobs that failed, and are done again: {dict(jobs.most_common(MOST_TOLD))}"


def _told(line: dict[str, Any]) -> str:
    return f"{line.get('endpoint')}: {line.get('error')} in {line.get('where', [''])[-1]}"


def _lines(folder: Path, event: str) -> Iterator[dict[str, Any]]:
    for file in folder.glob("*.log"):
        for text in file.read_text(errors="replace").splitlines():
            line = _parsed(text)
            if line.get("event") == event:
                yield line


def _parsed(text: str) -> dict[str, Any]:
    try:
        found = json.loads(text)
    except ValueError:  # a line that was cut off, or of a program that knows nothing of ours
        return {}
    return found if isinstance(found, dict) else {}
