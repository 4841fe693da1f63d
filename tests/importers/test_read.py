from __future__ import annotations

import pytest

import importers
from importers import ImportRefused

WORDS = "# Ferry *back*\n\nIt sails."


@pytest.mark.parametrize(
    ("filename", "headline"),
    [
        ("a.md", "Ferry back"),
        ("a.MARKDOWN", "Ferry back"),
        ("a.txt", "# Ferry *back*"),
        ("a", "# Ferry *back*"),
        ("a.b/c", "# Ferry *back*"),
    ],
)
def test_the_name_decides_how_a_file_is_read(filename: str, headline: str) -> None:
    assert importers.read(WORDS.encode(), filename).headline == headline


@pytest.mark.parametrize(("filename", "body"), [("a.htm", "It sails."), ("page", "It sails."), ("a.txt", "\\<p>It sails.")])
def test_without_a_telling_name_tags_tell_a_web_page(filename: str, body: str) -> None:
    assert importers.read(b"<p>It sails.", filename).body_markdown == body


def test_notes_of_the_encoding_and_of_the_text_are_both_given() -> None:
    notes = importers.read("It ![x](y.png) sails, café.".encode("cp1252"), "a.md").notes
    assert [note.split()[0] for note in notes] == ["The", "Pictures"]


@pytest.mark.parametrize("data", [b"", b" \r\n\t", "\u00a0\n\ufeff".encode("utf-16"), b"\xef\xbb\xbf"])
@pytest.mark.parametrize("filename", ["a.txt", "a.md", "a.html"])
def test_an_empty_file_is_refused(data: bytes, filename: str) -> None:
    with pytest.raises(ImportRefused, match=r"empty|no article text"):
        importers.read(data, filename)


def test_a_file_over_the_limit_is_refused_with_the_limit() -> None:
    with pytest.raises(ImportRefused, match="at most 2 MB") as refusal:
        importers.read(b"x" * (importers.LARGEST_FILE + 1), "a.txt")
    assert refusal.value.message % refusal.value.values == str(refusal.value)


@pytest.mark.parametrize("filename", ["a.txt", "a.md"])
def test_a_text_longer_than_any_article_is_refused_before_it_is_taken_apart(filename: str) -> None:
    with pytest.raises(ImportRefused, match="far too long"):
        importers.read(b"[" * 1_000_000, filename)
