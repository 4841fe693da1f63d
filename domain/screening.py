"""The ordered checks a new comment passes. Each either lets it through or says why it waits for a moderator."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import exists, select

from domain.errors import N_
from extensions import db
from models import Comment, CommentRevision, CommentState, ModerationAct, ModerationEntry, Reader, ScreeningVerdict

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


@dataclass(frozen=True)
class Text:
    """A text to be checked, and who wrote it. `of` is the comment it is to become the text of, where it is an edit."""

    body: str
    by: Reader
    of: Comment | None = None


def screen(body: str, by: Reader, *, of: Comment | None = None) -> list[Held]:
    """Return why the text has to wait; nothing when it may be published at once."""
    text = Text(body, by, of)
    verdicts = (check(text) for check in CHECKS)
    return [verdict for verdict in verdicts if verdict is not None]


def note(comment: Comment, held: Sequence[Held], *, now: datetime, revision: CommentRevision | None = None) -> None:
    """Write down why the comment, or an edit of it, has to wait."""
    for verdict in held:
        row = ScreeningVerdict(
            comment_id=comment.id,
            revision_id=revision.id if revision else None,
            check=verdict.check,
            check_version=verdict.check_version,
            detail=verdict.detail,
            made_at=now,
        )
        db.session.add(row)
    db.session.flush()


def is_trusted(reader: Reader, *, apart_from: Comment | None = None) -> bool:
    """Whether a moderator has approved a comment of this reader that still stands.

    A comment vouches for its author, but not for what they make of that same comment afterwards.
    """
    approved = exists().where(
        Comment.reader_id == reader.id,
        Comment.id != (apart_from.id if apart_from else 0),
        Comment.state == CommentState.PUBLISHED,
        ModerationEntry.comment_id == Comment.id,
        ModerationEntry.act == ModerationAct.APPROVED,
    )
    return bool(db.session.scalar(select(approved)))


def _new_author(text: Text) -> Held | None:
    return Held("new_author", 1) if text.by.is_guest and not is_trusted(text.by, apart_from=text.of) else None


def _links(text: Text) -> Held | None:
    found = LINK.search(text.body)
    return Held("links", 1, found.group()[:200]) if found and not is_trusted(text.by, apart_from=text.of) else None


CHECKS: tuple[Callable[[Text], Held | None], ...] = (_new_author, _links)
