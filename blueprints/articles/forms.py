"""The card: take, prediction and reason in one form."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from flask_babel import gettext, lazy_gettext
from wtforms import BooleanField, SelectField, TextAreaField, ValidationError
from wtforms.validators import Length, Optional

from blueprints.articles.ballots import BallotField
from blueprints.articles.forecastfields import ChancesField, PickField
from blueprints.support.forms import BaseForm, SelectChoice, line_ends
from domain import chances, comments, opinions, ownforecasts, predictions
from domain.chances import WHOLE
from domain.participation import Answer, Standing
from models import Article, Forecast, Outcome, Reader

CONFIDENCES = (
    (35, lazy_gettext("A hunch: %(percent)s %%", percent=35)),
    (55, lazy_gettext("More likely than not: %(percent)s %%", percent=55)),
    (70, lazy_gettext("Likely: %(percent)s %%", percent=70)),
    (85, lazy_gettext("Very likely: %(percent)s %%", percent=85)),
    (95, lazy_gettext("Almost certain: %(percent)s %%", percent=95)),
)


class CardForm(BaseForm):
    """What a reader sends from the card. Built for one article by `card_form`."""

    choice: BallotField
    outcome: PickField
    confidence = SelectField(lazy_gettext("How sure are you?"), coerce=str, validators=[Optional()])
    reason = TextAreaField(
        lazy_gettext("Why?"),
        filters=[line_ends],
        validators=[Length(max=comments.LONGEST, message=lazy_gettext("A reason may have at most %(max)d characters."))],
    )
    alone = BooleanField(lazy_gettext("Leave my take and prediction off my comment"))
    chances: ChancesField
    nudge: str = ""  # what its author is asked to think about, where a rule of the newsroom asks
    article: Article
    standing: Standing
    asks_poll: bool  # whether the card has the poll on it

    def validate_choice(self, field: BallotField) -> None:
        """Refuse a ballot that was emptied: it would stay as it was."""
        if self.asks_poll and field.takes_several and self.standing.has_voted and not field.data:
            raise ValidationError(gettext("You took all your answers away. To take your take back, use the button below."))

    def validate_chances(self, field: ChancesField) -> None:
        """Refuse chances that contradict the reader's own pick, unless the pick is the one they held before."""
        given, picked = field.chances, self.outcome.data
        if given and picked in given and given[picked] < max(given.values()) and not self._moved_only_chances:
            raise ValidationError(
                gettext(
                    "You picked one outcome, but gave another a higher chance. Change one of the two, or empty the chances."
                )
            )

    @property
    def picked_outcome(self) -> Outcome | None:
        """Return the picked outcome: the one tapped, or else the one given the highest chance."""
        prediction = self.article.prediction
        if prediction is None:
            return None
        given, picked = self.chances.chances, self.outcome.data
        if given and (not picked or given[picked] < max(given.values())):
            picked = chances.likeliest(given)
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
            choices=self.choice.given,
            outcome=self.picked_outcome,
            probabilities=self.probabilities,
            reason=self.reason.data or "",
            shows_standing=not self.alone.data,
        )

    @property
    def touches_crowd(self) -> bool:
        """Whether the crowd forecast can be another now: the reader's prediction is in it, and with it the camp they are in."""
        return self.standing.has_predicted or self.picked_outcome is not None

    def move(self, outcome: Outcome, by: int) -> None:
        """Give an outcome more or less, as the buttons beside its chance do; the pick follows where it is no longer ahead."""
        self.chances.move(outcome, by, self._start())
        drawn, picked = self.chances.drawn, self.outcome.data
        if picked and not self.chances.errors and drawn.get(picked, 0) < max(drawn.values()):
            self.outcome.data = self.chances.likeliest

    def _start(self) -> Mapping[int, int]:
        """Return the chances to begin with: as the pick and the words say, or even."""
        ids = [outcome.id for outcome in self.chances.outcomes]
        if self.outcome.data not in ids:
            return chances.even(ids)
        words = self.confidence.data or ""
        return (
            chances.leaning(ids, self.outcome.data, int(words))
            if words.isdecimal()
            else chances.leaning(ids, self.outcome.data)
        )

    @property
    def _moved_only_chances(self) -> bool:
        """Whether the pick is the one that stood in the form, and the chances are not."""
        forecast = self.standing.forecast
        if forecast is None or forecast.outcome_id != self.outcome.data:
            return False
        return self.chances.chances != _percents_of(forecast, self.article)


def card_form(article: Article, standing: Standing, reader: Reader | None, now: datetime) -> CardForm:
    """Return the article's card, filled with what was sent, or else with what the reader holds."""
    outcomes = article.prediction.outcomes if article.prediction else []
    form_class = type("ArticleCardForm", (CardForm,), _questions(article, reader, now))
    forecast = standing.forecast
    sureness = _confidence_of(forecast, article)
    form: CardForm = form_class(
        data={
            "choice": standing.vote.choice_ids if standing.vote else (),
            "outcome": forecast.outcome_id if forecast else None,
            "confidence": sureness,
            "chances": {} if sureness or forecast is None else _percents_of(forecast, article),
        }
    )
    form.article, form.standing = article, standing
    form.asks_poll = article.poll is not None and article.poll.is_open(now)
    least = WHOLE / max(len(outcomes), 1)
    form.confidence.choices = [
        SelectChoice("", gettext("Just my pick")),
        *(SelectChoice(str(percent), label) for percent, label in CONFIDENCES if percent > least),
    ]
    return form


def _questions(article: Article, reader: Reader | None, now: datetime) -> dict[str, Any]:
    """Return the fields that depend on what the article asks."""
    outcomes = article.prediction.outcomes if article.prediction else []
    choices: Any = opinions.choices_for(article.poll, reader, now) if article.poll else []
    return {
        "choice": BallotField(poll=article.poll, choices=choices),
        "outcome": PickField(outcomes=outcomes),
        "chances": ChancesField(outcomes=outcomes),
    }


def _confidence_of(forecast: Forecast | None, article: Article) -> str:
    """Return the words a forecast was given in, if its rest is spread evenly over what there still is."""
    if forecast is None or not forecast.probabilities or article.prediction is None:
        return ""
    if ownforecasts.added_since(article.prediction, forecast):
        return ""
    rest = {round(item.probability, 6) for item in forecast.probabilities if item.outcome_id != forecast.outcome_id}
    picked = next(item.probability for item in forecast.probabilities if item.outcome_id == forecast.outcome_id)
    percent = round(picked * WHOLE)
    return str(percent) if len(rest) == 1 and percent in dict(CONFIDENCES) else ""


def _percents_of(forecast: Forecast, article: Article) -> dict[int, int]:
    """Return a forecast's chances as they count today, in the order in which the card shows them."""
    if article.prediction is None:
        return {}
    now = predictions.chances_now(article.prediction, forecast)
    return chances.whole({outcome.id: now[outcome.id] for outcome in article.prediction.outcomes if outcome.id in now})
