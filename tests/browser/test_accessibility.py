from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from axe_playwright_python.base import AXE_SCRIPT
from playwright.sync_api import Page

from tests.browser.places import go

OPTIONS = {
    "runOnly": {"type": "tag", "values": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]},
    "resultTypes": ["violations"],  # of what passes no list of selectors is made, which takes longer than the looking
}
PUBLIC = [
    "/",
    "/articles",
    "open article",
    "closed article",
    "resolved article",
    "comment",
    "report",
    "transcript",
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
    ("moderator", "running half-year"),
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


def violations(page: Page, within: str = "") -> list[str]:
    """Return what axe finds wrong with a page, or with a part of it, a line each."""
    page.wait_for_load_state()  # of a page that comes bit by bit, what is still missing is missed
    if not page.evaluate("'axe' in window"):
        page.evaluate(AXE_SCRIPT)
    found: dict[str, Any] = page.evaluate("([within, options]) => axe.run(within || document, options)", [within, OPTIONS])
    return [f"{item['id']}: {node['html'][:160]}" for item in found["violations"] for node in item["nodes"]]


def unfold(page: Page) -> None:
    """Open everything that is folded, so that it is looked at too."""
    page.evaluate("for (const part of document.querySelectorAll('details')) part.open = true")


def reaches_beyond(page: Page) -> bool:
    """Whether the page has to be scrolled sideways."""
    return bool(page.evaluate("document.documentElement.scrollWidth > document.documentElement.clientWidth"))


def check(page: Page, views: list[tuple[int, str]] = VIEWS) -> None:
    """Look at the page as it is in each view, with everything opened: there are no violations, and nothing reaches beyond."""
    page.wait_for_load_state()
    unfold(page)
    for width, scheme in views:
        page.set_viewport_size({"width": width, "height": 900})
        page.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]
        assert violations(page) == [], (page.url, width, scheme)
        assert not reaches_beyond(page), (page.url, width)


@pytest.mark.parametrize("place", PUBLIC)
def test_public_pages_have_no_violations(page: Page, place: str) -> None:
    go(page, place)
    check(page)


@pytest.mark.parametrize(("role", "place"), STAFF)
def test_pages_behind_the_sign_in_have_no_violations(signed_in: Callable[..., Page], role: str, place: str) -> None:
    page = signed_in(role)
    go(page, place)
    check(page)


def test_large_text_does_not_break_the_article(phone: Page) -> None:
    go(phone, "open article")
    phone.evaluate("document.documentElement.style.fontSize = '200%'")
    assert not reaches_beyond(phone)
