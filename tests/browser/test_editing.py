"""Editing, deciding about an edit and withdrawing, from end to end, each page also looked at by axe."""

from __future__ import annotations

from collections.abc import Callable

from playwright.sync_api import Page, expect

from tests.browser.places import go
from tests.browser.test_accessibility import reaches_beyond, violations

SignIn = Callable[..., Page]
PHONE = {"width": 320, "height": 800}


def posted(page: Page, text: str) -> str:
    """Post a comment on an open article and return the path of its page."""
    go(page, "open article")
    slug = page.url.partition("#")[0].rpartition("/")[2]
    send = """async ([slug, body]) => {
        await fetch(`/articles/${slug}/comments`, {method: "POST", body: new URLSearchParams({body})});
    }"""
    page.evaluate(send, [slug, text])
    page.goto("/me")
    return str(page.locator(".entry", has_text=text).locator("a[href^='/comments/']").first.get_attribute("href"))


def edit(page: Page, place: str, text: str) -> None:
    page.goto(place)
    page.get_by_role("link", name="Edit (").first.click()
    page.get_by_label("Your comment").fill(text)
    assert violations(page) == []
    page.get_by_role("button", name="Save").click()


def test_an_edit_is_shown_with_its_history(signed_in: SignIn) -> None:
    page = signed_in("reader", viewport=PHONE)
    place = posted(page, "The first words of a test.")
    edit(page, place, "The second words of a test.")
    page.get_by_role("link", name="edited").first.click()
    expect(page.locator("ins")).to_have_text("second ")
    expect(page.locator("del")).to_have_text("first ")
    assert (violations(page), reaches_beyond(page)) == ([], False)
    page.goto(f"{place}/withdrawal")
    assert (violations(page), reaches_beyond(page)) == ([], False)
    page.get_by_role("button", name="Withdraw it").click()
    expect(page.get_by_text("Your comment is withdrawn.")).to_be_visible()


MORE_LINKS = [f"https://example.org/{number}" for number in range(4)]  # too many also for a reader with approvals


def test_a_moderator_keeps_the_earlier_text_with_a_key(signed_in: SignIn) -> None:
    author = signed_in("reader")
    place = posted(author, "Words without a link.")
    edit(author, place, "Words with https://example.org/a-link in them, and with " + " ".join(MORE_LINKS))
    expect(author.get_by_text("Your edit waits for a moderator.").first).to_be_visible()
    desk = signed_in("moderator", viewport=PHONE)
    desk.goto("/moderation/reported")
    expect(desk.locator("moderation-desk [data-item][aria-current]")).to_have_count(1)  # the keys are there
    desk.keyboard.press("t")
    desk.wait_for_url("**/moderation/edited")
    expect(desk.locator("ins")).to_contain_text("https://example.org/a-link")
    assert (violations(desk), reaches_beyond(desk)) == ([], False)
    expect(desk.locator("[data-item][aria-current]")).to_have_count(1)
    desk.keyboard.press("o")
    expect(desk.locator("[data-said]")).to_contain_text("The earlier text is kept.")
    author.goto(place)
    expect(author.get_by_text("Words without a link.").first).to_be_visible()
