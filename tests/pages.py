"""What every page has to satisfy, whoever asks for it."""

from __future__ import annotations

from collections import Counter

from bs4 import BeautifulSoup

CONTROLS = {"input", "textarea", "select"}
UNLABELLED = {"hidden", "submit"}


def check_page(html: str) -> None:
    """Assert that a page has a language, one title and one h1, unique ids, labelled controls and nothing inline."""
    page = BeautifulSoup(html, "html.parser")
    assert page.html is not None
    assert page.html.get("lang"), "no language"
    assert page.html.get("dir"), "no direction"
    assert page.title is not None
    assert page.title.get_text(strip=True), "no title"
    assert len(page.find_all("h1")) == 1, f"{len(page.find_all('h1'))} h1"
    tags = page.find_all(True)
    ids = Counter(str(tag["id"]) for tag in tags if tag.has_attr("id"))
    assert max(ids.values()) == 1, [name for name, count in ids.items() if count > 1]
    labelled = {str(tag["for"]) for tag in tags if tag.name == "label" and tag.has_attr("for")}
    for tag in tags:
        if tag.name in CONTROLS and tag.get("type") not in UNLABELLED:
            assert tag.get("id") in labelled or tag.get("aria-label") or tag.find_parent("label"), f"no label: {tag}"
        inline = [name for name in tag.attrs if name == "style" or name.startswith("on")]
        assert not inline, f"inline {inline} in {tag.name}"
        assert tag.name != "script" or tag.get("src") or tag.get("type") == "application/ld+json"
