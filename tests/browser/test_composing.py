from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser.conftest import Site
from tests.browser.places import forget, go
from tests.browser.test_accessibility import reaches_beyond, unfold, violations

SignIn = Callable[..., Page]
LINK_BEFORE = """(button) => {
    const links = [...button.closest(".comment").querySelectorAll("a[href]")];
    links.findLast((link) => link.compareDocumentPosition(button) & Node.DOCUMENT_POSITION_FOLLOWING).focus();
}"""  # has the focus after it


@pytest.fixture
def page(signed_in: SignIn) -> Page:
    """Return an open article's page with a reply being written."""
    page = signed_in("reader")
    go(page, "open article")
    page.get_by_role("link", name="Reply").first.click()
    expect(writing(page)).to_be_focused()
    return page


def writing(page: Page) -> Locator:
    """Return the field of the reply that is being written in place."""
    return page.locator(".comment form textarea")


def select(area: Locator, text: str) -> None:
    """Select a part of what is written."""
    area.evaluate(
        "(area, text) => area.setSelectionRange(area.value.indexOf(text), area.value.indexOf(text) + text.length)", text
    )


def person(page: Page) -> str:
    """Return the name of somebody else who has an account and wrote in the discussion."""
    return page.locator(".comment:has(form) .comment__name a").first.inner_text()


def mark(page: Page, selector: str) -> str:
    """Select the first words of a comment's text, as a reader does, and return them."""
    return str(
        page.locator(selector).first.evaluate(
            """(text) => {
                const walker = document.createTreeWalker(text, NodeFilter.SHOW_TEXT);
                let node = walker.nextNode();
                while (!node.data.trim()) node = walker.nextNode();  // of a quote, the first is a line break
                getSelection().setBaseAndExtent(node, 0, node, Math.min(20, node.length));
                return getSelection().toString();
            }"""
        )
    )


@pytest.mark.parametrize(
    ("name", "keys", "made"),
    [
        ("Bold", "Control+b", "a **word** here"),
        ("Italic", "Control+i", "a *word* here"),
        ("Quote", "Control+Shift+.", "> a word here"),
        ("Link", "Control+k", "a [word](https://) here"),
        ("List", "Control+Shift+8", "- a word here"),
        ("Code", "Control+e", "a `word` here"),
    ],
)
def test_a_tool_and_its_keys_do_the_same(page: Page, name: str, keys: str, made: str) -> None:
    area, button = writing(page), page.locator(".comment form").get_by_role("button", name=name)
    for by_key in (False, True):
        area.fill("a word here")
        select(area, "word")
        if by_key:
            area.press(keys)
        else:
            button.click()
        expect(area).to_have_value(made)
        expect(area).to_be_focused()


def test_what_a_tool_did_can_be_undone_and_taken_back(page: Page) -> None:
    area = writing(page)
    area.press_sequentially("a word")
    select(area, "word")
    area.press("Control+b")
    expect(area).to_have_value("a **word**")
    area.press("Control+b")
    expect(area).to_have_value("a word")
    area.press("Control+z")
    expect(area).to_have_value("a **word**")


def test_the_tools_are_one_stop_with_arrows_inside(page: Page) -> None:
    tools = page.locator(".comment form [role=toolbar] button")
    expect(tools.first).to_have_attribute("aria-keyshortcuts", "Control+B")  # what arrows do comes when the field has the focus
    writing(page).press("Shift+Tab")
    expect(tools.first).to_be_focused()
    for key, place in [("ArrowRight", 1), ("End", 5), ("ArrowRight", 0), ("ArrowLeft", 5), ("Home", 0)]:
        page.keyboard.press(key)
        expect(tools.nth(place)).to_be_focused()


def test_the_live_preview_is_what_is_posted(page: Page) -> None:
    area = writing(page)
    area.fill("A **live** one.\n\n> quoted\n\n- <b>no tag</b>")
    page.locator(".comment form").get_by_role("button", name="Preview").click()
    preview = page.locator(".comment form .composer__preview .comment__text")
    expect(preview.locator("strong")).to_have_text("live")
    area.press("End")
    area.press_sequentially(" and more")
    expect(preview).to_contain_text("and more")
    shown = preview.inner_html()
    area.press("Control+Enter")
    expect(page.locator(".comment:target .comment__text")).to_contain_text("and more")
    assert page.locator(".comment:target .comment__text").inner_html().strip() == shown.strip()


def test_a_draft_survives_a_reload_and_ends_when_it_is_posted(page: Page) -> None:
    writing(page).fill("Half a reply, kept.")
    page.reload()
    expect(page.get_by_role("link", name="Reply (draft)")).to_have_count(1)
    page.get_by_role("link", name="Reply (draft)").click()
    expect(writing(page)).to_have_value("Half a reply, kept.")
    page.get_by_role("button", name="Post the reply").dblclick()
    expect(page.locator(".comment:target")).to_contain_text("Half a reply, kept.")
    expect(page.locator(".comment:target")).to_be_in_viewport()
    expect(page.get_by_text("Half a reply, kept.")).to_have_count(1)
    assert page.evaluate("Object.keys(localStorage).filter((key) => key.startsWith('draft:'))") == []


def test_a_guests_draft_survives_signing_in_and_is_gone_after_signing_out(phone: Page, site: Site) -> None:
    go(phone, "open article")
    article = phone.url
    phone.get_by_label("Why?").fill("Begun as a guest.")
    address, password = site.sign_ins["reader"]
    phone.goto("/sign-in")
    phone.get_by_label("E-mail").fill(address)
    phone.get_by_label("Password", exact=True).fill(password)
    phone.get_by_role("main").get_by_role("button", name="Sign in").click()
    phone.wait_for_url(lambda url: "/sign-in" not in url)
    phone.goto(article)
    why = phone.locator("textarea[name=reason]")
    expect(why).to_have_value("Begun as a guest.")
    phone.get_by_role("button", name="Sign out").click()
    phone.goto(article)
    expect(why).to_have_value("")


def test_signing_in_keeps_what_was_begun_in_the_account_and_as_a_guest(page: Page) -> None:
    others = page.locator("comment-thread > ol > li > .comment:not([data-own]):has([data-reply])")  # a guest sees them too
    article, comment = page.url.partition("#")[0], page.locator(f"#{others.first.get_attribute('id')}")
    reply, field = comment.get_by_role("link", name="Reply"), comment.locator("form textarea")
    page.goto(article)
    reply.click()
    field.fill("Begun in my account.")
    account = page.context.cookies()
    forget(page)
    page.goto(article)
    reply.click()
    expect(field).to_have_value("")
    field.fill("Begun as a guest.")
    page.context.add_cookies(account)  # type: ignore[arg-type]
    for _ in range(2):  # adopted once, however often the page is loaded
        page.goto(article)
        comment.get_by_role("link", name="Reply (draft)").click()
        expect(field).to_have_value("Begun in my account.\n\nBegun as a guest.")


def test_nobody_sees_the_draft_of_who_was_signed_out_elsewhere(page: Page) -> None:
    writing(page).fill("For my eyes.")
    article = page.url.partition("#")[0]  # or nothing is loaded anew
    forget(page)
    page.goto(article)
    expect(page.get_by_role("link", name="Reply (draft)")).to_have_count(0)


def test_a_lost_connection_keeps_the_text_and_offers_to_send_again(page: Page) -> None:
    writing(page).fill("Sent from a tunnel.")
    page.context.set_offline(True)
    page.get_by_role("button", name="Post the reply").click()
    expect(page.get_by_role("alert")).to_contain_text("The connection was lost")
    expect(writing(page)).to_have_value("Sent from a tunnel.")
    page.context.set_offline(False)
    page.get_by_role("button", name="Send again").click()
    expect(page.locator(".comment:target")).to_contain_text("Sent from a tunnel.")


def test_a_card_sent_without_a_connection_loses_nothing(phone: Page) -> None:
    go(phone, "open article")
    phone.locator("input[name=choice]").first.check()
    phone.get_by_label("Why?").fill("Sent from a tunnel, as a guest.")
    phone.context.set_offline(True)
    phone.get_by_role("button", name="Send", exact=True).click()
    expect(phone.get_by_role("alert")).to_contain_text("The connection was lost")
    phone.context.set_offline(False)
    phone.get_by_role("button", name="Send again").click()
    expect(phone.get_by_role("heading", name="What readers say")).to_be_visible()
    expect(phone.get_by_text("Sent from a tunnel, as a guest.")).to_have_count(1)


def test_an_ended_session_keeps_the_text_and_leads_to_sign_in_and_back(page: Page, site: Site) -> None:
    writing(page).fill("Written for an hour.")
    forget(page)
    page.get_by_role("button", name="Post the reply").click()
    expect(page.get_by_role("alert")).to_contain_text("You are no longer signed in")
    page.get_by_role("alert").get_by_role("link", name="Sign in").click()
    address, password = site.sign_ins["reader"]
    page.get_by_label("E-mail").fill(address)
    page.get_by_label("Password", exact=True).fill(password)
    page.get_by_role("main").get_by_role("button", name="Sign in").click()
    page.get_by_role("link", name="Reply (draft)").click()
    expect(writing(page)).to_have_value("Written for an hour.")


def test_a_text_that_is_too_long_is_counted_and_refused_in_place(page: Page) -> None:
    area = writing(page)
    area.fill("🌉" * 4_400)
    expect(page.locator(".text-limit")).to_have_count(0)
    area.fill("🌉" * 5_001)
    expect(page.locator(".text-limit--over")).to_have_text("5001 / 5000")
    page.get_by_role("button", name="Post the reply").click()
    expect(page.get_by_role("alert")).to_contain_text("at most 5000")
    expect(area).to_have_value("🌉" * 5_001)


def test_what_is_selected_is_quoted_with_a_link_back(page: Page) -> None:
    text = mark(page, ".comment:has(form) .comment__text")
    page.locator(".quote-button").click()
    expect(writing(page)).to_have_value(re.compile(rf"^> \[.*{re.escape(text.strip())}", re.DOTALL))
    page.get_by_role("button", name="Post the reply").click()
    posted = page.locator(".comment:target blockquote")
    expect(posted).to_contain_text(text.strip())
    posted.locator("a[href^='/comments/']").first.click()  # there may be a person named in what is quoted
    expect(page.locator(".comment:target .comment__text")).to_contain_text(text.strip())


def test_the_quote_button_is_reached_with_the_keyboard(page: Page) -> None:
    mark(page, ".comment:has(form) .comment__text")
    page.locator(".quote-button").evaluate(LINK_BEFORE)
    page.keyboard.press("Tab")
    expect(page.locator(".quote-button")).to_be_focused()
    page.keyboard.press("Enter")
    expect(writing(page)).to_be_focused()
    expect(writing(page)).to_have_value(re.compile(r"^> \["))


def test_quoting_adds_to_what_is_written(page: Page) -> None:
    writing(page).fill("My own words.")
    page.locator(".comment:has(form)").get_by_role("link", name="Quote").click()
    expect(writing(page)).to_have_value(re.compile(r"^My own words\.\n\n> \["))


def test_a_name_is_completed_with_the_keyboard(page: Page) -> None:
    name = person(page)
    area = writing(page)
    area.press_sequentially(f"As @{name[:3].lower()}")
    names = page.get_by_role("listbox", name="People in this discussion")
    expect(names.get_by_role("option", selected=True)).to_have_count(1)
    assert violations(page, within=".comment:has(form)") == []
    area.press("ArrowDown")
    area.press("ArrowUp")
    area.press("Escape")
    expect(names).to_be_hidden()
    area.press_sequentially(name[3 : max(4, len(name) - 1)].lower())  # until nobody else is called so
    expect(names.get_by_role("option", name=name)).to_be_visible()
    area.press("Enter")
    expect(area).to_have_value(f"As @{name} ")
    expect(names).to_be_hidden()


def test_a_name_is_completed_with_the_pointer_and_linked_once_posted(page: Page) -> None:
    name = person(page)
    writing(page).press_sequentially(f"@{name[:-1]}")
    page.get_by_role("option", name=name).click()
    expect(writing(page)).to_have_value(f"@{name} ")
    writing(page).press_sequentially("has a point.")
    page.get_by_role("button", name="Post the reply").click()
    expect(page.locator(".comment:target .comment__text").get_by_role("link", name=name)).to_be_visible()


@pytest.mark.parametrize("options", [{"viewport": {"width": 320, "height": 700}}, {"color_scheme": "dark"}])
def test_a_composer_at_work_has_no_violations(signed_in: SignIn, options: dict[str, Any]) -> None:
    page = signed_in("reader", **options)
    go(page, "open article")
    page.get_by_role("link", name="Reply").first.click()
    writing(page).fill("x" * 5_001)
    page.get_by_role("button", name="Post the reply").click()
    page.get_by_role("alert").wait_for()
    writing(page).fill("A **fine** point.")
    page.locator(".comment form").get_by_role("button", name="Preview").click()
    page.locator(".comment form .composer__preview strong").wait_for()
    unfold(page)
    assert violations(page, within=".comment:has(form)") == []
    assert not reaches_beyond(page)


def test_without_javascript_a_text_is_previewed_and_posted(signed_in: SignIn) -> None:
    page = signed_in("reader", java_script_enabled=False)
    go(page, "open article")
    page.get_by_role("link", name="Quote").first.click()
    body = page.get_by_label("Your comment")
    quote = body.input_value()
    body.fill(f"{quote}A **plain** answer.")
    page.get_by_role("button", name="Preview").click()
    preview = page.get_by_role("region", name="Preview: nothing is posted yet")
    expect(preview).to_be_in_viewport()
    shown = preview.locator(".comment__text").inner_html()
    expect(page.get_by_label("Your comment")).to_have_value(f"{quote}A **plain** answer.")
    page.get_by_role("button", name="Post the reply").click()
    page.wait_for_load_state()  # it comes bit by bit
    assert page.locator(".comment:target .comment__text").inner_html().strip() == shown.strip()
