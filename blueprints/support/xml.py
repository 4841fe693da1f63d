"""XML built element by element, so that it is always well formed, without the characters that XML cannot carry."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from lazily import lazily

if TYPE_CHECKING:
    from xml.etree import ElementTree as ET
else:
    ET = lazily("xml.etree.ElementTree")

_NOT_IN_XML = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def root(tag: str, **attributes: str) -> ET.Element:
    """Return the outermost element. An attribute `xml_lang` is written `xml:lang`."""
    return ET.Element(tag, _legal(attributes))


def add(parent: ET.Element, tag: str, text: str = "", **attributes: str) -> ET.Element:
    """Add an element with its text to another and return it."""
    child = ET.SubElement(parent, tag, _legal(attributes))
    child.text = _NOT_IN_XML.sub("", text) or None
    return child


def document(outermost: ET.Element) -> bytes:
    """Return the file."""
    return b'<?xml version="1.0" encoding="utf-8"?>\n' + ET.tostring(outermost, encoding="utf-8") + b"\n"


def _legal(attributes: dict[str, str]) -> dict[str, str]:
    return {name.replace("xml_", "xml:"): _NOT_IN_XML.sub("", value) for name, value in attributes.items()}
