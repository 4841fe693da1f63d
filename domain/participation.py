"""The one submit of the article page: take, prediction and comment together, or any of them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import bindparam, select

from domain import comments, crowds, opinions, predictions, turns
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


@dataclass
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


_VOTES = (OpinionVote.reader_id == Reader.id) & (OpinionVote.poll_id == bindparam("poll"))
_CURRENT = (Forecast.reader_id == Reader.id) & Forecast.superseded_at.is_(None)
_HELD = (
    select(OpinionVote, Forecast)
    .select_from(Reader)
    .outerjoin(OpinionVote, _VOTES)
    .outerjoin(Forecast, _CURRENT & (Forecast.prediction_id == bindparam("prediction")))
    .where(Reader.id == bindparam("reader"))
    .execution_options(populate_existing=True)
)


def standing_of(article: Article, reader: Reader | None) -> Standing:
    """Return what the reader holds on the article, as the database has it now; nothing for somebody who never took part."""
    if reader is None:
        return Standing()
    asked = {
        "reader": reader.id,
        "poll": article.poll and article.poll.id,
        "prediction": article.prediction and article.prediction.id,
    }
    return Standing(*db.session.execute(_HELD, asked).one())


def submit(article: Article, answer: Answer, *, by: Reader, now: datetime) -> Comment | None:
    """Do everything the answer asks, or nothing; return the comment if there was a reason. The caller commits.

    Raises what `opinions.vote`, `predictions.forecast` and `comments.post` raise, and `Invalid` for an empty answer.
    """
    if not answer.choices and answer.outcome is None and not answer.reason.strip():
        raise Invalid(N_("Choose an answer, predict an outcome or write a reason, then send."))
    deed = Deed.ANSWER if answer.choices or answer.outcome is not None else Deed.WRITE
    with counted(article, [by], now, to=deed) as [held]:
        if answer.choices and article.poll is not None:
            held.vote = opinions.vote(article.poll, answer.choices, held.vote, by=by, now=now)
        if answer.outcome is not None and article.prediction is not None:
            made = (answer.outcome, answer.probabilities)
            held.forecast = predictions.forecast(article.prediction, made, held.forecast, by=by, now=now)
    if not answer.reason.strip():
        return None
    standing = held if answer.shows_standing else Standing()
    return comments.post(article, answer.reason, by=by, now=now, standing=(standing.vote, standing.forecast))


def withdraw_take(article: Article, *, by: Reader, now: datetime) -> None:
    """Take the reader's vote back. The caller commits. Raises what `opinions.withdraw` does."""
    with counted(article, [by], now, to=Deed.TAKE_BACK) as [held]:
        if article.poll is not None:
            opinions.withdraw(article.poll, held.vote, now=now)
            held.vote = None


def withdraw_forecast(article: Article, *, by: Reader, now: datetime) -> None:
    """End the reader's forecast; it stays in their history. The caller commits. Raises what `predictions.withdraw` does."""
    with counted(article, [by], now, to=Deed.TAKE_BACK) as [held]:
        if article.prediction is not None:
            predictions.withdraw(article.prediction, held.forecast, now=now)
            held.forecast = None


@contextmanager
def counted(article: Article, people: Sequence[Reader], now: datetime, *, to: Deed) -> Iterator[list[Standing]]:
    """Hold the readers' turns, and move every counter by what changes of their standings inside the block.

    Gives each reader's standing, as nobody else can change it now; the block notes there what it makes of it.
    """
    taken = [turns.take(article.id, one, now, to=to) for one in people]
    standings = [Standing() if turn.is_first else standing_of(article, one) for turn, one in zip(taken, people, strict=True)]
    before = [_cells(article, held) for held in standings]
    yield standings
    db.session.flush()
    after = [_cells(article, held) for held in standings]
    move(zip((one.id for one in people), before, after, strict=True))


def retier(reader: Reader, now: datetime) -> None:
    """Count everything the reader holds in the tier they have now: a guest registered, an account confirmed its address."""
    db.session.flush()
    mine = select(Article).join(Participation).where(Participation.reader_id == reader.id).order_by(Article.id)
    moved = []
    for article in db.session.scalars(mine):
        with counted(article, [reader], now, to=Deed.SETTLE) as [held]:
            if held.vote is not None and held.vote.tier is not reader.tier:
                held.vote.tier = reader.tier
                opinions.record(held.vote, VoteAct.MOVED, now)
            if held.forecast is not None:
                held.forecast.tier = reader.tier
            if article.prediction is not None and held != Standing():
                moved.append(article.prediction.id)
    crowds.leave_stale(moved)  # their counters are others now; of a question long closed nobody would look


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
