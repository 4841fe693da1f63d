"""Polls: the question, the votes, their ledger and their counters."""

from __future__ import annotations

import enum
from datetime import datetime
from typing import TYPE_CHECKING

import sqlalchemy as sa
from sqlalchemy import CheckConstraint, ForeignKeyConstraint, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from tables.base import Id, Instant, Model, PrimaryKey, ShortText, enum_column, reference
from tables.people import Tier

if TYPE_CHECKING:
    from tables.discussion import Article


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
