"""Questions with a past: readers who did things at chosen times, and the same told again in the plainest way."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import select

from domain import crowd, participation
from domain.participation import Answer
from extensions import db
from models import Article, Forecast, OpinionPoll, OpinionVoteEvent, PollKind, Prediction, PredictionKind, Reader, VoteAct
from tests import factories


def opened(now: datetime, ago: timedelta, kind: PollKind = PollKind.SINGLE) -> Article:
    """Return an article whose questions have been open for some time."""
    spans = PredictionKind.OUTCOMES
    article = factories.open_article_with(now, poll=factories.poll(now, kind), prediction=factories.prediction(now, spans))
    article.opened_at = now - ago
    for question in factories.asked(article):
        question.opened_at = now - ago
    db.session.flush()
    return article


def takes(article: Article, by: Reader, at: datetime, *choices: int) -> None:
    """Let a reader give a take at a moment."""
    poll, _ = factories.asked(article)
    participation.submit(article, Answer(choices=[poll.choices[place] for place in choices]), by=by, now=at)


def predicts(article: Article, by: Reader, at: datetime, *chances: float) -> None:
    """Let a reader give chances at a moment, and pick the likeliest."""
    _, prediction = factories.asked(article)
    given = {outcome.id: chance for outcome, chance in zip(prediction.outcomes, chances, strict=True)}
    picked = max(prediction.outcomes, key=lambda outcome: given[outcome.id])
    participation.submit(article, Answer(outcome=picked, probabilities=given), by=by, now=at)


def crowd_predicts(article: Article, at: datetime, count: int) -> None:
    """Let some guests give chances, one a second from a minute later on."""
    for place in range(count):
        first = (place % 89 + 5) / 100
        predicts(
            article, factories.guest(), at + timedelta(seconds=60 + place), first, 0.9 - first if first < 0.9 else 0.0, 0.1
        )


def anything(article: Article, readers: Sequence[Reader], at: datetime, chance: random.Random) -> None:
    """Let one reader do something or other."""
    poll, prediction = factories.asked(article)
    reader, deed = chance.choice(readers), chance.random()
    if deed < 0.1:
        participation.withdraw_take(article, by=reader, now=at)
    elif deed < 0.2:
        participation.withdraw_forecast(article, by=reader, now=at)
    elif deed < 0.6:
        several = poll.kind in {PollKind.APPROVAL, PollKind.RANKED}
        takes(article, reader, at, *chance.sample(range(len(poll.choices)), chance.randint(1, 3) if several else 1))
    else:
        weights = [chance.randint(0, 100) + 0.5 for _ in prediction.outcomes]
        predicts(article, reader, at, *(weight / sum(weights) for weight in weights))


def votes_at(poll: OpinionPoll, at: datetime) -> Counter[tuple[int, str]]:
    """Return how a poll stood, the ledger read in order up to a moment; nought stands for the voters of an approval poll."""
    last: dict[int, OpinionVoteEvent] = {}
    found = select(OpinionVoteEvent).where(OpinionVoteEvent.poll_id == poll.id, OpinionVoteEvent.happened_at <= at)
    for event in db.session.scalars(found.order_by(OpinionVoteEvent.id)):
        last[event.reader_id] = event
    counted: Counter[tuple[int, str]] = Counter()
    for event in (one for one in last.values() if one.act is not VoteAct.WITHDRAWN):
        given = (0, *event.choice_ids) if poll.kind is PollKind.APPROVAL else (event.choice_id,)
        counted.update((choice_id, event.tier.value) for choice_id in given)
    return counted


def chances_at(prediction: Prediction, at: datetime) -> list[float]:
    """Return the crowd forecast of all that stood at a moment, straight from its definition; nothing without any."""
    found = select(Forecast).where(Forecast.prediction_id == prediction.id, Forecast.gives_chances, Forecast.made_at <= at)
    stood = [one for one in db.session.scalars(found.order_by(Forecast.made_at, Forecast.id)) if _stands(one, at)]
    there = [(one.id, one.split_from_id) for one in sorted(prediction.outcomes, key=lambda one: one.id) if _is_there(one, at)]
    rows = [crowd.completed({one.outcome_id: one.probability for one in forecast.probabilities}, there) for forecast in stood]
    return crowd.crowd_forecast(rows) if rows else []


def _stands(forecast: Forecast, at: datetime) -> bool:
    return forecast.superseded_at is None or forecast.superseded_at > at


def _is_there(outcome: object, at: datetime) -> bool:
    added = getattr(outcome, "added_at", None)
    return added is None or added <= at
