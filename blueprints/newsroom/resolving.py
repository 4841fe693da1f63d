"""What editors type to say how a prediction ended: a finding, or why there is none."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from flask_babel import gettext, lazy_gettext
from wtforms import HiddenField, RadioField, StringField, TextAreaField, ValidationError
from wtforms.validators import InputRequired, Length

from blueprints.newsroom.fields import InstantField
from blueprints.newsroom.forms import Filled
from blueprints.support.forms import BaseForm, SelectChoice
from blueprints.support.pagination import MOST_DIGITS
from blueprints.support.site import utc_now
from domain import resolutions, text
from domain.errors import N_, Missing
from domain.resolutions import LONGEST_ADDRESS, LONGEST_EVIDENCE, LONGEST_NOTE, Finding
from models import Article, Outcome, Prediction, ResolutionAct

DISMISSED, ANOTHER_FINDING = "dismissed", "finding"
RULINGS = {
    DISMISSED: lazy_gettext("Dismiss it: what was said stands"),
    ANOTHER_FINDING: lazy_gettext("Uphold it: something else happened"),
    ResolutionAct.REOPENED.value: lazy_gettext("Uphold it: reopen the prediction, nothing is known yet"),
    ResolutionAct.AMBIGUOUS.value: lazy_gettext("Uphold it: what happened fits no one outcome"),
    ResolutionAct.ANNULLED.value: lazy_gettext("Uphold it: the question was unsound, annul it"),
}


class SaidForm(BaseForm):
    """What the forms have in common: `expected` is the number of the resolution the editor had before them."""

    expected = HiddenField()

    @property
    def number(self) -> int | None:
        """Return it, if it is a number."""
        sent = self.expected.data or ""
        return int(sent) if sent.isascii() and sent.isdigit() and len(sent) <= MOST_DIGITS else None

    @property
    def sent(self) -> list[tuple[str, str]]:
        """Return every input by name as it was sent, so that it can be sent again."""
        return [(field.name, str(field.data or "")) for field in self]


class NoteForm(SaidForm):
    """Why a prediction is annulled, ambiguous or reopened, or a dispute is decided so."""

    note = TextAreaField(
        lazy_gettext("Why"),
        [
            Filled(lazy_gettext("Write why: readers see it.")),
            Length(max=LONGEST_NOTE, message=lazy_gettext("At most %(max)d characters.")),
        ],
    )


class DecisionForm(NoteForm):
    """What is decided of a dispute: that it is dismissed, or what follows from it."""

    ruling = RadioField(
        lazy_gettext("What you decide"),
        [InputRequired(lazy_gettext("Choose what you decide."))],
        choices=[SelectChoice(value, label) for value, label in RULINGS.items()],
    )


class ResolutionForm(SaidForm):
    """What happened, who says so, and when."""

    outcome = RadioField(
        lazy_gettext("What happened"), [InputRequired(lazy_gettext("Choose what happened."))], validate_choice=False
    )
    source_url = StringField(
        lazy_gettext("Source"), [Length(max=LONGEST_ADDRESS, message=lazy_gettext("At most %(max)d characters."))]
    )
    evidence = TextAreaField(
        lazy_gettext("What it says (optional)"),
        [Length(max=LONGEST_EVIDENCE, message=lazy_gettext("At most %(max)d characters."))],
    )
    happened_at = InstantField(lazy_gettext("When it happened"))
    known_at = InstantField(lazy_gettext("When it became known"))
    outcomes: dict[str, Outcome]

    def validate_outcome(self, field: RadioField) -> None:
        """Refuse what is no outcome of this prediction."""
        if field.data not in self.outcomes:
            raise ValidationError(gettext("That outcome is not part of this question."))

    def validate_source_url(self, field: StringField) -> None:
        """Refuse what no link could lead to."""
        if not resolutions.is_web_address(text.plain(field.data or "")):
            raise ValidationError(gettext("Give a full web address, starting with https://."))

    def validate_happened_at(self, field: InstantField) -> None:
        """Refuse what has not happened yet."""
        _refuse_future(field)

    def validate_known_at(self, field: InstantField) -> None:
        """Refuse what could not have been known."""
        _refuse_future(field)
        if field.data and self.happened_at.data and field.data < self.happened_at.data:
            raise ValidationError(gettext("It cannot have become known before it happened."))

    @property
    def finding(self) -> Finding:
        """Return what the editor found."""
        return Finding(
            outcome=self.outcomes[self.outcome.data],
            source_url=self.source_url.data or "",
            evidence=self.evidence.data or "",
            happened_at=self.happened_at.data,
            known_at=self.known_at.data,
        )

    @property
    def sent(self) -> list[tuple[str, str]]:
        """Return every input by name as it was sent; a time in two parts."""
        times: list[tuple[str, Any]] = []
        for field in (self.happened_at, self.known_at):
            times += [(field.name, field.typed), (f"{field.name}-fold", field.fold)]
        typed = [(field.name, field.data) for field in (self.expected, self.outcome, self.source_url, self.evidence)]
        return [(name, str(value or "")) for name, value in [*typed, *times]]


def resolution_form(prediction: Prediction) -> ResolutionForm:
    """Return the form of one prediction."""
    form = ResolutionForm(data={"expected": str(prediction.resolution_count)})
    form.outcomes = {str(outcome.id): outcome for outcome in prediction.outcomes}
    form.outcome.choices = [SelectChoice(key, outcome.label) for key, outcome in form.outcomes.items()]
    return form


def note_form(prediction: Prediction) -> NoteForm:
    """Return the form in which it is said why."""
    return NoteForm(data={"expected": str(prediction.resolution_count)})


def prediction_of(article: Article) -> Prediction:
    """Return the article's prediction; raise `Missing` where it asks for none."""
    if article.prediction is None:
        raise Missing(N_("This article asks for no prediction."))
    return article.prediction


def _refuse_future(field: InstantField) -> None:
    now: datetime = utc_now()
    if field.data is not None and field.data > now:
        raise ValidationError(gettext("This time has not come yet."))
