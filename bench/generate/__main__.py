"""Fills an empty database, says how long that took, and holds what it wrote against a recount."""

from __future__ import annotations

import argparse
import sys
import tempfile
from datetime import UTC, datetime
from pathlib import Path
from time import perf_counter

import click

from bench import sites
from bench.generate import checking, making
from bench.generate.size import ARTICLES_AT_LEAST, Size

SHOWN = 50  # things that are wrong


def main() -> int:
    """Make the site; return 1 where the recount finds something wrong."""
    given = _arguments()
    size = Size(given.comments, given.readers, given.votes, given.seed, given.articles)
    with tempfile.TemporaryDirectory(prefix="bench-") as folder, sites.prepared(given.url, Path(folder)):
        began = perf_counter()
        making.make(given.url, size, now=datetime.now(UTC), is_shown=sys.stderr.isatty())
        click.echo(f"Made in {perf_counter() - began:,.0f} s.")
        began = perf_counter()
        wrong = checking.wrong(every=given.check, now=datetime.now(UTC))
        looked = "everything" if given.check == 1 else f"one of {given.check:,} pieces"
        click.echo(f"Counted {looked} again in {perf_counter() - began:,.0f} s: {len(wrong)} wrong.")
        for one in wrong[:SHOWN]:
            click.echo(one, err=True)
    return 1 if wrong else 0


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m bench.generate", description="Fill an empty database with a whole site.")
    parser.add_argument("url", metavar="URL", help="the database, as FORESAY_DATABASE_URL has it")
    parser.add_argument("--comments", type=int, default=1_000, help="1,000 without it")
    parser.add_argument("--readers", type=int, default=100, help="100 without it")
    parser.add_argument("--votes", type=int, default=10_000, help="takes, ratings and forecasts together; 10,000 without it")
    parser.add_argument("--articles", type=int, default=ARTICLES_AT_LEAST, help=f"at least; {ARTICLES_AT_LEAST} without it")
    parser.add_argument("--seed", type=int, default=1, help="another number makes another site")
    parser.add_argument("--check", type=int, default=1, metavar="N", help="count every N-th piece again (1: all)")
    return parser.parse_args()


if __name__ == "__main__":
    sys.exit(main())
