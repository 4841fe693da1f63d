from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Browser, Page, expect

from cache import OLDEST
from tests.browser.conftest import Site
from tests.browser.places import go
from tests.browser.test_accessibility import violations

Write = Callable[..., int]

PATIENT = 20_000  # ms: that it arrives is tested here; how soon is measured


@pytest.fixture
def write(signed_in: Callable[..., Page], site: Site) -> Write:
    """Return a function with which the demo's reader posts a comment, or a reply, in another browser; it gives its id."""
    author = signed_in("reader")
    go(author, "open article")
    slug = author.url.partition("#")[0].rpartition("/")[2]

    def post(body: str, parent: str = "") -> int:
        path = f"/comments/{parent}/replies" if parent else f"/articles/{slug}/comments"
        answer = author.request.post(site.url + path, form={"body": body}, headers={"Origin": site.url})
        assert answer.ok
        found = re.search(r"#comment-(\d+)$", answer.url)
        assert found
        return int(found[1])

    return post


@pytest.fixture
def watcher(phone: Page) -> Page:
    """Return a page on which somebody nobody knows reads the discussion."""
    phone.wait_for_timeout(OLDEST * 1_000)  # what was removed before is gone from it
    go(phone, "open article")
    phone.locator("#discussion").scroll_into_view_if_needed()
    phone.wait_for_load_state("networkidle")
    return phone


def place(page: Page) -> float:
    return float(page.evaluate("document.querySelectorAll('.comment')[3].getBoundingClientRect().top"))


def test_a_comment_is_offered_where_one_reads_and_comes_when_asked_for(watcher: Page, write: Write) -> None:
    before = place(watcher)
    number = write("Something nobody has said before in this thread.")
    button = watcher.get_by_role("button", name="1 new comment", exact=True)
    expect(button).to_be_visible(timeout=PATIENT)
    assert (place(watcher), watcher.locator(f"#comment-{number}").count()) == (before, 0)
    button.click()
    expect(watcher.locator(f"#comment-{number}")).to_be_focused()
    expect(watcher.locator(f"#comment-{number}.comment--new")).to_be_visible()
    expect(button).to_be_hidden()


def test_a_reply_comes_under_what_it_answers(watcher: Page, write: Write) -> None:
    answerable = watcher.locator("comment-thread > ol > li > .comment:has([data-reply])")  # not the place of a removed one
    name = str(answerable.last.get_attribute("data-comment"))
    above = watcher.locator(f"li:has(> #comment-{name})")
    count = above.locator("details.replies .comment").count()
    number = write("An answer that comes live.", name)
    watcher.get_by_role("button", name="1 new comment", exact=True).click(timeout=PATIENT)
    expect(above.locator(f"details.replies #comment-{number}")).to_be_visible()
    expect(above.locator("details.replies [data-below]").first).to_contain_text(str(count + 1))


def test_a_lost_connection_is_caught_up_with_without_loss_or_doubles(watcher: Page, write: Write) -> None:
    first = write("One that came before the tunnel.")
    watcher.get_by_role("button", name="1 new comment", exact=True).click(timeout=PATIENT)
    expect(watcher.locator(f"#comment-{first}")).to_be_visible()
    watcher.context.set_offline(True)
    missed = [write(f"Said while the train was in tunnel {number}.") for number in range(3)]
    expect(watcher.locator("[data-lost]")).to_be_visible(timeout=30_000)
    watcher.context.set_offline(False)
    watcher.get_by_role("button", name="3 new comments").click(timeout=PATIENT)
    for number in [first, *missed]:
        expect(watcher.locator(f"[data-comment='{number}']")).to_have_count(1)
    expect(watcher.locator("[data-lost]")).to_be_hidden()
    expect(watcher.locator(".comment--new")).to_have_count(4)


def test_a_hidden_page_does_not_ask(watcher: Page) -> None:
    asked: list[str] = []
    watcher.evaluate("""() => {
        Object.defineProperty(document, "hidden", { value: true, configurable: true });
        document.dispatchEvent(new Event("visibilitychange"));
    }""")
    watcher.on("request", lambda request: asked.append(request.url) if "/pulse" in request.url else None)
    watcher.wait_for_timeout(5_000)
    assert asked == []
    with watcher.expect_request(re.compile("/pulse")):
        watcher.evaluate("() => { delete document.hidden; document.dispatchEvent(new Event('visibilitychange')); }")


def vote(page: Page) -> None:
    """Give the first take, and wait for the results."""
    go(page, "open article")
    page.locator("input[name=choice]").first.check()
    page.get_by_role("button", name="Send").click()
    page.locator("#results").wait_for()
    page.wait_for_load_state("networkidle")  # a page comes bit by bit, and goes to its results when it is there


def test_a_vote_of_another_changes_the_results_in_place(browser: Browser, base_url: str, phone: Page) -> None:
    vote(phone)
    results = phone.locator("#results")
    before, top = results.inner_text(), place(phone)
    another = browser.new_context(base_url=base_url)
    vote(another.new_page())
    another.close()
    expect(results).not_to_have_text(before, use_inner_text=True, timeout=PATIENT)
    assert abs(place(phone) - top) < 1  # pixels


def test_what_is_offered_and_marked_has_no_violations(watcher: Page, write: Write) -> None:
    number = write("Something that gets a mark at its edge.")
    watcher.get_by_role("button", name="1 new comment", exact=True).click(timeout=PATIENT)
    expect(watcher.locator(f"#comment-{number}")).to_be_focused()  # else the next one may come along with it
    write("Something that is only offered so far.")
    expect(watcher.get_by_role("button", name="1 new comment", exact=True)).to_be_visible(timeout=PATIENT)
    watcher.evaluate("scrollTo(0, document.body.scrollHeight)")  # where the offer lies over nothing
    assert violations(watcher) == []
