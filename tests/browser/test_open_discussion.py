from __future__ import annotations

import re
import time
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.browser.places import go
from tests.browser.test_accessibility import violations

PATIENCE = 20.0  # seconds, on a busy machine
ROOTS = "comment-thread > ol > li > .comment"


@pytest.fixture
def reading(page: Page) -> Page:
    """Return a page at a desk on which somebody reads the discussion."""
    go(page, "open article")
    page.locator(".tools [data-help]").wait_for()
    return page


def has_focus(page: Page, number: str) -> None:
    """Wait until a comment has the focus: the first key loads what keys do."""
    expect(page.locator(f"#comment-{number}")).to_be_focused()


def numbers(page: Page, selector: str) -> list[str]:
    found: list[str] = page.locator(selector).evaluate_all("all => all.map(one => one.dataset.comment)")
    return found


def answered(page: Page) -> str:
    """Return the first thread's comment that has answers."""
    return str(page.locator("comment-thread > ol > li:has(details.replies) > .comment").first.get_attribute("data-comment"))


def test_j_and_k_move_in_reading_order(reading: Page) -> None:
    every = numbers(reading, "comment-thread .comment")
    reading.locator(f"#comment-{every[0]}").focus()
    reading.keyboard.press("j")
    has_focus(reading, every[1])
    reading.keyboard.press("j")
    has_focus(reading, every[2])
    reading.keyboard.press("k")
    has_focus(reading, every[1])


def test_the_focused_comment_is_seen_to_be(reading: Page) -> None:
    reading.keyboard.press("j")
    expect(reading.locator(".comment:focus")).to_have_css("outline-style", "solid")


def test_brackets_move_between_threads_and_p_up(reading: Page) -> None:
    roots = numbers(reading, ROOTS)
    reading.locator(f"#comment-{roots[0]}").focus()
    reading.keyboard.press("]")
    has_focus(reading, roots[1])
    reading.keyboard.press("[")
    has_focus(reading, roots[0])
    above = answered(reading)
    reading.locator(f"li:has(> #comment-{above}) details .comment").first.focus()
    reading.keyboard.press("p")
    has_focus(reading, above)


def test_c_folds_a_thread_which_stays_folded(reading: Page) -> None:
    above = answered(reading)
    fold = reading.locator(f"li:has(> #comment-{above}) > details.replies")
    fold.locator(".comment").first.focus()
    reading.keyboard.press("c")
    has_focus(reading, above)
    expect(fold).not_to_have_attribute("open", "")
    reading.reload()
    expect(fold).not_to_have_attribute("open", "")
    reading.locator(f"#comment-{above}").focus()
    reading.keyboard.press("c")
    expect(fold).to_have_attribute("open", "")


def test_a_link_into_a_folded_thread_opens_it(reading: Page) -> None:
    reading.get_by_role("button", name="Collapse all").click()
    inside = reading.locator("details.replies .comment").first
    expect(inside).to_be_hidden()
    reading.evaluate("id => { location.hash = id; }", inside.get_attribute("id"))
    expect(inside).to_be_in_viewport()
    reading.get_by_role("button", name="Collapse all").click()
    reading.get_by_role("button", name="Expand all").click()
    expect(inside).to_be_visible()


def test_keys_rest_while_somebody_types_and_can_be_turned_off(reading: Page) -> None:
    area = reading.get_by_label("Why?")
    area.focus()
    reading.keyboard.press("j")
    expect(area).to_have_value("j")
    area.fill("")
    reading.locator("#discussion-title").focus()
    reading.keyboard.press("?")
    reading.get_by_label("Use these keys in this browser").uncheck()
    reading.get_by_role("button", name="Close").click()
    reading.keyboard.press("j")
    expect(reading.locator(".comment:focus")).to_have_count(0)
    reading.reload()
    reading.locator(".tools [data-help]").click()
    expect(reading.get_by_label("Use these keys in this browser")).not_to_be_checked()


def test_the_list_of_keys_has_no_violations(reading: Page) -> None:
    reading.keyboard.press("?")
    expect(reading.get_by_role("dialog", name="Keys")).to_be_visible()
    assert violations(reading, within="dialog[open]") == []


def test_r_replies_to_the_focused_comment(reading: Page) -> None:
    reading.locator(ROOTS).first.focus()
    reading.keyboard.press("r")
    expect(reading.locator("comment-thread textarea")).to_be_focused()


def test_somebody_nobody_knows_rates_without_leaving_the_page(reading: Page) -> None:
    acts = reading.locator(".comment__acts[data-good]").nth(1)
    before = int(str(acts.get_attribute("data-good")))
    button = acts.get_by_role("button", name="Good point")
    reading.evaluate("window.isTheSame = true")
    button.click()
    expect(button).to_have_attribute("aria-pressed", "true")
    expect(acts).to_have_attribute("data-good", str(before + 1))
    expect(button).to_be_focused()
    assert reading.evaluate("window.isTheSame") is True
    reading.reload()
    expect(reading.locator("[aria-pressed=true]")).to_have_count(1)


def test_a_rating_without_a_connection_is_put_back_and_says_so(reading: Page) -> None:
    acts = reading.locator(".comment__acts[data-good]").nth(2)
    reading.context.set_offline(True)
    acts.get_by_role("button", name="Not convincing").click()
    expect(reading.locator(".comment__problem")).to_contain_text("There is no connection")
    expect(acts.get_by_role("button", name="Not convincing")).to_have_attribute("aria-pressed", "false")
    reading.context.set_offline(False)


def test_more_comments_come_in_place_and_reload_shows_the_same(reading: Page) -> None:
    before = numbers(reading, ROOTS)
    link = reading.get_by_role("link", name="More comments")
    target = str(link.get_attribute("href"))
    link.click()
    expect(reading.locator(ROOTS)).not_to_have_count(len(before))
    after = numbers(reading, ROOTS)
    assert after[: len(before)] == before
    assert len(set(after)) == len(after)
    has_focus(reading, after[len(before)])
    expect(reading).to_have_url(re.compile(f"{re.escape(target)}$"))
    reading.reload()
    assert numbers(reading, ROOTS)[0] == after[len(before)]


def test_what_came_while_somebody_nobody_knows_was_away_is_marked(reading: Page) -> None:
    every = numbers(reading, "comment-thread .comment")
    places = reading.locator("comment-thread .comment").evaluate_all("all => all.map(one => Number(one.dataset.appeared))")
    article = str(reading.locator("live-discussion").get_attribute("data-article"))
    reading.goto("/sign-in")
    seen = sorted(places)[-3]
    reading.evaluate(
        "([article, seen]) => { sessionStorage.clear(); localStorage.setItem('seen', JSON.stringify([[article, seen]])); }",
        [article, seen],
    )
    go(reading, "open article")
    expect(reading.locator(".comment--new")).to_have_count(2)
    fresh = [one for one, place in zip(every, places, strict=True) if place > seen]
    reading.keyboard.press("n")
    has_focus(reading, fresh[0])
    reading.keyboard.press("n")
    has_focus(reading, fresh[1])
    reading.get_by_role("button", name="Mark all as read").click()
    expect(reading.locator(".comment--new")).to_have_count(0)


def test_leaving_notes_how_far_a_reader_has_read(signed_in: Callable[..., Page]) -> None:
    page = signed_in("reader")
    go(page, "resolved article")  # where no other test goes as this reader
    discussion = page.locator("live-discussion")
    expect(discussion).not_to_have_attribute("data-since", re.compile("."))
    page.locator(".comment").first.scroll_into_view_if_needed()
    end = time.monotonic() + PATIENCE
    while discussion.get_attribute("data-since") is None and time.monotonic() < end:
        page.wait_for_timeout(300)  # to be seen reading; and the next page may be made before the note has come
        page.reload()
    expect(discussion).to_have_attribute("data-since", str(discussion.get_attribute("data-appeared")))
