"""What moderators decided, what those concerned are told, and what they answer."""

from __future__ import annotations

import enum
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa
from sqlalchemy import CheckConstraint, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from tables.base import Digest, Instant, LongText, Model, PrimaryKey, ShortText, enum_column, reference
from tables.discussion import CommentState

if TYPE_CHECKING:
    from tables.discussion import Comment, CommentRevision
    from tables.people import Reader
    from tables.policy import ClauseVersion


class ModerationAct(enum.Enum):
    """What was done, by a moderator, a check, an author or the clock."""

    HELD = "held"
    APPROVED = "approved"
    LIMITED = "limited"
    REMOVED = "removed"
    DISABLED = "disabled"  # for legal reasons
    ERASED = "erased"
    UNDONE = "undone"
    WITHDRAWN = "withdrawn"  # by its author
    EDIT_HELD = "edit_held"
    EDIT_APPROVED = "edit_approved"
    EDIT_REFUSED = "edit_refused"
    FLAGGED = "flagged"
    REFERRED = "referred"  # to the legal queue, or for a second opinion
    APPEALED = "appealed"  # by its author
    APPEAL_REFUSED = "appeal_refused"
    APPEAL_GRANTED = "appeal_granted"
    SANCTIONED = "sanctioned"
    SANCTION_LIFTED = "sanction_lifted"
    SANCTION_ENDED = "sanction_ended"  # by the clock, or by enough approvals
    CLAUSE_CHANGED = "clause_changed"
    WORDS_CHANGED = "words_changed"
    RULE_CHANGED = "rule_changed"
    RULE_SWITCHED = "rule_switched"
    CLASSIFIER_SWITCHED = "classifier_switched"
    LEGAL_STATE_CHANGED = "legal_state_changed"
    LEGAL_NOTICE_DECIDED = "legal_notice_decided"


IS_PUBLIC = (  # what stands in the public log: as text, so that every database knows the index by it
    "act IN ('limited', 'removed', 'disabled', 'erased', 'undone', 'edit_refused', 'appeal_granted', 'appeal_refused', "
    "'sanctioned', 'sanction_lifted', 'sanction_ended', 'legal_state_changed', 'legal_notice_decided', 'clause_changed', "
    "'words_changed', 'rule_changed', 'rule_switched', 'classifier_switched')"
)


class ModerationEntry(Model):
    """One act: who, about what, from which state to which, and why. Rows are added; the database refuses to change them."""

    __tablename__ = "moderation_entry"
    __table_args__ = (
        CheckConstraint(
            "act NOT IN ('limited', 'removed', 'disabled', 'sanctioned') OR clause_id IS NOT NULL",
            name="restriction_has_a_clause",
        ),
        CheckConstraint("(act = 'undone') = (undoes_id IS NOT NULL)", name="undo_names_what_it_undoes"),
        CheckConstraint(
            "act NOT IN ('edit_held', 'edit_approved', 'edit_refused') OR revision_id IS NOT NULL", name="edit_names_its_text"
        ),
        CheckConstraint("(comment_id IS NULL) = (to_state IS NULL)", name="comment_has_a_state"),
        CheckConstraint(
            "act NOT IN ('sanctioned', 'sanction_lifted', 'sanction_ended') OR sanction_id IS NOT NULL",
            name="sanction_is_named",
        ),
        Index("ix_moderation_entry_actor_id", "actor_id", "id"),
        Index("ix_moderation_entry_reader_id", "reader_id", "id"),
        Index("ix_moderation_entry_made_at", "made_at", "id"),
        Index(
            "ix_moderation_entry_revision_id",
            "revision_id",
            "id",
            sqlite_where=sa.text("revision_id IS NOT NULL"),
            postgresql_where=sa.text("revision_id IS NOT NULL"),
        ),
        Index("ix_moderation_entry_public", "id", sqlite_where=sa.text(IS_PUBLIC), postgresql_where=sa.text(IS_PUBLIC)),
        Index(
            "ix_moderation_entry_batch",
            "batch",
            sqlite_where=sa.text("batch IS NOT NULL"),
            postgresql_where=sa.text("batch IS NOT NULL"),
        ),
    )

    id: Mapped[PrimaryKey]
    comment_id: Mapped[int | None] = reference("comment.id", index=True)
    revision_id: Mapped[int | None] = reference("comment_revision.id")  # the text an act about an edit is about
    article_id: Mapped[int | None] = reference("article.id")  # where the act is about an article
    reader_id: Mapped[int | None] = reference("reader.id")  # where the act is about a reader
    sanction_id: Mapped[int | None] = reference("sanction.id", index=True)
    actor_id: Mapped[int | None] = reference("reader.id")  # null where a check or the clock decided
    act: Mapped[ModerationAct] = mapped_column(enum_column(ModerationAct))
    from_state: Mapped[CommentState | None] = mapped_column(enum_column(CommentState, "from_state"))
    to_state: Mapped[CommentState | None] = mapped_column(enum_column(CommentState, "to_state"))
    clause_id: Mapped[int | None] = reference("clause_version.id")
    rule_id: Mapped[int | None] = reference("rule_version.id")  # the rule that decided, where no person did
    note: Mapped[LongText] = mapped_column(default="")
    detail: Mapped[ShortText] = mapped_column(default="")  # what an act about no comment was about
    batch: Mapped[str | None] = mapped_column(sa.String(16))  # decided together with others
    undoes_id: Mapped[int | None] = reference("moderation_entry.id", unique=True)
    made_at: Mapped[Instant]

    comment: Mapped[Comment | None] = relationship(foreign_keys=[comment_id])
    revision: Mapped[CommentRevision | None] = relationship()
    reader: Mapped[Reader | None] = relationship(foreign_keys=[reader_id])
    actor: Mapped[Reader | None] = relationship(foreign_keys=[actor_id])
    clause: Mapped[ClauseVersion | None] = relationship(lazy="joined")
    sanction: Mapped[Sanction | None] = relationship()

    @property
    def subject_id(self) -> int:
        """Return the comment it is about. To be asked only of an act about one."""
        assert self.comment_id is not None  # noqa: S101 - whoever asks selected acts about comments
        return self.comment_id

    @property
    def subject(self) -> Comment:
        """Return the comment it is about. To be asked only of an act about one."""
        assert self.comment is not None  # noqa: S101 - whoever asks selected acts about comments
        return self.comment


class DecisionSeal(Model):
    """A link of the chain over all entries: `hash` is that of the one before and of the entry as it was written."""

    __tablename__ = "decision_seal"

    number: Mapped[PrimaryKey]
    entry_id: Mapped[int] = reference("moderation_entry.id", unique=True)
    hash: Mapped[Digest]
    sealed_at: Mapped[Instant]


class RestrictionMonth(Model):
    """How often something was restricted in a month that is over, by a clause, by whom, and by whom it was seen first."""

    __tablename__ = "restriction_month"
    __table_args__ = (
        UniqueConstraint("month", "clause_id", "act", "by_machine", "is_detected_by_machine", name="uq_restriction_month_kind"),
    )

    id: Mapped[PrimaryKey]
    month: Mapped[Instant]  # its beginning in UTC
    clause_id: Mapped[int] = reference("clause_version.id")
    act: Mapped[str] = mapped_column(sa.String(24))
    by_machine: Mapped[bool]
    is_detected_by_machine: Mapped[bool]
    count: Mapped[int]


class StatementOfReasons(Model):
    """What the one concerned is told when something of theirs is restricted: the words as they were sent.

    A restriction has exactly one that is not withdrawn; one is withdrawn when the restriction ends.
    """

    __tablename__ = "statement_of_reasons"
    __table_args__ = (
        Index("ix_statement_of_reasons_reader_id", "reader_id", "id"),
        Index(
            "uq_statement_of_reasons_live",
            "comment_id",
            unique=True,
            sqlite_where=sa.text("withdrawn_at IS NULL AND comment_id IS NOT NULL"),
            postgresql_where=sa.text("withdrawn_at IS NULL AND comment_id IS NOT NULL"),
        ),
    )

    id: Mapped[PrimaryKey]
    entry_id: Mapped[int] = reference("moderation_entry.id", unique=True)
    reader_id: Mapped[int] = reference("reader.id")
    comment_id: Mapped[int | None] = reference("comment.id", index=True)  # null where a reader was sanctioned
    language: Mapped[str] = mapped_column(sa.String(12))
    facts: Mapped[LongText]  # what it is about and how it came to be looked at
    reasons: Mapped[LongText]
    is_detected_by_machine: Mapped[bool]
    is_decided_by_machine: Mapped[bool]
    made_at: Mapped[Instant]
    withdrawn_at: Mapped[Instant | None]

    entry: Mapped[ModerationEntry] = relationship(lazy="joined", innerjoin="unnested")  # type: ignore[arg-type] # SQLite else makes a list of all there are
    comment: Mapped[Comment | None] = relationship()
    reader: Mapped[Reader] = relationship()


UNTOLD = sa.text("told_at IS NULL AND cancelled_at IS NULL")


class Notice(Model):
    """Something a reader is to hear of a decision, after a while in which it can be taken back unheard."""

    __tablename__ = "notice"
    __table_args__ = (
        UniqueConstraint("entry_id", "reader_id"),
        Index("ix_notice_due", "due_at", "id", sqlite_where=UNTOLD, postgresql_where=UNTOLD),
    )

    id: Mapped[PrimaryKey]
    entry_id: Mapped[int] = reference("moderation_entry.id")
    reader_id: Mapped[int] = reference("reader.id", index=True)
    due_at: Mapped[Instant]
    told_at: Mapped[Instant | None]
    cancelled_at: Mapped[Instant | None]

    entry: Mapped[ModerationEntry] = relationship()


class Appeal(Model):
    """An author's answer to a statement of reasons: one for each. Decided by somebody other than who decided before."""

    __tablename__ = "appeal"
    __table_args__ = (
        CheckConstraint("(decision_id IS NULL) = (is_granted IS NULL)", name="decided_one_way"),
        Index(
            "ix_appeal_waiting",
            "id",
            sqlite_where=sa.text("decision_id IS NULL"),
            postgresql_where=sa.text("decision_id IS NULL"),
        ),
    )

    id: Mapped[PrimaryKey]
    statement_id: Mapped[int] = reference("statement_of_reasons.id", unique=True)
    text: Mapped[LongText]
    made_at: Mapped[Instant]
    decision_id: Mapped[int | None] = reference("moderation_entry.id", unique=True)
    is_granted: Mapped[bool | None]
    answer: Mapped[LongText] = mapped_column(default="")

    statement: Mapped[StatementOfReasons] = relationship(lazy="joined", innerjoin="unnested")  # type: ignore[arg-type] # SQLite else makes a list of all there are
    decision: Mapped[ModerationEntry | None] = relationship()


class SanctionKind(enum.Enum):
    """What a reader is restricted in, from least to most."""

    WARNED = "warned"
    HELD = "held"  # every comment waits, until so many are approved
    SLOWED = "slowed"
    MUTED = "muted"
    SUSPENDED = "suspended"
    BANNED = "banned"


class Sanction(Model):
    """What a reader may not do for a while. It ends by itself; a ban is looked at again at `ends_at`."""

    __tablename__ = "sanction"
    __table_args__ = (
        CheckConstraint("kind <> 'held' OR approvals > 0", name="held_until_approved"),
        CheckConstraint("kind NOT IN ('slowed', 'muted', 'suspended', 'banned') OR ends_at IS NOT NULL", name="has_an_end"),
        Index("ix_sanction_reader_id", "reader_id", "id"),
        Index("ix_sanction_made_at", "made_at"),
        Index(
            "ix_sanction_ending",
            "ends_at",
            sqlite_where=sa.text("ended_at IS NULL"),
            postgresql_where=sa.text("ended_at IS NULL"),
        ),
    )

    id: Mapped[PrimaryKey]
    reader_id: Mapped[int] = reference("reader.id")
    kind: Mapped[SanctionKind] = mapped_column(enum_column(SanctionKind))
    clause_id: Mapped[int] = reference("clause_version.id")
    by_id: Mapped[int] = reference("reader.id")
    approvals: Mapped[int] = mapped_column(default=0)  # still needed
    made_at: Mapped[Instant]
    ends_at: Mapped[Instant | None]  # of a ban, when it is looked at again
    ended_at: Mapped[Instant | None]

    reader: Mapped[Reader] = relationship(foreign_keys=[reader_id])
    by: Mapped[Reader] = relationship(foreign_keys=[by_id])
    clause: Mapped[ClauseVersion] = relationship(lazy="joined", innerjoin="unnested")  # type: ignore[arg-type] # SQLite else makes a list of all there are


class ReaderNote(Model):
    """What moderators tell each other of a reader."""

    __tablename__ = "reader_note"
    __table_args__ = (Index("ix_reader_note_reader_id", "reader_id", "id"),)

    id: Mapped[PrimaryKey]
    reader_id: Mapped[int] = reference("reader.id")
    by_id: Mapped[int] = reference("reader.id")
    text: Mapped[LongText]
    made_at: Mapped[Instant]

    by: Mapped[Reader] = relationship(foreign_keys=[by_id])


class ReviewLease(Model):
    """Who is looking at a comment: a courtesy between moderators, which ends by itself."""

    __tablename__ = "review_lease"

    comment_id: Mapped[int] = reference("comment.id", primary_key=True)
    moderator_id: Mapped[int] = reference("reader.id", index=True)
    until: Mapped[Instant]

    moderator: Mapped[Reader] = relationship()


class SavedFilter(Model):
    """A queue of a moderator's own, or one that all share: what it looks for."""

    __tablename__ = "saved_filter"
    __table_args__ = (UniqueConstraint("owner_id", "name"),)

    id: Mapped[PrimaryKey]
    owner_id: Mapped[int] = reference("reader.id")
    name: Mapped[ShortText]
    is_shared: Mapped[bool] = mapped_column(default=False)
    conditions: Mapped[dict[str, Any]] = mapped_column(sa.JSON)
    made_at: Mapped[Instant]

    owner: Mapped[Reader] = relationship()


class SecondOpinion(Model):
    """A decision of which another moderator says, without having seen it, what they would have decided."""

    __tablename__ = "second_opinion"
    __table_args__ = (
        Index(
            "ix_second_opinion_waiting",
            "id",
            sqlite_where=sa.text("given_at IS NULL"),
            postgresql_where=sa.text("given_at IS NULL"),
        ),
    )

    id: Mapped[PrimaryKey]
    entry_id: Mapped[int] = reference("moderation_entry.id", unique=True)
    drawn_at: Mapped[Instant]
    by_id: Mapped[int | None] = reference("reader.id")
    would_restrict: Mapped[bool | None]
    clause_id: Mapped[int | None] = reference("clause_version.id")
    given_at: Mapped[Instant | None]

    entry: Mapped[ModerationEntry] = relationship()
    by: Mapped[Reader | None] = relationship()


class LegalNotice(Model):
    """A notice that something is against the law, in the shape of article 16 of the Digital Services Act.

    Whoever sent it reads how it stands at an address that only they know: we hold the digest of its token.
    """

    __tablename__ = "legal_notice"
    __table_args__ = (
        CheckConstraint("(decision_id IS NULL) = (decided_at IS NULL)", name="decided_with_an_entry"),
        Index("ix_legal_notice_made_at", "made_at"),
        Index("ix_legal_notice_decided_at", "decided_at", "id"),
        Index(
            "ix_legal_notice_waiting",
            "id",
            sqlite_where=sa.text("decided_at IS NULL"),
            postgresql_where=sa.text("decided_at IS NULL"),
        ),
    )

    id: Mapped[PrimaryKey]
    token_hash: Mapped[Digest] = mapped_column(unique=True)
    name: Mapped[ShortText]
    email: Mapped[str] = mapped_column(sa.String(254))
    place: Mapped[str] = mapped_column(sa.String(2000))  # the address of the exact place, as it was given
    comment_id: Mapped[int | None] = reference("comment.id", index=True)  # the comment that is there
    explanation: Mapped[LongText]
    made_at: Mapped[Instant]
    decided_at: Mapped[Instant | None]
    decision_id: Mapped[int | None] = reference("moderation_entry.id")
    is_upheld: Mapped[bool | None]
    answer: Mapped[LongText] = mapped_column(default="")

    comment: Mapped[Comment | None] = relationship()
    decision: Mapped[ModerationEntry | None] = relationship()
