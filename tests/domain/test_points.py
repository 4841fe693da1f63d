from __future__ import annotations

import pytest
from babel import Locale

from domain import points


@pytest.mark.parametrize(
    ("value", "locale", "words"),
    [
        (12.55, "en", "+12.6"),
        (-0.04, "en", "0.0"),
        (0.04, "en", "0.0"),
        (-3.25, "en", "−3.2"),
        (1234.5, "de", "+1.234,5"),
        (-1234.5, "de", "−1.234,5"),
    ],
)
def test_points_are_written_as_the_language_does(value: float, locale: str, words: str) -> None:
    assert points.written(value, Locale.parse(locale)) == words
