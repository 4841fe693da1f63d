from __future__ import annotations

from datetime import datetime

import pytest
from bs4 import BeautifulSoup
from flask import Flask
from flask.testing import FlaskClient

from domain import articles
from models import Article, CommentState, Reader
from tests import factories

SITE = "http://127.0.0.1:8000"


def head_of(client: FlaskClient, path: str) -> dict[str, str]:
    """Return the named metadata and the canonical address of a page."""
    page = BeautifulSoup(client.get(path).text, "lxml")
    found = {str(tag.get("name") or tag["property"]): str(tag["content"]) for tag in page.select("meta[name], meta[property]")}
    return found | {str(tag["rel"][0]): str(tag["href"]) for tag in page.select("link[rel=canonical]")}


def test_an_article_says_what_it_is(client: FlaskClient, article: Article) -> None:
    found = head_of(client, f"/articles/{article.slug}")
    address = f"{SITE}/articles/{article.slug}"
    assert found.items() >= {
        ("canonical", address),
        ("og:url", address),
        ("og:type", "article"),
        ("og:title", article.headline),
        ("og:site_name", "Foresay"),
    }
    assert found["description"] == found["og:description"]
    assert found["description"].startswith("The council wants to end the tolls on the harbour bridge. The vote is expected")


@pytest.mark.parametrize("query", ["sort=newest", "sort=best", "after=0.999999", "sort=oldest&after=0.1", "utm_source=x"])
def test_every_order_and_page_of_a_discussion_is_the_articles(client: FlaskClient, article: Article, query: str) -> None:
    address = f"/articles/{article.slug}"
    assert head_of(client, f"{address}?{query}")["canonical"] == f"{SITE}{address}"


def test_a_comment_stands_for_itself(client: FlaskClient, article: Article, reader: Reader) -> None:
    reply = factories.comment(article, reader, 'So "it" is **<b>**.', factories.comment(article, reader))
    found = head_of(client, f"/comments/{reply.id}?page=1")
    assert found["canonical"] == found["og:url"] == f"{SITE}/comments/{reply.id}"
    assert found["og:title"] == f"reader one on “{article.headline}”"
    assert found["og:description"] == 'So "it" is <b>.'


def test_a_readers_page_and_home_say_where_they_are(client: FlaskClient, reader: Reader) -> None:
    assert head_of(client, "/?utm_source=x")["canonical"] == f"{SITE}/"
    found = head_of(client, f"/readers/{reader.public_id}?before=99")
    assert found["canonical"] == f"{SITE}/readers/{reader.public_id}"
    assert found["og:type"] == "profile"


def test_public_pages_may_be_found(client: FlaskClient, article: Article, reader: Reader) -> None:
    comment = factories.comment(article, reader)
    for path in ("/", f"/articles/{article.slug}", f"/comments/{comment.id}", f"/readers/{reader.public_id}"):
        assert "robots" not in head_of(client, path)


def test_pages_of_ones_own_are_kept_out_of_search_engines(
    app: Flask, client: FlaskClient, article: Article, moderator: Reader
) -> None:
    comment = factories.comment(article, moderator)
    for path in ("/sign-in", "/sign-up", f"/comments/{comment.id}/report", "/nowhere"):
        assert head_of(client, path)["robots"] == "noindex"
    for path in ("/me", "/moderation/"):
        found = head_of(factories.browser_of(app, moderator), path)
        assert found["robots"] == "noindex"
        assert "canonical" not in found


def test_what_only_some_can_read_is_kept_out_of_search_engines(
    app: Flask, article: Article, editor: Reader, stranger: Reader, now: datetime
) -> None:
    draft, held = articles.create(factories.draft(now), now=now), factories.comment(article, stranger)
    assert held.state is CommentState.HELD
    for path in (f"/articles/{draft.slug}", f"/comments/{held.id}"):
        assert head_of(factories.browser_of(app, editor), path)["robots"] == "noindex"
