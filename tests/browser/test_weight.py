from __future__ import annotations

import pytest
from playwright.sync_api import Page, Response

PAGE = 80_000  # bytes compressed, of the article page with 50 comments and everything it needs
SCRIPTS = 15_000


@pytest.fixture
def responses(phone: Page) -> list[Response]:
    """Return everything the browser loaded for the article with the most comments."""
    loaded: list[Response] = []
    phone.goto("/")
    address = phone.get_by_role("link", name="Have your say").first.get_attribute("href")
    phone.on("response", lambda response: loaded.append(response))  # noqa: PLW0108 - a built-in is no listener to it
    phone.goto(str(address))
    phone.wait_for_load_state("networkidle")
    assert phone.locator(".comment").count() >= 50
    return loaded


def size(response: Response) -> int:
    """Return the bytes of a body as they crossed the line."""
    return response.request.sizes()["responseBodySize"]


def test_the_article_page_with_fifty_comments_is_light(responses: list[Response]) -> None:
    assert sum(size(response) for response in responses) < PAGE


def test_the_scripts_are_light(responses: list[Response]) -> None:
    assert sum(size(response) for response in responses if response.request.resource_type == "script") < SCRIPTS


def test_everything_comes_from_the_site_itself(responses: list[Response], base_url: str) -> None:
    assert {response.url.startswith(base_url) for response in responses} == {True}
