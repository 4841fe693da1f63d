"""Requests of a page that the test answers."""

from __future__ import annotations

import re
from collections.abc import Callable

from playwright.sync_api import Page, Route

PROBE = "/static/caught"
CAUGHT = 418
ASK = f"async () => (await fetch('{PROBE}', {{method: 'POST'}})).status"


def catch(page: Page, pattern: re.Pattern[str], answer: Callable[[Route], object], times: int | None = None) -> None:
    """Answer the requests of an open page that match, from the next on.

    The browser says that it catches requests before the page's own process knows: one of thirty sent at once goes to the site.
    So this returns when one has been caught. That one stays looked for, and nothing changes in the browser at the next call.
    """
    page.route(f"**{PROBE}", lambda route: route.fulfill(status=CAUGHT))
    page.route(pattern, answer, times=times)
    while page.evaluate(ASK) != CAUGHT:
        pass


def hold_back(page: Page, pattern: re.Pattern[str]) -> Callable[[], Route]:
    """Leave the next request that matches without an answer; return what waits for it and returns it."""
    held: list[Route] = []
    catch(page, pattern, lambda route: held.append(route), times=1)  # noqa: PLW0108 - a method of a list is refused

    def when_sent() -> Route:
        while not held:
            page.wait_for_timeout(20)
        return held[0]

    return when_sent
