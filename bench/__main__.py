"""`./dev bench [NAME…] [--quick] [--json]`: ours beside its floor, in one run."""

from __future__ import annotations

import argparse
import json
import os
import signal
import sys
from collections.abc import Callable
from dataclasses import replace

from bench.measurements import (
    comments,
    desks,
    discussions,
    faults,
    hotrow,
    idle,
    keys,
    live,
    predictions,
    races,
    scale,
    server,
    threads,
    votes,
)
from bench.report import Plan, Report
from bench.servers import Size

MEASUREMENTS: dict[str, Callable[[Plan], Report]] = {
    "server": server.measure,
    "votes": votes.measure,
    "comments": comments.measure,
    "discussions": discussions.measure,
    "desks": desks.measure,
    "keys": keys.measure,
    "races": races.measure,
    "predictions": predictions.measure,
    "scale": scale.measure,
    "live": live.measure,
    "faults": faults.measure,
    "threads": threads.measure,
    "idle": idle.measure,
    "hotrow": hotrow.measure,
}
QUICK = Plan(rounds=3, seconds=0.4, many=100_000)
READ_RATIOS = """\
The client shares this machine's {cores} cores with the servers, and whatever else runs here takes part. Read the ratios, never
the figures: the two sides of a ratio alternate, {rounds} rounds of {seconds:g} s each, and medians are shown. Where the floor is fast
the client limits it, which flatters the ratio; the processor time of the servers (ms CPU) does not know the client.
"""


def main() -> int:
    """Measure what is named, or everything; return 1 if something found is wrong. Falling short of a target is not."""
    given = _arguments()
    standard = QUICK if given.quick else Plan()
    size = Size(workers=given.workers, threads=given.threads)
    kept = {("sqlite" if small.startswith("sqlite") else "postgresql"): (small, large) for small, large in given.sites}
    plan = replace(standard, size=size, kept=kept, databases=tuple(kept) or standard.databases)
    if not given.json:
        print(READ_RATIOS.format(cores=os.cpu_count(), rounds=plan.rounds, seconds=plan.seconds))
    reports: list[Report] = []
    for name in given.names or MEASUREMENTS:
        reports.append(MEASUREMENTS[name](plan))
        if not given.json:
            print(reports[-1], flush=True)
    if given.json:
        print(json.dumps([report.as_json() for report in reports], indent=2))
    return 0 if all(report.is_right for report in reports) else 1


def _arguments() -> argparse.Namespace:
    names = ", ".join(MEASUREMENTS)
    parser = argparse.ArgumentParser(prog="./dev bench", description="Measure the site beside its floor.")
    parser.add_argument("names", nargs="*", metavar="NAME", help=f"any of {names}; all of them without a name")
    parser.add_argument("--quick", action="store_true", help="fewer, shorter rounds")
    parser.add_argument("--json", action="store_true", help="print JSON")
    parser.add_argument("--workers", type=_count, default=2, help="worker processes of each web server (2)")
    parser.add_argument("--threads", type=_count, default=4, help="threads in each worker of granian (4)")
    parser.add_argument(
        "--sites",
        nargs=2,
        action="append",
        default=[],
        metavar=("SMALL", "LARGE"),
        help="databases that bench.generate filled, for “scale” on that kind of database alone",
    )
    given = parser.parse_args()
    unknown = [name for name in given.names if name not in MEASUREMENTS]
    if unknown:
        parser.error(f"there is no measurement called {', '.join(unknown)}; there are {names}")
    return given


def _count(text: str) -> int:
    if not text.isdecimal() or int(text) < 1:
        message = f"it is {text!r}; it takes a whole number from 1"
        raise argparse.ArgumentTypeError(message)
    return int(text)


if __name__ == "__main__":
    signal.signal(signal.SIGTERM, signal.default_int_handler)  # so that nothing started is left running
    try:
        sys.exit(main())
    except KeyboardInterrupt:
        sys.exit(130)
