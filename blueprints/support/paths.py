"""Addresses that somebody sent: where they come from, and where they go on after an act, which is never another site."""

from __future__ import annotations

from urllib.parse import SplitResult, urlsplit

LONGEST = 2_000  # characters; longer ones are cut off by proxies


def own_path(target: str | None) -> str:
    r"""Return `target` if it is a path of this site, else nothing.

    Browsers take `//host`, `/\host` and the same with a tab or a line end in between for another site.
    """
    if not target or len(target) > LONGEST or not target.startswith("/") or target.startswith("//"):
        return ""
    if "\\" in target or any(char.isspace() or not char.isprintable() for char in target):
        return ""
    parts = urlsplit(target)
    return "" if parts.scheme or parts.netloc else target


def parts_of(address: str) -> SplitResult:
    """Return the parts of an address, empty ones for what is none."""
    try:
        return urlsplit(address)
    except ValueError:
        return urlsplit("")
