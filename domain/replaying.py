"""Replaying what was decided: the entries alone say in which state every comment is, and which restrictions stand.

Looks at comments batch by batch; each batch is read in four statements and comes from one moment. Reads only.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Row, func, select

from domain.judging import ASIDE
from domain.statements import RESTRICTED
from extensions import db
from models import Comment, CommentState, ModerationEntry, Report, StatementOfReasons

BATCH = 1_000  # comments


@dataclass(frozen=True)
class Difference:
    """A comment that is not what its entries make of it."""

    comment_id: int
    what: str

    def __str__(self) -> str:
        return f"comment {self.comment_id}: {self.what}"


def pieces() -> int:
    """Return how many batches there are at least."""
    return -(-(db.session.scalar(select(func.count()).select_from(Comment)) or 0) // BATCH)


def batches() -> Iterator[list[Difference]]:
    """Yield, batch by batch, what differs from a replay of the entries."""
    after = 0
    while rows := _comments(after):
        after = rows[-1].id
        yield _differences(rows)


def state_after(entries: Sequence[Row[Any]], *, posted: CommentState) -> tuple[CommentState, list[str]]:
    """Return in which state the entries of a comment, oldest first, leave it, and where one does not follow upon another.

    `posted` is the state it would be in without any.
    """
    state: CommentState | None = None
    wrong = []
    for entry in entries:
        if state is not None and entry.from_state is not state:
            wrong.append(f"entry {entry.id} begins where the one before did not end")
        if entry.act in ASIDE and entry.from_state is not entry.to_state:
            wrong.append(f"entry {entry.id} changes what it must not")
        state = entry.to_state
    return state or posted, wrong


def _differences(rows: Sequence[Row[int, CommentState]]) -> list[Difference]:
    ids = [row.id for row in rows]
    entries, live, lost = _entries(ids), _live(ids), _lost_reports(ids)
    found = []
    for row in rows:
        state, wrong = state_after(entries[row.id], posted=CommentState.PUBLISHED)
        if row.state is not state:
            wrong.append(f"it is {row.state.value}, and its entries say {state.value}")
        wanted = int(row.state in RESTRICTED)
        if live[row.id] != wanted:
            wrong.append(f"it has {live[row.id]} statements of reasons in force, and should have {wanted}")
        if lost[row.id]:
            wrong.append(f"{lost[row.id]} of its reports were settled by a decision about another comment")
        found += [Difference(row.id, what) for what in wrong]
    return found


def _comments(after: int) -> list[Row[int, CommentState]]:
    found = select(Comment.id, Comment.state).where(Comment.id > after)
    return list(db.session.execute(found.order_by(Comment.id).limit(BATCH)))


def _entries(ids: list[int]) -> defaultdict[int, list[Row[Any]]]:
    columns = (getattr(ModerationEntry, name) for name in ("id", "comment_id", "act", "from_state", "to_state"))
    about = select(*columns).where(ModerationEntry.comment_id.in_(ids)).order_by(ModerationEntry.id)
    found: defaultdict[int, list[Row[Any]]] = defaultdict(list)
    for row in db.session.execute(about):
        found[row.comment_id].append(row)
    return found


def _live(ids: list[int]) -> defaultdict[int, int]:
    live = StatementOfReasons.comment_id.in_(ids) & StatementOfReasons.withdrawn_at.is_(None)
    counted = select(StatementOfReasons.comment_id, func.count()).where(live).group_by(StatementOfReasons.comment_id)
    return defaultdict(int, {comment_id: count for comment_id, count in db.session.execute(counted) if comment_id})


def _lost_reports(ids: list[int]) -> defaultdict[int, int]:
    settled = select(Report.comment_id, func.count()).join(ModerationEntry, ModerationEntry.id == Report.settled_by_id)
    lost = settled.where(Report.comment_id.in_(ids), ModerationEntry.comment_id != Report.comment_id)
    return defaultdict(int, {row[0]: row[1] for row in db.session.execute(lost.group_by(Report.comment_id))})
