"""Ledgers of questions as they could have come about, written row by row: the domain takes forecasts only as time passes."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import select

from domain import articles, boardkeeping, scorekeeping
from extensions import db
from models import (
    Camp,
    Forecast,
    ForecastProbability,
    ForecastScore,
    MethodScore,
    OpinionVote,
    OpinionVoteEvent,
    Prediction,
    Reader,
    Resolution,
    ResolutionAct,
    VoteAct,
)
from tests import factories

HOUR = timedelta(hours=1)


def question(
    now: datetime, *, hours: float = 10, ago: float = 20, headline: str = "A bridge", section: str = "City"
) -> Prediction:
    """Return a prediction of three outcomes that was open for some hours, beginning `ago` hours before now."""
    draft = factories.draft(now, headline)
    article = articles.create(draft, now=now)
    article.section = section
    articles.open_to_readers(article, now=now)
    poll, prediction = factories.asked(article)
    for one in (poll, prediction):
        one.opened_at = now - ago * HOUR
        one.closes_at = one.closed_at = one.opened_at + hours * HOUR
    db.session.flush()
    return prediction


def at(prediction: Prediction, hours: float) -> datetime:
    """Return the instant so many hours after the opening."""
    assert prediction.opened_at is not None
    return prediction.opened_at + hours * HOUR


def say(
    prediction: Prediction, reader: Reader, hours: float, chances: Sequence[float] = (), *, pick: int = 0, until: float = -1
) -> Forecast:
    """Add a forecast made some hours after the opening; it ends what the reader said before, and itself at `until`."""
    made_at = at(prediction, hours)
    mine = (Forecast.prediction_id == prediction.id) & (Forecast.reader_id == reader.id) & Forecast.superseded_at.is_(None)
    for earlier in db.session.scalars(select(Forecast).where(mine)):
        earlier.superseded_at = made_at
    db.session.flush()
    places = {outcome.id: chance for outcome, chance in zip(prediction.outcomes, chances, strict=False)}
    row = Forecast(
        prediction_id=prediction.id,
        reader_id=reader.id,
        outcome_id=prediction.outcomes[pick].id,
        tier=reader.tier,
        gives_chances=bool(chances),
        made_at=made_at,
        superseded_at=at(prediction, until) if until >= 0 else None,
        probabilities=[
            ForecastProbability(outcome_id=key, prediction_id=prediction.id, probability=chance)
            for key, chance in places.items()
        ],
    )
    db.session.add(row)
    db.session.flush()
    return row


def take(prediction: Prediction, reader: Reader, camp: Camp, hours: float = 0) -> None:
    """Let a reader have voted for the first choice of a camp, some hours after the opening."""
    poll = prediction.article.poll
    assert poll is not None
    choice = next(choice for choice in poll.choices if choice.camp is camp)
    said = {"poll_id": poll.id, "reader_id": reader.id, "choice_id": choice.id, "ballot": "", "tier": reader.tier}
    db.session.add(OpinionVote(**said, cast_at=at(prediction, hours)))
    db.session.add(OpinionVoteEvent(**said, act=VoteAct.CAST, happened_at=at(prediction, hours)))
    db.session.flush()


def end(
    prediction: Prediction,
    *,
    outcome: int = 0,
    act: ResolutionAct = ResolutionAct.FINAL,
    known: float | None = None,
    said: datetime | None = None,
) -> Resolution:
    """Say how it ended; it became known some hours after the opening, or at the close."""
    known_at = prediction.closes_at if known is None else at(prediction, known)
    has_outcome = act in {ResolutionAct.PROVISIONAL, ResolutionAct.FINAL}
    prediction.resolution_count += 1
    row = Resolution(
        prediction_id=prediction.id,
        number=prediction.resolution_count,
        act=act,
        outcome_id=prediction.outcomes[outcome].id if has_outcome else None,
        source_url="https://example.org/minutes" if has_outcome else "",
        happened_at=known_at if has_outcome else None,
        known_at=known_at if has_outcome else None,
        editor_id=None if act is ResolutionAct.FINAL else factories.account().id,
        resolved_at=said or max(known_at, prediction.closes_at),
    )
    prediction.resolutions.append(row)
    prediction.score_due_at = row.resolved_at
    db.session.flush()
    return row


def scored(prediction: Prediction) -> dict[int, ForecastScore]:
    """Work the scores out and return what is kept, by reader."""
    scorekeeping.score(prediction, now=prediction.closes_at)
    return kept(prediction)


def kept(prediction: Prediction) -> dict[int, ForecastScore]:
    """Return the scores that are kept, by reader."""
    db.session.expire_all()
    found = select(ForecastScore).where(ForecastScore.prediction_id == prediction.id)
    return {row.reader_id: row for row in db.session.scalars(found)}


def methods_of(prediction: Prediction) -> dict[str, MethodScore]:
    """Return the methods' scores that are kept."""
    db.session.expire_all()
    found = select(MethodScore).where(MethodScore.prediction_id == prediction.id)
    return {row.method: row for row in db.session.scalars(found)}


def records(
    now: datetime, reader: Reader, rivals: Sequence[Reader], questions: int, *, chance: float = 0.8
) -> list[Prediction]:
    """Let a reader, and rivals of even minds, have forecast so many questions that are final and scored."""
    made = []
    for number in range(questions):
        prediction = question(now, headline=f"Question {number} of {reader.id}")
        rest = (1 - chance) / 2
        say(prediction, reader, 0, (chance, rest, rest))
        for rival in rivals:
            say(prediction, rival, 0, (1 / 3, 1 / 3, 1 / 3), pick=1)
        end(prediction)
        scorekeeping.score(prediction, now=now)
        made.append(prediction)
    boardkeeping.renew(now=now)
    return made
