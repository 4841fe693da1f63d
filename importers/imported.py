"""What reading a file gives, and how it is refused. Messages are gettext ids; the edge translates them."""

from __future__ import annotations

from dataclasses import dataclass


def N_(message: str) -> str:  # noqa: N802 - gettext's own name for "translate later"
    """Mark `message` for translation without translating it yet."""
    return message


LONGEST_SOURCE = 250_000  # characters: above the longest article, and little enough for the slowest text to be read in seconds
TOO_LONG = N_("The text is far too long for an article.")


@dataclass(frozen=True, kw_only=True)
class ImportedText:
    """An article as a file tells it. `headline` is None where the file has none; `notes` say what was guessed."""

    headline: str | None
    body_markdown: str
    byline: str = ""
    section: str = ""
    notes: tuple[str, ...] = ()


class ImportRefused(ValueError):
    """The file cannot become an article. `message` is a gettext id with named places, `values` fill them."""

    def __init__(self, message: str, **values: object) -> None:
        super().__init__(message % values if values else message)
        self.message = message
        self.values = values
