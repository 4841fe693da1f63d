"""The forms that change what readers are asked after opening."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from flask_babel import lazy_gettext
from wtforms import Field, HiddenField, SelectField, StringField, TextAreaField, ValidationError

from blueprints.newsroom.fields import InstantField
from blueprints.newsroom.forms import Filled, at_most
from blueprints.support.errors import explained
from blueprints.support.forms import BaseForm, SelectChoice
from domain import questions, wording
from domain.articles import LONGEST_CRITERIA, LONGEST_LINE, LONGEST_QUESTION
from domain.errors import Invalid
from domain.questions import Wording
from models import OpinionChoice, OpinionPoll, Outcome, Prediction


class LabelsField(Field):
    """The answers there are, each with an input named after its id; `data` has their labels in order, as typed."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.answers: Sequence[OpinionChoice | Outcome] = ()
        self._sent: Mapping[str, str] = {}

    def name_of(self, answer: OpinionChoice | Outcome) -> str:
        """Return the name of an answer's input."""
        return f"{self.name}-{answer.id}"

    @property
    def rows(self) -> list[tuple[str, str]]:
        """Return each input's name and what stands in it."""
        return [(self.name_of(answer), label) for answer, label in zip(self.answers, self.data, strict=True)]

    def process(self, formdata: Any, data: Any = None, extra_filters: Any = None) -> None:
        """Keep what was sent until it is known which answers there are."""
        del data, extra_filters
        self.errors, self.data, self._sent = [], [], formdata or {}

    def take(self, answers: Sequence[OpinionChoice | Outcome]) -> None:
        """Take what was typed for each answer; one that was not sent stays as it is."""
        self.answers = answers
        self.data = [self._sent.get(self.name_of(answer), answer.label) for answer in answers]

    def pre_validate(self, form: Any) -> None:
        """Check what the domain will ask for, to say it beside the rows."""
        del form
        try:
            wording.answers(self.data)
        except Invalid as refusal:
            raise ValidationError(explained(refusal)) from refusal


class ChangeForm(BaseForm):
    """What the forms have in common: `edition` is what the editor had before them."""

    edition = HiddenField()


class WordingForm(ChangeForm):
    """A question's text. Nothing is added, nothing taken away."""

    question = StringField(lazy_gettext("Question"), [Filled(lazy_gettext("Word the question.")), at_most(LONGEST_QUESTION)])
    answers = LabelsField(lazy_gettext("Answers"))
    criteria = TextAreaField(
        lazy_gettext("What decides it"),
        [Filled(lazy_gettext("Write what decides it: readers have to know.")), at_most(LONGEST_CRITERIA)],
    )

    @property
    def wording(self) -> Wording:
        """Return the text as it was typed."""
        criteria = self.criteria.data if self.criteria else ""
        return Wording(question=self.question.data or "", answers=self.answers.data, criteria=criteria or "")


class ClosingTimeForm(ChangeForm):
    """When a question closes."""

    closes_at = InstantField(lazy_gettext("Closes"))


class OutcomeForm(ChangeForm):
    """An outcome to add, and the one that contained it until now."""

    label = StringField(lazy_gettext("New outcome"), [Filled(lazy_gettext("Word the outcome.")), at_most(LONGEST_LINE)])
    split_from = SelectField(lazy_gettext("Until now it was part of"))
    outcomes: dict[str, Outcome]

    @property
    def parent(self) -> Outcome:
        """Return the outcome that is split."""
        return self.outcomes[self.split_from.data]


def wording_form(question: OpinionPoll | Prediction) -> WordingForm:
    """Return the form with a question's text."""
    kept = questions.wording_of(question)
    form = WordingForm(data={"question": kept.question, "criteria": kept.criteria, "edition": edition_of(question)})
    form.answers.take(questions.answers_of(question))
    if isinstance(question, OpinionPoll):
        del form.criteria
    return form


def closing_time_form(question: OpinionPoll | Prediction) -> ClosingTimeForm:
    """Return the form with a question's closing time."""
    return ClosingTimeForm(data={"closes_at": question.closes_at, "edition": edition_of(question)})


def outcome_form(prediction: Prediction) -> OutcomeForm:
    """Return the form of an outcome to add; the last one is taken to be "something else"."""
    last = prediction.outcomes[-1]
    form = OutcomeForm(data={"split_from": str(last.id), "edition": edition_of(prediction)})
    form.outcomes = {str(outcome.id): outcome for outcome in prediction.outcomes}
    form.split_from.choices = [SelectChoice(key, outcome.label) for key, outcome in form.outcomes.items()]
    return form


def edition_of(question: OpinionPoll | Prediction) -> str:
    """Return the mark of what the editor has before them."""
    return questions.edition_of(question.article)
