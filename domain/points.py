"""Points of a score as they are written in a language. Pure."""

from __future__ import annotations

from babel import Locale
from babel.numbers import format_decimal

DIGITS = "#,##0.0"


def written(points: float, locale: Locale | None) -> str:
    """Return points to one decimal, with their sign; what rounds to nothing has none. Without a language as in English."""
    rounded = round(points, 1) + 0.0
    sign = "+" if rounded > 0 else ""
    return format_decimal(rounded, f"{sign}{DIGITS};−{DIGITS}", locale=locale or "en")
