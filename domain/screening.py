"""The ordered checks a new comment passes. Each either lets it through or says why it waits for a moderator."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass

from sqlalchemy import exists, select

from domain.errors import N_
from extensions import db
from models import Comment, CommentState, ModerationAct, ModerationEntry, Reader

LINK = re.compile(r"(?:https?://|www\.)\S+", re.IGNORECASE)


@dataclass(frozen=True)
class Held:
    """A check's verdict that a comment has to wait, with what it saw."""

    check: str
    check_version: int
    detail: str = ""


CHECK_NAMES = {
    "new_author": N_("First comment of a guest"),
    "links": N_("Link from an author without an approved comment"),
}


def screen(body: str, by: Reader) -> list[Held]:
    """Return why the text has to wait; nothing when it may be published at once."""
    verdicts = (check(body, by) for check in CHECKS)
    return [verdict for verdict in verdicts if verdict is not None]


def is_trusted(reader: Reader) -> bool:
    """Whether a moderator has approved a comment of this reader that still stands."""
    approved = exists().where(
        Comment.reader_id == reader.id,
        Comment.state == CommentState.PUBLISHED,
        ModerationEntry.comment_id == Comment.id,
        ModerationEntry.act == ModerationAct.APPROVED,
    )
    return bool(db.session.scalar(select(approved)))


def _new_author(_body: str, by: Reader) -> Held | None:
    return Held("new_author", 1) if by.is_guest and not is_trusted(by) else None


def _links(body: str, by: Reader) -> Held | None:
    found = LINK.search(body)
    return Held("links", 1, found.group()[:200]) if found and not is_trusted(by) else None


CHECKS: tuple[Callable[[str, Reader], Held | None], ...] = (_new_author, _links)
