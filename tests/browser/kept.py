"""Pages that stay open from test to test, each in a browser of its own: to open one takes longer than most tests do."""

from __future__ import annotations

from typing import Any

from playwright.sync_api import Browser, Page, ViewportSize

STILL = "/static/any/icon.svg"  # of the site, with nothing on it that asks or remembers
DESKTOP = ViewportSize(width=1280, height=720)


class KeptPages:
    """Pages by name; after each test they are to be left as a browser is that was never here."""

    def __init__(self, browser: Browser, url: str) -> None:
        self._browser, self._url = browser, url
        self._pages: dict[str, Page] = {}

    def page(self, name: str, **options: Any) -> Page:
        """Return the page of this name; the first time, open it with these options."""
        if name not in self._pages:
            context = self._browser.new_context(base_url=self._url, **options)
            self._pages[name] = context.new_page()
        return self._pages[name]

    def leave(self, name: str, viewport: ViewportSize = DESKTOP) -> None:
        """Let a page forget whatever it was told, and wait where nothing happens."""
        page = self._pages[name]
        page.context.set_offline(offline=False)
        page.unroute_all()
        page.goto(STILL)  # before anything is deleted: pages note things when they are left
        page.evaluate("localStorage.clear(); sessionStorage.clear()")
        page.context.clear_cookies()
        page.set_viewport_size(viewport)
        page.emulate_media(color_scheme="light")

    def close(self) -> None:
        """Close them all."""
        for page in self._pages.values():
            page.context.close()
