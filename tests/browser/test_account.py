from __future__ import annotations

import re
import secrets
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import PHONE
from tests.browser.places import go

PASSWORD = "several words in a row"


@pytest.fixture
def newcomer(fresh: Callable[..., Page]) -> Page:
    """Return a phone's page that is not kept: an answer that comes after the test would sign the next one in."""
    return fresh(viewport=PHONE)


def sign_up(page: Page, name: str) -> str:
    """Sign up and return the address."""
    address = f"{name.lower().replace(' ', '.')}.{secrets.token_hex(3)}@example.org"
    page.goto("/sign-up")
    page.get_by_label("Name").fill(name)
    page.get_by_label("E-mail").fill(address)
    page.get_by_label("Password", exact=True).fill(PASSWORD)
    page.get_by_role("main").get_by_role("button", name="Sign up").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text(re.compile("mail", re.IGNORECASE))
    return address


def sign_in(page: Page, address: str) -> None:
    """Sign in and arrive."""
    page.goto("/sign-in")
    page.get_by_label("E-mail").fill(address)
    page.get_by_label("Password", exact=True).fill(PASSWORD)
    page.get_by_role("main").get_by_role("button", name="Sign in").click()
    page.wait_for_url(lambda url: "/sign-in" not in url)


def test_a_guest_who_signs_up_keeps_what_they_did(newcomer: Page) -> None:
    go(newcomer, "open article")
    newcomer.locator("input[name=choice]").first.check()
    newcomer.get_by_label("Why?").fill("Written before I had an account.")
    newcomer.get_by_role("button", name="Send").click()
    expect(newcomer.locator(".tally-bar--mine")).to_have_count(1)
    sign_in(newcomer, sign_up(newcomer, "Late Joiner"))
    go(newcomer, "open article")
    expect(newcomer.locator(".tally-bar--mine")).to_have_count(1)
    expect(newcomer.get_by_text("Written before I had an account.")).to_be_visible()


def test_signing_in_and_out_works_without_javascript(fresh: Callable[..., Page]) -> None:
    page = fresh(java_script_enabled=False)
    sign_in(page, sign_up(page, "Plain Browser"))
    page.get_by_role("button", name="Sign out").click()
    expect(page.get_by_role("link", name="Sign in").first).to_be_visible()


def test_a_wrong_password_keeps_the_address(phone: Page) -> None:
    phone.goto("/sign-in")
    phone.get_by_label("E-mail").fill("nobody@example.org")
    phone.get_by_label("Password", exact=True).fill("not the right one")
    phone.get_by_role("main").get_by_role("button", name="Sign in").click()
    expect(phone.get_by_text("The address or the password is not right.")).to_be_visible()
    expect(phone.get_by_label("E-mail")).to_have_value("nobody@example.org")
