from __future__ import annotations

from pathlib import Path

import pytest
from babel.support import Translations
from flask import Flask

from commands.translations import PSEUDO_LOCALE


@pytest.fixture
def made_up(app: Flask, tmp_path: Path) -> tuple[str, Translations]:
    """Return what the command printed, and the catalogue it made."""
    result = app.test_cli_runner().invoke(args=["translations", "pseudo", str(tmp_path / "new")])
    assert result.exit_code == 0, result.output
    catalogue = Translations.load(tmp_path / "new", [PSEUDO_LOCALE])
    assert isinstance(catalogue, Translations)
    return result.output, catalogue


def test_the_made_up_language_has_every_text(made_up: tuple[str, Translations]) -> None:
    assert made_up[1].ugettext("Open questions") == "⟦Öpéñ qûéšťîöñš ōnē t⟧"


def test_the_made_up_language_counts(made_up: tuple[str, Translations]) -> None:
    one, many = (made_up[1].ungettext("%(num)s minute to read", "%(num)s minutes to read", count) for count in (1, 2))
    assert one.startswith("⟦%(num)s mîñûťé ")
    assert many.startswith("⟦%(num)s mîñûťéš ")


def test_the_command_says_how_to_start_in_it(made_up: tuple[str, Translations], tmp_path: Path) -> None:
    assert f"FORESAY_LOCALE=yi FORESAY_TRANSLATIONS={tmp_path}/new" in made_up[0]
