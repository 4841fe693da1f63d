"""What every page has to satisfy, whoever asks for it."""

from __future__ import annotations

from collections import Counter

from bs4 import BeautifulSoup

CONTROLS = "input:not([type=hidden]):not([type=submit]), textarea, select"


def check_page(html: str) -> None:
    """Assert that a page has a language, one title and one h1, unique ids, labelled controls and nothing inline."""
    page = BeautifulSoup(html, "html.parser")
    assert page.html is not None
    assert page.html.get("lang"), "no language"
    assert page.html.get("dir"), "no direction"
    assert page.title is not None
    assert page.title.get_text(strip=True), "no title"
    assert len(page.find_all("h1")) == 1, f"{len(page.find_all('h1'))} h1"
    ids = Counter(str(tag["id"]) for tag in page.find_all(id=True))
    assert max(ids.values()) == 1, [name for name, count in ids.items() if count > 1]
    for control in page.select(CONTROLS):
        assert _label(page, control), f"no label: {control}"
    for tag in page.find_all(True):
        inline = [name for name in tag.attrs if name == "style" or name.startswith("on")]
        assert not inline, f"inline {inline} in {tag.name}"
    assert all(script.get("src") for script in page.find_all("script") if script.get("type") != "application/ld+json")


def _label(page: BeautifulSoup, control: object) -> bool:
    attributes = getattr(control, "attrs", {})
    by_id = attributes.get("id") and page.find("label", attrs={"for": attributes["id"]})
    return bool(by_id or attributes.get("aria-label") or control.find_parent("label"))  # type: ignore[attr-defined]
