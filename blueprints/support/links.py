"""Where a comment's pages and acts are. A page of comments asks for hundreds of such addresses, which differ by one number."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache

from flask import has_request_context, request, url_for

SAMPLE = 10**17  # a number of no comment, which stands in no address


def links_to(comment_id: int) -> Mapping[str, str]:
    """Return the addresses that belong to a comment, by what one finds or does there."""
    number = str(comment_id)
    return {name: number.join(parts) for name, parts in _around(_root()).items()}


def page_of(public_id: str) -> str:
    """Return the address of a reader's page."""
    before, after = _around_reader(_root())
    return f"{before}{public_id}{after}"


def _root() -> str:
    return request.script_root if has_request_context() else ""


@lru_cache(8)
def _around_reader(_root: str) -> tuple[str, str]:
    before, _, after = url_for("accounts.show", public_id=str(SAMPLE)).partition(str(SAMPLE))
    return before, after


@lru_cache(8)
def _around(_root: str) -> Mapping[str, tuple[str, ...]]:
    """Return what stands around the number in each address, on a site that is served from under a path."""
    pages = {
        "page": url_for("comments.show", comment_id=SAMPLE),
        "itself": url_for("comments.show", comment_id=SAMPLE, _anchor=f"comment-{SAMPLE}"),
        "reply": url_for("comments.show", comment_id=SAMPLE, _anchor="reply"),
        "quote": url_for("comments.show", comment_id=SAMPLE, quote=1, _anchor="reply"),
        "rate": url_for("comments.rate", comment_id=SAMPLE),
        "report": url_for("comments.report_form", comment_id=SAMPLE),
        "pick": url_for("comments.pick", comment_id=SAMPLE),
    }
    return {name: tuple(address.split(str(SAMPLE))) for name, address in pages.items()}
