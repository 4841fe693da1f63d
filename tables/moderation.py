"""Why a check held a text, and what moderators decided."""

from __future__ import annotations

import enum
from typing import TYPE_CHECKING

from sqlalchemy import CheckConstraint, Index
from sqlalchemy.orm import Mapped, mapped_column, relationship

from tables.base import Instant, LongText, Model, PrimaryKey, ShortText, enum_column, reference
from tables.discussion import CommentState

if TYPE_CHECKING:
    from tables.discussion import Comment
    from tables.people import Reader


class ScreeningVerdict(Model):
    """Why a check held a new comment, or an edit of one, with the version of the check."""

    __tablename__ = "screening_verdict"

    id: Mapped[PrimaryKey]
    comment_id: Mapped[int] = reference("comment.id", index=True)
    revision_id: Mapped[int | None] = reference("comment_revision.id")
    check: Mapped[ShortText]
    detail: Mapped[ShortText] = mapped_column(default="")
    check_version: Mapped[int]
    made_at: Mapped[Instant]


class ModerationAct(enum.Enum):
    """What a moderator, or a check, decided."""

    HELD = "held"
    APPROVED = "approved"
    REMOVED = "removed"
    UNDONE = "undone"
    WITHDRAWN = "withdrawn"  # by its author
    EDIT_HELD = "edit_held"
    EDIT_APPROVED = "edit_approved"
    EDIT_REFUSED = "edit_refused"


class RemovalReason(enum.Enum):
    """The clause of the house rules a removed comment broke."""

    ABUSE = "abuse"
    ACCUSATION = "accusation"
    HATE = "hate"
    PRIVACY = "privacy"
    SPAM = "spam"
    OFF_TOPIC = "off_topic"
    ILLEGAL = "illegal"


class ModerationEntry(Model):
    """One decision: who, what, from which state to which, and why. Rows are added, never changed."""

    __tablename__ = "moderation_entry"
    __table_args__ = (
        CheckConstraint("act <> 'removed' OR reason IS NOT NULL", name="removal_has_a_reason"),
        CheckConstraint("(act = 'undone') = (undoes_id IS NOT NULL)", name="undo_names_what_it_undoes"),
        CheckConstraint(
            "act NOT IN ('edit_held', 'edit_approved', 'edit_refused') OR revision_id IS NOT NULL", name="edit_names_its_text"
        ),
        Index("ix_moderation_entry_actor_id", "actor_id", "id"),
    )

    id: Mapped[PrimaryKey]
    comment_id: Mapped[int] = reference("comment.id", index=True)
    revision_id: Mapped[int | None] = reference("comment_revision.id")  # the text an act about an edit is about
    actor_id: Mapped[int | None] = reference("reader.id")  # null where a screening check decided
    act: Mapped[ModerationAct] = mapped_column(enum_column(ModerationAct))
    from_state: Mapped[CommentState | None] = mapped_column(enum_column(CommentState, "from_state"))
    to_state: Mapped[CommentState] = mapped_column(enum_column(CommentState, "to_state"))
    reason: Mapped[RemovalReason | None] = mapped_column(enum_column(RemovalReason))
    note: Mapped[LongText] = mapped_column(default="")
    undoes_id: Mapped[int | None] = reference("moderation_entry.id", unique=True)
    made_at: Mapped[Instant]

    comment: Mapped[Comment] = relationship()
    actor: Mapped[Reader | None] = relationship()
