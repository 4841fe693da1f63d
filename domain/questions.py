"""Changing what readers are asked after it was opened. No answer is ever lost, and what it said before is kept."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import or_, select

from domain import articles, crowds, wording
from domain.drafts import LONGEST_OPEN
from domain.errors import N_, Closed, Conflict, Forbidden, Invalid
from domain.permissions import can_edit
from extensions import db
from models import (
    Article,
    Forecast,
    OpinionChoice,
    OpinionPoll,
    OpinionVoteEvent,
    Outcome,
    Prediction,
    PredictionKind,
    QuestionAct,
    QuestionChange,
    Reader,
    ResolutionAct,
)


@dataclass(frozen=True, kw_only=True)
class Wording:
    """What a question says: the question, its answers in order and, for a prediction, what decides it."""

    question: str
    answers: Sequence[str]
    criteria: str = ""


@dataclass(frozen=True, kw_only=True)
class Change:
    """One change as readers are shown it: what the question said and when it was to close, before and after."""

    act: QuestionAct
    made_at: datetime
    before: Wording
    after: Wording
    closed_at: datetime  # before, by itself or by hand
    closes_at: datetime  # afterwards, as scheduled

    @property
    def reworded_answers(self) -> list[tuple[str, str]]:
        """Return each answer that reads otherwise, as it was and as it became."""
        if self.act is not QuestionAct.REWORDED:
            return []
        return [pair for pair in zip(self.before.answers, self.after.answers, strict=True) if pair[0] != pair[1]]

    @property
    def added(self) -> str:
        """Return the outcome that was added, if any was."""
        return next((label for label in self.after.answers if label not in self.before.answers), "")

    @property
    def is_reopening(self) -> bool:
        """Whether the question had ended before, by itself or by hand."""
        return self.closed_at <= self.made_at


def changes_in(article: Article) -> tuple[list[Change], list[Change]]:
    """Return the changes of the article's poll and of its prediction, the oldest first: one query."""
    poll, prediction = article.poll, article.prediction
    asked = [QuestionChange.poll_id == poll.id] if poll else []
    asked += [QuestionChange.prediction_id == prediction.id] if prediction else []
    if not asked:
        return [], []
    rows = db.session.scalars(select(QuestionChange).where(or_(*asked)).order_by(QuestionChange.id)).all()
    return (
        _read(poll, [row for row in rows if row.poll_id is not None]) if poll else [],
        _read(prediction, [row for row in rows if row.prediction_id is not None]) if prediction else [],
    )


def changes_of(question: OpinionPoll | Prediction) -> list[Change]:
    """Return how a question was changed after it was opened, the oldest first."""
    mine = QuestionChange.poll_id if isinstance(question, OpinionPoll) else QuestionChange.prediction_id
    rows = db.session.scalars(select(QuestionChange).where(mine == question.id).order_by(QuestionChange.id))
    return _read(question, rows.all())


def wording_of(question: OpinionPoll | Prediction) -> Wording:
    """Return what a question says now."""
    criteria = question.criteria if isinstance(question, Prediction) else ""
    labels = tuple(answer.label for answer in answers_of(question))
    return Wording(question=question.question, answers=labels, criteria=criteria)


def answers_of(question: OpinionPoll | Prediction) -> Sequence[OpinionChoice | Outcome]:
    """Return the choices of a poll, or the outcomes of a prediction."""
    return question.outcomes if isinstance(question, Prediction) else question.choices


def edition_of(article: Article) -> str:
    """Return a mark of everything that can be changed of an article and its questions, their early ends included."""
    asked = [question for question in (article.poll, article.prediction) if question is not None]
    ends = [None if question.closed_at == question.closes_at else question.closed_at for question in asked]
    return hashlib.sha256(repr((articles.edition_of(article), ends)).encode()).hexdigest()[:20]


def is_answered(question: OpinionPoll | Prediction) -> bool:
    """Whether anybody ever answered, whatever became of it."""
    if isinstance(question, Prediction):
        return db.session.scalar(select(Forecast.id).where(Forecast.prediction_id == question.id).limit(1)) is not None
    return db.session.scalar(select(OpinionVoteEvent.id).where(OpinionVoteEvent.poll_id == question.id).limit(1)) is not None


def reword(question: OpinionPoll | Prediction, to: Wording, *, by: Reader, now: datetime, expected: str | None = None) -> None:
    """Correct what a question says. The caller commits.

    Answers keep their number, order and sides, and everything given to them counts on; `to` has them all. Before the first
    answer the text is just another; afterwards what it was is kept for readers to see. `expected` is the edition the editor
    had before them. Raises `Conflict` when it is no longer that one or the question cannot be changed any more, `Invalid` for
    what readers could not use or would misread.
    """
    article = _hold(question, by, expected)
    check_changeable(question)
    before, after = wording_of(question), _checked(question, to)
    if after == before:
        raise Invalid(N_("It reads like this already."))
    if not _is_untouched(question):
        _keep(question, QuestionAct.REWORDED, by=by, now=now)
    question.question = after.question
    if isinstance(question, Prediction):
        question.criteria = after.criteria
    for answer, label in zip(answers_of(question), after.answers, strict=True):
        answer.label = label
    _turn_over(article)


def reschedule(
    question: OpinionPoll | Prediction, closes_at: datetime, *, by: Reader, now: datetime, expected: str | None = None
) -> None:
    """Let a question close later or earlier; one that has ended takes answers again. The caller commits.

    `expected` is the edition the editor had before them. Raises `Conflict` when it is no longer that one, the article is closed
    or the newsroom said how it ended; `Invalid` for a time that is over, more than ten years away, or the same.
    """
    article = _hold(question, by, expected)
    check_changeable(question)
    if closes_at <= now:
        raise Invalid(N_("This time has passed. To end it at once, end it now."))
    if closes_at > now + LONGEST_OPEN:
        raise Invalid(N_("That is more than ten years away. Look at the year again."))
    if question.is_open(now) and _minute(closes_at) == _minute(question.closes_at):
        raise Invalid(N_("It closes at this time already."))
    _keep(question, QuestionAct.RESCHEDULED, by=by, now=now)
    question.closes_at, question.closed_at = closes_at, None
    if isinstance(question, Prediction) and any(row.act is ResolutionAct.FINAL for row in question.resolutions):
        question.score_due_at = now  # scores are averaged over the time it was to be open
    _turn_over(article)


def close_now(question: OpinionPoll | Prediction, *, by: Reader, now: datetime) -> None:
    """End one question at once; the article stays open. The caller commits. Raises `Conflict` where it is not open."""
    article = _hold(question, by)
    check_ending(question, now)
    question.closed_at = now
    _turn_over(article)


def add_outcome(
    prediction: Prediction, label: str, split_from: Outcome, *, by: Reader, now: datetime, expected: str | None = None
) -> Outcome:
    """Add an outcome that was part of another until now. The caller commits. Forecasts made before stay as they are.

    It comes last, but before the outcome it was split from where that is the last, as "something else" is. `expected` is the
    edition the editor had before them. Raises `Conflict` when it is no longer that one, `Closed` outside the prediction's time,
    `Invalid` for a prediction of spans, a foreign outcome to split, or a label that readers could not use.
    """
    article = _hold(prediction, by, expected)
    check_addable(prediction, now)
    if split_from.prediction_id != prediction.id:
        raise Invalid(N_("That outcome is not part of this question."))
    labels = [outcome.label for outcome in prediction.outcomes]
    added = wording.answers([*labels, label])[-1]
    _keep(prediction, QuestionAct.OUTCOME_ADDED, by=by, now=now)
    place = prediction.outcomes[-1].position + 1
    if split_from is prediction.outcomes[-1]:
        split_from.position, place = place, split_from.position
        db.session.flush()  # no two may stand in one place, not even for a moment
    row = Outcome(prediction_id=prediction.id, position=place, label=added, added_at=now, split_from_id=split_from.id)
    db.session.add(row)
    db.session.flush()
    db.session.expire(prediction, ["outcomes"])
    _turn_over(article)
    if crowds.is_small(prediction):
        crowds.refresh(prediction, now=now)
    return row


def check_changeable(question: OpinionPoll | Prediction) -> None:
    """Raise `Conflict` where neither the wording nor the closing time of a question can be changed."""
    if question.article.is_draft:
        raise Conflict(N_("This article is a draft: change its questions on its own page."))
    if not question.article.is_open:
        raise Conflict(N_("This article has been closed, so its questions can no longer be changed."))
    if isinstance(question, Prediction) and question.verdict is not None:
        raise Conflict(N_("The newsroom has said how this prediction ended, so it can no longer be changed."))


def check_ending(question: OpinionPoll | Prediction, now: datetime) -> None:
    """Raise what `close_now` would."""
    if question.opened_at is None:
        raise Conflict(N_("This article is a draft: change its questions on its own page."))
    if question.closed_at is not None or not question.is_open(now):  # another editor's clock may be a moment ahead
        raise Conflict(N_("This question has closed already."))


def check_addable(prediction: Prediction, now: datetime) -> None:
    """Raise what `add_outcome` would, whatever the outcome."""
    check_changeable(prediction)
    if not prediction.is_open(now):
        raise Closed(N_("Predicting is over, so no outcome can be added. Give it a later closing time first."))
    if prediction.kind is not PredictionKind.OUTCOMES:
        raise Invalid(N_("The outcomes of this prediction are spans in order: none can be added."))
    if len(prediction.outcomes) + 1 not in wording.ANSWERS:
        raise Invalid(N_("There are sixteen outcomes already, and no room for more."))


def _hold(question: OpinionPoll | Prediction, by: Reader, expected: str | None = None) -> Article:
    """Hold the article until the transaction ends, as every change to it does, and read the question again."""
    if not can_edit(by):
        raise Forbidden(N_("Only an editor can change what readers are asked."))
    article = question.article
    articles.hold(article)
    if expected is not None and edition_of(article) != expected:
        raise Conflict(N_("Somebody else changed this article after you opened it."))
    return article


def _is_untouched(question: OpinionPoll | Prediction) -> bool:
    """Whether nobody ever answered, nor is answering at this moment: those who come next wait until this is done.

    Whoever answers holds a share of the question's row. Waiting for them could wait for ever, as they may wait for the article.
    """
    table = type(question)
    free = select(table.id).where(table.id == question.id).with_for_update(skip_locked=True)
    return db.session.scalar(free) is not None and not is_answered(question)


def _checked(question: OpinionPoll | Prediction, to: Wording) -> Wording:
    """Return a wording as it is kept."""
    kept = wording_of(question).answers
    labels = tuple(wording.answers(to.answers))
    if len(labels) != len(kept):
        raise Invalid(N_("A correction has as many answers as there are: none is added, and none taken away."))
    for place, label in enumerate(labels):
        if label.casefold() in {other.casefold() for at, other in enumerate(kept) if at != place}:
            raise Invalid(N_("“%(label)s” is another answer’s wording: what readers gave would change sides."), label=label)
    criteria = wording.criteria(to.criteria) if isinstance(question, Prediction) else ""
    return Wording(question=wording.question(to.question), answers=labels, criteria=criteria)


def _keep(question: OpinionPoll | Prediction, act: QuestionAct, *, by: Reader, now: datetime) -> None:
    """Write down what a question says and when it closes, before it is changed."""
    said = wording_of(question)
    db.session.add(
        QuestionChange(
            poll_id=question.id if isinstance(question, OpinionPoll) else None,
            prediction_id=question.id if isinstance(question, Prediction) else None,
            act=act,
            question=said.question,
            answers="\n".join(said.answers),
            criteria=said.criteria,
            closes_at=question.closes_at,
            closed_at=question.closed_at,
            editor_id=by.id,
            made_at=now,
        )
    )


def _read(question: OpinionPoll | Prediction, rows: Sequence[QuestionChange]) -> list[Change]:
    """Return changes as readers are shown them: what one of them left is what the next found."""
    said = [Wording(question=row.question, answers=tuple(row.answers.split("\n")), criteria=row.criteria) for row in rows] + [
        wording_of(question)
    ]
    closing = [row.closes_at for row in rows] + [question.closes_at]
    return [
        Change(
            act=row.act,
            made_at=row.made_at,
            before=said[place],
            after=said[place + 1],
            closed_at=min(row.closes_at, row.closed_at or row.closes_at),
            closes_at=closing[place + 1],
        )
        for place, row in enumerate(rows)
    ]


def _minute(instant: datetime) -> datetime:
    """Return an instant as forms show it."""
    return instant.replace(second=0, microsecond=0)


def _turn_over(article: Article) -> None:
    article.version = Article.version + 1
    db.session.flush()
