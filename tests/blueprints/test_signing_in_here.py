"""The link at the head of a page by which one signs in and comes back to it."""

from __future__ import annotations

from urllib.parse import parse_qs, urlsplit

import pytest
from bs4 import BeautifulSoup
from flask import Flask
from flask.testing import FlaskClient

from domain import mailing
from models import Article, Reader
from tests import factories


def led_to(html: str) -> str:
    """Return the page to which the link at the head leads back, nothing where it leads to none."""
    link = BeautifulSoup(html, "lxml").select_one(".masthead__nav a[href^='/sign-in']")
    assert link is not None
    return parse_qs(urlsplit(str(link["href"])).query).get("next", [""])[0]


@pytest.mark.parametrize("path", ["/", "/articles", "/leaderboard", "/rules"])
def test_signing_in_leads_back_to_the_page(client: FlaskClient, path: str) -> None:
    assert led_to(client.get(path).text) == path


def test_signing_in_leads_back_to_the_article(client: FlaskClient, article: Article, reader: Reader) -> None:
    page = client.get(f"/articles/{article.slug}?sort=newest&x=of-somebody").text
    data = {"email": reader.email, "password": factories.PASSWORD, "next": led_to(page)}
    assert client.post("/sign-in", data=data).location == f"/articles/{article.slug}"


def test_signing_in_from_a_mistake_leads_to_the_article(client: FlaskClient, article: Article) -> None:
    answer = client.post(f"/articles/{article.slug}/comments", data={"body": ""}, follow_redirects=True)
    assert (answer.status_code, led_to(answer.text)) == (422, f"/articles/{article.slug}")


@pytest.mark.parametrize("path", ["/sign-in", "/sign-up", "/sign-in?next=/me", "/nowhere", "/articles/nowhere"])
def test_some_pages_are_not_come_back_to(client: FlaskClient, path: str) -> None:
    assert led_to(client.get(path).text) == ""


def test_a_token_stays_in_its_own_address(app: Flask, client: FlaskClient, reader: Reader) -> None:
    answer = client.get(f"/unsubscribe/{mailing.token_for(reader.id, secret=str(app.secret_key))}")
    assert (answer.status_code, led_to(answer.text)) == (200, "")
