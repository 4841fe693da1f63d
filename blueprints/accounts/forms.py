"""What a reader sends to sign up, to sign in and to change a password."""

from __future__ import annotations

from flask_babel import lazy_gettext
from wtforms import EmailField, Field, HiddenField, PasswordField, StringField, ValidationError
from wtforms.validators import InputRequired, Length

from blueprints.support.errors import explained
from blueprints.support.forms import BaseForm
from blueprints.support.site import config
from domain import addresses, names, passwords
from domain.errors import Invalid


def _whole_address(_form: BaseForm, field: Field) -> None:
    """Put the address into its one spelling."""
    try:
        field.data = addresses.normalised(field.data)
    except Invalid as error:
        raise ValidationError(explained(error)) from error


class _AccountForm(BaseForm):
    email = EmailField(
        lazy_gettext("E-mail address"),
        validators=[
            InputRequired(lazy_gettext("Type your e-mail address.")),
            Length(max=addresses.LONGEST, message=lazy_gettext("An address has at most %(max)d characters.")),
            _whole_address,
        ],
    )
    next = HiddenField()

    @property
    def address(self) -> str:
        """Return the address that was typed, in its one spelling."""
        return self.email.data or ""


class SignInForm(_AccountForm):
    """An address and its password."""

    password = PasswordField(
        lazy_gettext("Password"),
        validators=[
            InputRequired(lazy_gettext("Type your password.")),
            Length(max=passwords.LONGEST, message=lazy_gettext("A password has at most %(max)d characters.")),
        ],
    )


class SignUpForm(_AccountForm):
    """A new account."""

    name = StringField(lazy_gettext("Name"), validators=[InputRequired(lazy_gettext("Choose a name."))])
    password = PasswordField(lazy_gettext("Password"), validators=[InputRequired(lazy_gettext("Choose a password."))])

    def validate_name(self, field: StringField) -> None:
        """Refuse a name that cannot be used, saying why."""
        try:
            field.data = names.checked(field.data or "", site_name=config().site_name)
        except Invalid as error:
            raise ValidationError(explained(error)) from error

    def validate_password(self, field: PasswordField) -> None:
        """Refuse a password that is easily guessed, saying why."""
        try:
            passwords.check(field.data or "", self.name.data or "", self.address)
        except Invalid as error:
            raise ValidationError(explained(error)) from error


class PasswordForm(BaseForm):
    """A new password for an account, and the one it replaces."""

    current = PasswordField(
        lazy_gettext("Your password now"), validators=[InputRequired(lazy_gettext("Type the password you have now."))]
    )
    password = PasswordField(lazy_gettext("New password"), validators=[InputRequired(lazy_gettext("Choose a new password."))])
    personal: tuple[str, ...] = ()  # what others know of the reader, set by the view

    def validate_password(self, field: PasswordField) -> None:
        """Refuse a password that is easily guessed, saying why."""
        try:
            passwords.check(field.data or "", *self.personal)
        except Invalid as error:
            raise ValidationError(explained(error)) from error
