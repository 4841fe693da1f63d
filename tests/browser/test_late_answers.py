"""Answers that come late to a desk at which somebody has gone on meanwhile."""

from __future__ import annotations

import re

from playwright.sync_api import Page, Route, expect

from tests.browser.catching import catch, hold_back
from tests.browser.test_moderation import current, desk, said

__all__ = ["desk"]  # a fixture

DECISION = re.compile(r"/moderation/comments/\d+/(?!lease)")
REFUSED = {"said": "Not like this.", "regions": {}}


def held_back(page: Page, key: str) -> Route:
    """Decide by a key, and return the request, which is not answered yet."""
    decision = hold_back(page, DECISION)
    page.keyboard.press(key)
    return decision()


def test_a_late_answer_leaves_who_types_in_the_field(desk: Page) -> None:
    answer = held_back(desk, "a")
    desk.keyboard.press("/")
    field = desk.locator("[data-narrow] [name=words]")
    desk.keyboard.type("a few")
    answer.continue_()
    said(desk, "Approved")
    desk.keyboard.type(" letters")
    expect(field).to_have_value("a few letters")


def gone_on(page: Page) -> str:
    for _ in range(3):  # the first comment, the one after it, where an answer leads, and one more
        page.keyboard.press("j")
    return current(page)


def test_an_item_that_stays_does_not_call_back_who_has_gone_on(desk: Page) -> None:
    first = current(desk)
    shown = desk.locator(f"#{first}").evaluate("item => item.outerHTML.replace('aria-current', 'data-before')")
    answer = held_back(desk, "e")
    here = gone_on(desk)
    answer.fulfill(json={"said": "Sent on.", "moves_on": True, "regions": {first: shown}})
    said(desk, "Sent on.")
    expect(desk.locator(f"#{here}")).to_be_focused()


def test_a_late_refusal_leaves_who_has_gone_on_where_they_are(desk: Page) -> None:
    answer = held_back(desk, "a")
    here = gone_on(desk)
    answer.fulfill(status=409, json=REFUSED)
    said(desk, "Not like this.")
    expect(desk.locator(f"#{here}")).to_be_focused()


def test_a_key_pressed_as_a_refusal_comes_decides_nothing(desk: Page) -> None:
    desk.evaluate("const now = performance.now() + 1000; performance.now = () => now")
    catch(desk, DECISION, lambda route: route.fulfill(status=409, json=REFUSED), times=1)
    desk.keyboard.press("a")
    said(desk, "Not like this.")
    catch(desk, DECISION, lambda _route: None)  # a decision would be on its way for ever
    desk.keyboard.press("a")
    expect(desk.locator("form[aria-busy]")).to_have_count(0)
