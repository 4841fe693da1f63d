"""How a poll stood at past moments, told from its ledger alone."""

from __future__ import annotations

from bisect import bisect_left
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from itertools import groupby
from typing import Any

from sqlalchemy import select

from extensions import db
from models import OpinionPoll, OpinionVoteEvent, PollKind, VoteAct

VOTERS = 0  # in place of a choice: the voters of an approval poll, of whom each may have given several choices
AT_ONCE = 10_000  # events in memory at once, however long the ledger is

Cell = tuple[int, str]  # a choice's id and a tier
Counts = Counter[Cell]


def counts_at(
    poll: OpinionPoll, moments: Sequence[datetime], *, since: datetime | None = None, start: Mapping[Cell, int] | None = None
) -> Iterator[tuple[datetime, Counts]]:
    """Yield how the poll stood at each moment, the earliest first.

    `start` is how it stood at `since`: then only those are read who did something after it. Of a reader the event with the
    highest number holds among those that had happened: of two acts at nearly one time the ledger, not the clock, knows the later.
    """
    changes: list[Counts] = [Counter() for _ in moments]
    cells = _Cells(poll)
    for events in _by_reader(poll, since, moments[-1]):
        newest = 0
        held: tuple[Cell, ...] = ()
        for event in sorted(events, key=lambda one: (one.happened_at, one.id)):
            if event.id < newest:
                continue
            newest, left, held = event.id, held, cells.of(event)
            if since is None or event.happened_at > since:
                change = changes[bisect_left(moments, event.happened_at)]
                change.subtract(left)
                change.update(held)
    standing: Counts = Counter(start or {})
    for moment, change in zip(moments, changes, strict=True):
        standing.update(change)
        yield moment, +standing


def has_moved(poll: OpinionPoll, after: datetime, until: datetime) -> bool:
    """Whether anything happened to a vote after one moment and up to another."""
    found = select(OpinionVoteEvent.id).where(OpinionVoteEvent.poll_id == poll.id)
    found = found.where(OpinionVoteEvent.happened_at > after, OpinionVoteEvent.happened_at <= until)
    return db.session.scalar(found.limit(1)) is not None


class _Cells:
    """What is counted of an event. There are few different ones, so each is worked out once."""

    def __init__(self, poll: OpinionPoll) -> None:
        self._is_approval = poll.kind is PollKind.APPROVAL
        self._known: dict[tuple[int, str, str], tuple[Cell, ...]] = {}

    def of(self, event: Any) -> tuple[Cell, ...]:
        if event.act is VoteAct.WITHDRAWN:
            return ()
        key = event.choice_id, event.ballot, event.tier.value
        if key not in self._known:
            self._known[key] = self._made(*key)
        return self._known[key]

    def _made(self, choice_id: int, ballot: str, tier: str) -> tuple[Cell, ...]:
        if not self._is_approval:
            return ((choice_id, tier),)
        return ((VOTERS, tier), *((int(part), tier) for part in ballot.split() or [str(choice_id)]))


def _by_reader(poll: OpinionPoll, since: datetime | None, until: datetime) -> Iterator[Iterator[Any]]:
    """Yield the events of each reader, of those who did anything after `since`."""
    event = OpinionVoteEvent
    columns = (event.id, event.reader_id, event.act, event.choice_id, event.ballot, event.tier, event.happened_at)
    found = select(*columns).where(event.poll_id == poll.id, event.happened_at <= until)
    if since is not None:
        moved = select(event.reader_id).where(event.poll_id == poll.id, event.happened_at > since, event.happened_at <= until)
        found = found.where(event.reader_id.in_(moved))
    rows = db.session.execute(found.order_by(event.reader_id, event.id).execution_options(yield_per=AT_ONCE))
    for _, events in groupby(rows, key=lambda row: row.reader_id):
        yield events
