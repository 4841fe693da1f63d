"""The desk by keys alone, over more than a page of held and reported comments, and with what it adds to single decisions."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from flask import Flask
from playwright.sync_api import Page, expect

from extensions import db
from models import Comment, CommentState
from tests import deskwork
from tests.applications import another_app
from tests.browser.conftest import Site

SignIn = Callable[..., Page]
ITEMS = 24  # more than a page


@pytest.fixture
def behind(site: Site) -> Iterator[Flask]:
    """Give the application behind the site, in its context."""
    with another_app(f"sqlite:///{site.folder / 'foresay.db'}", instance=site.folder) as app, app.app_context():
        yield app


@pytest.fixture
def desk(signed_in: SignIn, behind: Flask) -> Page:
    """Return a desk before a moderator, with more than a page that waits."""
    deskwork.put_before(ITEMS)
    db.session.commit()
    page = signed_in("moderator")
    page.goto("/moderation/all")
    expect(page.locator("moderation-desk [data-item][aria-current]")).to_have_count(1)
    return page


def test_held_and_reported_comments_are_cleared_by_keys_alone(desk: Page) -> None:
    work = deskwork.clear(desk, ITEMS)
    assert deskwork.wrong_states(work) == {}
    assert work.keys / work.decisions <= 3


def test_several_are_selected_and_decided_by_keys_alone(desk: Page) -> None:
    chosen = [str(item.get_attribute("id")) for item in desk.locator("[data-item]").all()[:2]]
    for key in ("j", "x", "j", "x", "m"):
        desk.keyboard.press(key)
    expect(desk.locator(".desk-bulk__item")).to_have_count(2)
    desk.go_back()
    expect(desk.locator("[data-selected]")).to_have_text("2")
    desk.keyboard.press("m")
    expect(desk.locator(".desk-bulk__item")).to_have_count(2)
    desk.get_by_label("Remove").check()
    desk.get_by_label("Advertising or repetition").check()
    desk.keyboard.press("Enter")
    expect(desk.locator(".notice").first).to_contain_text("2 decided")
    db.session.rollback()
    states = {db.session.get_one(Comment, int(name.removeprefix("item-"))).state for name in chosen}
    assert states == {CommentState.REMOVED}


def test_what_arrives_does_not_move_what_is_under_review(desk: Page) -> None:
    desk.goto("/moderation/reported")
    while desk.locator(".more a").count():
        desk.locator(".more a").click()
        desk.wait_for_load_state()  # it comes bit by bit, and what leads on comes last
    first = desk.locator("[data-item][aria-current]").get_attribute("id")
    there = desk.locator("[data-item]").count()
    (_, arrived) = deskwork.put_before(2)
    db.session.commit()
    desk.evaluate("document.querySelector('moderation-desk').recount()")
    expect(desk.locator("[data-arrived]")).to_contain_text("1 new")
    assert desk.locator("[data-item]").count() == there
    expect(desk.locator(f"#{first}")).to_have_attribute("aria-current", "true")
    desk.locator("[data-arrived]").click()
    expect(desk.locator(f"#item-{arrived}")).to_be_focused()
