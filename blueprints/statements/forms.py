"""What an author sends to object."""

from __future__ import annotations

from flask_babel import lazy_gettext
from wtforms import TextAreaField
from wtforms.validators import InputRequired, Length

from blueprints.support.forms import BaseForm, line_ends
from domain import appeals


class AppealForm(BaseForm):
    """Why the author thinks it was wrong."""

    argument = TextAreaField(
        lazy_gettext("Why do you think this was wrong?"),
        filters=[line_ends],
        validators=[
            InputRequired(lazy_gettext("Write why you think this was wrong.")),
            Length(max=appeals.LONGEST, message=lazy_gettext("At most %(max)d characters.")),
        ],
    )
