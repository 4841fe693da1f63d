from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from bs4 import BeautifulSoup
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from domain import articles, ownforecasts, participation, questions
from domain.participation import Answer, standing_of
from extensions import db
from models import Article, OpinionVote, Reader
from tests import factories
from tests.statements import counted_statements

pytestmark = pytest.mark.usefixtures("stage")


def answer(article: Article, by: Reader, now: datetime, *, outcome: int = 0, chances: tuple[float, ...] = ()) -> None:
    poll, prediction = factories.asked(article)
    given = {one.id: chance for one, chance in zip(prediction.outcomes, chances, strict=True)} if chances else None
    picked = prediction.outcomes[outcome]
    participation.submit(article, Answer(choices=[poll.choices[0]], outcome=picked, probabilities=given), by=by, now=now)


def post(browser: FlaskClient, article: Article, what: str, **fields: str) -> tuple[int, str]:
    reply = browser.post(f"/articles/{article.slug}/{what}/withdrawal", data=fields, follow_redirects=True)
    return reply.status_code, reply.text


@pytest.mark.parametrize("what", ["take", "forecast"])
def test_the_button_stands_where_there_is_something_to_take_back(
    app: Flask, article: Article, reader: Reader, now: datetime, what: str
) -> None:
    answer(article, reader, now)
    form = f'action="/articles/{article.slug}/{what}/withdrawal"'
    pages = [
        browser.get(f"/articles/{article.slug}").text for browser in (app.test_client(), factories.browser_of(app, reader))
    ]
    assert [form in page for page in pages] == [False, True]


def test_a_take_taken_back_hides_the_results_again(app: Flask, article: Article, reader: Reader, now: datetime) -> None:
    answer(article, reader, now)
    status, page = post(factories.browser_of(app, reader), article, "take")
    assert (status, "Your take is taken back" in page) == (200, True)
    assert "Takes by how sure" not in page
    assert "Predictions by how sure" in page
    assert db.session.scalars(select(OpinionVote)).all() == []


def test_a_prediction_taken_back_hides_the_results_again(app: Flask, article: Article, reader: Reader, now: datetime) -> None:
    answer(article, reader, now)
    status, page = post(factories.browser_of(app, reader), article, "forecast")
    assert (status, "Your prediction is taken back" in page) == (200, True)
    assert "Predictions by how sure" not in page
    assert not standing_of(article, reader).has_predicted


@pytest.mark.parametrize("what", ["take", "forecast"])
def test_a_button_pressed_twice_says_the_same(app: Flask, article: Article, reader: Reader, now: datetime, what: str) -> None:
    answer(article, reader, now)
    browser = factories.browser_of(app, reader)
    assert [post(browser, article, what)[0] for _ in range(2)] == [200, 200]


@pytest.mark.parametrize("what", ["take", "forecast"])
def test_nothing_is_taken_back_after_closing(app: Flask, article: Article, reader: Reader, now: datetime, what: str) -> None:
    answer(article, reader, now)
    articles.close(article, now=now)
    browser = factories.browser_of(app, reader)
    status, page = post(browser, article, what)
    assert (status, "stands as it is" in page) == (409, True)
    assert standing_of(article, reader).has_voted
    assert standing_of(article, reader).has_predicted
    assert "Take back my" not in browser.get(f"/articles/{article.slug}").text


def test_whose_session_has_ended_is_asked_to_sign_in(
    app: Flask, client: FlaskClient, article: Article, reader: Reader, now: datetime
) -> None:
    answer(article, reader, now)
    page = BeautifulSoup(factories.browser_of(app, reader).get(f"/articles/{article.slug}").text, "lxml")
    author = page.select_one('form[action$="/take/withdrawal"] input[name=author]')
    assert author is not None
    status, text = post(client, article, "take", author=str(author["value"]))
    assert (status, "no longer signed in" in text) == (403, True)
    assert standing_of(article, reader).has_voted


def test_who_never_took_part_is_made_no_guest(client: FlaskClient, article: Article) -> None:
    reply = client.post(f"/articles/{article.slug}/take/withdrawal")
    assert (reply.status_code, "guest" in reply.headers.get("Set-Cookie", "")) == (404, False)


def history(browser: FlaskClient, article: Article, place: str = "") -> list[str]:
    page = BeautifulSoup(browser.get(f"/articles/{article.slug}{place}").text, "lxml")
    return [" ".join(item.get_text(" ", strip=True).split()) for item in page.select(".timeline__moment")]


def test_ones_own_forecasts_are_listed_newest_first(app: Flask, article: Article, reader: Reader, now: datetime) -> None:
    answer(article, reader, now - timedelta(minutes=3), outcome=1)
    answer(article, reader, now - timedelta(minutes=2), chances=(0.7, 0.2, 0.1))
    newest, oldest = history(factories.browser_of(app, reader), article)
    assert "counts now" in newest
    assert "For ending them 70 % Against 20 % No vote this year 10 %" in newest
    assert "counted until" in oldest
    assert oldest.endswith("Against")


def test_others_never_see_ones_forecasts(
    app: Flask, article: Article, reader: Reader, another_reader: Reader, now: datetime
) -> None:
    answer(article, reader, now)
    client = app.test_client()
    for browser in (client, factories.browser_of(app, another_reader)):
        assert history(browser, article) == []
    assert history(factories.browser_of(app, another_reader), article, "/forecasts") == []
    assert client.get(f"/articles/{article.slug}/forecasts").location == f"/sign-in?next=/articles/{article.slug}/forecasts"


def test_a_prediction_taken_back_stays_in_the_history(app: Flask, article: Article, reader: Reader, now: datetime) -> None:
    answer(article, reader, now - timedelta(minutes=2))
    participation.withdraw_forecast(article, by=reader, now=now - timedelta(minutes=1))
    newest, oldest = history(factories.browser_of(app, reader), article)
    assert "You took your prediction back." in newest
    assert "counted until" in oldest


def test_an_outcome_added_later_stands_between_the_forecasts(
    app: Flask, article: Article, reader: Reader, editor: Reader, now: datetime
) -> None:
    _, prediction = factories.asked(article)
    answer(article, reader, now - timedelta(minutes=3))
    questions.add_outcome(prediction, "A tie", prediction.outcomes[2], by=editor, now=now - timedelta(minutes=2))
    answer(article, reader, now - timedelta(minutes=1), outcome=1)
    listed = history(factories.browser_of(app, reader), article)
    assert ["“A tie” was added" in moment for moment in listed] == [False, True, False]


def test_a_long_history_is_cut_and_leads_to_the_rest(app: Flask, article: Article, reader: Reader, now: datetime) -> None:
    for number in range(25):
        answer(article, reader, now - timedelta(minutes=4) + timedelta(seconds=number), outcome=number % 2)
    browser = factories.browser_of(app, reader)
    page = BeautifulSoup(browser.get(f"/articles/{article.slug}").text, "lxml")
    link = page.find("a", string="Earlier predictions")
    assert link is not None
    rest = BeautifulSoup(browser.get(str(link["href"])).text, "lxml")
    assert [len(part.select(".timeline__moment")) for part in (page, rest)] == [ownforecasts.SHOWN, 5]
    assert "You took your prediction back." not in rest.text
    assert len(history(browser, article, "/forecasts")) == 25


def test_a_history_costs_the_same_however_long(article: Article, reader: Reader, now: datetime) -> None:
    _, prediction = factories.asked(article)
    seen = []
    for number in range(12):
        answer(article, reader, now + timedelta(seconds=number), outcome=number % 2, chances=(0.5, 0.5, 0.0))
        db.session.expire_all()
        with counted_statements() as statements:
            ownforecasts.history_of(prediction, reader)
        seen.append(len(statements))
    assert seen[1] == seen[-1] <= 6
