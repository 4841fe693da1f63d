from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pytest
from bs4 import BeautifulSoup
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select

from domain import articles, participation, questions
from domain.participation import Answer
from extensions import db
from models import Article, Forecast, Prediction, PredictionKind, Reader
from tests import factories
from tests.forms import fields_of, type_into

pytestmark = pytest.mark.usefixtures("stage")


def asking(now: datetime, kind: PredictionKind = PredictionKind.OUTCOMES) -> tuple[Article, Prediction]:
    article = factories.open_article_with(now, prediction=factories.prediction(now, kind))
    assert article.prediction is not None
    return article, article.prediction


def chances(prediction: Prediction, *percents: str) -> dict[str, str]:
    return {f"chances-{outcome.id}": percent for outcome, percent in zip(prediction.outcomes, percents, strict=True)}


def post(client: FlaskClient, article: Article, place: str, fields: Any) -> tuple[int, str]:
    answer = client.post(f"/articles/{article.slug}/{place}", data=fields, follow_redirects=True)
    return answer.status_code, answer.text


def shown(page: str) -> list[str]:
    return [str(tag["value"]) for tag in BeautifulSoup(page, "lxml").select(".chances__field input")]


def picked(page: str) -> list[str]:
    return [str(tag["value"]) for tag in BeautifulSoup(page, "lxml").select("input[name=outcome][checked]")]


def forecasts() -> int:
    return db.session.scalar(select(func.count()).select_from(Forecast)) or 0


def press(client: FlaskClient, article: Article, step: str, fields: dict[str, Any]) -> str:
    status, page = post(client, article, "chances", {**fields, "step": step})
    assert (status, forecasts()) == (200, 0)
    return page


@pytest.mark.parametrize(
    ("percents", "said"),
    [
        (("50", "40", "20"), "add up to 110"),
        (("100", "100", "100"), "add up to 300"),
        (("-10", "60", "50"), "whole number"),
        (("1e309", "0", "0"), "whole number"),
        (("NaN", "50", "50"), "whole number"),
        (("\uff15\uff10", "50", "0"), "whole number"),
        (("+50", "50", "0"), "whole number"),
        (("1_0", "90", "0"), "whole number"),
        (("9" * 5_000, "1", "0"), "whole number"),
        (("101", "0", "0"), "whole number"),
        (("50\x00", "50", "0"), "whole number"),
    ],
)
def test_what_is_no_distribution_is_explained_and_kept(
    client: FlaskClient, now: datetime, percents: tuple[str, ...], said: str
) -> None:
    article, prediction = asking(now)
    status, page = post(client, article, "participation", {**chances(prediction, *percents), "reason": "Kept."})
    complaint = BeautifulSoup(page, "lxml").select_one("#chances-error")
    assert complaint is not None
    assert (status, said in complaint.get_text(), "Kept." in page, forecasts()) == (422, True, True, 0)
    assert shown(page) == [percent.replace("\x00", "\ufffd") for percent in percents]


def test_seventeen_chances_for_three_outcomes_are_refused(client: FlaskClient, now: datetime) -> None:
    article, prediction = asking(now)
    others = {f"chances-{prediction.outcomes[-1].id + number}": "1" for number in range(1, 15)}
    status, page = post(client, article, "participation", {**chances(prediction, "86", "0", "0"), **others})
    assert (status, "not part of this question" in page, forecasts()) == (422, True, 0)


def test_another_questions_outcomes_are_refused(client: FlaskClient, now: datetime) -> None:
    (article, _), (_, other) = asking(now), asking(now)
    status, page = post(client, article, "participation", chances(other, "50", "25", "25"))
    assert (status, "not part of this question" in page, forecasts()) == (422, True, 0)


@pytest.mark.parametrize("value", ["0", "99999999999999999999", "x", "\x00"])
def test_a_pick_that_was_not_offered_is_refused(client: FlaskClient, now: datetime, value: str) -> None:
    article, _ = asking(now)
    status, page = post(client, article, "participation", {"outcome": value})
    assert (status, "That outcome is not part of this question." in page, forecasts()) == (422, True, 0)


def test_two_picks_are_refused(client: FlaskClient, now: datetime) -> None:
    article, prediction = asking(now)
    fields = {"outcome": [str(outcome.id) for outcome in prediction.outcomes[:2]]}
    status, page = post(client, article, "participation", fields)
    assert (status, "Pick one outcome." in page, forecasts()) == (422, True, 0)


def test_chances_without_an_outcome_added_meanwhile_are_asked_about(client: FlaskClient, now: datetime, editor: Reader) -> None:
    article, prediction = asking(now)
    before = chances(prediction, "50", "30", "20")
    questions.add_outcome(prediction, "Maybe", prediction.outcomes[2], by=editor, now=now)
    status, page = post(client, article, "participation", before)
    assert (status, "“Maybe” was added while you were answering." in page, forecasts()) == (422, True, 0)


def test_a_button_moves_a_chance_and_saves_nothing(client: FlaskClient, now: datetime) -> None:
    article, prediction = asking(now)
    page = press(
        client, article, f"plus-{prediction.outcomes[0].id}", {**chances(prediction, "20", "60", "20"), "reason": "Kept."}
    )
    assert shown(page) == ["25", "56", "19"]
    assert "Kept." in page


def test_a_first_press_begins_with_even_chances(client: FlaskClient, now: datetime) -> None:
    article, prediction = asking(now)
    assert shown(press(client, article, f"minus-{prediction.outcomes[0].id}", {})) == ["29", "36", "35"]


def test_a_first_press_begins_with_what_the_words_say(client: FlaskClient, now: datetime) -> None:
    article, prediction = asking(now)
    fields = {"outcome": str(prediction.outcomes[0].id), "confidence": "70"}
    assert shown(press(client, article, f"plus-{prediction.outcomes[0].id}", fields)) == ["75", "13", "12"]


def test_the_pick_follows_where_another_is_ahead(client: FlaskClient, now: datetime) -> None:
    article, prediction = asking(now)
    fields = {**chances(prediction, "50", "50", "0"), "outcome": str(prediction.outcomes[0].id)}
    page = press(client, article, f"plus-{prediction.outcomes[1].id}", fields)
    assert picked(page) == [str(prediction.outcomes[1].id)]


def test_the_button_pressed_keeps_the_focus(client: FlaskClient, now: datetime) -> None:
    article, prediction = asking(now)
    step = f"plus-{prediction.outcomes[2].id}"
    page = BeautifulSoup(press(client, article, step, {}), "lxml")
    assert [tag["value"] for tag in page.select("form [name=step][autofocus]")] == [step]


def test_a_button_beside_what_is_no_number_says_so(client: FlaskClient, now: datetime) -> None:
    article, prediction = asking(now)
    page = press(client, article, f"plus-{prediction.outcomes[0].id}", chances(prediction, "many", "", ""))
    assert shown(page) == ["many", "", ""]
    assert "A chance is a whole number" in page


def test_pressing_makes_nobody_a_guest(client: FlaskClient, now: datetime) -> None:
    article, prediction = asking(now)
    answer = client.post(f"/articles/{article.slug}/chances", data={"step": f"plus-{prediction.outcomes[0].id}"})
    assert (answer.status_code, "Set-Cookie" in answer.headers) == (200, False)


@pytest.mark.parametrize("step", ["", "plus", "plus-", "plus-0", "up-1", "plus-x", "plus-\x00"])
def test_a_button_that_is_not_there_is_refused(client: FlaskClient, now: datetime, step: str) -> None:
    article, _ = asking(now)
    assert post(client, article, "chances", {"step": step})[0] == 400


def test_a_button_of_a_closed_question_is_refused(client: FlaskClient, now: datetime) -> None:
    article, prediction = asking(now)
    articles.close(article, now=now)
    status, page = post(client, article, "chances", {"step": f"plus-{prediction.outcomes[0].id}", "reason": "Kept."})
    assert (status, "Predicting is over" in page, "Kept." in page) == (409, True, True)


@pytest.mark.parametrize("kind", [PredictionKind.DATE, PredictionKind.NUMBER])
def test_spans_in_order_are_asked_as_a_distribution(client: FlaskClient, now: datetime, kind: PredictionKind) -> None:
    article, _ = asking(now, kind)
    page = BeautifulSoup(client.get(f"/articles/{article.slug}").text, "lxml")
    field = page.select_one(".chances__list")
    assert field is not None
    assert field.find_parent("details") is None
    assert len(field.select("svg rect")) == len(factories.SPANS[kind])


def test_bars_are_drawn_from_the_chances(client: FlaskClient, now: datetime) -> None:
    article, prediction = asking(now, PredictionKind.DATE)
    page = press(client, article, f"plus-{prediction.outcomes[1].id}", chances(prediction, "10", "30", "40", "20", "0"))
    bars = BeautifulSoup(page, "lxml").select(".chances__bar rect")
    assert [bar["width"] for bar in bars] == shown(page) == ["9", "35", "37", "19", "0"]


def test_the_pick_of_a_distribution_is_its_highest_span(client: FlaskClient, now: datetime) -> None:
    article, prediction = asking(now, PredictionKind.NUMBER)
    post(client, article, "participation", chances(prediction, "10", "20", "60", "10"))
    assert db.session.scalars(select(Forecast)).one().outcome.label == "20 to 30"


def test_chances_alone_can_be_changed_though_the_pick_stands_in_the_form(client: FlaskClient, now: datetime) -> None:
    article, prediction = asking(now)
    post(client, article, "participation", chances(prediction, "60", "30", "10"))
    fields = fields_of(client.get(f"/articles/{article.slug}").text, action=f"/articles/{article.slug}/participation#say")
    assert fields["outcome"] == str(prediction.outcomes[0].id)
    type_into(fields, chances(prediction, "20", "70", "10"))
    assert post(client, article, "participation", fields)[0] == 200
    current = db.session.scalars(select(Forecast).where(Forecast.superseded_at.is_(None))).one()
    assert current.outcome.label == "No"


def test_a_pick_changed_against_ones_chances_is_asked_about(client: FlaskClient, now: datetime) -> None:
    article, prediction = asking(now)
    post(client, article, "participation", chances(prediction, "60", "30", "10"))
    fields = {**chances(prediction, "60", "30", "10"), "outcome": str(prediction.outcomes[1].id)}
    status, page = post(client, article, "participation", fields)
    assert (status, "gave another a higher chance" in page, forecasts()) == (422, True, 1)


def test_a_forecast_made_before_an_outcome_was_added_is_marked_and_shared(
    app: Flask, now: datetime, reader: Reader, editor: Reader
) -> None:
    article, prediction = asking(now)
    ids = [outcome.id for outcome in prediction.outcomes]
    answer = Answer(outcome=prediction.outcomes[0], probabilities=dict(zip(ids, (0.5, 0.1, 0.4), strict=True)))
    participation.submit(article, answer, by=reader, now=now - timedelta(minutes=1))
    questions.add_outcome(prediction, "Maybe", prediction.outcomes[2], by=editor, now=now)
    page = factories.browser_of(app, reader).get(f"/articles/{article.slug}").text
    assert "“Maybe” was added on" in page
    assert "what you gave to “Something else” is shared between the two" in page
    assert shown(page) == ["50", "10", "20", "20"]


def test_who_predicted_after_an_outcome_was_added_is_told_nothing(
    app: Flask, now: datetime, reader: Reader, editor: Reader
) -> None:
    article, prediction = asking(now)
    questions.add_outcome(prediction, "Maybe", prediction.outcomes[2], by=editor, now=now - timedelta(minutes=1))
    participation.submit(article, Answer(outcome=prediction.outcomes[0]), by=reader, now=now)
    assert "after your prediction" not in factories.browser_of(app, reader).get(f"/articles/{article.slug}").text
