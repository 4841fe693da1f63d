"""Bytes to text: which encoding a file is in, and whether it is text at all."""

from __future__ import annotations

import codecs
import re

from importers.imported import N_, ImportRefused

# The longer mark first: UTF-32's little-endian one begins with UTF-16's.
_MARKS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_KNOWN_FILES = (
    (b"%PDF-", N_("This is a PDF. Copy its text into a text file, or save the article as text, Markdown or HTML.")),
    (b"PK\x03\x04", N_("This is a packed or office file (such as .docx or .odt). Save it as text, Markdown or HTML first.")),
    (b"\xd0\xcf\x11\xe0", N_("This is an old office file. Save it as text, Markdown or HTML first.")),
    (b"{\\rtf", N_("This is a rich text (RTF) file. Save it as text, Markdown or HTML first.")),
)
_NOT_TEXT = N_("This is not a text file. Give the article as text, Markdown or HTML.")
_UNREADABLE = N_("The letters of this file cannot be read. Save it as UTF-8 and import it again.")
_DECLARED = re.compile(rb"""(?:charset|encoding)\s*=\s*["']?\s*([\w.:-]{2,40})""", re.IGNORECASE)
_REAL_CHARSETS = re.compile(r"(iso-?8859|windows-|cp\d|koi8|big5|gbk|gb2312|gb18030|euc|shift|sjis|mac)", re.IGNORECASE)
_SAME_IN_A_BROWSER = {"iso-8859-1", "iso8859-1", "latin1", "us-ascii", "ascii"}  # a browser reads these as Windows-1252
_DECLARED_WITHIN = 2048  # bytes: further down is text that talks about encodings
_CONTROLS = re.compile(r"[\x00-\x08\x0e-\x1f\x7f]")
_MOST_CONTROLS = 0.01  # share of characters: a few strays are text, more is a program or a picture
_STRAYS = 2  # even in the shortest text, an end-of-file mark of another age is no reason to refuse it
_STRAY_MARK = "\ufeff"  # left within a text by putting files together
_LINE_ENDS = re.compile("\r\n|[\r\x0b\x0c\x1c-\x1e\x85\u2028\u2029]")
_EMPTY_LINE = re.compile(r"^[^\S\n]+$", re.MULTILINE)  # non-breaking spaces among them


def decode(data: bytes, *, html: bool = False) -> tuple[str, tuple[str, ...]]:
    r"""Return the text, with `\n` line ends and truly empty lines, and notes on what was guessed.

    `html` says that the text may name its encoding itself. Raises `ImportRefused` for what is no text.
    """
    text, notes = _decoded(data, html=html)
    if len(_CONTROLS.findall(text)) > max(_STRAYS, _MOST_CONTROLS * len(text)):
        raise ImportRefused(_NOT_TEXT)
    return _EMPTY_LINE.sub("", _LINE_ENDS.sub("\n", text.replace(_STRAY_MARK, ""))), notes


def _decoded(data: bytes, *, html: bool) -> tuple[str, tuple[str, ...]]:
    for mark, encoding in _MARKS:
        if data.startswith(mark):
            try:
                return data[len(mark) :].decode(encoding), ()
            except UnicodeDecodeError:
                raise ImportRefused(_UNREADABLE) from None
    _refuse_binary(data)
    try:
        return data.decode("utf-8"), ()
    except UnicodeDecodeError:
        return _as_declared(data) if html and _declared(data) else _guessed(data)


def _refuse_binary(data: bytes) -> None:
    for start, message in _KNOWN_FILES:
        if data.startswith(start):
            raise ImportRefused(message)
    if b"\x00" in data:
        raise ImportRefused(_NOT_TEXT)


def _declared(data: bytes) -> str:
    """Return the encoding that an HTML page names, or nothing where it names none that the bytes could be in."""
    found = _DECLARED.search(data[:_DECLARED_WITHIN])
    name = found[1].decode("ascii").lower() if found else ""
    return "cp1252" if name in _SAME_IN_A_BROWSER else name if _REAL_CHARSETS.match(name) else ""


def _as_declared(data: bytes) -> tuple[str, tuple[str, ...]]:
    try:
        return data.decode(_declared(data)), ()
    except (LookupError, UnicodeDecodeError):
        return _guessed(data)


def _guessed(data: bytes) -> tuple[str, tuple[str, ...]]:
    """Read bytes that are not UTF-8: damaged UTF-8 where most of the non-ASCII is right, otherwise Windows-1252."""
    patched = data.decode("utf-8", "replace")
    damaged = patched.count("\ufffd")
    if sum(char > "\x7f" for char in patched) - damaged > damaged:
        return patched, (
            N_("Some characters of the file are damaged and stand as �. Replace them before you open the article."),
        )
    note = N_("The file is not in UTF-8; it was read as Windows-1252 (Latin-1). Check accents and quotation marks.")
    try:
        return data.decode("cp1252"), (note,)
    except UnicodeDecodeError:
        raise ImportRefused(_UNREADABLE) from None
