"""Following in a real browser, and messages as far as one goes that has no push service: the way up to asking for an
address, and from a message that has arrived to what is shown."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.conftest import Site
from tests.browser.places import go
from tests.browsers import Browsing

FOLLOW, STOP = "Follow this discussion", "Following ✓ · stop"


def test_following_needs_no_reload(signed_in: Callable[..., Page]) -> None:
    page = signed_in("reader")
    go(page, "open article")
    page.evaluate("window.isSamePage = true")
    page.get_by_role("button", name=FOLLOW).click()
    stop = page.get_by_role("button", name=STOP)
    expect(stop).to_be_focused()
    expect(page.locator("follow-button [data-said]").first).to_have_text("You will hear what is new.")
    assert page.evaluate("window.isSamePage")
    page.goto("/me/following")
    expect(page.get_by_role("button", name="Stop following")).to_have_count(1)
    page.get_by_role("button", name="Stop following").click()
    expect(page.get_by_text("You follow nothing yet.")).to_be_visible()


def test_following_works_without_javascript(without_javascript: Page) -> None:
    page = without_javascript
    go(page, "open article")
    page.get_by_role("button", name=FOLLOW).click()
    expect(page.get_by_role("button", name=STOP)).to_be_visible()
    page.get_by_role("button", name=STOP).click()
    expect(page.get_by_role("button", name=FOLLOW)).to_be_visible()


def test_a_browser_without_a_push_service_is_told_so(signed_in: Callable[..., Page]) -> None:
    page = signed_in("reader", permissions=["notifications"])
    page.goto("/me/notifications/settings")
    page.get_by_role("button", name="Show messages in this browser").click()
    expect(page.locator("push-switch [role=status]")).to_have_text(
        "That did not work. Try again later, or use mail.", timeout=60_000
    )
    assert page.evaluate("navigator.serviceWorker.getRegistration('/').then((found) => found.active.scriptURL)").endswith(
        "/sw.js"
    )


MINE, ANOTHERS = ("https://fcm.googleapis.com/fcm/send/" + whose for whose in ("mine", "anothers"))  # the tests share the site
SUBSCRIBED = """
    const subscription = { endpoint: "%s" };
    navigator.serviceWorker.getRegistration = async () => ({ pushManager: { getSubscription: async () => subscription } });
"""


def test_messages_that_another_reader_asked_for_are_not_said_to_be_on(signed_in: Callable[..., Page]) -> None:
    page = signed_in("reader", permissions=["notifications"])
    page.add_init_script(SUBSCRIBED % ANOTHERS)
    page.goto("/me/notifications/settings")
    expect(page.locator("push-switch [role=status]")).to_have_text("This browser shows no messages.")


def test_messages_that_this_reader_asked_for_are_on(signed_in: Callable[..., Page]) -> None:
    page = signed_in("reader", permissions=["notifications"])
    page.add_init_script(SUBSCRIBED % MINE)
    page.goto("/me/notifications/settings")
    asked = vars(Browsing(MINE).browser)
    page.evaluate("asked => fetch('/me/push', { method: 'POST', body: new URLSearchParams(asked) })", asked)
    page.reload()
    expect(page.get_by_role("button", name="Show no more messages in this browser")).to_be_visible()


def test_without_javascript_there_is_no_button_for_messages(without_javascript: Page, site: Site) -> None:
    page = without_javascript
    page.goto("/sign-in")
    address, password = site.sign_ins["reader"]
    page.get_by_label("E-mail").fill(address)
    page.get_by_label("Password", exact=True).fill(password)
    page.get_by_role("main").get_by_role("button", name="Sign in").click()
    page.goto("/me/notifications/settings")
    expect(page.get_by_text("Messages in the browser need JavaScript.")).to_be_visible()
    expect(page.locator("push-switch button")).to_have_count(0)


@pytest.fixture
def worker(browser: Browser, base_url: str) -> Iterator[Page]:
    """Return a page on which the service worker runs."""
    context = browser.new_context(base_url=base_url, permissions=["notifications"])
    page = context.new_page()
    page.goto("/")
    page.evaluate("navigator.serviceWorker.register('/sw.js').then(() => navigator.serviceWorker.ready)")
    yield page
    context.close()


def deliver(page: Page, message: dict[str, object]) -> None:
    """Hand a message to the service worker as a push service's would be."""
    session = page.context.new_cdp_session(page)
    registrations: list[dict[str, str]] = []
    session.on("ServiceWorker.workerRegistrationUpdated", lambda event: registrations.extend(event["registrations"]))
    session.send("ServiceWorker.enable")
    page.wait_for_function("navigator.serviceWorker.controller !== null")
    for _ in range(400):  # what the session hears of comes when it comes: up to 20 seconds
        if registrations:
            break
        page.wait_for_timeout(50)
    where = {"origin": page.evaluate("location.origin"), "registrationId": registrations[-1]["registrationId"]}
    session.send("ServiceWorker.deliverPushMessage", {**where, "data": json.dumps(message)})


SHOWN = """async () => {
  const worker = await navigator.serviceWorker.ready;
  for (let tries = 0; tries < 30; tries += 1) {
    const all = await worker.getNotifications();
    if (all.length > 0) return all.map(({ title, body, tag, data }) => ({ title, body, tag, data }));
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  return [];
}"""


def test_a_message_that_arrives_is_shown(worker: Page) -> None:
    shown: list[dict[str, object]] = []
    for _ in range(8):  # on a busy machine the browser may drop what is handed to a worker that is only starting
        deliver(worker, {"title": "Ann replied to you", "body": "Harbour bridge", "path": "/comments/1#comment-1", "id": 7})
        if shown := worker.evaluate(SHOWN):
            break
    assert shown == [
        {
            "title": "Ann replied to you",
            "body": "Harbour bridge",
            "tag": "n7",
            "data": {"path": "/comments/1#comment-1", "id": 7},
        }
    ]
