from __future__ import annotations

from pathlib import Path

import pytest
from babel.support import Translations

from commands.translations import PSEUDO_LOCALE
from tests.applications import another_app


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("made up")


@pytest.fixture(scope="module")
def made_up(folder: Path) -> tuple[str, Translations]:
    """Return what the command printed, and the catalogue it made."""
    with another_app(f"sqlite:///{folder}/unused.db", instance=folder) as app:
        result = app.test_cli_runner().invoke(args=["translations", "pseudo", str(folder / "new")])
    assert result.exit_code == 0, result.output
    catalogue = Translations.load(folder / "new", [PSEUDO_LOCALE])
    assert isinstance(catalogue, Translations)
    return result.output, catalogue


def test_the_made_up_language_has_every_text(made_up: tuple[str, Translations]) -> None:
    assert made_up[1].ugettext("Open questions") == "⟦Öpéñ qûéšťîöñš ōnē t⟧"


def test_the_made_up_language_counts(made_up: tuple[str, Translations]) -> None:
    one, many = (made_up[1].ungettext("%(num)s minute to read", "%(num)s minutes to read", count) for count in (1, 2))
    assert one.startswith("⟦%(num)s mîñûťé ")
    assert many.startswith("⟦%(num)s mîñûťéš ")


def test_the_command_says_how_to_start_in_it(made_up: tuple[str, Translations], folder: Path) -> None:
    assert f"FORESAY_LOCALE=yi FORESAY_TRANSLATIONS={folder}/new" in made_up[0]
