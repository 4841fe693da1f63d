"""Votes and forecasts counted again, each kind in one statement beside its counters; and votes beside their ledger. Reads only."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Integer, Select, String, and_, cast, func, literal, null, or_, select, union_all

from extensions import db
from models import (
    BallotTally,
    CrossTally,
    Forecast,
    OpinionChoice,
    OpinionPoll,
    OpinionTally,
    OpinionVote,
    OpinionVoteEvent,
    OutcomeTally,
    PollKind,
    Prediction,
    VoteAct,
)

AT_ONCE = 1_000  # rows in memory at once: there are none unless something is wrong


@dataclass(frozen=True)
class Recount:
    """A counter, all its slots together, that is not what a recount says."""

    what: str
    stored: int
    counted: int


def takes(poll: OpinionPoll) -> Iterator[Recount]:
    """Yield the choices and tiers of which other votes are counted than there are."""
    stored = select(OpinionTally.choice_id, OpinionTally.tier, OpinionTally.votes).where(OpinionTally.poll_id == poll.id)
    given = select(OpinionChoice.id, OpinionVote.tier, func.count()).join(OpinionVote, _is_given(poll))
    given = given.where(OpinionChoice.poll_id == poll.id).group_by(OpinionChoice.id, OpinionVote.tier)
    for choice_id, tier, was, is_now in _differing(stored, given):
        yield Recount(f"opinion_tally of poll {poll.id}, choice {choice_id}, {tier.value}", was, is_now)


def ballots(poll: OpinionPoll) -> Iterator[Recount]:
    """Yield the ballots and tiers of which others are counted than there are."""
    stored = select(BallotTally.ballot, BallotTally.tier, BallotTally.votes).where(BallotTally.poll_id == poll.id)
    ballot = OpinionVote.ballot if poll.kind is PollKind.RANKED else literal("", String)
    cast_ = select(ballot.label("ballot"), OpinionVote.tier, func.count()).where(OpinionVote.poll_id == poll.id)
    if not poll.takes_several:
        cast_ = cast_.where(literal(1) == 0)
    grouped = (OpinionVote.ballot, OpinionVote.tier) if poll.kind is PollKind.RANKED else (OpinionVote.tier,)
    for given, tier, was, is_now in _differing(stored, cast_.group_by(*grouped)):
        of = f"ballot {given}" if given else "voters"
        yield Recount(f"ballot_tally of poll {poll.id}, {of}, {tier.value}", was, is_now)


def outcomes(prediction: Prediction) -> Iterator[Recount]:
    """Yield the outcomes and tiers of which other picks are counted than stand."""
    table = OutcomeTally
    stored = select(table.outcome_id, table.tier, table.forecasts).where(table.prediction_id == prediction.id)
    standing = (Forecast.prediction_id == prediction.id) & Forecast.superseded_at.is_(None)
    picked = select(Forecast.outcome_id, Forecast.tier, func.count()).where(standing)
    for outcome_id, tier, was, is_now in _differing(stored, picked.group_by(Forecast.outcome_id, Forecast.tier)):
        yield Recount(f"outcome_tally of prediction {prediction.id}, outcome {outcome_id}, {tier.value}", was, is_now)


def cross(prediction: Prediction) -> Iterator[Recount]:
    """Yield the pairs of take and prediction of which other readers are counted than hold them."""
    article, poll = prediction.article, prediction.article.poll
    stored = select(CrossTally.choice_id, CrossTally.outcome_id, CrossTally.readers).where(CrossTally.article_id == article.id)
    if poll is None:
        return
    standing = (Forecast.prediction_id == prediction.id) & Forecast.superseded_at.is_(None)
    both = select(OpinionChoice.id, Forecast.outcome_id, func.count()).join(OpinionVote, _is_given(poll))
    both = both.join(Forecast, standing & (Forecast.reader_id == OpinionVote.reader_id))
    both = both.where(OpinionChoice.poll_id == poll.id).group_by(OpinionChoice.id, Forecast.outcome_id)
    for choice_id, outcome_id, was, is_now in _differing(stored, both):
        yield Recount(f"cross_tally of article {article.id}, choice {choice_id}, outcome {outcome_id}", was, is_now)


def ledger(poll: OpinionPoll) -> Iterator[tuple[int, str, str]]:
    """Yield the readers whose vote is not what the last entry of theirs says, and both in words.

    Votes and entries are laid on one another, not joined: there is no index to find a reader's entries by.
    """
    vote, event = OpinionVote, OpinionVoteEvent
    last = select(func.max(event.id)).where(event.poll_id == poll.id).group_by(event.reader_id)
    held = select(vote.reader_id, *_ballot(vote), *_nothing("said")).where(vote.poll_id == poll.id)
    said = select(event.reader_id, *_nothing("held"), *_ballot(event))
    said = said.where(event.id.in_(last), event.act != VoteAct.WITHDRAWN)
    reader_id, *columns = union_all(held, said).subquery().c
    parts = [func.coalesce(func.max(column), "") for column in columns]
    differs = or_(*(left != right for left, right in zip(parts[:3], parts[3:], strict=True)))
    found = select(reader_id, *parts).group_by(reader_id).having(differs).order_by(reader_id)
    for reader, *rest in db.session.execute(found.execution_options(yield_per=AT_ONCE)):
        yield reader, _words(rest[:3]), _words(rest[3:])


def _ballot(row: type[OpinionVote | OpinionVoteEvent]) -> list[ColumnElement[str]]:
    """Return what a ballot and an entry have in common, as texts."""
    return [cast(row.choice_id, String), cast(row.ballot, String), cast(row.tier, String)]


def _nothing(name: str) -> list[ColumnElement[str]]:
    """Return three empty columns, each with a name of its own."""
    return [cast(null(), String).label(f"{name}_{place}") for place in range(3)]


def _differing(stored: Select[Any, Any, int], counted: Select[Any, Any, int]) -> Iterator[Any]:
    """Yield, of what is counted under two keys, where the sum of one and of the other differ, and both."""
    nought = literal(0, Integer)
    kept, fresh = stored.subquery(), counted.subquery()
    both = union_all(
        select(*list(kept.c)[:2], list(kept.c)[2].label("stored"), nought.label("counted")),
        select(*list(fresh.c)[:2], nought, list(fresh.c)[2]),
    ).subquery()
    first, second, was, is_now = both.c
    sums = func.sum(was), func.sum(is_now)
    found = select(first, second, *(cast(one, Integer) for one in sums)).group_by(first, second)
    found = found.having(sums[0] != sums[1]).order_by(first, second)
    yield from db.session.execute(found.execution_options(yield_per=AT_ONCE))


def _is_given(poll: OpinionPoll) -> ColumnElement[bool]:
    """Return the condition that a vote counts for a choice: of an approval poll for each of its ballot, else for its first."""
    of_poll = OpinionVote.poll_id == OpinionChoice.poll_id
    if poll.kind is not PollKind.APPROVAL:
        return of_poll & (OpinionVote.choice_id == OpinionChoice.id)
    space, number = literal(" ", String), cast(OpinionChoice.id, String)
    on_it = (space + OpinionVote.ballot + space).like(literal("% ", String) + number + literal(" %", String))
    return of_poll & or_(on_it, and_(OpinionVote.ballot == "", OpinionVote.choice_id == OpinionChoice.id))


def _words(held: Sequence[str]) -> str:
    choice_id, ballot, tier = held
    return f"{ballot or choice_id}, {tier}" if choice_id else "none"
