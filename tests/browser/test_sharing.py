from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

from playwright.sync_api import Browser, Page, expect

from tests.browser.places import go

REFUSING = "Object.defineProperty(navigator, 'clipboard', {value: {writeText: () => Promise.reject(new Error('no'))}})"
SHARING = "navigator.share = (what) => { window.shared = what; return Promise.resolve(); }"
NOT_SHARING = "Object.defineProperty(navigator, 'share', {value: undefined})"


def test_a_link_is_copied_and_said_to_be(browser: Browser, base_url: str) -> None:
    context = browser.new_context(base_url=base_url, permissions=["clipboard-read", "clipboard-write"])
    page = context.new_page()
    page.clock.install()
    go(page, "open article")
    page.clock.pause_at(datetime.now(UTC) + timedelta(minutes=1))  # what is said for seconds might be over before it is read
    first = page.locator(".comment share-link").first
    address = first.locator("a").evaluate("link => link.href")
    first.get_by_role("button", name="Copy link").click()
    expect(first.get_by_role("button", name="Link copied")).to_be_visible()
    assert page.evaluate("navigator.clipboard.readText()") == address
    page.clock.run_for(3_000)
    expect(page.get_by_role("status").filter(has_text="Link copied")).to_have_count(1)
    expect(first.get_by_role("button", name="Copy link")).to_be_visible()
    context.close()


def test_a_link_that_cannot_be_copied_is_shown(fresh: Callable[..., Page]) -> None:
    page = fresh()
    page.add_init_script(REFUSING)
    go(page, "open article")
    first = page.locator(".comment share-link").first
    expect(first.get_by_role("link")).to_have_count(0)
    first.get_by_role("button", name="Copy link").click()
    expect(first.get_by_role("link", name="Link")).to_be_visible()
    expect(page.get_by_role("status").filter(has_text="The link was not copied.")).to_have_count(1)


def test_an_article_is_handed_to_what_the_device_shares_with(fresh: Callable[..., Page]) -> None:
    page = fresh()
    page.add_init_script(SHARING)
    go(page, "open article")
    page.locator(".article__share").get_by_role("button", name="Share").click()
    assert page.evaluate("window.shared.url") == page.url.partition("#")[0]
    assert page.evaluate("window.shared.title") == page.title()


def test_without_sharing_there_is_only_copying(fresh: Callable[..., Page]) -> None:
    page = fresh()
    page.add_init_script(NOT_SHARING)
    go(page, "open article")
    expect(page.locator(".article__share").get_by_role("button")).to_have_text(["Copy link"])


def test_without_javascript_the_link_leads_to_the_comment(without_javascript: Page) -> None:
    page = without_javascript
    go(page, "open article")
    page.locator(".comment share-link").first.get_by_role("link", name="Link").click()
    expect(page.locator(".comment:target")).to_be_visible()
