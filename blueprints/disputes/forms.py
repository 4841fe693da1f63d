"""What a reader sends to dispute what is said."""

from __future__ import annotations

from flask_babel import gettext, lazy_gettext
from wtforms import HiddenField, StringField, TextAreaField, ValidationError
from wtforms.validators import InputRequired, Length

from blueprints.support.forms import BaseForm, line_ends
from blueprints.support.pagination import MOST_DIGITS
from domain import resolutions, text
from domain.disputes import LONGEST_ARGUMENT, Objection
from domain.resolutions import LONGEST_ADDRESS


class DisputeForm(BaseForm):
    """A source, and what it shows. `expected` is the number of the resolution the reader had before them."""

    expected = HiddenField()
    source_url = StringField(
        lazy_gettext("Your source"), [Length(max=LONGEST_ADDRESS, message=lazy_gettext("At most %(max)d characters."))]
    )
    argument = TextAreaField(
        lazy_gettext("What it shows"),
        filters=[line_ends],
        validators=[
            InputRequired(lazy_gettext("Write what the source shows, so that an editor can follow you.")),
            Length(max=LONGEST_ARGUMENT, message=lazy_gettext("At most %(max)d characters.")),
        ],
    )

    def validate_source_url(self, field: StringField) -> None:
        """Refuse what no link could lead to."""
        if not resolutions.is_web_address(text.plain(field.data or "")):
            raise ValidationError(gettext("Give a full web address, starting with https://."))

    @property
    def number(self) -> int | None:
        """Return the number of the resolution, if it is one."""
        sent = self.expected.data or ""
        return int(sent) if sent.isascii() and sent.isdigit() and len(sent) <= MOST_DIGITS else None

    @property
    def objection(self) -> Objection:
        """Return what the reader brings."""
        return Objection(source_url=self.source_url.data or "", argument=self.argument.data or "")
