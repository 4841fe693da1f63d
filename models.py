"""Every table of the site, in the order a reader meets them: readers, articles and comments, opinions, predictions,
moderation, outbox.

A method here may look only at its own row and its arguments: no session, no URL, no clock.
"""

from __future__ import annotations

import enum
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Annotated, Any

import sqlalchemy as sa
from sqlalchemy import CheckConstraint, ForeignKey, ForeignKeyConstraint, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, WriteOnlyMapped, mapped_column, relationship

from extensions import Base, db

if TYPE_CHECKING:

    class Model(Base):
        """What `db.Model` is, spelt so that a type checker can see it."""

        __abstract__ = True

else:
    Model = db.Model


class UTCDateTime(sa.TypeDecorator[datetime]):
    """An instant. Refuses a naive one; hands back UTC on both databases."""

    impl = sa.DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, _dialect: sa.Dialect) -> datetime | None:
        """Turn an aware instant into UTC."""
        if value is None:
            return None
        if value.tzinfo is None:
            message = f"naive datetime {value}"
            raise ValueError(message)
        return value.astimezone(UTC)

    def process_result_value(self, value: datetime | None, _dialect: sa.Dialect) -> datetime | None:
        """Give back UTC: SQLite keeps no zone, PostgreSQL answers in the session's."""
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


def enum_column(kind: type[enum.Enum], name: str = "") -> sa.Enum:
    """Return a text column that holds the values of `kind`, with a check in the database called `name` or as the kind."""
    return sa.Enum(
        kind,
        name=name or kind.__name__.lower(),
        native_enum=False,
        create_constraint=True,
        length=24,
        values_callable=lambda members: [member.value for member in members],
    )


Id = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
PrimaryKey = Annotated[int, mapped_column(Id, primary_key=True, autoincrement=True)]
ShortText = Annotated[str, mapped_column(sa.String(200))]
LongText = Annotated[str, mapped_column(sa.Text())]
Digest = Annotated[str, mapped_column(sa.String(64))]
Instant = Annotated[datetime, mapped_column(UTCDateTime())]


def reference(column: str, **options: Any) -> Mapped[int]:
    """Return a column that points to another table's id."""
    return mapped_column(Id, ForeignKey(column), **options)


# --- readers ---------------------------------------------------------------------------------------------------------


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
    )

    id: Mapped[PrimaryKey]
    public_id: Mapped[str] = mapped_column(sa.String(16), unique=True)
    guest_key_hash: Mapped[Digest | None] = mapped_column(unique=True)
    name: Mapped[ShortText | None]
    name_skeleton: Mapped[ShortText | None] = mapped_column(unique=True)
    email: Mapped[str | None] = mapped_column(sa.String(254), unique=True)
    password_hash: Mapped[ShortText | None]
    role: Mapped[Role] = mapped_column(enum_column(Role), default=Role.READER)
    created_at: Mapped[Instant]
    registered_at: Mapped[Instant | None]
    email_confirmed_at: Mapped[Instant | None]

    sign_ins: WriteOnlyMapped[SignIn] = relationship(back_populates="reader")
    comments: WriteOnlyMapped[Comment] = relationship(back_populates="reader")

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


# --- articles and comments -------------------------------------------------------------------------------------------


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


# --- opinions --------------------------------------------------------------------------------------------------------


class ResultsVisibility(enum.Enum):
    """When a question's results may be seen."""

    ALWAYS = "always"
    AFTER_VOTING = "after_voting"
    AFTER_CLOSING = "after_closing"


class Camp(enum.Enum):
    """The side a choice takes; it decides the choice's colour and shape."""

    FOR = "for"
    AGAINST = "against"
    UNSURE = "unsure"
    OTHER = "other"


class Question:
    """What a poll and a prediction have in common: wording, who may see results when, and a time to answer."""

    question: Mapped[str] = mapped_column(sa.String(300))
    visibility: Mapped[ResultsVisibility] = mapped_column(
        enum_column(ResultsVisibility), default=ResultsVisibility.AFTER_VOTING
    )
    opened_at: Mapped[Instant | None]
    closes_at: Mapped[Instant]
    closed_at: Mapped[Instant | None]

    def is_open(self, now: datetime) -> bool:
        """Whether answers are taken at `now`."""
        return self.opened_at is not None and self.opened_at <= now < min(self.closes_at, self.closed_at or self.closes_at)

    def is_closed(self, now: datetime) -> bool:
        """Whether answering is over at `now`."""
        return self.opened_at is not None and not self.is_open(now)


class OpinionPoll(Question, Model):
    """The article's "Do you agree …?"."""

    __tablename__ = "opinion_poll"

    id: Mapped[PrimaryKey]
    article_id: Mapped[int] = reference("article.id", unique=True)

    article: Mapped[Article] = relationship(back_populates="poll")
    choices: Mapped[list[OpinionChoice]] = relationship(
        back_populates="poll", order_by="OpinionChoice.position", cascade="all, delete-orphan"
    )


class OpinionChoice(Model):
    """One answer to a poll."""

    __tablename__ = "opinion_choice"
    __table_args__ = (UniqueConstraint("poll_id", "position"), UniqueConstraint("id", "poll_id"))

    id: Mapped[PrimaryKey]
    poll_id: Mapped[int] = reference("opinion_poll.id")
    position: Mapped[int]
    label: Mapped[ShortText]
    camp: Mapped[Camp] = mapped_column(enum_column(Camp))

    poll: Mapped[OpinionPoll] = relationship(back_populates="choices")


class OpinionVote(Model):
    """One reader's current vote in a poll."""

    __tablename__ = "opinion_vote"
    __table_args__ = (
        ForeignKeyConstraint(
            ["choice_id", "poll_id"], ["opinion_choice.id", "opinion_choice.poll_id"], name="fk_opinion_vote_choice_of_poll"
        ),
    )

    poll_id: Mapped[int] = reference("opinion_poll.id", primary_key=True)
    reader_id: Mapped[int] = reference("reader.id", primary_key=True, index=True)
    choice_id: Mapped[int] = mapped_column(Id)
    tier: Mapped[Tier] = mapped_column(enum_column(Tier))
    cast_at: Mapped[Instant]
    changed_at: Mapped[Instant | None]

    choice: Mapped[OpinionChoice] = relationship(
        foreign_keys=[choice_id], primaryjoin="OpinionVote.choice_id == OpinionChoice.id"
    )


class VoteAct(enum.Enum):
    """What happened to a vote."""

    CAST = "cast"
    CHANGED = "changed"
    MOVED = "moved"  # its voter's tier changed: an account confirmed its address
    WITHDRAWN = "withdrawn"


class OpinionVoteEvent(Model):
    """The ledger of a poll: one row for each thing that happened to a vote. Tallies can be rebuilt from it."""

    __tablename__ = "opinion_vote_event"
    __table_args__ = (Index("ix_opinion_vote_event_poll_id", "poll_id", "id"),)

    id: Mapped[PrimaryKey]
    poll_id: Mapped[int] = reference("opinion_poll.id")
    reader_id: Mapped[int] = reference("reader.id")
    act: Mapped[VoteAct] = mapped_column(enum_column(VoteAct))
    choice_id: Mapped[int] = reference("opinion_choice.id")
    tier: Mapped[Tier] = mapped_column(enum_column(Tier))
    happened_at: Mapped[Instant]


class OpinionTally(Model):
    """Counted votes of one choice and tier. Split into slots so that simultaneous voters do not wait for one row."""

    __tablename__ = "opinion_tally"
    __table_args__ = (CheckConstraint("votes >= 0", name="not_negative"),)

    poll_id: Mapped[int] = reference("opinion_poll.id", primary_key=True)
    choice_id: Mapped[int] = reference("opinion_choice.id", primary_key=True)
    tier: Mapped[Tier] = mapped_column(enum_column(Tier), primary_key=True)
    slot: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    votes: Mapped[int]


# --- predictions -----------------------------------------------------------------------------------------------------


class Prediction(Question, Model):
    """A question about what will happen, with mutually exclusive, exhaustive outcomes and written criteria."""

    __tablename__ = "prediction"

    id: Mapped[PrimaryKey]
    article_id: Mapped[int] = reference("article.id", unique=True)
    criteria: Mapped[LongText]

    article: Mapped[Article] = relationship(back_populates="prediction")
    outcomes: Mapped[list[Outcome]] = relationship(
        back_populates="prediction", order_by="Outcome.position", cascade="all, delete-orphan"
    )
    resolutions: Mapped[list[Resolution]] = relationship(back_populates="prediction", order_by="Resolution.id")

    @property
    def resolution(self) -> Resolution | None:
        """Return what is held to have happened: the newest resolution."""
        return self.resolutions[-1] if self.resolutions else None


class Outcome(Model):
    """One way a prediction can end."""

    __tablename__ = "outcome"
    __table_args__ = (UniqueConstraint("prediction_id", "position"), UniqueConstraint("id", "prediction_id"))

    id: Mapped[PrimaryKey]
    prediction_id: Mapped[int] = reference("prediction.id")
    position: Mapped[int]
    label: Mapped[ShortText]

    prediction: Mapped[Prediction] = relationship(back_populates="outcomes")


class Forecast(Model):
    """One reader's prediction at one moment: a picked outcome, and probabilities if they gave them. A newer forecast
    stamps `superseded_at`; nothing else of a forecast ever changes."""

    __tablename__ = "forecast"
    __table_args__ = (
        ForeignKeyConstraint(
            ["outcome_id", "prediction_id"], ["outcome.id", "outcome.prediction_id"], name="fk_forecast_outcome_of_prediction"
        ),
        UniqueConstraint("id", "prediction_id"),
        Index(
            "uq_forecast_current",
            "prediction_id",
            "reader_id",
            unique=True,
            sqlite_where=sa.text("superseded_at IS NULL"),
            postgresql_where=sa.text("superseded_at IS NULL"),
        ),
    )

    id: Mapped[PrimaryKey]
    prediction_id: Mapped[int] = reference("prediction.id")
    reader_id: Mapped[int] = reference("reader.id", index=True)
    outcome_id: Mapped[int] = mapped_column(Id)
    tier: Mapped[Tier] = mapped_column(enum_column(Tier))
    made_at: Mapped[Instant]
    superseded_at: Mapped[Instant | None]

    outcome: Mapped[Outcome] = relationship(foreign_keys=[outcome_id], primaryjoin="Forecast.outcome_id == Outcome.id")
    probabilities: Mapped[list[ForecastProbability]] = relationship(
        back_populates="forecast", order_by="ForecastProbability.outcome_id"
    )


class ForecastProbability(Model):
    """The chance a forecast gives to one outcome."""

    __tablename__ = "forecast_probability"
    __table_args__ = (
        ForeignKeyConstraint(
            ["forecast_id", "prediction_id"], ["forecast.id", "forecast.prediction_id"], name="fk_forecast_probability_forecast"
        ),
        ForeignKeyConstraint(
            ["outcome_id", "prediction_id"], ["outcome.id", "outcome.prediction_id"], name="fk_forecast_probability_outcome"
        ),
        CheckConstraint("probability >= 0 AND probability <= 1", name="probability"),
    )

    forecast_id: Mapped[int] = mapped_column(Id, primary_key=True, autoincrement=False)
    outcome_id: Mapped[int] = mapped_column(Id, primary_key=True, autoincrement=False)
    prediction_id: Mapped[int] = mapped_column(Id)
    probability: Mapped[float]

    forecast: Mapped[Forecast] = relationship(
        back_populates="probabilities", foreign_keys=[forecast_id], primaryjoin="ForecastProbability.forecast_id == Forecast.id"
    )


class OutcomeTally(Model):
    """Counted current forecasts that picked one outcome, by tier and slot."""

    __tablename__ = "outcome_tally"
    __table_args__ = (CheckConstraint("forecasts >= 0", name="not_negative"),)

    prediction_id: Mapped[int] = reference("prediction.id", primary_key=True)
    outcome_id: Mapped[int] = reference("outcome.id", primary_key=True)
    tier: Mapped[Tier] = mapped_column(enum_column(Tier), primary_key=True)
    slot: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    forecasts: Mapped[int]


class CrossTally(Model):
    """Readers who hold one take and one prediction together, by slot."""

    __tablename__ = "cross_tally"
    __table_args__ = (CheckConstraint("readers >= 0", name="not_negative"),)

    article_id: Mapped[int] = reference("article.id", primary_key=True)
    choice_id: Mapped[int] = reference("opinion_choice.id", primary_key=True)
    outcome_id: Mapped[int] = reference("outcome.id", primary_key=True)
    slot: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    readers: Mapped[int]


class Resolution(Model):
    """What happened, by whom it was said, and from which source. A correction is a new row."""

    __tablename__ = "resolution"
    __table_args__ = (
        ForeignKeyConstraint(
            ["outcome_id", "prediction_id"], ["outcome.id", "outcome.prediction_id"], name="fk_resolution_outcome_of_prediction"
        ),
        CheckConstraint("known_at >= happened_at", name="known_after_it_happened"),
    )

    id: Mapped[PrimaryKey]
    prediction_id: Mapped[int] = reference("prediction.id", index=True)
    outcome_id: Mapped[int] = mapped_column(Id)
    source_url: Mapped[str] = mapped_column(sa.String(2000))
    evidence: Mapped[LongText]
    happened_at: Mapped[Instant]
    known_at: Mapped[Instant]
    editor_id: Mapped[int] = reference("reader.id")
    resolved_at: Mapped[Instant]

    prediction: Mapped[Prediction] = relationship(back_populates="resolutions")
    outcome: Mapped[Outcome] = relationship(foreign_keys=[outcome_id], primaryjoin="Resolution.outcome_id == Outcome.id")


# --- moderation ------------------------------------------------------------------------------------------------------


class ScreeningVerdict(Model):
    """Why a check held a new comment, with the version of the check."""

    __tablename__ = "screening_verdict"

    id: Mapped[PrimaryKey]
    comment_id: Mapped[int] = reference("comment.id", index=True)
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
        Index("ix_moderation_entry_actor_id", "actor_id", "id"),
    )

    id: Mapped[PrimaryKey]
    comment_id: Mapped[int] = reference("comment.id", index=True)
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


# --- outbox ----------------------------------------------------------------------------------------------------------


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
