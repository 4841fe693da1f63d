from __future__ import annotations

from datetime import datetime
from typing import Any
from urllib.parse import parse_qs, urlsplit
from xml.etree import ElementTree as ET

import pytest
from bs4 import BeautifulSoup
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from blueprints.oembed import answers
from blueprints.oembed.fitting import AROUND, LINE, TALLEST, USUAL_WIDTH, room_for
from domain import articles, participation
from domain.participation import Answer
from extensions import db
from models import Article, Comment, CommentState, Reader
from tests import factories

SITE = "http://127.0.0.1:8000"
REQUIRED = {"version", "type", "html", "width", "height"}  # of the type rich
OPTIONAL = {"title", "author_name", "author_url", "provider_name", "provider_url", "cache_age"}
LONG = "A sentence that says something. " * 150


def ask(client: FlaskClient, url: str | None, **arguments: str) -> TestResponse:
    return client.get("/oembed", query_string={**({} if url is None else {"url": url}), **arguments})


def told(client: FlaskClient, url: str, **arguments: str) -> dict[str, Any]:
    """Return what is answered, which is what the specification asks of the type rich."""
    answer = ask(client, url, **arguments)
    assert (answer.status_code, answer.mimetype) == (200, "application/json")
    values: dict[str, Any] = answer.get_json()
    assert REQUIRED <= values.keys() <= REQUIRED | OPTIONAL
    assert (values["version"], values["type"]) == ("1.0", "rich")
    assert all(isinstance(values[name], int) and values[name] > 0 for name in ("width", "height", "cache_age"))
    return values


def address(comment: Comment) -> str:
    return f"{SITE}/comments/{comment.id}"


def test_a_comment_is_shown_with_its_author_and_its_address(client: FlaskClient, article: Article, reader: Reader) -> None:
    comment = factories.comment(article, reader, "A **fine** point.")
    values = told(client, address(comment))
    quoted = BeautifulSoup(values.pop("html"), "lxml").blockquote
    assert quoted is not None
    assert quoted["cite"] == address(comment)
    assert "<p>A <strong>fine</strong> point.</p>" in str(quoted)
    assert [link["href"] for link in quoted.find_all("a")] == [f"{SITE}/readers/{reader.public_id}", address(comment)]
    assert values.items() >= {
        ("title", f"reader one on “{article.headline}”"),
        ("author_name", "reader one"),
        ("author_url", f"{SITE}/readers/{reader.public_id}"),
        ("provider_name", "Foresay"),
        ("provider_url", SITE),
        ("cache_age", answers.KEPT_FOR),
    }


def test_an_article_is_shown_with_what_it_asks(client: FlaskClient, article: Article) -> None:
    values = told(client, f"{SITE}/articles/{article.slug}?sort=best#discussion")
    for words in (article.headline, "Should the tolls end?", "How will the council vote?", "The council wants"):
        assert words in values["html"]
    assert (values["title"], values["author_name"]) == (article.headline, "By the city desk")


def test_a_hostile_comment_stays_text(client: FlaskClient, article: Article, editor: Reader) -> None:
    comment = factories.comment(
        article, editor, "<script>alert(1)</script> [x](javascript:alert(1)) ]]> \x00 & “q” <img src=x>"
    )
    page = BeautifulSoup(told(client, address(comment))["html"], "lxml")
    assert not page.find_all(["script", "img", "iframe", "style", "form", "input"])
    assert all(urlsplit(str(link["href"])).scheme == "http" for link in page.find_all("a"))


def test_a_link_to_a_page_of_ours_names_the_site(client: FlaskClient, article: Article, editor: Reader) -> None:
    comment = factories.comment(article, editor, "[here](/sign-out)")
    assert f'<a href="{SITE}/sign-out"' in told(client, address(comment))["html"]


def test_a_guest_is_named_by_number_without_a_link(
    client: FlaskClient, article: Article, stranger: Reader, now: datetime
) -> None:
    comment = factories.comment(article, stranger)
    factories.put(comment, CommentState.PUBLISHED)
    values = told(client, address(comment))
    assert values["author_name"] == f"Guest {stranger.public_id[:4].upper()}"
    assert "author_url" not in values


def test_no_answer_tells_a_take_a_prediction_or_a_count(
    client: FlaskClient, article: Article, reader: Reader, now: datetime
) -> None:
    poll, prediction = factories.asked(article)
    given = Answer(choices=[poll.choices[1]], outcome=prediction.outcomes[2], reason="Because.")
    comment = participation.submit(article, given, by=reader, now=now)
    assert comment is not None
    for url in (address(comment), f"{SITE}/articles/{article.slug}"):
        words = ask(client, url).text
        assert not [label for label in ("Disagree", "No vote this year", "100 %", "expects") if label in words]


def test_the_same_is_told_in_xml(client: FlaskClient, article: Article, reader: Reader) -> None:
    comment = factories.comment(article, reader, "]]> <b> & \x0b **fine**")
    answer = ask(client, address(comment), format="xml")
    found = ET.fromstring(answer.data)  # noqa: S314 - our own, and strict about what is well formed
    assert (answer.mimetype, found.tag) == ("text/xml", "oembed")
    assert {child.tag: child.text for child in found} == {
        name: str(value) for name, value in told(client, address(comment)).items()
    }


def test_an_answer_is_the_same_for_everyone(app: Flask, client: FlaskClient, article: Article, reader: Reader) -> None:
    comment = factories.comment(article, reader)
    for url in (address(comment), f"{SITE}/articles/{article.slug}"):
        for_nobody, for_reader = ask(client, url), ask(factories.browser_of(app, reader), url)
        assert for_nobody.data == for_reader.data
        assert "public" in for_reader.headers["Cache-Control"]


def test_an_answer_that_has_not_changed_is_not_sent_again(client: FlaskClient, article: Article, reader: Reader) -> None:
    comment = factories.comment(article, reader)
    path = f"/oembed?url={address(comment)}"
    etag = client.get(path).headers["ETag"]
    assert client.get(path, headers={"If-None-Match": etag}).status_code == 304
    comment.body_html = "<p>Other words.</p>"
    db.session.flush()
    assert client.get(path, headers={"If-None-Match": etag}).status_code == 200


def test_a_size_is_kept_to(client: FlaskClient, article: Article, reader: Reader) -> None:
    comment = factories.comment(article, reader, LONG)
    for wide, high in ((200, 300), (1, 1), (99_999, 99_999)):
        values = told(client, address(comment), maxwidth=str(wide), maxheight=str(high))
        assert values["width"] <= wide
        assert values["height"] <= high


def test_what_does_not_fit_is_cut(client: FlaskClient, article: Article, reader: Reader) -> None:
    comment = factories.comment(article, reader, LONG)
    short = BeautifulSoup(told(client, address(comment), maxheight="200")["html"], "lxml").div
    assert short is not None
    assert short.get_text(strip=True).endswith("…")
    assert LONG.strip() in told(client, address(comment))["html"]


def test_a_text_is_as_high_as_its_lines() -> None:
    assert room_for("a\nb", most_wide=None, most_high=None).height == (2 + AROUND) * LINE
    assert room_for("a" * 80, most_wide=80, most_high=None).height == (8 + AROUND) * LINE
    assert room_for("a\n" * 5_000, most_wide=None, most_high=None).height == TALLEST
    assert room_for("", most_wide=10_000, most_high=None).width == USUAL_WIDTH


@pytest.mark.parametrize(
    "url",
    [
        "https://127.0.0.1:8000/comments/{id}",
        "http://127.0.0.1/comments/{id}",
        "http://evil.example/comments/{id}",
        "http://127.0.0.1:8000@evil.example/comments/{id}",
        "//127.0.0.1:8000/comments/{id}",
        "/comments/{id}",
        f"{SITE}/comments/{{id}}/report",
        f"{SITE}/comments/{{id}}/",
        f"{SITE}/comments/999999",
        f"{SITE}/comments/99999999999999999999999",
        f"{SITE}/comments/x",
        f"{SITE}/articles/none",
        f"{SITE}/",
        f"{SITE}/me",
        "http://[",
        "javascript:alert(1)",
        "nonsense",
    ],
)
def test_only_public_pages_of_this_site_are_shown_elsewhere(
    client: FlaskClient, article: Article, reader: Reader, url: str
) -> None:
    answer = ask(client, url.format(id=factories.comment(article, reader).id))
    assert (answer.status_code, answer.mimetype) == (404, "text/plain")
    assert answer.text.startswith("There ")


@pytest.mark.parametrize("query", ["url=%ed%a0%80", "url=%ff%fe", "url=x&format=%ff", "url=x&url=y"])
def test_bytes_that_are_no_text_are_no_address(client: FlaskClient, query: str) -> None:
    assert client.get(f"/oembed?{query}").status_code in {404, 501}


@pytest.mark.parametrize("state", sorted(set(CommentState) - {CommentState.PUBLISHED}, key=str))
def test_what_the_public_cannot_read_is_not_shown_elsewhere(
    app: Flask, article: Article, reader: Reader, now: datetime, state: CommentState
) -> None:
    comment = factories.comment(article, reader)
    factories.put(comment, state)
    assert ask(factories.browser_of(app, reader), address(comment)).status_code == 404


def test_a_draft_is_not_shown_elsewhere(app: Flask, editor: Reader, now: datetime) -> None:
    draft = articles.create(factories.draft(now), now=now)
    assert ask(factories.browser_of(app, editor), f"{SITE}/articles/{draft.slug}").status_code == 404


@pytest.mark.parametrize(
    ("arguments", "status"),
    [
        ({}, 400),
        ({"url": ""}, 400),
        ({"format": "yaml", "url": f"{SITE}/"}, 501),
        ({"format": "yaml"}, 501),
        ({"format": "", "url": f"{SITE}/"}, 501),
        ({"url": f"{SITE}/", "maxwidth": "wide"}, 400),
        ({"url": f"{SITE}/", "maxwidth": "0"}, 400),
        ({"url": f"{SITE}/", "maxheight": "-1"}, 400),
        ({"url": f"{SITE}/", "maxheight": "9" * 6}, 400),
    ],
)
def test_a_question_that_cannot_be_answered_is_told_so(client: FlaskClient, arguments: dict[str, str], status: int) -> None:
    answer = client.get("/oembed", query_string=arguments)
    assert (answer.status_code, answer.mimetype) == (status, "text/plain")
    assert answer.text.endswith(".\n")


def test_pages_lead_to_how_they_are_shown_elsewhere(client: FlaskClient, article: Article, reader: Reader) -> None:
    comment = factories.comment(article, reader)
    for path in (f"/comments/{comment.id}", f"/articles/{article.slug}"):
        page = BeautifulSoup(client.get(path).text, "lxml")
        links = {str(link["type"]): urlsplit(str(link["href"])) for link in page.select("link[type$=oembed]")}
        assert links.keys() == {"application/json+oembed", "text/xml+oembed"}
        for media_type, link in links.items():
            assert f"{link.scheme}://{link.netloc}" == SITE
            answer = client.get(f"{link.path}?{link.query}")
            assert answer.mimetype == media_type.removesuffix("+oembed")
            assert parse_qs(link.query)["url"] == [f"{SITE}{path}"]
