"""Where things are on the demo site."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime

from playwright.sync_api import Locator, Page

from domain import periods

RESOLVED = "Can it win the Lantern?"  # of the headline of the demo's one article whose outcome is known
MOST_DISCUSSED = "those who prosecuted"  # of the headline of the open article with the most comments


def longest(page: Page) -> Locator:
    """Return the way from the home page to the open article with the most comments."""
    return page.get_by_role("article").filter(has_text=MOST_DISCUSSED).get_by_role("link", name="Have your say")


WAYS: dict[str, Callable[[Page], str | None]] = {
    "open article": lambda page: longest(page).get_attribute("href"),
    "running half-year": lambda _page: f"/transparency/{periods.containing(datetime.now(UTC))}",
    "closed article": lambda page: page.locator("h2:has-text('Closed') ~ article a").first.get_attribute("href"),
    "resolved article": lambda page: (
        page.get_by_role("article").filter(has_text=RESOLVED).locator("a").first.get_attribute("href")
    ),
}
FURTHER: dict[str, str] = {
    "comment": ".comment__who a",
    "transcript": "a[href$='/transcript']",
    "report": "a:text-is('Report')",
}


_known: dict[str, str] = {}  # the addresses of what was looked for once: there is one demo site


def go(page: Page, place: str) -> None:
    """Open a place: a path, or one of the names above."""
    if place in FURTHER:
        go(page, "open article")
        page.goto(str(page.locator(FURTHER[place]).first.get_attribute("href")))
        return
    if place in WAYS and place not in _known:
        page.goto("/")
        _known[place] = str(WAYS[place](page))
    page.goto(_known.get(place, place))


def forget(page: Page) -> None:
    """Take its cookies from a browser for good: an answer that was on its way brings the session back."""
    page.context.clear_cookies()
    for request in page.requests():
        request.response()
    page.context.clear_cookies()
