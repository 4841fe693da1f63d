"""E-mail addresses: one spelling for each. Pure."""

from __future__ import annotations

from typing import TYPE_CHECKING

from domain.errors import N_, Invalid
from lazily import lazily

if TYPE_CHECKING:
    import email_validator
else:
    email_validator = lazily("email_validator")

LONGEST = 254  # characters, as mail allows and the column holds


def normalised(address: str) -> str:
    """Return the one spelling of an address: lower case, its domain in ASCII. Raises `Invalid` for what is no address.

    The part before the @ is folded too: mail servers that tell Ann from ann have died out, people who type both have not.
    """
    shortened = address.strip()[: LONGEST + 1]  # longer ones are refused without being read
    try:
        found = email_validator.validate_email(shortened, check_deliverability=False, allow_smtputf8=False, strict=True)
    except email_validator.EmailNotValidError as error:
        raise Invalid(N_("That is not a whole e-mail address. It looks like name@example.org.")) from error
    return (found.ascii_email or found.normalized).lower()
