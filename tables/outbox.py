"""What has to leave: mail."""

from __future__ import annotations

import sqlalchemy as sa
from sqlalchemy import Index
from sqlalchemy.orm import Mapped, mapped_column

from tables.base import Instant, LongText, Model, PrimaryKey, ShortText


class OutgoingMail(Model):
    """A mail to be sent, written in the transaction of its cause and sent by a job."""

    __tablename__ = "outgoing_mail"
    __table_args__ = (Index("ix_outgoing_mail_due", "sent_at", "given_up_at", "next_try_at"),)

    id: Mapped[PrimaryKey]
    address: Mapped[str] = mapped_column(sa.String(254))
    subject: Mapped[ShortText]
    body: Mapped[LongText]
    made_at: Mapped[Instant]
    next_try_at: Mapped[Instant]
    tries: Mapped[int] = mapped_column(default=0)
    sent_at: Mapped[Instant | None]
    given_up_at: Mapped[Instant | None]
