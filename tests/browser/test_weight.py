from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, Response

from tests.browser.places import longest

PAGE = 80_000  # bytes compressed, of the article page with 50 comments and everything it needs
SCRIPTS = 15_000


@pytest.fixture
def responses(browser: Browser, base_url: str, phone: Page) -> Iterator[list[Response]]:
    """Return everything a browser that was never here loads for the article with the most comments."""
    loaded: list[Response] = []
    phone.goto("/")
    address = longest(phone).get_attribute("href")
    context = browser.new_context(base_url=base_url, viewport=phone.viewport_size)
    page = context.new_page()
    page.on("response", lambda response: loaded.append(response))  # noqa: PLW0108 - a built-in is no listener to it
    page.goto(str(address))
    page.wait_for_load_state("networkidle")
    assert page.locator(".comment").count() >= 50
    yield list(loaded)  # and not what an open page goes on asking, on a busy machine for long
    context.close()


def size(response: Response) -> int:
    """Return the bytes of a body as they crossed the line."""
    return response.request.sizes()["responseBodySize"]


def test_the_article_page_with_fifty_comments_is_light(responses: list[Response]) -> None:
    assert sum(size(response) for response in responses) < PAGE


def test_the_scripts_are_light(responses: list[Response]) -> None:
    assert sum(size(response) for response in responses if response.request.resource_type == "script") < SCRIPTS


def test_everything_comes_from_the_site_itself(responses: list[Response], base_url: str) -> None:
    assert {response.url.startswith(base_url) for response in responses} == {True}
