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


class LegalState(enum.Enum):
    """What the law has to do with an article just now."""

    NONE = "none"
    PROCEEDINGS = "proceedings"
    COURT_ORDER = "court_order"


class Article(Model):
    """A piece with a headline, text, and a closing question. A draft until `opened_at`."""

    __tablename__ = "article"
    __table_args__ = (
        CheckConstraint("closed_at IS NULL OR opened_at IS NOT NULL", name="opened_before_closed"),
        CheckConstraint("published_comments >= 0", name="published_comments_not_negative"),
        Index(
            "ix_article_hides_counts",
            "id",
            sqlite_where=sa.text("hides_counts = 1"),
            postgresql_where=sa.text("hides_counts"),
        ),
    )

    id: Mapped[PrimaryKey]
    slug: Mapped[str] = mapped_column(sa.String(80), unique=True)
    headline: Mapped[ShortText]
    byline: Mapped[ShortText] = mapped_column(default="")
    section: Mapped[ShortText] = mapped_column(default="")
    body_source: Mapped[LongText]
    body_html: Mapped[LongText]
    source_digest: Mapped[Digest | None] = mapped_column(unique=True)
    author_id: Mapped[int | None] = reference("reader.id")  # the account its author answers from
    created_at: Mapped[Instant]
    opened_at: Mapped[Instant | None] = mapped_column(index=True)
    closed_at: Mapped[Instant | None]
    version: Mapped[int] = mapped_column(default=1)
    legal_state: Mapped[LegalState] = mapped_column(enum_column(LegalState), default=LegalState.NONE, server_default="none")
    jurisdiction: Mapped[ShortText] = mapped_column(default="")
    is_criminal: Mapped[bool] = mapped_column(default=False, server_default=sa.false())
    has_jury: Mapped[bool] = mapped_column(default=False, server_default=sa.false())
    is_sensitive: Mapped[bool] = mapped_column(default=False, server_default=sa.false())  # its subjects may be defamed
    closes_comments: Mapped[bool] = mapped_column(default=False, server_default=sa.false())
    forces_review: Mapped[bool] = mapped_column(default=False, server_default=sa.false())
    hides_counts: Mapped[bool] = mapped_column(default=False, server_default=sa.false())
    forbids_prediction: Mapped[bool] = mapped_column(default=False, server_default=sa.false())
    published_comments: Mapped[int] = mapped_column(default=0, server_default="0")  # moved by `domain.visibility`
    appeared: Mapped[int] = mapped_column(default=0, server_default="0")  # comments that were ever published; moved there too

    author: Mapped[Reader | None] = relationship()
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

    @property
    def takes_comments(self) -> bool:
        """Whether anybody may write in its discussion: it is open, and the law does not stand against it."""
        return self.is_open and not self.closes_comments

    @property
    def is_restricted(self) -> bool:
        """Whether readers have to be told that something is not as it is elsewhere, for legal reasons."""
        return self.closes_comments or self.forces_review or self.hides_counts or self.forbids_prediction

    @property
    def came_true(self) -> int | None:
        """Return the outcome of its prediction that is held to have happened, if any."""
        resolution = self.prediction.resolution if self.prediction else None
        return resolution.outcome_id if resolution else None

    @property
    def verdict_number(self) -> int:
        """Return the place of the newest thing said of how its prediction ended; 0 where nothing was."""
        return self.prediction.resolution_count if self.prediction else 0


class Participation(Model):
    """A reader's having taken part in an article. Every act of theirs there first locks this row, so that the acts of one
    reader on one article happen one after another."""

    __tablename__ = "participation"

    article_id: Mapped[int] = reference("article.id", primary_key=True)
    reader_id: Mapped[int] = reference("reader.id", primary_key=True, index=True)
    began_at: Mapped[Instant]


ORDERS = {"best": ("best_rank", "id"), "common": ("common_rank", "id"), "discussed": ("replies", "id")}
PICKED = sa.text("picked_at IS NOT NULL")
HELD = sa.text("state = 'held'")
IS_HELD = "comment.state = 'held'"  # as text, so that every database knows the index of held comments by it
OPEN = sa.text("settled_by_id IS NULL")
REPLY = sa.text("root_id IS NOT NULL")  # or SQLite looks for first comments among all that have no first
TAKEN_AWAY = sa.text("state IN ('removed', 'disabled')")
IS_TAKEN_AWAY = "comment.state IN ('removed', 'disabled')"  # as text, for the same reason
APPROVED_ON_SQLITE, APPROVED_ON_POSTGRESQL = sa.text("was_approved = 1"), sa.text("was_approved")
SHOWN_REPLY = sa.text(
    "root_id IS NOT NULL AND state IN ('published', 'limited')"
)  # however many of a thread are held or removed
REPLY_ORDERS = {"shown": ("id",), "best": ("best_rank", "id"), "common": ("common_rank", "id")}


def _listed(name: str, owners: tuple[str, ...], condition: str, *, newest: tuple[str, ...]) -> list[Index]:
    """Return the indexes from which a discussion is listed, one for each of its sorts; `newest` serves oldest too."""
    on_sqlite, on_postgresql = sa.text(f"{condition} AND is_listed = 1"), sa.text(f"{condition} AND is_listed")
    return [
        Index(f"ix_comment_{name}_{order}", *owners, *columns, sqlite_where=on_sqlite, postgresql_where=on_postgresql)
        for order, columns in {"newest": newest, **ORDERS}.items()
    ]


class CommentState(enum.Enum):
    """What the public sees of a comment."""

    HELD = "held"
    PUBLISHED = "published"
    LIMITED = "limited"  # behind a notice, and not to be answered
    REMOVED = "removed"
    DISABLED = "disabled"  # for legal reasons
    WITHDRAWN = "withdrawn"
    ERASED = "erased"


SHOWN = frozenset({CommentState.PUBLISHED, CommentState.LIMITED})  # what can be read, if only after a press


class Comment(Model):
    """A reader's text, with the take and the forecast they held when they wrote it (unless they left them off).

    What the public reads is in `body_*`: the newest revision that needs no moderator. Counters and ranks change in the
    transaction of their cause: `replies` by `domain.visibility`, `good`, `poor` and the ranks by `domain.ratings`.
    """

    __tablename__ = "comment"
    __table_args__ = (
        CheckConstraint("good >= 0 AND poor >= 0 AND replies >= 0", name="counters_not_negative"),
        CheckConstraint("(root_id IS NULL) = (number IS NULL)", name="replies_are_numbered"),
        CheckConstraint("is_listed = (state IN ('published', 'limited') OR replies > 0)", name="listed_when_read_or_answered"),
        Index("uq_comment_root_id_number", "root_id", "number", unique=True, sqlite_where=REPLY, postgresql_where=REPLY),
        UniqueConstraint("article_id", "appeared"),
        # ordered by `root_id` as well, which is null in all of them, an order that only this index has
        *_listed("roots", ("article_id",), "root_id IS NULL", newest=("root_id", "id")),
        *_listed("takes", ("article_id", "choice_id"), "choice_id IS NOT NULL", newest=("id",)),
        *(
            Index(f"ix_comment_replies_{name}", "root_id", *by, sqlite_where=SHOWN_REPLY, postgresql_where=SHOWN_REPLY)
            for name, by in REPLY_ORDERS.items()
        ),
        Index("ix_comment_picked", "article_id", "picked_at", sqlite_where=PICKED, postgresql_where=PICKED),
        Index("ix_comment_by_article", "article_id", "id"),
        Index("ix_comment_by_reader", "reader_id", "article_id", "id"),
        Index("ix_comment_held", "id", sqlite_where=HELD, postgresql_where=HELD),
        Index("ix_comment_approved", "reader_id", sqlite_where=APPROVED_ON_SQLITE, postgresql_where=APPROVED_ON_POSTGRESQL),
        Index("ix_comment_taken_away", "reader_id", sqlite_where=TAKEN_AWAY, postgresql_where=TAKEN_AWAY),
        ForeignKeyConstraint(
            ["parent_id", "article_id"], ["comment.id", "comment.article_id"], name="fk_comment_parent_same_article"
        ),
        UniqueConstraint("id", "article_id"),
    )

    id: Mapped[PrimaryKey]
    article_id: Mapped[int] = reference("article.id")
    reader_id: Mapped[int] = reference("reader.id")
    parent_id: Mapped[int | None] = mapped_column(Id, index=True)
    root_id: Mapped[int | None] = reference("comment.id")  # the first comment of its thread; null for that comment itself
    number: Mapped[int | None]  # its place among the replies of its thread, from 1; null for the first comment
    appeared: Mapped[int | None]  # its place among the article's comments by when the public could first read each, from 1
    replies: Mapped[int] = mapped_column(default=0, server_default="0")  # published ones in its thread, on a thread's first
    numbered: Mapped[int] = mapped_column(default=0, server_default="0")  # the highest number given out in its thread
    good: Mapped[int] = mapped_column(default=0, server_default="0")  # readers who find it a good point
    poor: Mapped[int] = mapped_column(default=0, server_default="0")  # readers whom it does not convince
    best_rank: Mapped[int] = mapped_column(Id, default=0, server_default="0")  # `domain.ranking` says how these come about
    common_rank: Mapped[int] = mapped_column(Id, default=0, server_default="0")
    is_listed: Mapped[bool] = mapped_column(default=False, server_default=sa.false())  # read, or stands above what is read
    body_source: Mapped[LongText]
    body_html: Mapped[LongText]
    renderer_version: Mapped[int]
    language: Mapped[str | None] = mapped_column(sa.String(12))  # where its script tells, as in the `lang` attribute
    choice_id: Mapped[int | None] = reference("opinion_choice.id")
    forecast_id: Mapped[int | None] = reference("forecast.id")
    state: Mapped[CommentState] = mapped_column(enum_column(CommentState))
    was_approved: Mapped[bool] = mapped_column(default=False, server_default=sa.false())  # and that was not undone
    version: Mapped[int] = mapped_column(default=1)  # a decision names the version it judged
    posted_at: Mapped[Instant]
    edited_at: Mapped[Instant | None]  # when its author last changed what is shown
    picked_at: Mapped[Instant | None]  # when the newsroom picked it
    picked_by_id: Mapped[int | None] = reference("reader.id")

    article: Mapped[Article] = relationship(back_populates="comments", overlaps="parent")
    reader: Mapped[Reader] = relationship(back_populates="comments", foreign_keys=[reader_id])
    choice: Mapped[OpinionChoice | None] = relationship()
    forecast: Mapped[Forecast | None] = relationship()
    parent: Mapped[Comment | None] = relationship(
        remote_side="Comment.id", foreign_keys="Comment.parent_id", primaryjoin="Comment.parent_id == Comment.id"
    )

    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012 - SQLAlchemy reads it from the class


class RevisionState(enum.Enum):
    """What became of a text a comment had, or was to have."""

    SHOWN = "shown"  # it is, or was, what the public reads
    HELD = "held"  # waits for a moderator; the one before it is shown meanwhile
    REFUSED = "refused"


class CommentRevision(Model):
    """One text of a comment that was edited, the first one included. A comment never edited has no rows here."""

    __tablename__ = "comment_revision"
    __table_args__ = (
        UniqueConstraint("comment_id", "number"),
        Index("uq_comment_revision_held", "comment_id", unique=True, sqlite_where=HELD, postgresql_where=HELD),
    )

    id: Mapped[PrimaryKey]
    comment_id: Mapped[int] = reference("comment.id")
    number: Mapped[int]
    body_source: Mapped[LongText]
    body_html: Mapped[LongText]
    renderer_version: Mapped[int]
    language: Mapped[str | None] = mapped_column(sa.String(12))
    state: Mapped[RevisionState] = mapped_column(enum_column(RevisionState))
    written_at: Mapped[Instant]

    comment: Mapped[Comment] = relationship()


class CommentMention(Model):
    """A person named in a comment's text."""

    __tablename__ = "comment_mention"

    comment_id: Mapped[int] = reference("comment.id", primary_key=True)
    reader_id: Mapped[int] = reference("reader.id", primary_key=True)


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
        Index("uq_report_open", "comment_id", "reader_id", unique=True, sqlite_where=OPEN, postgresql_where=OPEN),
        Index("ix_report_open", "id", sqlite_where=OPEN, postgresql_where=OPEN),  # what was reported first comes first
        Index("ix_report_by_reader", "reader_id", "settled_by_id"),
        Index("ix_report_made_at", "made_at", "id"),
    )

    id: Mapped[PrimaryKey]
    comment_id: Mapped[int] = reference("comment.id")
    reader_id: Mapped[int] = reference("reader.id")
    reason: Mapped[ReportReason] = mapped_column(enum_column(ReportReason))
    note: Mapped[LongText] = mapped_column(default="")
    made_at: Mapped[Instant]
    settled_by_id: Mapped[int | None] = reference("moderation_entry.id", index=True)

    comment: Mapped[Comment] = relationship()
