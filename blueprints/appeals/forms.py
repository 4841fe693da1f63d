"""How an appeal is decided."""

from __future__ import annotations

from flask_babel import lazy_gettext
from wtforms import RadioField, TextAreaField
from wtforms.validators import InputRequired, Length, ValidationError

from blueprints.support.forms import BaseForm, SelectChoice, line_ends
from domain import appeals, text

GRANTED, REFUSED = "granted", "refused"


class DecisionForm(BaseForm):
    """Whether the author is right, and what they are told."""

    decision = RadioField(
        lazy_gettext("Your decision"),
        choices=[
            SelectChoice(GRANTED, lazy_gettext("The author is right: give everything back")),
            SelectChoice(REFUSED, lazy_gettext("It stays as it is")),
        ],
        validators=[InputRequired(lazy_gettext("Choose how you decide."))],
    )
    argument = TextAreaField(
        lazy_gettext("What the author is told"),
        filters=[line_ends],
        validators=[Length(max=appeals.LONGEST, message=lazy_gettext("At most %(max)d characters."))],
    )

    @property
    def is_granted(self) -> bool:
        """Whether the author is right. The form has to be valid."""
        return bool(self.decision.data == GRANTED)

    def validate_argument(self, field: TextAreaField) -> None:
        """Refuse to leave an author without an answer."""
        if self.decision.data == REFUSED and not text.plain(field.data or ""):
            raise ValidationError(lazy_gettext("Write why it stays as it is: the author reads it."))
