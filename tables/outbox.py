"""What has to leave, written in the transaction of its cause and sent by a job: news to spread, mail, web push."""

from __future__ import annotations

import sqlalchemy as sa
from sqlalchemy import CheckConstraint, ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from tables.base import Id, Instant, LongText, Model, PrimaryKey, ShortText, reference

UNSPREAD = sa.text("spread_at IS NULL")


class News(Model):
    """Something readers may be following: a comment that was published, or an outcome. A job tells those who follow."""

    __tablename__ = "news"
    __table_args__ = (
        CheckConstraint("(comment_id IS NULL) <> (resolution_id IS NULL)", name="about_one_thing"),
        Index("ix_news_unspread", "id", sqlite_where=UNSPREAD, postgresql_where=UNSPREAD),
    )

    id: Mapped[PrimaryKey]
    comment_id: Mapped[int | None] = reference("comment.id", unique=True)
    resolution_id: Mapped[int | None] = reference("resolution.id", unique=True)
    made_at: Mapped[Instant]
    spread_at: Mapped[Instant | None]


class OutgoingMail(Model):
    """A mail to be sent, written in the transaction of its cause and sent by a job.

    A reader's news gets its words only when it is sent, so that nothing removed meanwhile is in it: until then its subject
    and its body are empty.
    """

    __tablename__ = "outgoing_mail"
    __table_args__ = (
        Index("ix_outgoing_mail_due", "sent_at", "given_up_at", "next_try_at"),
        Index("ix_outgoing_mail_reader_id", "reader_id", "made_at"),
    )

    id: Mapped[PrimaryKey]
    address: Mapped[str] = mapped_column(sa.String(254))
    subject: Mapped[ShortText]
    body: Mapped[LongText]
    reader_id: Mapped[int | None] = reference("reader.id")  # whose news it is; null for mail about an account
    unsubscribe_path: Mapped[str | None] = mapped_column(sa.String(300))  # where one click ends such mail (RFC 8058)
    made_at: Mapped[Instant]
    next_try_at: Mapped[Instant]
    tries: Mapped[int] = mapped_column(default=0)
    begun_at: Mapped[Instant | None]  # when the try began of which it is not known yet how it ends
    is_uncertain: Mapped[bool] = mapped_column(default=False, server_default=sa.false())  # a try was cut off: perhaps it left
    sent_at: Mapped[Instant | None]
    given_up_at: Mapped[Instant | None]


class OutgoingPush(Model):
    """A message to one browser that asked for them."""

    __tablename__ = "outgoing_push"
    __table_args__ = (Index("ix_outgoing_push_due", "sent_at", "given_up_at", "next_try_at"),)

    id: Mapped[PrimaryKey]
    subscription_id: Mapped[int] = mapped_column(Id, ForeignKey("push_subscription.id", ondelete="CASCADE"), index=True)
    notification_id: Mapped[int] = reference("notification.id")
    made_at: Mapped[Instant]
    next_try_at: Mapped[Instant]
    tries: Mapped[int] = mapped_column(default=0)
    sent_at: Mapped[Instant | None]
    given_up_at: Mapped[Instant | None]
