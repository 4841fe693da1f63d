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


LONGEST_BALLOT = 330  # characters: sixteen ids of twenty figures, and what separates them


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


class PollKind(enum.Enum):
    """How a poll is answered."""

    AGREEMENT = "agreement"  # agree, disagree or not sure
    SINGLE = "single"  # one of several
    SCALE = "scale"  # one of five steps, in order
    APPROVAL = "approval"  # as many as one likes
    RANKED = "ranked"  # some or all, in order of preference


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


UNCLOSED = sa.text("closed_at IS NULL")  # by an editor, before its time


class OpinionPoll(Question, Model):
    """The article's "Do you agree …?"."""

    __tablename__ = "opinion_poll"
    __table_args__ = (Index("ix_opinion_poll_closing", "closes_at", sqlite_where=UNCLOSED, postgresql_where=UNCLOSED),)

    id: Mapped[PrimaryKey]
    article_id: Mapped[int] = reference("article.id", unique=True)
    kind: Mapped[PollKind] = mapped_column(enum_column(PollKind), default=PollKind.SINGLE, server_default="single")
    is_shuffled: Mapped[bool] = mapped_column(default=False, server_default=sa.false())  # each reader sees another order

    article: Mapped[Article] = relationship(back_populates="poll")
    choices: Mapped[list[OpinionChoice]] = relationship(
        back_populates="poll", order_by="OpinionChoice.position", cascade="all, delete-orphan"
    )

    @property
    def takes_several(self) -> bool:
        """Whether more than one choice can be given."""
        return self.kind in {PollKind.APPROVAL, PollKind.RANKED}


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


class Ballot:
    """What a vote says: the choices, by id, in order of preference where the poll is ranked, else in the poll's order."""

    choice_id: Mapped[int] = mapped_column(Id)  # the only choice, or the first
    ballot: Mapped[str] = mapped_column(sa.String(LONGEST_BALLOT), default="")  # all of several, else empty

    @property
    def choice_ids(self) -> tuple[int, ...]:
        """Return every choice of the ballot."""
        return tuple(int(part) for part in self.ballot.split()) or (self.choice_id,)


class OpinionVote(Ballot, Model):
    """One reader's current vote in a poll."""

    __tablename__ = "opinion_vote"
    __table_args__ = (
        ForeignKeyConstraint(
            ["choice_id", "poll_id"], ["opinion_choice.id", "opinion_choice.poll_id"], name="fk_opinion_vote_choice_of_poll"
        ),
    )

    poll_id: Mapped[int] = reference("opinion_poll.id", primary_key=True)
    reader_id: Mapped[int] = reference("reader.id", primary_key=True, index=True)
    tier: Mapped[Tier] = mapped_column(enum_column(Tier))
    cast_at: Mapped[Instant]
    changed_at: Mapped[Instant | None]

    choice: Mapped[OpinionChoice] = relationship(
        foreign_keys="OpinionVote.choice_id", primaryjoin="OpinionVote.choice_id == OpinionChoice.id"
    )


class VoteAct(enum.Enum):
    """What happened to a vote."""

    CAST = "cast"
    CHANGED = "changed"
    MOVED = "moved"  # its voter's tier changed: an account confirmed its address
    WITHDRAWN = "withdrawn"


class OpinionVoteEvent(Ballot, Model):
    """The ledger of a poll: one row for each thing that happened to a vote. Tallies can be rebuilt from it."""

    __tablename__ = "opinion_vote_event"
    __table_args__ = (
        ForeignKeyConstraint(["choice_id"], ["opinion_choice.id"], name="fk_opinion_vote_event_choice_id"),
        Index("ix_opinion_vote_event_poll_id", "poll_id", "id"),
        Index("ix_opinion_vote_event_happened_at", "poll_id", "happened_at"),
    )

    id: Mapped[PrimaryKey]
    poll_id: Mapped[int] = reference("opinion_poll.id")
    reader_id: Mapped[int] = reference("reader.id")
    act: Mapped[VoteAct] = mapped_column(enum_column(VoteAct))
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


class BallotTally(Model):
    """Counted ballots of a poll in which several choices can be given, by tier and slot: the rankings of a ranked poll, each
    written as a vote writes it; or, under an empty ballot, the voters of an approval poll."""

    __tablename__ = "ballot_tally"
    __table_args__ = (CheckConstraint("votes >= 0", name="not_negative"),)

    poll_id: Mapped[int] = reference("opinion_poll.id", primary_key=True)
    ballot: Mapped[str] = mapped_column(sa.String(LONGEST_BALLOT), primary_key=True)
    tier: Mapped[Tier] = mapped_column(enum_column(Tier), primary_key=True)
    slot: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    votes: Mapped[int]


class TallyPoint(Model):
    """How a poll stood at one moment of its series: `counts` has a list of choice id, tier and votes."""

    __tablename__ = "tally_point"

    poll_id: Mapped[int] = reference("opinion_poll.id", primary_key=True)
    at: Mapped[Instant] = mapped_column(primary_key=True)
    counts: Mapped[list[tuple[int, str, int]]] = mapped_column(sa.JSON)
