"""The one submit of the article page: take, prediction and comment together, or any of them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select

from domain import comments, opinions, predictions, turns
from domain.counting import Cell, counted_choices, cross_cell, forecast_cell, move, vote_cells
from domain.errors import N_, Invalid
from domain.restraints import Deed
from extensions import db
from models import Article, Comment, Forecast, OpinionChoice, OpinionVote, Outcome, Participation, Reader, VoteAct


@dataclass(frozen=True, kw_only=True)
class Answer:
    """What a reader sends from the card. Each act may be missing, not all of them."""

    choices: Sequence[OpinionChoice] = ()  # in order of preference where the poll is ranked
    outcome: Outcome | None = None
    probabilities: Mapping[int, float] | None = None
    reason: str = ""
    shows_standing: bool = True


@dataclass(frozen=True)
class Standing:
    """What a reader currently holds on an article."""

    vote: OpinionVote | None = None
    forecast: Forecast | None = None

    @property
    def has_voted(self) -> bool:
        """Whether there is a take."""
        return self.vote is not None

    @property
    def has_predicted(self) -> bool:
        """Whether there is a forecast."""
        return self.forecast is not None


def standing_of(article: Article, reader: Reader | None) -> Standing:
    """Return what the reader holds on the article; nothing for somebody who never took part."""
    if reader is None:
        return Standing()
    return Standing(opinions.vote_of(article.poll, reader), predictions.forecast_of(article.prediction, reader))


def submit(article: Article, answer: Answer, *, by: Reader, now: datetime) -> Comment | None:
    """Do everything the answer asks, or nothing; return the comment if there was a reason. The caller commits.

    Raises what `opinions.vote`, `predictions.forecast` and `comments.post` raise, and `Invalid` for an empty answer.
    """
    if not answer.choices and answer.outcome is None and not answer.reason.strip():
        raise Invalid(N_("Choose an answer, predict an outcome or write a reason, then send."))
    deed = Deed.ANSWER if answer.choices or answer.outcome is not None else Deed.WRITE
    with counted(article, by, now, to=deed):
        if answer.choices and article.poll is not None:
            opinions.vote(article.poll, answer.choices, by=by, now=now)
        if answer.outcome is not None and article.prediction is not None:
            predictions.forecast(article.prediction, answer.outcome, answer.probabilities, by=by, now=now)
    if not answer.reason.strip():
        return None
    standing = standing_of(article, by) if answer.shows_standing else Standing()
    return comments.post(article, answer.reason, by=by, now=now, standing=(standing.vote, standing.forecast))


def withdraw_take(article: Article, *, by: Reader, now: datetime) -> None:
    """Take the reader's vote back. The caller commits. Raises what `opinions.withdraw` does."""
    with counted(article, by, now, to=Deed.TAKE_BACK):
        if article.poll is not None:
            opinions.withdraw(article.poll, by=by, now=now)


def withdraw_forecast(article: Article, *, by: Reader, now: datetime) -> None:
    """End the reader's forecast; it stays in their history. The caller commits. Raises what `predictions.withdraw` does."""
    with counted(article, by, now, to=Deed.TAKE_BACK):
        if article.prediction is not None:
            predictions.withdraw(article.prediction, by=by, now=now)


@contextmanager
def counted(
    article: Article, reader: Reader, now: datetime, *, to: Deed, together_with: Reader | None = None
) -> Iterator[None]:
    """Hold the reader's turn, and move every counter by what changed of their standing inside the block.

    `together_with` is a second reader whose standing changes with theirs.
    """
    people = [reader] if together_with is None else [reader, together_with]
    for one in people:
        turns.take(article.id, one, now, to=to)
    before = [_cells(article, standing_of(article, one)) for one in people]
    yield
    db.session.flush()
    after = [_cells(article, standing_of(article, one)) for one in people]
    move(zip((one.id for one in people), before, after, strict=True))


def retier(reader: Reader, now: datetime) -> None:
    """Count everything the reader holds in the tier they have now: a guest registered, an account confirmed its address."""
    db.session.flush()
    mine = select(Article).join(Participation).where(Participation.reader_id == reader.id).order_by(Article.id)
    for article in db.session.scalars(mine):
        with counted(article, reader, now, to=Deed.SETTLE):
            standing = standing_of(article, reader)
            if standing.vote is not None and standing.vote.tier is not reader.tier:
                standing.vote.tier = reader.tier
                opinions.record(standing.vote, VoteAct.MOVED, now)
            if standing.forecast is not None:
                standing.forecast.tier = reader.tier


def _cells(article: Article, standing: Standing) -> list[Cell]:
    vote, forecast = standing.vote, standing.forecast
    cells = []
    if vote is not None and article.poll is not None:
        cells += vote_cells(article.poll, vote)
    if forecast is not None:
        cells.append(forecast_cell(forecast.prediction_id, forecast.outcome_id, forecast.tier))
    if vote is not None and forecast is not None and article.poll is not None:
        given = counted_choices(article.poll, vote)
        cells += [cross_cell(article.id, choice_id, forecast.outcome_id) for choice_id in given]
    return cells
