"""The card: take, prediction and reason in one form."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from flask_babel import gettext, lazy_gettext
from wtforms import BooleanField, Field, RadioField, SelectField, TextAreaField, ValidationError
from wtforms.validators import Length, Optional

from blueprints.support.forms import BaseForm, SelectChoice, line_ends
from domain import comments, predictions
from domain.participation import Answer, Standing
from models import Article, Forecast, OpinionChoice, Outcome

CONFIDENCES = (
    (35, lazy_gettext("A hunch: %(percent)s %%", percent=35)),
    (55, lazy_gettext("More likely than not: %(percent)s %%", percent=55)),
    (70, lazy_gettext("Likely: %(percent)s %%", percent=70)),
    (85, lazy_gettext("Very likely: %(percent)s %%", percent=85)),
    (95, lazy_gettext("Almost certain: %(percent)s %%", percent=95)),
)
WHOLE = 100  # percent


class ChancesField(Field):
    """A chance in whole percent for every outcome, each from an input of its own named `chances-<outcome id>`.

    `data` maps outcome ids to what was typed; `chances` is the distribution, or None when every input was left empty.
    """

    def __init__(self, outcomes: Sequence[Outcome], **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.outcomes = outcomes
        self.chances: dict[int, int] | None = None

    def process(self, formdata: Any, data: Any = None, extra_filters: Any = None) -> None:
        """Take what was typed, or else the chances of the reader's current forecast."""
        del extra_filters
        given = data if isinstance(data, Mapping) else {}
        self.errors = []
        self.data = {
            outcome.id: (formdata.get(self.input_name(outcome), "").strip() if formdata else str(given.get(outcome.id, "")))
            for outcome in self.outcomes
        }

    def input_name(self, outcome: Outcome) -> str:
        """Return the name of one outcome's input."""
        return f"{self.name}-{outcome.id}"

    def pre_validate(self, form: Any) -> None:
        """Read the numbers and check that they are whole percents that add up."""
        del form
        if not any(self.data.values()):
            return
        try:
            chances = {key: int(text or "0") for key, text in self.data.items()}
        except ValueError as error:
            raise ValidationError(gettext("A chance is a whole number from 0 to 100.")) from error
        if not all(0 <= chance <= WHOLE for chance in chances.values()):
            raise ValidationError(gettext("A chance is a whole number from 0 to 100."))
        if (total := sum(chances.values())) != WHOLE:
            raise ValidationError(gettext("The chances add up to %(total)s %%; they must add up to 100 %%.", total=total))
        self.chances = chances


class CardForm(BaseForm):
    """What a reader sends from the card. Built for one article by `card_form`."""

    choice = RadioField(coerce=int, validators=[Optional()])
    outcome = RadioField(coerce=int, validators=[Optional()])
    confidence = SelectField(lazy_gettext("How sure are you?"), coerce=str, validators=[Optional()])
    reason = TextAreaField(
        lazy_gettext("Why?"),
        filters=[line_ends],
        validators=[Length(max=comments.LONGEST, message=lazy_gettext("A reason may have at most %(max)d characters."))],
    )
    alone = BooleanField(lazy_gettext("Leave my take and prediction off my comment"))
    chances: ChancesField
    article: Article

    def validate_chances(self, field: ChancesField) -> None:
        """Refuse chances that contradict the reader's own pick."""
        chances, picked = field.chances, self.outcome.data
        if chances and picked in chances and chances[picked] < max(chances.values()):
            raise ValidationError(gettext("You picked one outcome, but gave another a higher chance."))

    @property
    def picked_choice(self) -> OpinionChoice | None:
        """Return the chosen take."""
        poll = self.article.poll
        return next((choice for choice in poll.choices if choice.id == self.choice.data), None) if poll else None

    @property
    def picked_outcome(self) -> Outcome | None:
        """Return the picked outcome: the one tapped, or else the one given the highest chance."""
        prediction = self.article.prediction
        if prediction is None:
            return None
        picked = self.outcome.data
        if not picked and self.chances.chances:
            picked = max(self.chances.chances, key=self.chances.chances.__getitem__)
        return next((outcome for outcome in prediction.outcomes if outcome.id == picked), None)

    @property
    def probabilities(self) -> Mapping[int, float] | None:
        """Return the forecast's distribution: the chances given, or the confidence spread over the rest, or nothing."""
        if self.chances.chances:
            return {key: chance / WHOLE for key, chance in self.chances.chances.items()}
        outcome = self.picked_outcome
        if outcome is None or not self.confidence.data or self.article.prediction is None:
            return None
        return predictions.spread(self.article.prediction, outcome, int(self.confidence.data) / WHOLE)

    @property
    def answer(self) -> Answer:
        """Return everything the reader sent."""
        return Answer(
            choices=[self.picked_choice] if self.picked_choice else [],
            outcome=self.picked_outcome,
            probabilities=self.probabilities,
            reason=self.reason.data or "",
            shows_standing=not self.alone.data,
        )


def card_form(article: Article, standing: Standing) -> CardForm:
    """Return the article's card, filled with what was sent, or else with what the reader holds."""
    outcomes = article.prediction.outcomes if article.prediction else []
    form_class = type("ArticleCardForm", (CardForm,), {"chances": _unbound_chances(outcomes)})
    forecast = standing.forecast
    sureness = _confidence_of(forecast)
    form: CardForm = form_class(
        data={
            "choice": standing.vote.choice_id if standing.vote else None,
            "outcome": forecast.outcome_id if forecast else None,
            "confidence": sureness,
            "chances": {} if sureness or forecast is None else _whole_percents(forecast),
        }
    )
    form.article = article
    form.choice.choices = [SelectChoice(choice.id, choice.label) for choice in article.poll.choices] if article.poll else []
    form.outcome.choices = [SelectChoice(outcome.id, outcome.label) for outcome in outcomes]
    least = WHOLE / max(len(outcomes), 1)
    form.confidence.choices = [
        SelectChoice("", gettext("Just my pick")),
        *(SelectChoice(str(percent), label) for percent, label in CONFIDENCES if percent > least),
    ]
    return form


def _unbound_chances(outcomes: Sequence[Outcome]) -> Any:
    return ChancesField(outcomes=outcomes)


def _confidence_of(forecast: Forecast | None) -> str:
    """Return the words a forecast was given in, if its rest is spread evenly."""
    if forecast is None or not forecast.probabilities:
        return ""
    rest = {round(item.probability, 6) for item in forecast.probabilities if item.outcome_id != forecast.outcome_id}
    picked = next(item.probability for item in forecast.probabilities if item.outcome_id == forecast.outcome_id)
    percent = round(picked * WHOLE)
    return str(percent) if len(rest) == 1 and percent in dict(CONFIDENCES) else ""


def _whole_percents(forecast: Forecast) -> dict[int, int]:
    return {item.outcome_id: round(item.probability * WHOLE) for item in forecast.probabilities}
