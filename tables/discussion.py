"""Articles, and what is said under them."""

from __future__ import annotations

import enum
from typing import TYPE_CHECKING

import sqlalchemy as sa
from sqlalchemy import CheckConstraint, ForeignKeyConstraint, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, WriteOnlyMapped, mapped_column, relationship

from tables.base import Digest, Id, Instant, LongText, Model, PrimaryKey, ShortText, enum_column, reference

if TYPE_CHECKING:
    from tables.opinions import OpinionChoice, OpinionPoll
    from tables.people import Reader
    from tables.predictions import Forecast, Prediction


class Article(Model):
    """A piece with a headline, text, and a closing question. A draft until `opened_at`."""

    __tablename__ = "article"
    __table_args__ = (CheckConstraint("closed_at IS NULL OR opened_at IS NOT NULL", name="opened_before_closed"),)

    id: Mapped[PrimaryKey]
    slug: Mapped[str] = mapped_column(sa.String(80), unique=True)
    headline: Mapped[ShortText]
    byline: Mapped[ShortText] = mapped_column(default="")
    section: Mapped[ShortText] = mapped_column(default="")
    body_source: Mapped[LongText]
    body_html: Mapped[LongText]
    source_digest: Mapped[Digest | None] = mapped_column(unique=True)
    created_at: Mapped[Instant]
    opened_at: Mapped[Instant | None] = mapped_column(index=True)
    closed_at: Mapped[Instant | None]
    version: Mapped[int] = mapped_column(default=1)

    poll: Mapped[OpinionPoll | None] = relationship(back_populates="article")
    prediction: Mapped[Prediction | None] = relationship(back_populates="article")
    comments: WriteOnlyMapped[Comment] = relationship(back_populates="article")

    @property
    def is_draft(self) -> bool:
        """Whether only the newsroom can see it."""
        return self.opened_at is None

    @property
    def is_open(self) -> bool:
        """Whether its discussion takes new comments."""
        return self.opened_at is not None and self.closed_at is None


class Participation(Model):
    """A reader's having taken part in an article. Every act of theirs there first locks this row, so that the acts of one
    reader on one article happen one after another."""

    __tablename__ = "participation"

    article_id: Mapped[int] = reference("article.id", primary_key=True)
    reader_id: Mapped[int] = reference("reader.id", primary_key=True, index=True)
    began_at: Mapped[Instant]


class CommentState(enum.Enum):
    """What the public sees of a comment."""

    HELD = "held"
    PUBLISHED = "published"
    REMOVED = "removed"
    WITHDRAWN = "withdrawn"


class Comment(Model):
    """A reader's text, with the take and the forecast they held when they wrote it (unless they left them off)."""

    __tablename__ = "comment"
    __table_args__ = (
        Index("ix_comment_thread", "article_id", "root_id", "id"),
        Index("ix_comment_state", "state", "id"),
        ForeignKeyConstraint(
            ["parent_id", "article_id"], ["comment.id", "comment.article_id"], name="fk_comment_parent_same_article"
        ),
        UniqueConstraint("id", "article_id"),
    )

    id: Mapped[PrimaryKey]
    article_id: Mapped[int] = reference("article.id")
    reader_id: Mapped[int] = reference("reader.id", index=True)
    parent_id: Mapped[int | None] = mapped_column(Id, index=True)
    root_id: Mapped[int | None] = reference("comment.id")  # the first comment of its thread; null for that comment itself
    body_source: Mapped[LongText]
    body_html: Mapped[LongText]
    renderer_version: Mapped[int]
    choice_id: Mapped[int | None] = reference("opinion_choice.id")
    forecast_id: Mapped[int | None] = reference("forecast.id")
    state: Mapped[CommentState] = mapped_column(enum_column(CommentState))
    version: Mapped[int] = mapped_column(default=1)  # a decision names the version it judged
    posted_at: Mapped[Instant]

    article: Mapped[Article] = relationship(back_populates="comments", overlaps="parent")
    reader: Mapped[Reader] = relationship(back_populates="comments")
    choice: Mapped[OpinionChoice | None] = relationship()
    forecast: Mapped[Forecast | None] = relationship()
    parent: Mapped[Comment | None] = relationship(
        remote_side="Comment.id", foreign_keys="Comment.parent_id", primaryjoin="Comment.parent_id == Comment.id"
    )

    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012 - SQLAlchemy reads it from the class


class ReportReason(enum.Enum):
    """What a reader says is wrong with a comment."""

    ABUSE = "abuse"
    ACCUSATION = "accusation"
    PRIVACY = "privacy"
    SPAM = "spam"
    ILLEGAL = "illegal"
    OTHER = "other"


class Report(Model):
    """A complaint about a comment. A reader has at most one open report on a comment."""

    __tablename__ = "report"
    __table_args__ = (
        Index(
            "uq_report_open",
            "comment_id",
            "reader_id",
            unique=True,
            sqlite_where=sa.text("settled_by_id IS NULL"),
            postgresql_where=sa.text("settled_by_id IS NULL"),
        ),
    )

    id: Mapped[PrimaryKey]
    comment_id: Mapped[int] = reference("comment.id")
    reader_id: Mapped[int] = reference("reader.id")
    reason: Mapped[ReportReason] = mapped_column(enum_column(ReportReason))
    note: Mapped[LongText] = mapped_column(default="")
    made_at: Mapped[Instant]
    settled_by_id: Mapped[int | None] = reference("moderation_entry.id", index=True)

    comment: Mapped[Comment] = relationship()
