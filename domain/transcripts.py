"""A discussion as a record to read through, search or print: what was said, by whom, in the order of its writing. Reads only."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import bindparam, select

from domain.commentviews import ANSWERED, ANSWERED_WRITER, PARENT, WRITER, Author, answered_of, muted_by, writer_of
from extensions import db
from models import SHOWN, Article, Comment, CommentState, Reader

MOST = 1_000  # comments on a page: a long discussion whole, and some 40 sheets of paper


@dataclass(frozen=True, slots=True)
class Line:
    """One comment of the record. What a moderator has put aside, or a muted reader wrote, has no text here."""

    id: int
    author: Author
    is_article_author: bool
    posted_at: datetime
    is_edited: bool
    body_html: str
    language: str | None
    is_put_aside: bool
    is_muted: bool  # its author, by who reads it
    answers: Author | None  # who wrote what it answers, while that can be read
    answered_id: int | None


@dataclass(frozen=True, kw_only=True)
class Transcript:
    """A page of the record, and the comment after which the next page begins, if there is one."""

    lines: list[Line]
    total: int
    next_after: int | None


_LINES = (
    select(
        *(
            Comment.id,
            Comment.state,
            Comment.posted_at,
            Comment.edited_at,
            Comment.body_html,
            Comment.language,
            Comment.parent_id,
        ),
        *WRITER,
        *ANSWERED_WRITER,
    )
    .join(Reader, Reader.id == Comment.reader_id)
    .outerjoin(PARENT, PARENT.id == Comment.parent_id)
    .outerjoin(ANSWERED, ANSWERED.id == PARENT.reader_id)
    .where(Comment.article_id == bindparam("article"), Comment.id > bindparam("after"), Comment.state.in_(SHOWN))
    .order_by(Comment.article_id, Comment.id)
    .limit(MOST + 1)
)


def transcript_of(article: Article, *, viewer: Reader | None, after: int = 0) -> Transcript:
    """Return a page of what can be read in the article's discussion, from behind a comment on: one statement, two for a reader."""
    rows = db.session.execute(_LINES, {"article": article.id, "after": after}).all()
    muted = muted_by(viewer) if viewer else set()
    lines = [_line(row, article, muted) for row in rows[:MOST]]
    return Transcript(
        lines=lines, total=article.published_comments, next_after=lines[-1].id if len(rows) > len(lines) else None
    )


def _line(row: Any, article: Article, muted: Collection[int]) -> Line:
    is_put_aside, is_muted = row.state is CommentState.LIMITED, row.reader_id in muted
    return Line(
        id=row.id,
        author=writer_of(row),
        is_article_author=row.reader_id == article.author_id,
        posted_at=row.posted_at,
        is_edited=row.edited_at is not None,
        body_html="" if is_put_aside or is_muted else row.body_html,
        language=row.language,
        is_put_aside=is_put_aside,
        is_muted=is_muted,
        answers=answered_of(row),
        answered_id=row.parent_id,
    )
