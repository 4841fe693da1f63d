"""What checks saw in a text, why a text was put before moderators, and the prints by which repeats are found."""

from __future__ import annotations

import enum
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa
from sqlalchemy import CheckConstraint, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from tables.base import Digest, Instant, LongText, Model, PrimaryKey, ShortText, enum_column, reference

if TYPE_CHECKING:
    from tables.discussion import Comment
    from tables.people import Reader


class Finding(enum.Enum):
    """What a check wants to become of a text."""

    HOLD = "hold"
    FLAG = "flag"
    LIMIT = "limit"
    ROUTE = "route"
    FAILED = "failed"  # the check itself did: the text waits, because nobody knows
    PASSED = "passed"  # all checks did; which they were stands in the evidence


class ScreeningVerdict(Model):
    """What a check found in a new comment, or an edit of one, with the version of the check, rule or model."""

    __tablename__ = "screening_verdict"
    __table_args__ = (
        Index(
            "ix_screening_verdict_failed",
            "made_at",
            sqlite_where=sa.text("finding = 'failed'"),
            postgresql_where=sa.text("finding = 'failed'"),
        ),
        Index("ix_screening_verdict_rule_id", "rule_id", "id"),
        *(
            Index(f"ix_screening_verdict_by_{tool}", "made_at", "id", sqlite_where=is_one, postgresql_where=is_one)
            for tool in ("rule", "model")
            for is_one in [sa.text(f"{tool}_id IS NOT NULL")]
        ),
    )

    id: Mapped[PrimaryKey]
    comment_id: Mapped[int] = reference("comment.id", index=True)
    revision_id: Mapped[int | None] = reference("comment_revision.id")
    check: Mapped[ShortText]
    finding: Mapped[Finding] = mapped_column(enum_column(Finding), default=Finding.HOLD, server_default="hold")
    detail: Mapped[ShortText] = mapped_column(default="")
    check_version: Mapped[int]
    rule_id: Mapped[int | None] = reference("rule_version.id")
    model_id: Mapped[int | None] = reference("classifier_model.id")
    score: Mapped[float | None] = mapped_column(sa.Double)
    evidence: Mapped[dict[str, Any] | None] = mapped_column(sa.JSON(none_as_null=True))  # places in the text, arithmetic
    made_at: Mapped[Instant]


class ReferralKind(enum.Enum):
    """To whom a text was referred: the queue in which it stands besides the others."""

    FLAGGED = "flagged"
    LEGAL = "legal"
    SECOND_OPINION = "second_opinion"


OPEN = sa.text("settled_by_id IS NULL")


class Referral(Model):
    """Why a comment stands before moderators though it may be neither held nor reported. One open of a kind per comment."""

    __tablename__ = "referral"
    __table_args__ = (
        Index("uq_referral_open", "comment_id", "kind", unique=True, sqlite_where=OPEN, postgresql_where=OPEN),
        Index("ix_referral_waiting", "kind", "id", sqlite_where=OPEN, postgresql_where=OPEN),
    )

    id: Mapped[PrimaryKey]
    comment_id: Mapped[int] = reference("comment.id")
    kind: Mapped[ReferralKind] = mapped_column(enum_column(ReferralKind))
    by_id: Mapped[int | None] = reference("reader.id")  # null where a check or a rule did
    note: Mapped[LongText] = mapped_column(default="")
    made_at: Mapped[Instant]
    settled_by_id: Mapped[int | None] = reference("moderation_entry.id", index=True)

    comment: Mapped[Comment] = relationship()
    by: Mapped[Reader | None] = relationship()


class TextPrint(Model):
    """By what a text is found again: whole by its digest, in part by a band of its fingerprint (`domain.neighbours`)."""

    __tablename__ = "text_print"
    __table_args__ = (
        CheckConstraint("(digest IS NULL) <> (band IS NULL)", name="whole_or_part"),
        Index("ix_text_print_digest", "digest", "made_at"),
        Index("ix_text_print_band", "band", "made_at"),
    )

    id: Mapped[PrimaryKey]
    comment_id: Mapped[int] = reference("comment.id", index=True)
    digest: Mapped[Digest | None]
    band: Mapped[int | None]
    fingerprint: Mapped[int | None] = mapped_column(sa.BigInteger)
    made_at: Mapped[Instant]


class ArticleSubject(Model):
    """A living person, or a body, whom an article names and of whom nothing may be alleged unchecked below it."""

    __tablename__ = "article_subject"
    __table_args__ = (UniqueConstraint("article_id", "name"),)

    id: Mapped[PrimaryKey]
    article_id: Mapped[int] = reference("article.id")
    name: Mapped[ShortText]
