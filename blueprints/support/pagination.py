"""Cursors of long lists: the id after which a page begins."""

from __future__ import annotations

from flask import abort, request

MOST_DIGITS = 18  # of an id that the databases hold


def cursor(name: str) -> int | None:
    """Return the cursor in the address, if there is one; answer 400 for what is no cursor."""
    text = request.args.get(name)
    if text is None:
        return None
    if not (text.isascii() and text.isdigit() and len(text) <= MOST_DIGITS):
        abort(400)
    return int(text)
