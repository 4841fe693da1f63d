"""The base of every form."""

from __future__ import annotations

from typing import Any

from flask import request
from flask_babel import get_translations
from wtforms import Form
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined] # newer than its stubs

__all__ = ["BaseForm", "SelectChoice", "is_preview", "line_ends"]


class _Translations:
    """WTForms' own messages, through the site's catalogue. WTForms fills their places itself, afterwards."""

    def gettext(self, message: str) -> str:
        return str(get_translations().ugettext(message))

    def ngettext(self, singular: str, plural: str, count: int) -> str:
        return str(get_translations().ungettext(singular, plural, count))


def is_preview() -> bool:
    """Whether a form was sent to be looked at before it is posted."""
    return request.form.get("step") == "preview"


def line_ends(text: str | None) -> str | None:
    """Return a text with one character at the end of each line, as the person who typed it counts them. Browsers send two."""
    return text.replace("\r\n", "\n") if text else text


class BaseForm(Form):
    """A form that reads what was sent, if anything was."""

    class Meta:
        """Where messages are translated."""

        def get_translations(self, _form: Form) -> _Translations:
            """Return the site's translations."""
            return _Translations()

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(formdata=request.form if request.method == "POST" else None, **kwargs)

    def validate_on_submit(self) -> bool:
        """Whether this is a submit, and every field holds what it may."""
        return request.method == "POST" and self.validate()
