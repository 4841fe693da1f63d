"""Counting everything anew, to compare with the counters."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from typing import Any

from sqlalchemy import func, select

from extensions import db
from models import (
    CrossTally,
    Forecast,
    OpinionPoll,
    OpinionTally,
    OpinionVote,
    OpinionVoteEvent,
    OutcomeTally,
    Prediction,
    VoteAct,
)


def assert_counters_equal_a_recount() -> None:
    """Assert that every tally is what the votes, the ledger and the forecasts say."""
    db.session.flush()
    votes = Counter(_rows(select(OpinionVote.poll_id, OpinionVote.choice_id, OpinionVote.tier)))
    assert _counters(OpinionTally.poll_id, OpinionTally.choice_id, OpinionTally.tier, OpinionTally.votes) == votes
    assert _ledger() == votes
    current = Forecast.superseded_at.is_(None)
    forecasts = Counter(_rows(select(Forecast.prediction_id, Forecast.outcome_id, Forecast.tier).where(current)))
    counted = _counters(OutcomeTally.prediction_id, OutcomeTally.outcome_id, OutcomeTally.tier, OutcomeTally.forecasts)
    assert counted == forecasts
    both = (
        select(OpinionPoll.article_id, OpinionVote.choice_id, Forecast.outcome_id)
        .join(OpinionPoll, OpinionPoll.id == OpinionVote.poll_id)
        .join(Prediction, Prediction.article_id == OpinionPoll.article_id)
        .join(Forecast, (Forecast.prediction_id == Prediction.id) & (Forecast.reader_id == OpinionVote.reader_id))
    )
    crossed = _counters(CrossTally.article_id, CrossTally.choice_id, CrossTally.outcome_id, CrossTally.readers)
    assert crossed == Counter(_rows(both.where(current)))


def _rows(statement: Any) -> Iterable[tuple[Any, ...]]:
    return [tuple(row) for row in db.session.execute(statement)]


def _counters(*columns: Any) -> Counter[tuple[Any, ...]]:
    *key, count = columns
    rows = _rows(select(*key, func.sum(count)).group_by(*key))
    return +Counter({row[:-1]: int(row[-1]) for row in rows})


def _ledger() -> Counter[tuple[Any, ...]]:
    last: dict[tuple[int, int], OpinionVoteEvent] = {}
    for event in db.session.scalars(select(OpinionVoteEvent).order_by(OpinionVoteEvent.id)):
        last[event.poll_id, event.reader_id] = event
    standing = [event for event in last.values() if event.act is not VoteAct.WITHDRAWN]
    return Counter((event.poll_id, event.choice_id, event.tier) for event in standing)
