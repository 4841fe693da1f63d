"""What every page has to satisfy, whoever asks for it."""

from __future__ import annotations

from collections import Counter

from lxml import html as markup

CONTROLS = {"input", "textarea", "select"}
UNLABELLED = {"hidden", "submit"}


def check_page(html: str) -> None:
    """Assert that a page has a language, one title and one h1, unique ids, labelled controls and nothing inline."""
    page = markup.document_fromstring(html)
    assert page.get("lang"), "no language"
    assert page.get("dir"), "no direction"
    assert (page.findtext("head/title") or "").strip(), "no title"
    headings = page.findall(".//h1")
    assert len(headings) == 1, f"{len(headings)} h1"
    tags = [tag for tag in page.iter() if isinstance(tag.tag, str)]
    ids = Counter(tag.get("id") for tag in tags if tag.get("id") is not None)
    assert max(ids.values()) == 1, [name for name, count in ids.items() if count > 1]
    labelled = {tag.get("for") for tag in tags if tag.tag == "label" and tag.get("for")}
    for tag in tags:
        if tag.tag in CONTROLS and tag.get("type") not in UNLABELLED:
            is_labelled = tag.get("id") in labelled or tag.get("aria-label") or any(True for _ in tag.iterancestors("label"))
            assert is_labelled, f"no label: {markup.tostring(tag)!r}"
        inline = [name for name in tag.attrib if name == "style" or str(name).startswith("on")]
        assert not inline, f"inline {inline} in {tag.tag}"
        assert tag.tag != "script" or tag.get("src") or tag.get("type") == "application/ld+json"
