"""A form with one field of every kind: empty, filled, and wrong."""

from __future__ import annotations

from wtforms import BooleanField, PasswordField, RadioField, SelectField, StringField, TextAreaField
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined] # younger than types-WTForms
from wtforms.validators import InputRequired, Length

from blueprints.gallery import samples
from blueprints.support.forms import BaseForm

CHOICES = [
    SelectChoice("one", "The first"),
    SelectChoice("two", "The second, which is worded at more length than the others"),
]


class SampleForm(BaseForm):
    """One field of every kind."""

    name = StringField("One line", validators=[InputRequired("Write one line.")])
    password = PasswordField("A password", validators=[InputRequired("Write a password.")])
    body = TextAreaField("Several lines", validators=[InputRequired("Write something."), Length(max=10)])
    aside = TextAreaField("Several lines, their label hidden")
    draft = TextAreaField("A text with formatting", validators=[InputRequired("Write something.")])
    why = TextAreaField("A short text")
    kind = SelectField(
        "A list to choose from", choices=[SelectChoice("", "Choose"), *CHOICES], validators=[InputRequired("Choose one.")]
    )
    pick = RadioField("One of a few", choices=CHOICES, validators=[InputRequired("Choose one.")])
    agree = BooleanField("A box to tick", validators=[InputRequired("Tick the box.")])


def sample_forms() -> tuple[SampleForm, SampleForm, SampleForm]:
    """Return the form as it is first met, as it is kept, and as it comes back with every field wrong."""
    empty = SampleForm(prefix="empty")
    filled = SampleForm(
        prefix="filled",
        data={"name": samples.NAME, "body": samples.LONG_TEXT, "draft": samples.LONG_TEXT, "kind": "two", "agree": True},
    )
    wrong = SampleForm(prefix="wrong", data={"body": samples.LONG_TEXT})
    wrong.validate()
    return empty, filled, wrong
