from __future__ import annotations

import re

import pytest
from playwright.sync_api import Page, expect

from tests.browser.places import go, longest


def open_question(page: Page) -> None:
    """Go to the most discussed open article."""
    go(page, "open article")


def answer(page: Page, reason: str = "") -> None:
    """Answer both questions with the first choice and outcome."""
    page.locator("input[name=choice]").first.check()
    page.locator("input[name=outcome]").nth(1).check()
    page.get_by_label("How sure are you?").select_option("70")
    page.get_by_label("Why?").fill(reason)
    page.get_by_role("button", name="Send").click()


@pytest.fixture(params=["phone", "without_javascript"])
def guest(request: pytest.FixtureRequest) -> Page:
    """Return a newcomer's page: on a phone, and in a browser without JavaScript."""
    page: Page = request.getfixturevalue(request.param)
    return page


def test_a_guest_answers_and_sees_the_results_in_place(guest: Page) -> None:
    open_question(guest)
    expect(guest.get_by_text("What readers say")).to_have_count(0)
    answer(guest)
    expect(guest.get_by_role("heading", name="What readers say")).to_be_visible()
    expect(guest.locator(".tally-bar--mine")).to_have_count(2)
    expect(guest.get_by_role("status").first).to_be_in_viewport()


def test_a_guest_changes_their_mind(guest: Page) -> None:
    open_question(guest)
    answer(guest)
    guest.get_by_text("Change your answer").click()
    guest.locator("input[name=choice]").nth(1).check()
    guest.get_by_role("button", name="Send").click()
    expect(guest.locator(".tally-bar--mine").first).to_contain_text("Disagree")


def test_a_guests_comment_waits_and_is_shown_to_them(guest: Page) -> None:
    open_question(guest)
    answer(guest, "I have read the filing twice and still wonder.")
    expect(guest.get_by_text("Waiting for a moderator")).to_be_visible()
    expect(guest.get_by_text("I have read the filing twice")).to_be_visible()


def test_chances_that_do_not_add_up_are_explained_and_kept(guest: Page) -> None:
    open_question(guest)
    guest.get_by_text("Give every outcome a chance").click()
    guest.locator(".chances__field input").first.fill("60")
    guest.get_by_label("Why?").fill("A text I do not want to lose.")
    guest.get_by_role("button", name="Send").click()
    expect(guest.get_by_text("they must add up to 100")).to_be_visible()
    expect(guest.get_by_label("Why?")).to_have_value("A text I do not want to lose.")


def test_a_double_click_votes_once(phone: Page) -> None:
    open_question(phone)
    phone.locator("input[name=choice]").first.check()
    phone.get_by_role("button", name="Send").dblclick()
    phone.get_by_role("heading", name="What readers say").wait_for()
    phone.wait_for_load_state()  # it comes bit by bit
    before = phone.locator(".tally-bar__numbers").all_inner_texts()
    phone.reload()
    assert phone.locator(".tally-bar__numbers").all_inner_texts() == before


def test_a_typed_reason_survives_a_reload(phone: Page) -> None:
    open_question(phone)
    phone.get_by_label("Why?").fill("Half a thought")
    phone.reload()
    expect(phone.get_by_label("Why?")).to_have_value("Half a thought")


def test_back_after_answering_leads_back(phone: Page) -> None:
    phone.goto("/")
    longest(phone).click()
    answer(phone)
    phone.get_by_role("heading", name="What readers say").wait_for()
    phone.go_back()
    expect(phone).to_have_title(re.compile("."))


def test_a_card_can_be_answered_with_the_keyboard_alone(phone: Page) -> None:
    open_question(phone)
    phone.locator("input[name=choice]").first.focus()
    phone.keyboard.press("ArrowRight")
    phone.keyboard.press("Enter")
    expect(phone.locator(".tally-bar--mine").first).to_contain_text("Disagree")


def test_a_reply_is_written_in_place(signed_in: object) -> None:
    page: Page = signed_in("reader")  # type: ignore[operator]
    open_question(page)
    page.get_by_role("link", name="Reply").first.click()
    area = page.locator("comment-thread textarea")
    expect(area).to_be_focused()
    area.fill("That is the part I had missed.")
    page.get_by_role("button", name="Post the reply").click()
    expect(page.get_by_text("That is the part I had missed.")).to_be_visible()
