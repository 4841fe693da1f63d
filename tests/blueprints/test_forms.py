from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask
from wtforms import StringField
from wtforms.validators import Length

from blueprints.support.forms import BaseForm
from commands.translations import PSEUDO_LOCALE, write_pseudo
from tests.applications import another_app


class ShortForm(BaseForm):
    name = StringField(validators=[Length(min=3)])  # no message of ours, so WTForms says its own, which counts


@pytest.fixture(params=["en", PSEUDO_LOCALE])
def site(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Flask]:
    write_pseudo(tmp_path)
    settings = {"instance": tmp_path, "translations": tmp_path, "locale": request.param}
    with another_app(f"sqlite:///{tmp_path}/unused.db", **settings) as app:
        yield app


def test_what_wtforms_says_is_translated_and_filled(site: Flask) -> None:
    with site.test_request_context(method="POST", data={"name": "a"}):
        form = ShortForm()
        assert not form.validate_on_submit()
        said = {"en": "Field must be at least 3 characters long.", PSEUDO_LOCALE: "⟦Fîéľď mûšť"}
        (message,) = form.name.errors
    assert str(message).startswith(said[site.extensions["foresay"].locale])
    assert "3" in str(message)
