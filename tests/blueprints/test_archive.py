from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from bs4 import BeautifulSoup
from flask.testing import FlaskClient

from domain import archive, articles
from models import Article, Reader
from tests import factories
from tests.resolving import resolve
from tests.statements import counted_statements

pytestmark = pytest.mark.usefixtures("stage")


def headlines(client: FlaskClient, address: str = "/articles") -> list[str]:
    return [headline.text for headline in BeautifulSoup(client.get(address).text, "lxml").select(".teaser__headline")]


def further(client: FlaskClient, address: str = "/articles") -> str | None:
    link = BeautifulSoup(client.get(address).text, "lxml").select_one("[rel=next]")
    return str(link["href"]) if link else None


@pytest.fixture
def published(now: datetime) -> list[Article]:
    """Return articles, the newest first; two of them came out at once, and one was begun before all others."""
    found = [factories.open_article(now, f"Article {number}") for number in range(5)]
    for article, hours in zip(found, (0, 4, 3, 2, 2), strict=True):
        article.opened_at = now - timedelta(hours=hours)
    return [found[place] for place in (0, 4, 3, 2, 1)]


def test_the_newest_stands_first(client: FlaskClient, published: list[Article]) -> None:
    assert headlines(client) == [article.headline for article in published]


@pytest.mark.parametrize("a_page", [1, 2, 3])
def test_page_by_page_each_is_listed_once(
    client: FlaskClient, published: list[Article], monkeypatch: pytest.MonkeyPatch, a_page: int
) -> None:
    monkeypatch.setattr(archive, "A_PAGE", a_page)
    found, address = headlines(client), further(client)
    while address:
        found, address = [*found, *headlines(client, address)], further(client, address)
    assert found == [article.headline for article in published]


def test_the_last_page_leads_nowhere(client: FlaskClient, published: list[Article], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(archive, "A_PAGE", len(published))
    assert further(client) is None


def test_before_an_article_that_is_not_there_nothing_is_listed(client: FlaskClient, published: list[Article]) -> None:
    assert "Nothing further back." in client.get(f"/articles?before={published[0].id + 1_000}").text


def test_a_site_without_articles_says_so(client: FlaskClient) -> None:
    assert "Nothing was published yet." in client.get("/articles").text


def test_a_draft_is_not_listed(client: FlaskClient, now: datetime) -> None:
    articles.create(factories.draft(now), now=now)
    assert headlines(client) == []


def test_what_happened_is_told(client: FlaskClient, article: Article, editor: Reader, now: datetime) -> None:
    resolve(article, editor, now)
    told = BeautifulSoup(client.get("/articles").text, "lxml").select_one(".teaser .forecast")
    assert told is not None
    assert told.text == factories.asked(article)[1].outcomes[0].label


def test_what_a_law_forbids_to_predict_is_not_asked(client: FlaskClient, article: Article) -> None:
    article.forbids_prediction = True
    assert factories.asked(article)[1].question not in client.get("/articles").text


def test_the_list_costs_the_same_however_long(client: FlaskClient, editor: Reader, now: datetime) -> None:
    seen = []
    for count in (1, 6):
        for _ in range(count):
            resolve(factories.open_article(now), editor, now)
        with counted_statements() as statements:
            client.get("/articles")
        seen.append(len(statements))
    assert seen[0] == seen[1] <= 3
