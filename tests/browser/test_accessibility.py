from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page

from domain import periods
from tests.browser.places import go

OPTIONS = {
    "runOnly": {"type": "tag", "values": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]},
    "resultTypes": ["violations"],  # of what passes no list of selectors is made, which takes longer than the looking
}
PUBLIC = [
    "/",
    "open article",
    "closed article",
    "resolved article",
    "comment",
    "report",
    "/rules",
    "/moderation-log",
    "/legal-notices/new",
    "/sign-in",
    "/sign-up",
    "/nowhere",
]
STAFF = [
    ("reader", "/me"),
    ("reader", "open article"),
    ("reader", "/me/notifications"),
    ("reader", "/me/notifications/settings"),
    ("reader", "/me/following"),
    ("reader", "/me/statements"),
    ("moderator", "/moderation"),
    ("moderator", "/moderation/metrics"),
    ("moderator", "/moderation/legal-notices"),
    ("moderator", f"/transparency/{periods.containing(datetime.now(UTC))}"),
    ("editor", "/newsroom/articles/1/legal-state"),
    ("moderator", "/moderation/reported?words=a&hours=1"),
    ("moderator", "/moderation/appeals/"),
    ("moderator", "/moderation/bans"),
    ("editor", "/policy/clauses/abuse/edit"),
    ("editor", "/policy/words"),
    ("editor", "/policy/rules/new"),
    ("editor", "/newsroom"),
    ("editor", "/newsroom/articles/new"),
]
VIEWS = [(390, "light"), (1280, "dark")]  # each width and each scheme once


def violations(page: Page) -> list[str]:
    """Return what axe finds wrong with a page, a line each."""
    found: dict[str, Any] = Axe().run(page, options=OPTIONS).response
    return [f"{item['id']}: {node['html'][:160]}" for item in found["violations"] for node in item["nodes"]]


def unfold(page: Page) -> None:
    """Open everything that is folded, so that it is looked at too."""
    page.evaluate("for (const part of document.querySelectorAll('details')) part.open = true")


def reaches_beyond(page: Page) -> bool:
    """Whether the page has to be scrolled sideways."""
    return bool(page.evaluate("document.documentElement.scrollWidth > document.documentElement.clientWidth"))


@pytest.mark.parametrize("place", PUBLIC)
def test_public_pages_have_no_violations(browser: Browser, base_url: str, place: str) -> None:
    for width, scheme in VIEWS:
        context = browser.new_context(base_url=base_url, viewport={"width": width, "height": 900}, color_scheme=scheme)  # type: ignore[arg-type]
        page = context.new_page()
        go(page, place)
        unfold(page)
        assert violations(page) == [], (width, scheme)
        assert not reaches_beyond(page), width
        context.close()


@pytest.mark.parametrize(("role", "place"), STAFF)
def test_pages_behind_the_sign_in_have_no_violations(signed_in: Callable[..., Page], role: str, place: str) -> None:
    page = signed_in(role)
    for width, scheme in VIEWS:
        page.set_viewport_size({"width": width, "height": 900})
        page.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]
        go(page, place)
        unfold(page)
        assert violations(page) == [], (width, scheme)
        assert not reaches_beyond(page), width


def test_large_text_does_not_break_the_article(phone: Page) -> None:
    go(phone, "open article")
    phone.evaluate("document.documentElement.style.fontSize = '200%'")
    assert not reaches_beyond(phone)
