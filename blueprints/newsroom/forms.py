"""What editors type: an article's text, its poll, its prediction."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from flask_babel import format_date, gettext, lazy_gettext
from wtforms import BooleanField, HiddenField, SelectField, StringField, TextAreaField, ValidationError
from wtforms.validators import Length

from blueprints.newsroom.fields import AnswerRow, AnswersField, InstantField
from blueprints.newsroom.spanning import SpansForm
from blueprints.support.errors import explained
from blueprints.support.forms import BaseForm, SelectChoice
from blueprints.support.site import utc_now
from domain import addresses, asking, readers, text, wording
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
from domain.drafts import LONGEST_OPEN
from domain.errors import Invalid
from domain.outcome_templates import TEMPLATES, YES_NO
from models import OpinionPoll, PollKind, Prediction, PredictionKind, ResultsVisibility

VISIBILITIES = [
    SelectChoice(ResultsVisibility.AFTER_VOTING.value, lazy_gettext("once a reader has answered, and to all after closing")),
    SelectChoice(ResultsVisibility.AFTER_CLOSING.value, lazy_gettext("to all, but only after closing")),
    SelectChoice(ResultsVisibility.ALWAYS.value, lazy_gettext("to all, at any time")),
]
POLL_KINDS = [
    SelectChoice(PollKind.AGREEMENT.value, lazy_gettext("agree or disagree")),
    SelectChoice(PollKind.SINGLE.value, lazy_gettext("one of several")),
    SelectChoice(PollKind.SCALE.value, lazy_gettext("a scale of five steps")),
    SelectChoice(PollKind.APPROVAL.value, lazy_gettext("as many as apply")),
    SelectChoice(PollKind.RANKED.value, lazy_gettext("ranked, the best first")),
]
PREDICTION_KINDS = [
    SelectChoice(PredictionKind.OUTCOMES.value, lazy_gettext("one of several outcomes")),
    SelectChoice(PredictionKind.DATE.value, lazy_gettext("a date (“by when”)")),
    SelectChoice(PredictionKind.NUMBER.value, lazy_gettext("a number in a range")),
]
USUAL = {PollKind.AGREEMENT: asking.AGREE, PollKind.SCALE: asking.SCALE}  # answers that go without saying


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
    kind = SelectField(lazy_gettext("Answered with"), choices=POLL_KINDS)
    choices = AnswersField(takes_sides=True, label=lazy_gettext("Answers"))
    shuffled = BooleanField(lazy_gettext("Show the answers in another order to each reader"))

    def validate_choices(self, field: AnswersField) -> None:
        """Refuse more or fewer answers than its kind takes."""
        try:
            wording.check_kind(PollKind(self.kind.data), len(field.data))
        except Invalid as refusal:
            raise ValidationError(explained(refusal)) from refusal
        except ValueError:
            return  # a kind that is none is refused beside the kind

    def use_kind(self) -> bool:
        """Put the usual answers of the picked kind in place of those in the form; return whether it has any."""
        usual = next((answers for kind, answers in USUAL.items() if kind.value == self.kind.data), ())
        self.asks.data = True
        if usual:
            self.choices.show([AnswerRow(gettext(label), camp) for label, camp in usual])
        return bool(usual)

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
            kind=PollKind(self.kind.data),
            is_shuffled=self.shuffled.data,
        )


class PredictionForm(QuestionForm, SpansForm):
    """The prediction, where `asks` is ticked."""

    asks = BooleanField(lazy_gettext("Ask readers for a prediction"))
    kind = SelectField(lazy_gettext("Readers predict"), choices=PREDICTION_KINDS)
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
            kind=PredictionKind(self.kind.data),
        )

    def use_spans(self) -> None:
        """Put the spans between the typed edges in place of the outcomes; a mistake in them is marked, and nothing is put."""
        self.asks.data = True
        if labels := self.made_of(self.kind.data):
            self.outcomes.show([AnswerRow(label) for label in labels])

    def use_template(self, now: datetime) -> None:
        """Put the picked ready-made outcomes, with what decides between them, in place of what is in the form."""
        template = next((each for each in TEMPLATES if each.key == self.template.data), YES_NO)
        closes_at = _on_the_minute(now + template.open_for)
        date = format_date(closes_at, "long")
        self.asks.data = True
        self.kind.data = PredictionKind.OUTCOMES.value
        self.outcomes.show([AnswerRow(gettext(label)) for label in template.outcomes])
        self.criteria.data = gettext(template.criteria, date=date)
        self.closes_at.show(closes_at)
        if not text.line(self.question.data or ""):
            self.question.data = gettext(template.question, date=date)


def poll_form(poll: OpinionPoll | None, now: datetime) -> PollForm:
    """Return the form of a poll, or of one that could be asked."""
    if poll is None:
        rows = [AnswerRow(gettext(label), camp) for label, camp in asking.AGREE]
        data = {"choices": rows, "closes_at": _on_the_minute(now + POLL_OPEN_FOR), "kind": PollKind.AGREEMENT.value}
        return PollForm(prefix="poll-", data=data)
    rows = [AnswerRow(choice.label, choice.camp) for choice in poll.choices]
    return PollForm(prefix="poll-", data={**_asked(poll), "choices": rows, "shuffled": poll.is_shuffled})


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
        "kind": question.kind.value,
    }


def _on_the_minute(instant: datetime) -> datetime:
    return instant.replace(second=0, microsecond=0)
