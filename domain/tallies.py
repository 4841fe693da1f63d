"""Results as readers see them: counts by tier, shares, the crowd forecast and the cross-tab. Reads counters, never votes."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from itertools import accumulate
from typing import Any

from sqlalchemy import func, select

from domain import crowd, crowds, ranking, runoff
from domain.runoff import Round
from extensions import db
from models import (
    Article,
    BallotTally,
    Camp,
    CrossTally,
    OpinionPoll,
    OpinionTally,
    OutcomeTally,
    PollKind,
    Prediction,
    Question,
    ResultsVisibility,
    Tier,
)

ENOUGH_SIGNED_UP = 100  # from here the headline counts registered readers alone

COUNTED = (Tier.VERIFIED, Tier.REGISTERED, Tier.GUEST)
SIGNED_UP = (Tier.VERIFIED, Tier.REGISTERED)


@dataclass(frozen=True, kw_only=True)
class Share:
    """One answer's part of a tally. `share` is from 0 to 1; `camp` is set for takes, `crowd` for outcomes."""

    id: int
    label: str
    count: int
    share: float
    by_tier: Mapping[Tier, int]
    camp: Camp | None = None
    crowd: float | None = None


@dataclass(frozen=True, kw_only=True)
class Tally:
    """A question's count. The headline is over `tiers`; `by_tier` has the total of every tier, set aside included."""

    shares: tuple[Share, ...]
    total: int
    tiers: tuple[Tier, ...]
    by_tier: Mapping[Tier, int]
    forecasts_in_crowd: int = 0
    rounds: tuple[Round, ...] = ()  # of the instant run-off, where the poll is ranked

    @property
    def counts_guests(self) -> bool:
        """Whether the headline includes guests."""
        return Tier.GUEST in self.tiers

    @property
    def crowd_is_early(self) -> bool:
        """Whether the crowd forecast rests on few forecasts."""
        return self.forecasts_in_crowd < crowd.CROWD

    @property
    def has_crowd(self) -> bool:
        """Whether there are enough forecasts for a crowd forecast."""
        return self.forecasts_in_crowd >= crowd.EARLY

    @property
    def middle(self) -> Share | None:
        """Return the first answer of an order up to which half of the voters are; none without voters."""
        reached = accumulate(share.count for share in self.shares)
        pairs = zip(self.shares, reached, strict=True)
        return next((share for share, so_far in pairs if 0 < self.total <= 2 * so_far), None)


@dataclass(frozen=True, kw_only=True)
class CrossRow:
    """One choice's predictions: a share of `total` for each outcome, in their order."""

    id: int
    label: str
    camp: Camp
    total: int
    counts: tuple[int, ...]

    @property
    def shares(self) -> tuple[float, ...]:
        """Return the part of this camp that expects each outcome."""
        return tuple(count / self.total if self.total else 0.0 for count in self.counts)

    @property
    def intervals(self) -> tuple[tuple[float, float], ...]:
        """Return how far each share can be trusted, so few being asked: Wilson's 80 % interval."""
        return tuple(ranking.wilson_interval(count, self.total) for count in self.counts)


def may_be_seen(question: Question, *, has_answered: bool, now: datetime) -> bool:
    """Whether a question's results may be shown to a reader who has, or has not, answered it."""
    if question.is_closed(now) or question.visibility is ResultsVisibility.ALWAYS:
        return question.opened_at is not None
    return question.visibility is ResultsVisibility.AFTER_VOTING and has_answered


@dataclass(frozen=True, kw_only=True)
class Seen:
    """Which of an article's results a reader may see; also what the comments may tell of takes and predictions."""

    takes: bool
    outcomes: bool


NOTHING = Seen(takes=False, outcomes=False)


def seen_by(article: Article, *, has_voted: bool, has_predicted: bool, now: datetime) -> Seen:
    """Return which results are open to a reader who has, or has not, voted and predicted; none where a law hides them."""
    if article.hides_counts:
        return NOTHING
    return open_results(article.poll, article.prediction, has_voted=has_voted, has_predicted=has_predicted, now=now)


def open_results(
    poll: OpinionPoll | None, prediction: Prediction | None, *, has_voted: bool, has_predicted: bool, now: datetime
) -> Seen:
    """Return what `seen_by` does, from the questions of an article whose counts no law hides."""
    return Seen(
        takes=poll is not None and may_be_seen(poll, has_answered=has_voted, now=now),
        outcomes=prediction is not None and may_be_seen(prediction, has_answered=has_predicted, now=now),
    )


def takes(poll: OpinionPoll) -> Tally:
    """Return the tally of a poll: its voters, and of each choice those who gave it; of a ranked poll, those who put it first."""
    rows = db.session.execute(
        select(OpinionTally.choice_id, OpinionTally.tier, func.sum(OpinionTally.votes))
        .where(OpinionTally.poll_id == poll.id)
        .group_by(OpinionTally.choice_id, OpinionTally.tier)
    )
    counts = {(choice_id, tier): int(votes) for choice_id, tier, votes in rows}
    answers = [(choice.id, choice.label, choice.camp, None) for choice in poll.choices]
    if not poll.takes_several:
        return _tally(answers, counts, _voters(counts))
    ballots = _ballots(poll)
    tally = _tally(answers, counts, _voters(ballots))
    return replace(tally, rounds=_rounds(poll, tally.tiers, ballots)) if poll.kind is PollKind.RANKED else tally


def outcomes(prediction: Prediction) -> Tally:
    """Return the tally of a prediction: who picked what, and the crowd forecast once there are enough forecasts."""
    rows = db.session.execute(
        select(OutcomeTally.outcome_id, OutcomeTally.tier, func.sum(OutcomeTally.forecasts))
        .where(OutcomeTally.prediction_id == prediction.id)
        .group_by(OutcomeTally.outcome_id, OutcomeTally.tier)
    )
    counts = {(outcome_id, tier): int(forecasts) for outcome_id, tier, forecasts in rows}
    together = crowds.crowd_of(prediction)
    chances = together.chances or {}
    answers = [(outcome.id, outcome.label, None, chances.get(outcome.id)) for outcome in prediction.outcomes]
    return _tally(answers, counts, _voters(counts), forecasts_in_crowd=together.forecasts)


def cross_tab(article: Article) -> tuple[CrossRow, ...]:
    """Return how each camp's predictions are spread, over readers who gave both; empty without a poll or a prediction."""
    if article.poll is None or article.prediction is None:
        return ()
    rows = db.session.execute(
        select(CrossTally.choice_id, CrossTally.outcome_id, func.sum(CrossTally.readers))
        .where(CrossTally.article_id == article.id)
        .group_by(CrossTally.choice_id, CrossTally.outcome_id)
    )
    readers = {(choice_id, outcome_id): int(count) for choice_id, outcome_id, count in rows}
    table = []
    for choice in article.poll.choices:
        counts = tuple(readers.get((choice.id, outcome.id), 0) for outcome in article.prediction.outcomes)
        table.append(CrossRow(id=choice.id, label=choice.label, camp=choice.camp, total=sum(counts), counts=counts))
    return tuple(table)


def _tally(
    answers: Sequence[tuple[int, str, Camp | None, float | None]],
    counts: Mapping[tuple[int, Tier], int],
    by_tier: Mapping[Tier, int],
    forecasts_in_crowd: int = 0,
) -> Tally:
    enough = sum(by_tier[tier] for tier in SIGNED_UP) >= ENOUGH_SIGNED_UP
    tiers = SIGNED_UP if enough else COUNTED
    total = sum(by_tier[tier] for tier in tiers)
    shares = []
    for answer_id, label, camp, chance in answers:
        mine = {tier: counts.get((answer_id, tier), 0) for tier in Tier}
        count = sum(mine[tier] for tier in tiers)
        share = count / total if total else 0.0
        shares.append(Share(id=answer_id, label=label, camp=camp, crowd=chance, count=count, share=share, by_tier=mine))
    return Tally(shares=tuple(shares), total=total, tiers=tiers, by_tier=by_tier, forecasts_in_crowd=forecasts_in_crowd)


def _voters(counts: Mapping[tuple[Any, Tier], int]) -> dict[Tier, int]:
    return {tier: sum(count for (_, counted), count in counts.items() if counted is tier) for tier in Tier}


def _ballots(poll: OpinionPoll) -> dict[tuple[str, Tier], int]:
    rows = db.session.execute(
        select(BallotTally.ballot, BallotTally.tier, func.sum(BallotTally.votes))
        .where(BallotTally.poll_id == poll.id)
        .group_by(BallotTally.ballot, BallotTally.tier)
    )
    return {(ballot, tier): int(votes) for ballot, tier, votes in rows}


def _rounds(poll: OpinionPoll, tiers: Sequence[Tier], ballots: Mapping[tuple[str, Tier], int]) -> tuple[Round, ...]:
    """Return the rounds of the instant run-off among the voters of the headline."""
    counted: Counter[tuple[int, ...]] = Counter()
    for (ballot, tier), votes in ballots.items():
        if tier in tiers and votes:
            counted[tuple(int(part) for part in ballot.split())] += votes
    return runoff.rounds(counted, [choice.id for choice in poll.choices])
