from __future__ import annotations

import io
from datetime import datetime
from urllib.parse import urlsplit

import pytest
from bs4 import BeautifulSoup
from flask import Flask
from flask.testing import FlaskClient
from PIL import Image

from blueprints.articles.pages import article_page
from blueprints.articles.sharing import content_of
from blueprints.support.pictures import PictureContent
from domain import articles, crowds, participation
from domain.participation import Answer
from models import Article, PollKind, Reader, ResultsVisibility
from tests import factories, history
from tests.results import shown

pytestmark = pytest.mark.usefixtures("stage")


def named(client: FlaskClient, article: Article) -> dict[str, str]:
    """Return what the article's head says of its picture."""
    soup = BeautifulSoup(client.get(f"/articles/{article.slug}").text, "lxml")
    found = {str(tag.get("property") or tag["name"]): str(tag["content"]) for tag in soup.select("meta[content]")}
    return {name: text for name, text in found.items() if name.startswith(("og:image", "twitter:"))}


def path(client: FlaskClient, article: Article) -> str:
    parts = urlsplit(named(client, article)["og:image"])
    return f"{parts.path}?{parts.query}"


def content(app: Flask, article: Article, now: datetime) -> PictureContent:
    with app.test_request_context():
        return content_of(article_page(article, None, now))


def test_the_picture_is_as_large_as_networks_want_it(client: FlaskClient, now: datetime) -> None:
    article = shown(now)
    answer = client.get(path(client, article))
    assert (answer.status_code, answer.mimetype) == (200, "image/png")
    assert Image.open(io.BytesIO(answer.data)).size == (1_200, 630)
    assert named(client, article).items() >= {("og:image:width", "1200"), ("twitter:card", "summary_large_image")}


def test_public_takes_are_on_it(app: Flask, now: datetime) -> None:
    found = content(app, shown(now, PollKind.SCALE, crowd=0), now)
    assert (found.question, found.is_hidden) == ("What should it be?", False)
    assert [bar.label for bar in found.bars] == list(factories.STEPS)
    assert found.bars[0].text == "43 %"
    assert found.note.startswith("7 readers.")


def test_one_reader_is_called_one(app: Flask, reader: Reader, now: datetime) -> None:
    article = factories.open_article(now)
    poll, _ = factories.asked(article)
    poll.visibility = ResultsVisibility.ALWAYS
    participation.submit(article, Answer(choices=[poll.choices[0]]), by=reader, now=now)
    assert content(app, article, now).note == "1 reader. They chose to take part: not a representative sample."


def test_first_choices_are_called_so(app: Flask, now: datetime) -> None:
    note = content(app, shown(now, PollKind.RANKED, crowd=0), now).note
    assert note == "How many of 7 readers put each first. They chose to take part."


def test_where_takes_are_hidden_the_crowd_is_on_it(app: Flask, now: datetime) -> None:
    article = shown(now)
    factories.asked(article)[0].visibility = ResultsVisibility.AFTER_VOTING
    found = content(app, article, now)
    assert (found.question, found.note) == ("What will come of it?", "The crowd forecast of 12 readers")
    assert sum(bar.share for bar in found.bars) == pytest.approx(1)


def test_five_of_many_answers_are_on_it_in_their_order(app: Flask, now: datetime) -> None:
    labels = [f"Dish {place}" for place in range(9)]
    article = factories.open_article_with(now, poll=factories.poll(now, PollKind.SINGLE, *labels))
    poll = article.poll
    assert poll is not None
    poll.visibility = ResultsVisibility.ALWAYS
    for place in (8, 8, 3, 1, 6, 7):
        participation.submit(article, Answer(choices=[poll.choices[place]]), by=factories.guest(), now=now)
    assert [bar.label for bar in content(app, article, now).bars] == ["Dish 1", "Dish 3", "Dish 6", "Dish 7", "Dish 8"]


def test_hidden_votes_change_neither_the_picture_nor_its_address(
    client: FlaskClient, article: Article, reader: Reader, now: datetime
) -> None:
    before = path(client, article)
    picture = client.get(before)
    history.takes(article, reader, now, 0)
    history.crowd_predicts(article, now, 6)
    crowds.refresh(factories.asked(article)[1], now=now)
    assert path(client, article) == before
    again = client.get(before)
    assert (again.data, again.headers["ETag"]) == (picture.data, picture.headers["ETag"])


def test_a_public_vote_changes_both(client: FlaskClient, article: Article, reader: Reader, now: datetime) -> None:
    before = path(client, article)
    picture = client.get(before).data
    history.takes(article, reader, now, 0)
    articles.close(article, now=now)
    assert path(client, article) != before
    assert client.get(path(client, article)).data != picture


def test_who_may_see_more_is_shown_what_everybody_is(app: Flask, client: FlaskClient, article: Article, reader: Reader) -> None:
    address = path(client, article)
    history.takes(article, reader, datetime.now(tz=article.created_at.tzinfo), 0)
    mine = factories.browser_of(app, reader).get(address)
    assert mine.data == client.get(address).data
    assert "Set-Cookie" not in mine.headers


def test_an_address_that_names_its_content_is_kept_for_ever(client: FlaskClient, article: Article) -> None:
    address = path(client, article)
    assert client.get(address).headers["Cache-Control"] == "public, max-age=31536000, immutable"
    for other in (address.partition("?")[0], f"{address}0"):
        assert "immutable" not in client.get(other).headers["Cache-Control"]


def test_who_has_it_is_told_that_it_is_the_same(client: FlaskClient, article: Article) -> None:
    first = client.get(path(client, article))
    again = client.get(path(client, article), headers={"If-None-Match": first.headers["ETag"]})
    assert (again.status_code, again.data) == (304, b"")


def test_other_sites_may_show_it(client: FlaskClient, article: Article) -> None:
    assert client.get(path(client, article)).headers["Cross-Origin-Resource-Policy"] == "cross-origin"


def test_an_article_that_asks_nothing_has_a_picture_of_its_headline(app: Flask, client: FlaskClient, now: datetime) -> None:
    article = factories.open_article_with(now)
    assert content(app, article, now).is_hidden
    assert client.get(path(client, article)).status_code == 200
