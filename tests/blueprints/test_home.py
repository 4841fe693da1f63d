from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from bs4 import BeautifulSoup
from flask.testing import FlaskClient

from domain import articles, frontpage, predictions, resolutions
from models import Article, Reader
from tests import factories
from tests.resolving import resolve
from tests.statements import counted_statements

AN_HOUR = timedelta(hours=1)


@pytest.fixture
def crowded(monkeypatch: pytest.MonkeyPatch, article: Article, now: datetime) -> Article:
    """Return an article that later ones have driven out of the newest, where two are shown."""
    monkeypatch.setattr(frontpage, "NEWEST", 2)
    article.opened_at = now - 90 * 24 * AN_HOUR
    for _ in range(3):
        factories.open_article_with(now)
    return article


def listed(client: FlaskClient) -> dict[str, list[str]]:
    """Return the headlines of the home page by what stands above them."""
    found: dict[str, list[str]] = {}
    for heading in BeautifulSoup(client.get("/").text, "lxml").select("main .page-title, main .list-title, .teaser__headline"):
        if "teaser__headline" in heading["class"]:
            found[list(found)[-1]].append(heading.text)
        else:
            found[heading.text] = []
    return found


def end_questions(article: Article, now: datetime) -> None:
    """Let the time of both questions be over, which no job has noted yet."""
    for question in factories.asked(article):
        question.closes_at = now - AN_HOUR


def test_an_open_question_stays_however_many_articles_are_newer(client: FlaskClient, crowded: Article) -> None:
    assert listed(client)["Open questions"] == [crowded.headline]


def test_what_closes_soonest_stands_first(client: FlaskClient, article: Article, now: datetime) -> None:
    later = factories.open_article(now, "Closes later")
    factories.asked(article)[1].closes_at = now + AN_HOUR
    assert listed(client)["Open questions"] == [article.headline, later.headline]


def test_an_early_articles_resolution_is_told(client: FlaskClient, crowded: Article, editor: Reader, now: datetime) -> None:
    factories.asked(crowded)[0].closed_at = now
    resolve(crowded, editor, now)
    assert listed(client)["What happened"] == [crowded.headline]


def test_what_was_said_last_stands_first(client: FlaskClient, editor: Reader, now: datetime) -> None:
    later, earlier = (factories.open_article(now, headline) for headline in ("Said later", "Said earlier"))
    resolve(earlier, editor, now - AN_HOUR)
    resolve(later, editor, now)
    assert listed(client)["What happened"] == ["Said later", "Said earlier"]


def test_a_resolution_is_told_while_the_poll_is_open(
    client: FlaskClient, article: Article, editor: Reader, now: datetime
) -> None:
    resolve(article, editor, now)
    found = listed(client)
    assert found["What happened"] == found["Open questions"] == [article.headline]


def test_among_open_questions_only_the_open_ones_are_asked(
    client: FlaskClient, article: Article, editor: Reader, now: datetime
) -> None:
    resolve(article, editor, now)
    asked = BeautifulSoup(client.get("/").text, "lxml").select(".teaser__question")
    assert [question.text for question in asked] == ["Should the tolls end?"]


@pytest.mark.parametrize("is_noted", [False, True])
def test_an_early_articles_prediction_waits_for_its_outcome(
    client: FlaskClient, crowded: Article, now: datetime, *, is_noted: bool
) -> None:
    end_questions(crowded, now)
    if is_noted:
        predictions.close_due(now)
    assert listed(client)["Closed, waiting for the outcome"] == [crowded.headline]


def test_what_was_taken_back_waits_for_its_outcome(
    client: FlaskClient, crowded: Article, editor: Reader, now: datetime
) -> None:
    end_questions(crowded, now)
    predictions.close_due(now)
    resolve(crowded, editor, now - AN_HOUR)
    resolutions.reopen(factories.asked(crowded)[1], "It was too soon.", by=editor, now=now - AN_HOUR)
    for _ in range(3):
        resolve(factories.open_article(now), editor, now)
    assert listed(client)["Closed, waiting for the outcome"] == [crowded.headline]


def test_a_closed_poll_alone_waits_for_nothing(client: FlaskClient, now: datetime) -> None:
    article = factories.open_article_with(now, poll=factories.poll(now))
    articles.close(article, now=now)
    assert listed(client) == {"Open questions": [], "More to read": [article.headline]}


def test_an_article_without_a_question_waits_for_nothing(client: FlaskClient, now: datetime) -> None:
    article = factories.open_article_with(now)
    assert listed(client) == {"Open questions": [], "More to read": [article.headline]}


def test_what_a_law_forbids_to_predict_is_not_asked(client: FlaskClient, now: datetime) -> None:
    article = factories.open_article_with(now, prediction=factories.prediction(now))
    article.forbids_prediction = True
    assert listed(client) == {"Open questions": [], "More to read": [article.headline]}


def test_a_draft_is_not_listed(client: FlaskClient, now: datetime) -> None:
    articles.create(factories.draft(now), now=now)
    assert listed(client) == {"Open questions": []}


def test_the_lists_cost_the_same_however_long(client: FlaskClient, editor: Reader, now: datetime) -> None:
    seen = []
    for count in (1, 6):
        for _ in range(count):
            factories.open_article_with(now)
            factories.open_article(now)
            end_questions(factories.open_article(now), now)
            resolve(factories.open_article(now), editor, now)
            resolutions.annul(factories.asked(factories.open_article(now))[1], "Unsound.", by=editor, now=now)
        with counted_statements() as statements:
            client.get("/")
        seen.append(len(statements))
    assert seen[0] == seen[1] <= 4


def test_the_kept_page_changes_when_a_question_closes(client: FlaskClient, article: Article, now: datetime) -> None:
    before = client.get("/").headers["ETag"]
    factories.asked(article)[0].closes_at = now - AN_HOUR
    assert client.get("/").headers["ETag"] != before
