from __future__ import annotations

import re
from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from tests import deskwork
from tests.browser.catching import catch
from tests.browser.places import forget

SignIn = Callable[..., Page]
LOOK = deskwork.LOOK
APPROVAL = re.compile(r"/approval\b")


@pytest.fixture
def desk(signed_in: SignIn) -> Iterator[Page]:
    """Return the held queue before a moderator, and afterwards leave it as it was.

    What the moderator decided in other tests is still offered to be undone.
    """
    page = signed_in("moderator")
    open_desk(page)
    before = offered(page)
    yield page
    while page.goto("/moderation/") and offered(page) != before:
        with page.expect_response(lambda answer: "/reversal" in answer.url):
            page.locator("#last [data-undo]").click()


def open_desk(page: Page) -> None:
    page.goto("/moderation/")
    wait_for_keys(page)


def wait_for_keys(page: Page) -> None:
    expect(page.locator("moderation-desk [data-item][aria-current]")).to_have_count(1)


def offered(page: Page) -> str:
    """Return where the last decision can be taken back; nothing where there is none."""
    return "".join(str(form.get_attribute("action")) for form in page.locator("#last form").all())


def said(page: Page, text: str) -> None:
    expect(page.locator("[data-said]")).to_contain_text(text)


def held(page: Page) -> int:
    return int(page.locator("#queues a").first.locator(".num").inner_text())


def current(page: Page) -> str:
    return str(page.locator("[data-item][aria-current]").get_attribute("id"))


def test_a_key_approves_and_moves_on(desk: Page) -> None:
    before, first = held(desk), current(desk)
    desk.keyboard.press("j")
    desk.keyboard.press("a")
    said(desk, "Approved")
    expect(desk.locator(f"#{first}")).to_have_count(0)
    expect(desk.locator("[data-item]").first).to_be_focused()
    assert held(desk) == before - 1


def test_two_keys_and_enter_remove_with_a_reason(desk: Page) -> None:
    for key in ("j", "r", "4", "Enter"):
        desk.keyboard.press(key)
    said(desk, "Removed.")
    expect(desk.locator("#last")).to_contain_text("Removed: Private details")


def test_a_key_undoes_and_brings_the_comment_back(desk: Page) -> None:
    first = current(desk)
    desk.keyboard.press("a")
    said(desk, "Approved")
    desk.keyboard.press("u")
    said(desk, "Undone")
    expect(desk.locator(f"#{first}")).to_be_focused()


def test_two_quick_presses_are_one_decision(desk: Page) -> None:
    before = held(desk)
    desk.evaluate("const now = performance.now(); performance.now = () => now")  # on a busy machine they would not be quick
    desk.keyboard.press("a")
    said(desk, "Approved")
    desk.keyboard.press("a")
    desk.wait_for_timeout(300)
    assert held(desk) == before - 1


def test_keys_are_dead_while_typing(desk: Page) -> None:
    before = offered(desk)
    desk.keyboard.press("r")
    note = desk.locator("[data-item][aria-current] input[name=note]")
    note.focus()
    desk.keyboard.type("a jukt 12")
    expect(note).to_have_value("a jukt 12")
    desk.keyboard.press("Escape")
    expect(note).to_be_hidden()
    desk.wait_for_timeout(300)
    assert offered(desk) == before


def test_keys_with_a_modifier_belong_to_the_browser(desk: Page) -> None:
    before = offered(desk)
    desk.keyboard.press("Control+a")
    desk.wait_for_timeout(300)
    assert offered(desk) == before


def test_keys_can_be_turned_off_for_good(desk: Page) -> None:
    before = offered(desk)
    desk.keyboard.press("?")
    desk.get_by_label("Use these keys in this browser").uncheck()
    desk.get_by_role("button", name="Close").click()
    desk.reload()
    wait_for_keys(desk)
    desk.keyboard.press("a")
    desk.wait_for_timeout(300)
    assert offered(desk) == before
    expect(desk.locator(".desk-item .key").first).to_be_hidden()


def test_a_desk_that_opens_leaves_the_choice_of_another_tab(desk: Page) -> None:
    assert desk.evaluate("localStorage.getItem('desk-keys')") is None


def test_a_key_leads_to_the_next_queue(desk: Page) -> None:
    desk.keyboard.press("t")
    expect(desk).to_have_url("/moderation/reported")


def test_a_conflict_is_told_in_place(desk: Page, signed_in: SignIn) -> None:
    first = current(desk)
    other = signed_in("editor")
    open_desk(other)
    other.keyboard.press("a")
    said(other, "Approved")
    desk.keyboard.press("a")
    expect(desk.locator(f"#{first} .notice")).to_contain_text("has approved this comment meanwhile")
    expect(desk.locator(f"#{first}")).to_be_focused()
    other.keyboard.press("u")
    said(other, "Undone")


def test_without_a_connection_nothing_is_lost(desk: Page) -> None:
    context: BrowserContext = desk.context
    first = current(desk)
    context.set_offline(True)
    desk.keyboard.press("a")
    expect(desk.locator(f"#{first} .notice")).to_contain_text("There is no connection")
    context.set_offline(False)
    desk.wait_for_timeout(LOOK)
    desk.keyboard.press("a")
    said(desk, "Approved")


def test_after_an_answer_cut_off_the_next_decision_is_sent(desk: Page) -> None:
    first = current(desk)
    catch(desk, APPROVAL, lambda route: route.fulfill(content_type="application/json", body='{"said": "Appr'), times=1)
    desk.keyboard.press("a")
    expect(desk.locator(f"#{first} .notice")).to_contain_text("That did not work")
    desk.wait_for_timeout(LOOK)
    desk.keyboard.press("a")
    said(desk, "Approved")


def test_after_an_error_on_the_page_the_next_decision_is_sent(desk: Page) -> None:
    told = {"said": "Approved", "regions": None, "moves_on": True}
    catch(desk, APPROVAL, lambda route: route.fulfill(json=told), times=1)
    desk.evaluate("document.querySelector('[data-said]').remove()")
    with desk.expect_event("pageerror"):
        desk.keyboard.press("a")
    with desk.expect_response(APPROVAL) as sent:
        desk.keyboard.press("a")
    assert sent.value.ok


def test_who_was_signed_out_keeps_the_note(desk: Page) -> None:
    desk.keyboard.press("r")
    desk.keyboard.press("2")
    note = desk.locator("[data-item][aria-current] input[name=note]")
    note.fill("my words")
    cookies = desk.context.cookies()
    forget(desk)
    note.press("Enter")
    expect(desk.locator("[data-item][aria-current] .notice")).to_contain_text("You have been signed out")
    expect(note).to_have_value("my words")
    desk.context.add_cookies(cookies)  # type: ignore[arg-type]


def test_the_desk_works_without_javascript(signed_in: SignIn) -> None:
    page = signed_in("moderator", java_script_enabled=False)
    page.goto("/moderation/")
    before = held(page)
    page.locator("[data-removal] summary").first.click()
    page.get_by_label("Not about the article").first.check()
    page.locator(".desk-item__form .button").first.click()
    expect(page.locator(".notice")).to_contain_text("Removed.")
    assert held(page) == before - 1
    page.locator("#last [data-undo]").click()
    assert held(page) == before


def test_the_desk_fits_a_phone(signed_in: SignIn) -> None:
    page = signed_in("moderator", viewport={"width": 390, "height": 844})
    for path in ("/moderation/", "/moderation/reported", "/moderation/decisions"):
        page.goto(path)
        assert page.evaluate("document.documentElement.scrollWidth") <= 390
