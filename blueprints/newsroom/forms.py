"""What editors type: an article's text, its poll, its prediction."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from flask_babel import format_date, gettext, lazy_gettext
from wtforms import BooleanField, HiddenField, SelectField, StringField, TextAreaField, ValidationError
from wtforms.validators import Length

from blueprints.newsroom.fields import AnswerRow, AnswersField, InstantField
from blueprints.support.errors import explained
from blueprints.support.forms import BaseForm, SelectChoice
from blueprints.support.site import utc_now
from domain import addresses, asking, readers, text
from domain.articles import (
    LONGEST_BODY,
    LONGEST_CRITERIA,
    LONGEST_HEADLINE,
    LONGEST_LINE,
    LONGEST_QUESTION,
    PollDraft,
    PredictionDraft,
)
from domain.closing_question import POLL_OPEN_FOR
from domain.errors import Invalid
from domain.outcome_templates import TEMPLATES, YES_NO
from models import OpinionPoll, Prediction, ResultsVisibility

LONGEST_OPEN = timedelta(days=3660)  # ten years; a later closing time has a mistyped year
VISIBILITIES = [
    SelectChoice(ResultsVisibility.AFTER_VOTING.value, lazy_gettext("once a reader has answered, and to all after closing")),
    SelectChoice(ResultsVisibility.AFTER_CLOSING.value, lazy_gettext("to all, but only after closing")),
    SelectChoice(ResultsVisibility.ALWAYS.value, lazy_gettext("to all, at any time")),
]


def at_most(most: int) -> Length:
    """Refuse a longer text."""
    return Length(max=most, message=lazy_gettext("At most %(max)d characters."))


class Filled:
    """Refuses what holds nothing to read. Unlike WTForms' own it asks what the domain will ask."""

    def __init__(self, message: Any) -> None:
        self.message = message

    def __call__(self, _form: Any, field: Any) -> None:
        """Raise where nothing would be left of the text."""
        if not text.plain(field.data or ""):
            raise ValidationError(self.message)


class TextForm(BaseForm):
    """An article's text. `edition` is what the editor had before them when they began to type."""

    headline = StringField(lazy_gettext("Headline"), [Filled(lazy_gettext("Give it a headline.")), at_most(LONGEST_HEADLINE)])
    byline = StringField(lazy_gettext("Byline (optional)"), [at_most(LONGEST_LINE)])
    section = StringField(lazy_gettext("Section (optional)"), [at_most(LONGEST_LINE)])
    body = TextAreaField(lazy_gettext("Text"), [Filled(lazy_gettext("There is no text yet.")), at_most(LONGEST_BODY)])
    author = StringField(lazy_gettext("Account of the author, by e-mail (optional)"), [at_most(addresses.LONGEST)])
    edition = HiddenField()
    author_id: int | None = None

    def validate_author(self, field: StringField) -> None:
        """Find the author's account."""
        try:
            account = readers.author_with(field.data or "")
        except Invalid as refusal:
            raise ValidationError(explained(refusal)) from refusal
        self.author_id = account.id if account else None


class QuestionForm(BaseForm):
    """What a poll and a prediction have in common."""

    question = StringField(lazy_gettext("Question"), [Filled(lazy_gettext("Word the question.")), at_most(LONGEST_QUESTION)])
    closes_at = InstantField(lazy_gettext("Closes"))
    visibility = SelectField(lazy_gettext("Results are shown"), choices=VISIBILITIES)

    def validate_closes_at(self, field: InstantField) -> None:
        """Refuse a time that is over, or absurdly far away."""
        if field.data is None:
            return
        if field.data <= utc_now():
            raise ValidationError(gettext("This time has passed. Give a later one."))
        if field.data > utc_now() + LONGEST_OPEN:
            raise ValidationError(gettext("That is more than ten years away. Look at the year again."))


class PollForm(QuestionForm):
    """The poll, where `asks` is ticked."""

    asks = BooleanField(lazy_gettext("Ask readers for their take"))
    choices = AnswersField(takes_sides=True, label=lazy_gettext("Answers"))

    @property
    def draft(self) -> PollDraft | None:
        """Return the poll as it was typed."""
        if not self.asks.data:
            return None
        return PollDraft(
            question=self.question.data or "",
            choices=[(row.label, row.camp) for row in self.choices.data],
            closes_at=self.closes_at.data,
            visibility=ResultsVisibility(self.visibility.data),
        )


class PredictionForm(QuestionForm):
    """The prediction, where `asks` is ticked."""

    asks = BooleanField(lazy_gettext("Ask readers for a prediction"))
    template = SelectField(lazy_gettext("Ready-made outcomes"), validate_choice=False)
    outcomes = AnswersField(least_rows=6, label=lazy_gettext("Outcomes"))
    criteria = TextAreaField(
        lazy_gettext("What decides it"),
        [Filled(lazy_gettext("Write what decides it: readers have to know.")), at_most(LONGEST_CRITERIA)],
    )

    @property
    def draft(self) -> PredictionDraft | None:
        """Return the prediction as it was typed."""
        if not self.asks.data:
            return None
        return PredictionDraft(
            question=self.question.data or "",
            outcomes=[row.label for row in self.outcomes.data],
            criteria=self.criteria.data or "",
            closes_at=self.closes_at.data,
            visibility=ResultsVisibility(self.visibility.data),
        )

    def use_template(self, now: datetime) -> None:
        """Put the picked ready-made outcomes, with what decides between them, in place of what is in the form."""
        template = next((each for each in TEMPLATES if each.key == self.template.data), YES_NO)
        closes_at = _on_the_minute(now + template.open_for)
        date = format_date(closes_at, "long")
        self.asks.data = True
        self.outcomes.show([AnswerRow(gettext(label)) for label in template.outcomes])
        self.criteria.data = gettext(template.criteria, date=date)
        self.closes_at.show(closes_at)
        if not text.line(self.question.data or ""):
            self.question.data = gettext(template.question, date=date)


def poll_form(poll: OpinionPoll | None, now: datetime) -> PollForm:
    """Return the form of a poll, or of one that could be asked."""
    if poll is None:
        rows = [AnswerRow(gettext(label), camp) for label, camp in asking.AGREE]
        return PollForm(prefix="poll-", data={"choices": rows, "closes_at": _on_the_minute(now + POLL_OPEN_FOR)})
    rows = [AnswerRow(choice.label, choice.camp) for choice in poll.choices]
    return PollForm(prefix="poll-", data={**_asked(poll), "choices": rows})


def prediction_form(prediction: Prediction | None, now: datetime) -> PredictionForm:
    """Return the form of a prediction, or of one that could be asked."""
    if prediction is None:
        form = PredictionForm(prefix="prediction-", data={"closes_at": _on_the_minute(now + YES_NO.open_for)})
    else:
        rows = [AnswerRow(outcome.label) for outcome in prediction.outcomes]
        data = {**_asked(prediction), "outcomes": rows, "criteria": prediction.criteria}
        form = PredictionForm(prefix="prediction-", data=data)
    form.template.choices = [SelectChoice(template.key, gettext(template.name)) for template in TEMPLATES]
    return form


def _asked(question: OpinionPoll | Prediction) -> dict[str, object]:
    return {
        "asks": True,
        "question": question.question,
        "closes_at": question.closes_at,
        "visibility": question.visibility.value,
    }


def _on_the_minute(instant: datetime) -> datetime:
    return instant.replace(second=0, microsecond=0)
