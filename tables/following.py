"""What a reader wants to hear of and has seen already: follows, mutes, visits, notifications, browsers to push to."""

from __future__ import annotations

import enum

import sqlalchemy as sa
from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from tables.base import Id, Instant, Model, PrimaryKey, enum_column, reference


class Follow(Model):
    """A reader's wish to hear what is new about one thing: an article, a thread, a prediction or another reader."""

    __tablename__ = "follow"
    __table_args__ = (
        CheckConstraint(
            "(CASE WHEN article_id IS NULL THEN 0 ELSE 1 END) + (CASE WHEN thread_id IS NULL THEN 0 ELSE 1 END)"
            " + (CASE WHEN prediction_id IS NULL THEN 0 ELSE 1 END) + (CASE WHEN followed_id IS NULL THEN 0 ELSE 1 END) = 1",
            name="one_thing",
        ),
        CheckConstraint("followed_id <> reader_id", name="not_oneself"),
        UniqueConstraint("article_id", "reader_id"),
        UniqueConstraint("thread_id", "reader_id"),
        UniqueConstraint("prediction_id", "reader_id"),
        UniqueConstraint("followed_id", "reader_id"),
    )

    id: Mapped[PrimaryKey]
    reader_id: Mapped[int] = reference("reader.id", index=True)
    article_id: Mapped[int | None] = reference("article.id")
    thread_id: Mapped[int | None] = reference("comment.id")  # the first comment of the thread
    prediction_id: Mapped[int | None] = reference("prediction.id")
    followed_id: Mapped[int | None] = reference("reader.id")
    followed_at: Mapped[Instant]


class Mute(Model):
    """A reader's wish not to read another."""

    __tablename__ = "mute"
    __table_args__ = (CheckConstraint("muted_id <> reader_id", name="not_oneself"),)

    reader_id: Mapped[int] = reference("reader.id", primary_key=True)
    muted_id: Mapped[int] = reference("reader.id", primary_key=True, index=True)
    muted_at: Mapped[Instant]


class Visit(Model):
    """How far a reader has read a discussion: how many of its comments had appeared when they last looked (`Comment.appeared`)."""

    __tablename__ = "visit"

    article_id: Mapped[int] = reference("article.id", primary_key=True)
    reader_id: Mapped[int] = reference("reader.id", primary_key=True, index=True)
    seen: Mapped[int]
    visited_at: Mapped[Instant]


class NotificationKind(enum.Enum):
    """Why a reader is told, the most personal reason first. A reader is told of one thing once, for the first that fits."""

    REPLY = "reply"
    MENTION = "mention"
    THREAD = "thread"
    READER = "reader"
    ARTICLE = "article"
    RESOLUTION = "resolution"
    DECISION = "decision"  # about something of one's own
    REPORT = "report"  # what became of a complaint


class Notification(Model):
    """One thing a reader is told."""

    __tablename__ = "notification"
    __table_args__ = (
        CheckConstraint(
            "(CASE WHEN comment_id IS NULL THEN 0 ELSE 1 END) + (CASE WHEN resolution_id IS NULL THEN 0 ELSE 1 END)"
            " + (CASE WHEN entry_id IS NULL THEN 0 ELSE 1 END) = 1",
            name="about_one_thing",
        ),
        UniqueConstraint("reader_id", "comment_id"),
        UniqueConstraint("reader_id", "resolution_id"),
        UniqueConstraint("reader_id", "entry_id"),
        Index("ix_notification_reader_id", "reader_id", "id"),
        Index(
            "ix_notification_unmailed",
            "reader_id",
            "id",
            sqlite_where=sa.text("mailed_at IS NULL"),
            postgresql_where=sa.text("mailed_at IS NULL"),
        ),
        Index(
            "ix_notification_unread",
            "reader_id",
            "id",
            sqlite_where=sa.text("read_at IS NULL"),
            postgresql_where=sa.text("read_at IS NULL"),
        ),
    )

    id: Mapped[PrimaryKey]
    reader_id: Mapped[int] = reference("reader.id")
    kind: Mapped[NotificationKind] = mapped_column(enum_column(NotificationKind))
    comment_id: Mapped[int | None] = reference("comment.id", index=True)
    resolution_id: Mapped[int | None] = reference("resolution.id")
    entry_id: Mapped[int | None] = reference("moderation_entry.id")
    made_at: Mapped[Instant]
    read_at: Mapped[Instant | None]
    mailed_at: Mapped[Instant | None]  # when it was written into a mail, or was found not to be for mailing
    mail_id: Mapped[int | None] = reference("outgoing_mail.id", index=True)  # the mail that tells of it


class PushSubscription(Model):
    """A browser that asked for messages, by the address its maker's push service gave it, and the keys to write to it.

    It goes with the sign-in under which it asked. A guest's has none, and keeps none when the guest becomes an account.
    """

    __tablename__ = "push_subscription"

    id: Mapped[PrimaryKey]
    reader_id: Mapped[int] = reference("reader.id", index=True)
    sign_in_id: Mapped[int | None] = mapped_column(Id, ForeignKey("sign_in.id", ondelete="CASCADE"), index=True)
    endpoint: Mapped[str] = mapped_column(sa.String(1000), unique=True)
    p256dh: Mapped[str] = mapped_column(sa.String(120))
    auth: Mapped[str] = mapped_column(sa.String(40))
    made_at: Mapped[Instant]
