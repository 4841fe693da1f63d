from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
from bs4 import BeautifulSoup
from flask import Flask
from flask.testing import FlaskClient

from domain import articles, participation
from domain.articles import create
from domain.newsroom import ARTICLES_A_PAGE
from domain.participation import Answer
from models import Article, Reader
from tests import factories
from tests.statements import counted_statements

PAGES = ["/newsroom", "/newsroom/articles/new", "/newsroom/articles/{0}"]
ACTS = ["opening", "closing", "resolution"]
READS = [*PAGES, *(f"/newsroom/articles/{{0}}/{act}" for act in ACTS)]
WRITES = ["/newsroom/articles", *READS[2:]]


@pytest.fixture
def desk(app: Flask, editor: Reader) -> FlaskClient:
    return factories.browser_of(app, editor)


@pytest.mark.parametrize("path", READS)
def test_nobody_is_sent_to_sign_in_and_back(client: FlaskClient, article: Article, path: str) -> None:
    answer = client.get(path.format(article.id))
    assert (answer.status_code, answer.location) == (302, f"/sign-in?next={path.format(article.id)}")


@pytest.mark.parametrize("path", WRITES)
def test_nobody_changes_anything(client: FlaskClient, article: Article, path: str) -> None:
    answer = client.post(path.format(article.id), data={"step": "confirm"})
    assert answer.status_code == 403
    assert article.is_open


def test_a_session_that_ended_meanwhile_keeps_the_text(client: FlaskClient) -> None:
    answer = client.post("/newsroom/articles", data={"headline": "Late", "body": "A long evening's work."})
    assert "A long evening's work." in BeautifulSoup(answer.text, "lxml").get_text()


@pytest.mark.parametrize("who", ["reader", "moderator"])
@pytest.mark.parametrize("path", READS)
def test_readers_and_moderators_find_nothing(
    app: Flask, article: Article, request: pytest.FixtureRequest, who: str, path: str
) -> None:
    browser = factories.browser_of(app, request.getfixturevalue(who))
    assert browser.get(path.format(article.id)).status_code == 404


@pytest.mark.parametrize("who", ["reader", "moderator"])
@pytest.mark.parametrize("path", WRITES)
def test_readers_and_moderators_change_nothing(
    app: Flask, article: Article, request: pytest.FixtureRequest, who: str, path: str
) -> None:
    browser = factories.browser_of(app, request.getfixturevalue(who))
    assert browser.post(path.format(article.id), data={"step": "confirm"}).status_code == 404
    assert article.is_open


@pytest.mark.parametrize("path", READS)
def test_a_guest_is_asked_to_sign_in(app: Flask, article: Article, stranger: Reader, path: str) -> None:
    answer = factories.browser_of(app, stranger).get(path.format(article.id))
    assert (answer.status_code, answer.location) == (302, f"/sign-in?next={path.format(article.id)}")


@pytest.mark.parametrize("path", READS[2:])
def test_an_article_that_is_not_there_is_missing(desk: FlaskClient, path: str) -> None:
    assert [desk.get(path.format(number)).status_code for number in (999_999, 10**30)] == [404, 404]


def test_the_masthead_leads_editors_to_the_newsroom(desk: FlaskClient, client: FlaskClient) -> None:
    assert 'href="/newsroom"' in desk.get("/").text
    assert "/newsroom" not in client.get("/").text


def test_an_empty_newsroom_says_what_to_do(desk: FlaskClient) -> None:
    assert "There is no article yet. Write the first one" in desk.get("/newsroom").text


def test_a_draft_is_listed_with_its_state_and_what_can_be_done(desk: FlaskClient, now: datetime) -> None:
    draft = create(factories.draft(now), now=now)
    page = desk.get("/newsroom").text
    assert '<strong class="stage stage--draft">Draft</strong>' in page
    for path in (f"/newsroom/articles/{draft.id}", f"/newsroom/articles/{draft.id}/opening", f"/articles/{draft.slug}"):
        assert f'href="{path}"' in page


def test_an_open_article_is_listed_with_its_numbers(desk: FlaskClient, article: Article, reader: Reader, now: datetime) -> None:
    poll, prediction = factories.asked(article)
    participation.submit(article, Answer(choices=[poll.choices[0]], outcome=prediction.outcomes[0]), by=reader, now=now)
    factories.comment(article, reader)
    page = desk.get("/newsroom").text
    for words in ("Open</strong>", "1 take<", "1 prediction<", "1 comment<", "Poll closes", "Prediction closes", "/closing"):
        assert words in page


def test_an_article_whose_prediction_is_over_asks_to_be_resolved(desk: FlaskClient, article: Article, now: datetime) -> None:
    factories.asked(article)[1].closes_at = now - timedelta(minutes=1)
    page = desk.get("/newsroom?stage=awaiting").text
    assert "To resolve</strong>" in page
    assert f"/newsroom/articles/{article.id}/resolution" in page


def test_each_stage_has_a_list_of_its_own(desk: FlaskClient, article: Article, now: datetime) -> None:
    create(factories.draft(now, "Still a draft"), now=now)
    page = desk.get("/newsroom?stage=draft").text
    assert "Still a draft" in page
    assert article.headline not in page


@pytest.mark.usefixtures("article")
def test_a_stage_without_articles_says_so(desk: FlaskClient) -> None:
    assert "No article is at this stage." in desk.get("/newsroom?stage=resolved").text


@pytest.mark.parametrize("query", ["stage=lost", "before=x", "before=-1", "stage="])
def test_an_address_that_says_nothing_is_refused(desk: FlaskClient, query: str) -> None:
    assert desk.get(f"/newsroom?{query}").status_code == 400


def test_older_articles_are_one_page_further(desk: FlaskClient, now: datetime) -> None:
    first = create(factories.draft(now, "The very first"), now=now)
    for _ in range(ARTICLES_A_PAGE):
        create(factories.draft(now), now=now)
    page = desk.get("/newsroom?stage=draft").text
    assert "The very first" not in page
    assert f"/newsroom?stage=draft&amp;before={first.id + 1}" in page
    assert "The very first" in desk.get(f"/newsroom?stage=draft&before={first.id + 1}").text


def test_a_page_beyond_the_last_says_so(desk: FlaskClient, article: Article) -> None:
    assert "There are no older articles." in desk.get(f"/newsroom?before={article.id}").text


@pytest.mark.parametrize("path", ["/newsroom", "/newsroom/articles/{0}"])
def test_the_number_of_queries_does_not_grow(desk: FlaskClient, now: datetime, path: str) -> None:
    def asked(more: int, make: Callable[[], Article]) -> int:
        made = [make() for _ in range(more)][-1]
        with counted_statements() as seen:
            desk.get(path.format(made.id))
        return len(seen)

    assert asked(2, lambda: factories.open_article(now)) == asked(10, lambda: factories.open_article(now)) <= 12


def test_a_headline_cannot_bring_markup_into_the_list(desk: FlaskClient, now: datetime) -> None:
    create(factories.draft(now, "<script>alert(1)</script>"), now=now)
    assert "<script>alert" not in desk.get("/newsroom").text


def test_an_article_without_questions_is_listed_too(desk: FlaskClient, article: Article) -> None:
    articles.close(article, now=factories.asked(article)[0].closes_at)
    assert "Discussion closed" in desk.get("/newsroom").text
