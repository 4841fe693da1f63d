"""Takes and the crowd forecast over time: points kept at the moments of `domain.grid`, read as a few rows.

A point is a pure function of the ledgers, so it never changes once its moment is past. It is kept only where it says something
else than the one before it; the last is the question's close. `rebuilt` tells them all again, which proves those that are kept.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import case, delete, exists, func, select

from domain import articles, crowd, grid, pastcrowds, pasttakes, visibility
from domain.upserts import insert_new
from extensions import db
from models import CrowdPoint, OpinionPoll, Prediction, TallyPoint, Tier

SETTLED = timedelta(minutes=1)  # an act that began before a moment is in the ledger by then: no request lives as long

Asked = OpinionPoll | Prediction
Point = tuple[datetime, dict[str, Any]]  # a moment, and the columns that are kept of it


@dataclass(frozen=True, kw_only=True)
class TakesThen:
    """How a poll stood at a moment, among the tiers asked for. `total` are the voters."""

    at: datetime
    votes: Mapping[int, int]
    total: int


@dataclass(frozen=True, kw_only=True)
class CrowdThen:
    """What the crowd said at a moment: of each outcome the chance, and the two ends of the band around it."""

    at: datetime
    forecasts: int
    chances: Mapping[int, tuple[float, float, float]]


def takes_of(poll: OpinionPoll, tiers: Sequence[Tier]) -> list[TakesThen]:
    """Return how the poll stood over time, the earliest first."""
    names = {tier.value for tier in tiers}
    found = select(TallyPoint.at, TallyPoint.counts).where(TallyPoint.poll_id == poll.id).order_by(TallyPoint.at)
    return [_takes_then(at, counts, names) for at, counts in db.session.execute(found)]


def crowd_of(prediction: Prediction) -> list[CrowdThen]:
    """Return what the crowd said over time, the earliest first, from when on there were enough forecasts to show it."""
    found = select(CrowdPoint.at, CrowdPoint.forecasts, CrowdPoint.chances).where(CrowdPoint.prediction_id == prediction.id)
    rows = db.session.execute(found.where(CrowdPoint.forecasts >= crowd.EARLY).order_by(CrowdPoint.at))
    return [
        CrowdThen(
            at=at, forecasts=forecasts, chances={outcome_id: (chance, low, high) for outcome_id, chance, low, high in all_}
        )
        for at, forecasts, all_ in rows
    ]


def due(now: datetime) -> list[Asked]:
    """Return the questions of which a moment is over that has not been looked at: few columns of few rows tell."""
    return [
        *_due(OpinionPoll, TallyPoint, TallyPoint.poll_id, now),
        *_due(Prediction, CrowdPoint, CrowdPoint.prediction_id, now),
    ]


def extend(question: Asked, *, now: datetime) -> None:
    """Add the points that are missing, reading only what happened since the last. The caller commits.

    Two who do it at once write the same. Where the closing time was changed, the moments are others: then all are made anew.
    """
    table, moments = _table(question), moments_of(question, now)
    kept = db.session.scalars(select(table.at).where(_owner(question)).order_by(table.at)).all()
    if not set(kept) <= set(moments):
        articles.hold(question.article)  # before the points, the order in which everybody locks them
        db.session.execute(delete(table).where(_owner(question)))
        kept, moments = [], moments_of(question, now)
        visibility.touch(question.article_id)  # the page of a stranger is told apart by this and by the newest point
    fresh = [at for at in moments if not kept or at > kept[-1]]
    if fresh and (not kept or fresh[-1] == _end(question) or _has_moved(question, kept[-1], fresh[-1])):
        for at, columns in _told(question, fresh, kept_of(question, since=kept[-1])[0] if kept else None):
            insert_new(table, **_key(question), at=at, **columns)
    db.session.flush()


def rebuilt(question: Asked, *, now: datetime) -> list[Point]:
    """Return every point there should be, told from the ledger alone."""
    moments = moments_of(question, now)
    return list(_told(question, moments, None)) if moments else []


def kept_of(question: Asked, *, since: datetime | None = None) -> list[Point]:
    """Return every point that is kept, or those from a moment on, the earliest first."""
    table = _table(question)
    found = select(table.__table__).where(_owner(question)).order_by(table.at)
    rows = db.session.execute(found if since is None else found.where(table.at >= since))
    names = ("counts",) if table is TallyPoint else ("forecasts", "chances")
    return [(row.at, {name: getattr(row, name) for name in names}) for row in rows]


def moments_of(question: Asked, now: datetime) -> list[datetime]:
    """Return the moments of a question that are settled, its close as the last once it has closed."""
    if question.opened_at is None:
        return []
    end, settled = _end(question), now - SETTLED
    found = list(grid.moments(question.opened_at, question.closes_at, min(end, settled)))
    return [*found, end] if end <= settled and end not in found else found


def _told(question: Asked, moments: Sequence[datetime], last: Point | None) -> Iterator[Point]:
    """Yield the points that say something else than the one before, and the close."""
    told = _takes_told(question, moments, last) if isinstance(question, OpinionPoll) else _crowd_told(question, moments)
    before = last[1] if last else _nothing(question)
    end = _end(question)
    for at, columns in told:
        if columns != before or at == end:
            yield at, columns
        before = columns


def _takes_told(poll: OpinionPoll, moments: Sequence[datetime], last: Point | None) -> Iterator[Point]:
    since, start = (last[0], {(choice_id, tier): votes for choice_id, tier, votes in last[1]["counts"]}) if last else (None, {})
    for at, counts in pasttakes.counts_at(poll, moments, since=since, start=start):
        yield at, {"counts": [[choice_id, tier, votes] for (choice_id, tier), votes in sorted(counts.items())]}


def _crowd_told(prediction: Prediction, moments: Sequence[datetime]) -> Iterator[Point]:
    for at, then in pastcrowds.crowd_at(prediction, moments):
        yield at, {"forecasts": then.forecasts, "chances": [list(figures) for figures in then.chances]}


def _nothing(question: Asked) -> dict[str, Any]:
    return {"counts": []} if isinstance(question, OpinionPoll) else {"forecasts": 0, "chances": []}


def _has_moved(question: Asked, after: datetime, until: datetime) -> bool:
    if isinstance(question, OpinionPoll):
        return pasttakes.has_moved(question, after, until)
    return pastcrowds.has_moved(question, after, until)


def _due(questions: type[Asked], points: Any, owner: Any, now: datetime) -> list[Asked]:
    end = case((questions.closed_at < questions.closes_at, questions.closed_at), else_=questions.closes_at)
    is_done = exists().where(owner == questions.id, points.at == end)
    newest = select(func.max(points.at)).where(owner == questions.id).scalar_subquery()
    found = select(questions, newest).where(questions.opened_at <= now - SETTLED, ~is_done).order_by(questions.id)
    return [question for question, last in db.session.execute(found) if _is_due(question, last, now)]


def _is_due(question: Asked, last: datetime | None, now: datetime) -> bool:
    if last is None or question.opened_at is None:
        return True
    settled, end = now - SETTLED, _end(question)
    return end <= settled or last + grid.step_of(question.opened_at, question.closes_at) <= settled


def _end(question: Asked) -> datetime:
    """Return when the question closed, or is to close."""
    return min(question.closes_at, question.closed_at or question.closes_at)


def _table(question: Asked) -> type[TallyPoint | CrowdPoint]:
    return TallyPoint if isinstance(question, OpinionPoll) else CrowdPoint


def _key(question: Asked) -> dict[str, int]:
    return {"poll_id" if isinstance(question, OpinionPoll) else "prediction_id": question.id}


def _owner(question: Asked) -> Any:
    return TallyPoint.poll_id == question.id if isinstance(question, OpinionPoll) else CrowdPoint.prediction_id == question.id


def _takes_then(at: datetime, counts: Sequence[tuple[int, str, int]], names: set[str]) -> TakesThen:
    votes: dict[int, int] = {}
    for choice_id, tier, count in counts:
        if tier in names:
            votes[choice_id] = votes.get(choice_id, 0) + count
    voters = votes.pop(pasttakes.VOTERS, None)
    return TakesThen(at=at, votes=votes, total=sum(votes.values()) if voters is None else voters)
