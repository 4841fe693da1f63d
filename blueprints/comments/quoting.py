"""A comment quoted in the answer to it."""

from __future__ import annotations

import re

from flask import url_for

from blueprints.support.filters import reader_name
from models import Comment

LONGEST = 600  # characters: enough to say which point is meant; the link leads to the rest

_IN_NAMES = re.compile(r"([\\_*`\[\]])")  # would be markup in the text of a link


def quoted(comment: Comment) -> str:
    """Return the beginning of a comment as quoted Markdown, headed by a link to it. What it quotes itself is left out.

    The link comes first: after a text that is cut off inside a block of code it would be code too.
    """
    own = [line for line in comment.body_source.split("\n") if not line.lstrip().startswith(">")]
    name = _IN_NAMES.sub(r"\\\1", reader_name(comment.reader))
    address = url_for("comments.show", comment_id=comment.id, _anchor=f"comment-{comment.id}")
    lines = [f"[{name}]({address}):", "", *_shortened("\n".join(own).strip()).split("\n")]
    return "".join(f"> {line}".rstrip() + "\n" for line in lines) + "\n"


def _shortened(text: str) -> str:
    """Return a text cut after a word."""
    if len(text) <= LONGEST:
        return text
    cut = text[:LONGEST]
    whole = re.match(r".*(?=\s)", cut, re.DOTALL)
    return f"{(whole[0] if whole else cut).rstrip()} …"
