"""Every measurement by its name."""

from __future__ import annotations

from collections.abc import Callable

from bench.measurements import comments, races, server, votes
from bench.report import Plan, Report

MEASUREMENTS: dict[str, Callable[[Plan], Report]] = {
    "server": server.measure,
    "votes": votes.measure,
    "comments": comments.measure,
    "races": races.measure,
}
