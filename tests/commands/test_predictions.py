from __future__ import annotations

from datetime import datetime

import pytest
from click.testing import Result
from flask import Flask

from domain.resolutions import TIME_TO_DISPUTE
from extensions import db
from models import Prediction, Reader
from tests import factories
from tests.resolving import dispute, resolve

pytestmark = pytest.mark.usefixtures("stage")


@pytest.fixture
def due(editor: Reader, now: datetime) -> list[Prediction]:
    """Return two predictions whose time to be disputed is over."""
    made = [factories.open_article(now, f"Article {number}") for number in range(2)]
    for article in made:
        resolve(article, editor, now - TIME_TO_DISPUTE)
    db.session.commit()
    return [factories.asked(article)[1] for article in made]


def run(app: Flask) -> Result:
    result = app.test_cli_runner().invoke(args=["predictions", "resolve-due"])
    db.session.expire_all()
    return result


def test_what_is_due_becomes_final_and_is_printed(app: Flask, due: list[Prediction]) -> None:
    result = run(app)
    assert result.exit_code == 0
    assert [one.is_final for one in due] == [True, True]
    said = [f"final: prediction {one.id}, {one.article.headline}: {one.outcomes[0].label}" for one in due]
    assert [line for line in result.stdout.splitlines() if line] == [*said, "Made final: 2."]


def test_what_waits_for_a_decision_is_printed_and_left(
    app: Flask, due: list[Prediction], reader: Reader, now: datetime
) -> None:
    dispute(due[0], reader, due[0].resolutions[-1].resolved_at)
    db.session.commit()
    result = run(app)
    assert f"waits: prediction {due[0].id}, {due[0].article.headline}: 1 undecided" in result.stdout
    assert [one.is_final for one in due] == [False, True]


@pytest.mark.usefixtures("due")
def test_a_second_run_finds_nothing(app: Flask) -> None:
    run(app)
    assert run(app).stdout.splitlines()[-1] == "Made final: 0."
