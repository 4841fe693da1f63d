from __future__ import annotations

import re
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect

from commands.translations import PSEUDO_LOCALE, write_pseudo
from tests.browser.conftest import Site, run_site
from tests.browser.test_accessibility import VIEWS, unfold, violations

PAGES = ["/", "open", "/sign-in", "/sign-up", "/nowhere", "/gallery"]
ROOM = "chart => chart.getBoundingClientRect().height"


@pytest.fixture(scope="module")
def longer_site(site: Site, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """Run the demo in a language that is a third longer and runs from right to left."""
    folder: Path = tmp_path_factory.mktemp("longer")
    with closing(sqlite3.connect(site.folder / "foresay.db")) as demo, closing(sqlite3.connect(folder / "foresay.db")) as copy:
        demo.backup(copy)
    write_pseudo(folder / "translations")
    settings = {
        "FORESAY_LOCALE": PSEUDO_LOCALE,
        "FORESAY_TRANSLATIONS": str(folder / "translations"),
        "FORESAY_DEVELOPMENT": "1",
    }
    yield from run_site(folder, **settings)


@pytest.mark.parametrize("width", [320, 1280])
def test_no_layout_breaks_when_texts_grow_and_turn_round(browser: Browser, longer_site: Site, width: int) -> None:
    context = browser.new_context(base_url=longer_site.url, viewport={"width": width, "height": 800})
    page = context.new_page()
    page.goto("/")
    article = str(page.locator("h2 a").first.get_attribute("href"))
    for place in PAGES:
        page.goto(article if place == "open" else place)
        assert page.evaluate("document.documentElement.dir") == "rtl"
        beyond = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
        assert beyond == 0, place
    context.close()


def test_no_component_has_violations_in_any_of_its_states(browser: Browser, longer_site: Site) -> None:
    page = browser.new_context(base_url=longer_site.url).new_page()
    page.goto("/gallery")
    unfold(page)
    for width, scheme in VIEWS:
        page.set_viewport_size({"width": width, "height": 900})
        page.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]
        assert violations(page) == [], (width, scheme)
    page.context.close()


def test_a_chart_is_read_with_the_keys_in_the_place_of_its_latest_values(browser: Browser, longer_site: Site) -> None:
    context = browser.new_context(base_url=longer_site.url)
    page = context.new_page()
    page.goto("/gallery")
    chart = page.locator("line-chart").first
    reader = chart.get_by_role("slider")
    reader.focus()
    latest, room = chart.locator(".chart__legend").inner_text(), chart.evaluate(ROOM)
    reader.press("Home")
    reader.press("ArrowRight")
    expect(reader).to_have_attribute("aria-valuenow", "1")
    expect(reader).to_have_attribute("aria-valuetext", re.compile(r"Agree ⟦60 %"))
    expect(chart.locator(".chart__legend")).to_contain_text("60 %")
    assert chart.evaluate(ROOM) == room, "what is read moves what stands below"
    reader.press("Escape")
    expect(chart.locator(".chart__legend")).to_have_text(latest, use_inner_text=True)
    context.close()


def test_a_chart_is_read_where_it_is_pointed_at(browser: Browser, longer_site: Site) -> None:
    context = browser.new_context(base_url=longer_site.url)
    page = context.new_page()
    page.goto("/gallery")
    chart = page.locator("line-chart").first
    chart.get_by_role("slider").hover(position={"x": 1, "y": 20})
    expect(chart.locator(".chart__legend")).to_contain_text("55 %")
    expect(chart.locator(".chart__hair")).to_have_count(1)
    page.mouse.move(0, 0)
    expect(chart.locator(".chart__hair")).to_have_count(0)
    context.close()
