"""Who takes part: guests and accounts, and their being signed in."""

from __future__ import annotations

import enum
from typing import TYPE_CHECKING

import sqlalchemy as sa
from sqlalchemy import CheckConstraint, Index
from sqlalchemy.orm import Mapped, WriteOnlyMapped, mapped_column, relationship

from tables.base import Digest, Instant, Model, PrimaryKey, ShortText, enum_column, reference

if TYPE_CHECKING:
    from tables.discussion import Comment


class Role(enum.Enum):
    """What a registered reader may do, from least to most."""

    READER = "reader"
    MODERATOR = "moderator"
    EDITOR = "editor"
    ADMIN = "admin"


class Tier(enum.Enum):
    """How sure we are that a voter is one person."""

    VERIFIED = "verified"
    REGISTERED = "registered"
    GUEST = "guest"
    SET_ASIDE = "set_aside"


class MailPace(enum.Enum):
    """How soon a reader's news is mailed to them."""

    NEVER = "never"
    INSTANT = "instant"
    HOURLY = "hourly"
    DAILY = "daily"


BY_BYTES = sa.String(200).with_variant(sa.String(200, collation="C"), "postgresql")  # an index then leads to a beginning
ACCOUNT = sa.text("registered_at IS NOT NULL")


class Reader(Model):
    """Anyone who takes part: a guest known by a signed cookie, or a registered account. One table for both, so that what a
    guest did can become an account's (`domain.merging`)."""

    __tablename__ = "reader"
    __table_args__ = (
        CheckConstraint(
            "registered_at IS NOT NULL OR (role = 'reader' AND email_confirmed_at IS NULL)", name="staff_are_registered"
        ),
        CheckConstraint(
            "registered_at IS NULL OR (name IS NOT NULL AND email IS NOT NULL AND password_hash IS NOT NULL)",
            name="account_is_whole",
        ),
        Index("ix_reader_registered", "registered_at", sqlite_where=ACCOUNT, postgresql_where=ACCOUNT),
    )

    id: Mapped[PrimaryKey]
    public_id: Mapped[str] = mapped_column(sa.String(16), unique=True)
    guest_key_hash: Mapped[Digest | None] = mapped_column(unique=True)
    name: Mapped[ShortText | None]
    name_skeleton: Mapped[str | None] = mapped_column(BY_BYTES, unique=True)
    email: Mapped[str | None] = mapped_column(sa.String(254), unique=True)
    password_hash: Mapped[ShortText | None]
    role: Mapped[Role] = mapped_column(enum_column(Role), default=Role.READER)
    created_at: Mapped[Instant]
    registered_at: Mapped[Instant | None]
    email_confirmed_at: Mapped[Instant | None]
    mail_pace: Mapped[MailPace] = mapped_column(enum_column(MailPace), default=MailPace.DAILY, server_default="daily")
    digested_at: Mapped[Instant | None]  # when the last digest was written

    sign_ins: WriteOnlyMapped[SignIn] = relationship(back_populates="reader")
    comments: WriteOnlyMapped[Comment] = relationship(back_populates="reader", foreign_keys="Comment.reader_id")

    @property
    def tier(self) -> Tier:
        """Return the tier in which this reader's votes are counted."""
        if self.email_confirmed_at is not None:
            return Tier.VERIFIED
        return Tier.GUEST if self.registered_at is None else Tier.REGISTERED

    @property
    def is_guest(self) -> bool:
        """Whether this reader has no account."""
        return self.registered_at is None


class SignIn(Model):
    """One browser's being signed in. The cookie holds the token, we hold its digest; ending it here ends it there."""

    __tablename__ = "sign_in"

    id: Mapped[PrimaryKey]
    token_hash: Mapped[Digest] = mapped_column(unique=True)
    reader_id: Mapped[int] = reference("reader.id", index=True)
    started_at: Mapped[Instant]
    ended_at: Mapped[Instant | None]

    reader: Mapped[Reader] = relationship(back_populates="sign_ins")
