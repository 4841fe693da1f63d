"""What the site can prove of a database by itself: results, decisions and counters are what the ledgers say."""

from __future__ import annotations

import sys
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime

import click
import sqlalchemy as sa

from connections import only_reads
from domain import audit, recounting, replaying, sanctionreplay, verifying
from extensions import db
from models import UTCDateTime


def found() -> int:
    """Run every proof on the database in use; print what is wrong, one a line, and return how much it is.

    It is held to what was due when it was last written: of a site that stands still no more points of time are expected.
    """
    wrong = 0
    with only_reads():
        now = _last_written()
        with click.progressbar(_steps(now), length=_pieces(), label="Proving", file=sys.stderr) as steps:
            for step in steps:
                for one in step:
                    click.echo(str(one))
                wrong += len(step)
                db.session.rollback()  # no step holds anything while the next one reads
    return wrong


def _pieces() -> int:
    return verifying.pieces() + audit.pieces() + replaying.pieces() + recounting.pieces() + 2


def _steps(now: datetime) -> Iterator[Sequence[object]]:
    for check in verifying.checks():
        yield [one for one in verifying.findings(check, now=now) if not one.is_waiting]
    yield from audit.faults(now=now)
    yield from replaying.batches()
    yield from sanctionreplay.batches()
    for batch in recounting.batches():
        yield recounting.differences(batch)


def _last_written() -> datetime:
    """Return the newest moment in the past that any row tells of."""
    now = datetime.now(UTC)
    newest = [moment for table in db.metadata.sorted_tables for moment in _newest(table, now) if moment]
    db.session.rollback()
    return max(newest, default=now)


def _newest(table: sa.Table, now: datetime) -> Sequence[datetime | None]:
    instants = [column for column in table.c if isinstance(column.type, UTCDateTime)]
    if not instants:
        return ()
    past = (sa.func.max(sa.case((column <= now, column))) for column in instants)
    return tuple(db.session.execute(sa.select(*past)).one())
