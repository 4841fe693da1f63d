"""What a rule says when it refuses. The message is for the reader and is translated at the edge."""

from __future__ import annotations


def N_(message: str) -> str:  # noqa: N802 - gettext's own name for "translate later"
    """Mark `message` for translation without translating it yet."""
    return message


class DomainError(Exception):
    """A refusal. `message` is a gettext id with named places, `values` fill them."""

    def __init__(self, message: str, **values: object) -> None:
        super().__init__(message)
        self.message = message
        self.values = values


class Missing(DomainError):
    """There is no such thing, or this reader may not see it."""


class Forbidden(DomainError):
    """This reader may not do this."""


class Restrained(Forbidden):
    """A sanction keeps this reader from doing this for now."""


class NotSignedIn(DomainError):
    """Only somebody signed in may do this, and nobody is, or no longer."""


class Closed(DomainError):
    """The time to do this is over, or has not come."""


class Conflict(DomainError):
    """Somebody else was first."""


class TooSoon(DomainError):
    """This reader did this too often in a short time."""


class Slowed(TooSoon):
    """A sanction has this reader wait between two of these."""


class Invalid(DomainError):
    """What was given cannot be used."""
