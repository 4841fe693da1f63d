"""What somebody sends who says that something is against the law."""

from __future__ import annotations

from flask_babel import lazy_gettext
from wtforms import BooleanField, StringField, TextAreaField, ValidationError
from wtforms.validators import InputRequired, Length

from blueprints.support.errors import explained
from blueprints.support.forms import BaseForm, line_ends
from blueprints.support.site import config
from domain import addresses, legalnotices, text
from domain.errors import Invalid
from domain.legalnotices import LONGEST_EXPLANATION, LONGEST_NAME, LONGEST_PLACE, Filing

TOO_LONG = lazy_gettext("At most %(max)d characters.")


class NoticeForm(BaseForm):
    """Who, where, why, and that it is meant honestly."""

    place = StringField(
        lazy_gettext("Where it is"),
        [
            InputRequired(lazy_gettext("Give the address of the page or the comment.")),
            Length(max=LONGEST_PLACE, message=TOO_LONG),
        ],
    )
    explanation = TextAreaField(
        lazy_gettext("Why it is against the law"),
        filters=[line_ends],
        validators=[
            InputRequired(lazy_gettext("Write why: somebody has to be able to follow you.")),
            Length(max=LONGEST_EXPLANATION, message=TOO_LONG),
        ],
    )
    name = StringField(
        lazy_gettext("Your name"),
        [InputRequired(lazy_gettext("Write your name.")), Length(max=LONGEST_NAME, message=TOO_LONG)],
    )
    email = StringField(lazy_gettext("Your e-mail address"))
    good_faith = BooleanField(
        lazy_gettext("I believe in good faith that what I write is accurate and complete"),
        [InputRequired(lazy_gettext("Confirm this, or the notice cannot be looked at."))],
    )

    def validate_email(self, field: StringField) -> None:
        """Refuse what no answer could be sent to."""
        try:
            addresses.normalised(field.data or "")
        except Invalid as refusal:
            raise ValidationError(explained(refusal)) from refusal

    def validate_place(self, field: StringField) -> None:
        """Refuse what is no page of this site."""
        if legalnotices.path_in(text.line(field.data or ""), config().site_url) is None:
            message = lazy_gettext(
                "That is not an address of a page here. Copy the whole address of the page, or of the comment."
            )
            raise ValidationError(str(message))

    @property
    def filing(self) -> Filing:
        """Return what was sent."""
        return Filing(
            name=self.name.data or "",
            email=self.email.data or "",
            place=self.place.data or "",
            explanation=self.explanation.data or "",
            is_in_good_faith=bool(self.good_faith.data),
        )
