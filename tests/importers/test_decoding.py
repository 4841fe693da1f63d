from __future__ import annotations

import pytest

from importers.decoding import decode
from importers.imported import ImportRefused


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-32"])
def test_unicode_is_read_without_a_note(encoding: str) -> None:
    assert decode("Café “Öl”".encode(encoding)) == ("Café “Öl”", ())


@pytest.mark.parametrize("mark", [b"\xfe\xff", b"\xff\xfe"])
def test_utf_16_is_read_in_either_order(mark: bytes) -> None:
    encoding = "utf-16-be" if mark == b"\xfe\xff" else "utf-16-le"
    assert decode(mark + "Öl".encode(encoding)) == ("Öl", ())


def test_windows_1252_is_read_and_said() -> None:
    text, notes = decode("Café “Öl” — €5".encode("cp1252"))
    assert text == "Café “Öl” — €5"
    assert "Windows-1252" in notes[0]


def test_damaged_utf_8_keeps_what_is_whole_and_says_so() -> None:
    text, notes = decode("Café “Öl”".encode() + b"\xff end")
    assert text == "Café “Öl”\ufffd end"
    assert "damaged" in notes[0]


@pytest.mark.parametrize("ends", ["\r\n", "\r", "\n", "\u2028", "\x85"])
def test_every_kind_of_line_end_becomes_one(ends: str) -> None:
    assert decode(f"one{ends}two".encode())[0] == "one\ntwo"


def test_a_line_of_non_breaking_spaces_is_empty() -> None:
    assert decode("one\n\u00a0 \ntwo".encode())[0] == "one\n\ntwo"


@pytest.mark.parametrize(
    ("data", "says"),
    [
        (b"%PDF-1.7 \xc4", "PDF"),
        (b"PK\x03\x04\x14", "office file"),
        (b"{\\rtf1 hello}", "RTF"),
        (b"\xd0\xcf\x11\xe0\xa1", "office file"),
        (b"\x89PNG\r\n\x1a\n\x00\x00", "not a text file"),
        (b"text with a \x00", "not a text file"),
        (b"\x01\x02\x03\x04 abc", "not a text file"),
        (b"\x81\x8d\x8f\x90\x9d", "cannot be read"),
        (b"\xff\xfea\x00b", "cannot be read"),
    ],
)
def test_what_is_no_text_is_refused_by_name(data: bytes, says: str) -> None:
    with pytest.raises(ImportRefused, match=says):
        decode(data)


def test_an_old_end_of_file_mark_is_no_reason_to_refuse() -> None:
    assert decode(b"Short.\x1a")[0] == "Short.\x1a"


def test_a_web_page_is_read_in_the_encoding_it_names() -> None:
    page = '<meta charset="koi8-r"><p>Привет'
    assert decode(page.encode("koi8-r"), html=True) == (page, ())


@pytest.mark.parametrize("name", ["rot13", "no-such-thing", "unicode_escape", "shift_jis"])
def test_an_encoding_that_a_page_cannot_be_in_is_not_believed(name: str) -> None:
    page = f'<meta charset="{name}"><p>Café'
    assert decode(page.encode("cp1252"), html=True)[0] == page
