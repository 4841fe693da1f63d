from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Dialog, Page, Request, expect

from tests.browser.catching import hold_back
from tests.browser.test_accessibility import check

TEXT = "The bridge closes in May.\n\nDo you agree? Tell us how you think the lawsuit over it will end."
EDIT_FORM = re.compile(r"/edit-form\.js")
OUTCOMES = "[name=prediction-outcomes-label]"
ADD_OUTCOME = "button[value=more-outcomes]"


@pytest.fixture
def desk(signed_in: Callable[..., Page]) -> Page:
    """Return a page on which an editor looks at a new draft."""
    page = signed_in("editor")
    page.goto("/newsroom/articles/new")
    page.get_by_label("Text", exact=True).fill(TEXT)
    page.get_by_role("button", name="Make a draft").click()
    expect(page.get_by_text("A draft, for you to confirm.")).to_be_visible()
    wait_for_scripts(page)
    return page


def wait_for_scripts(page: Page) -> None:
    """Return when what adds rows, asks before text is left and sends once is here."""
    page.wait_for_load_state()
    expect(page.locator(":not(:defined)")).to_have_count(0)


def save(page: Page) -> None:
    page.get_by_role("button", name="Save", exact=True).first.click()


def leave_when_asked(page: Page) -> list[str]:
    """Agree to what the page asks, once, and return the list of what it has asked."""
    asked: list[str] = []

    def agree(dialog: Dialog) -> None:
        asked.append(dialog.type)
        dialog.accept()

    page.once("dialog", agree)
    return asked


def test_a_button_pressed_twice_sends_once(signed_in: Callable[..., Page]) -> None:
    page, sent = signed_in("editor"), list[Request]()
    page.goto("/newsroom/articles/new")
    wait_for_scripts(page)
    page.get_by_label("Text", exact=True).fill(TEXT)
    page.on("request", lambda request: sent.append(request) if request.method == "POST" else None)
    page.get_by_role("button", name="Make a draft").dblclick()
    expect(page.get_by_text("A draft, for you to confirm.")).to_be_visible()
    assert len(sent) == 1


def test_a_row_is_added_by_keyboard_and_typing_goes_on_in_it(desk: Page) -> None:
    before = desk.locator(OUTCOMES).count()
    desk.locator(ADD_OUTCOME).press("Enter")
    desk.keyboard.type("A late turn")
    assert desk.locator(OUTCOMES).count() == before + 1
    expect(desk.locator(OUTCOMES).last).to_have_value("A late turn")
    expect(desk.locator(OUTCOMES).last).to_have_accessible_name(f"Answer {before + 1}")


def test_a_removed_row_is_gone_and_the_others_are_numbered_anew(desk: Page) -> None:
    second = desk.locator(OUTCOMES).nth(2).input_value()
    desk.get_by_role("group", name="Outcomes").get_by_role("button", name="Remove answer 2").press("Enter")
    expect(desk.locator(OUTCOMES).nth(1)).to_have_value(second)
    expect(desk.locator(OUTCOMES).nth(1)).to_have_accessible_name("Answer 2")
    expect(desk.locator(OUTCOMES).nth(1)).to_be_focused()


def test_there_are_no_more_rows_than_a_question_may_have(desk: Page) -> None:
    while desk.locator(ADD_OUTCOME).is_visible():
        desk.locator(ADD_OUTCOME).click()
    assert desk.locator(OUTCOMES).count() == 16


def test_leaving_with_unsaved_text_asks_first(desk: Page) -> None:
    asked = leave_when_asked(desk)
    desk.goto("/newsroom")
    assert asked == []
    desk.go_back()
    wait_for_scripts(desk)
    desk.get_by_label("Headline").fill("Typed, not saved")
    desk.goto("/newsroom")
    assert asked == ["beforeunload"]


def test_text_typed_before_the_script_came_is_not_left_unasked(desk: Page) -> None:
    script = hold_back(desk, EDIT_FORM)
    desk.reload()
    desk.get_by_label("Headline").fill("Typed on a slow line")
    script().continue_()
    wait_for_scripts(desk)
    desk.unroute_all()
    asked = leave_when_asked(desk)
    desk.goto("/newsroom")
    assert asked == ["beforeunload"]


def test_ready_made_outcomes_stay_in_view_and_are_not_left_unasked(desk: Page) -> None:
    asked = leave_when_asked(desk)
    desk.get_by_label("Ready-made outcomes").select_option("election")
    desk.get_by_role("button", name="Use these").click()
    expect(desk.get_by_role("heading", name="Prediction")).to_be_in_viewport()
    wait_for_scripts(desk)
    desk.goto("/newsroom")
    assert asked == ["beforeunload"]


def test_enter_in_a_line_of_text_saves(desk: Page) -> None:
    desk.get_by_label("Headline").fill("A bridge closes")
    desk.get_by_label("Headline").press("Enter")
    expect(desk.get_by_text("Saved.")).to_be_visible()
    expect(desk.get_by_role("heading", level=1)).to_have_text("A bridge closes")


def test_a_question_that_is_not_asked_folds_away_and_keeps_its_words(desk: Page) -> None:
    words = desk.locator("#poll-question").input_value()
    desk.get_by_label("Ask readers for their take").uncheck()
    expect(desk.locator("#poll-question")).to_be_hidden()
    desk.get_by_label("Ask readers for their take").check()
    expect(desk.locator("#poll-question")).to_have_value(words)


def test_the_forms_have_no_violations_with_and_without_mistakes(desk: Page) -> None:
    where = desk.url
    for path in (where, f"{where}/opening", ""):
        if path:
            desk.goto(path)
        else:
            desk.goto(where)
            desk.get_by_label("Headline").fill("")
            desk.locator(OUTCOMES).first.fill(desk.locator(OUTCOMES).nth(1).input_value())
            save(desk)
            expect(desk.get_by_text("Two answers are the same.")).to_be_visible()
        check(desk)


@pytest.mark.parametrize("act", ["closing", "resolution"])
def test_what_cannot_be_undone_is_asked_without_violations(signed_in: Callable[..., Page], act: str) -> None:
    page = signed_in("editor")
    page.goto("/newsroom?stage=open")
    page.goto(str(page.locator(f"a[href$='/{act}']").first.get_attribute("href")))
    check(page)
