"""What happened: what the newsroom found, what readers dispute, and how near each forecast was."""

from __future__ import annotations

import enum
from typing import TYPE_CHECKING

import sqlalchemy as sa
from sqlalchemy import CheckConstraint, ForeignKeyConstraint, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from tables.base import Id, Instant, LongText, Model, PrimaryKey, ShortText, enum_column, reference

if TYPE_CHECKING:
    from tables.people import Reader
    from tables.predictions import Outcome, Prediction


class ResolutionAct(enum.Enum):
    """What is said of how a prediction ended."""

    PROVISIONAL = "provisional"  # this happened; readers may dispute it
    FINAL = "final"  # and it stands: it is scored
    ANNULLED = "annulled"  # the question was unsound: nothing is scored
    AMBIGUOUS = "ambiguous"  # what happened fits no one outcome: nothing is scored
    REOPENED = "reopened"  # what was said before no longer holds; nothing is known yet


REOPENED = sa.text("act = 'reopened'")


class Resolution(Model):
    """One thing that was said of how a prediction ended, by whom, and from which source. A correction is a new row."""

    __tablename__ = "resolution"
    __table_args__ = (
        ForeignKeyConstraint(
            ["outcome_id", "prediction_id"], ["outcome.id", "outcome.prediction_id"], name="fk_resolution_outcome_of_prediction"
        ),
        UniqueConstraint("prediction_id", "number"),
        Index("ix_resolution_resolved_at", "resolved_at", "prediction_id"),
        Index("ix_resolution_reopened", "resolved_at", "prediction_id", sqlite_where=REOPENED, postgresql_where=REOPENED),
        CheckConstraint("known_at >= happened_at", name="known_after_it_happened"),
        CheckConstraint(
            "(act IN ('provisional', 'final')) = "
            "(outcome_id IS NOT NULL AND source_url <> '' AND happened_at IS NOT NULL AND known_at IS NOT NULL)",
            name="outcome_has_its_proof",
        ),
        CheckConstraint("editor_id IS NOT NULL OR act = 'final'", name="only_time_needs_no_editor"),
    )

    id: Mapped[PrimaryKey]
    prediction_id: Mapped[int] = reference("prediction.id")
    number: Mapped[int]  # its place among the resolutions of its prediction, from 1
    act: Mapped[ResolutionAct] = mapped_column(enum_column(ResolutionAct))
    outcome_id: Mapped[int | None] = mapped_column(Id)
    source_url: Mapped[str] = mapped_column(sa.String(2000), default="")
    evidence: Mapped[LongText] = mapped_column(default="")
    note: Mapped[LongText] = mapped_column(default="")  # why, where there is no outcome to point to
    happened_at: Mapped[Instant | None]
    known_at: Mapped[Instant | None]
    editor_id: Mapped[int | None] = reference("reader.id")  # null where the time for disputes ran out
    resolved_at: Mapped[Instant]

    prediction: Mapped[Prediction] = relationship(back_populates="resolutions")
    editor: Mapped[Reader | None] = relationship()
    outcome: Mapped[Outcome | None] = relationship(foreign_keys=[outcome_id], primaryjoin="Resolution.outcome_id == Outcome.id")
    disputes: Mapped[list[Dispute]] = relationship(back_populates="resolution", order_by="Dispute.id")


class Dispute(Model):
    """A reader's objection to a provisional resolution, with a source."""

    __tablename__ = "dispute"
    __table_args__ = (UniqueConstraint("resolution_id", "reader_id"),)

    id: Mapped[PrimaryKey]
    resolution_id: Mapped[int] = reference("resolution.id")
    reader_id: Mapped[int] = reference("reader.id", index=True)
    source_url: Mapped[str] = mapped_column(sa.String(2000))
    argument: Mapped[LongText]
    made_at: Mapped[Instant]

    resolution: Mapped[Resolution] = relationship(back_populates="disputes")
    reader: Mapped[Reader] = relationship()
    decision: Mapped[DisputeDecision | None] = relationship(back_populates="dispute")


class DisputeDecision(Model):
    """What a second editor decided about a dispute."""

    __tablename__ = "dispute_decision"

    dispute_id: Mapped[int] = reference("dispute.id", primary_key=True)
    editor_id: Mapped[int] = reference("reader.id")
    is_upheld: Mapped[bool]
    note: Mapped[LongText]
    decided_at: Mapped[Instant]

    dispute: Mapped[Dispute] = relationship(back_populates="decision")
    editor: Mapped[Reader] = relationship()


class QuestionAct(enum.Enum):
    """How an open question was changed."""

    REWORDED = "reworded"
    RESCHEDULED = "rescheduled"
    OUTCOME_ADDED = "outcome_added"


class QuestionChange(Model):
    """One change of a poll or a prediction after it was opened, with what it said before."""

    __tablename__ = "question_change"
    __table_args__ = (
        CheckConstraint("(poll_id IS NULL) <> (prediction_id IS NULL)", name="about_one_question"),
        Index("ix_question_change_poll_id", "poll_id", "id"),
        Index("ix_question_change_prediction_id", "prediction_id", "id"),
    )

    id: Mapped[PrimaryKey]
    poll_id: Mapped[int | None] = reference("opinion_poll.id")
    prediction_id: Mapped[int | None] = reference("prediction.id")
    act: Mapped[QuestionAct] = mapped_column(enum_column(QuestionAct))
    question: Mapped[str] = mapped_column(sa.String(300))  # as it was until then, as are the next four
    answers: Mapped[LongText]  # one a line
    criteria: Mapped[LongText] = mapped_column(default="")
    closes_at: Mapped[Instant]
    closed_at: Mapped[Instant | None]  # when it had ended, where that is known
    editor_id: Mapped[int] = reference("reader.id")
    made_at: Mapped[Instant]


class ForecastScore(Model):
    """How near one reader was to what happened in one question (`domain.scoring`). Worked out from the forecasts, for every
    reader who predicted; the figures are null where they gave no chances in time."""

    __tablename__ = "forecast_score"
    __table_args__ = (Index("ix_forecast_score_reader_id", "reader_id", "prediction_id"),)

    prediction_id: Mapped[int] = reference("prediction.id", primary_key=True)
    reader_id: Mapped[int] = reference("reader.id", primary_key=True)
    is_called: Mapped[bool]  # whether the outcome they picked last, in time, is the one that happened
    brier: Mapped[float | None]
    logarithmic: Mapped[float | None]
    ranked: Mapped[float | None]  # where the outcomes stand in an order
    baseline: Mapped[float | None]
    peer: Mapped[float | None]
    coverage: Mapped[float]  # the part of the scheduled time for which a forecast of theirs stood


class MethodScore(Model):
    """How near a way of combining forecasts, or a camp, was in one question; `method` is a name in `domain.league`."""

    __tablename__ = "method_score"

    prediction_id: Mapped[int] = reference("prediction.id", primary_key=True)
    method: Mapped[str] = mapped_column(sa.String(24), primary_key=True)
    forecasts: Mapped[int]  # readers behind it at the close
    chance: Mapped[float]  # it gave what happened when it spoke last
    brier: Mapped[float]
    logarithmic: Mapped[float]
    ranked: Mapped[float | None]
    baseline: Mapped[float]


class MethodSum(Model):
    """What the scores of one method add up to, over the questions that `domain.league` compares, hidden ones included."""

    __tablename__ = "method_sum"

    id: Mapped[PrimaryKey]
    method: Mapped[str] = mapped_column(sa.String(24), unique=True)
    questions: Mapped[int]
    brier: Mapped[float]
    logarithmic: Mapped[float]
    baseline: Mapped[float]


class _Sums:
    """What scores of one account add up to. `skill` is `domain.scoring.skill`; the sums beside it say how sure it is."""

    questions: Mapped[int]  # with chances
    predicted: Mapped[int]
    called: Mapped[int]
    covered: Mapped[float]
    peers: Mapped[float]
    peers_squared: Mapped[float]
    peers_covered: Mapped[float]
    covered_squared: Mapped[float]
    skill: Mapped[float]


RANKED = sa.text("questions >= 10")  # `domain.leaderboards.LEAST_QUESTIONS`


class ReaderSkill(_Sums, Model):
    """The sums of one account over all time and all questions that may be told: what ranks are made of (`domain.skills`)."""

    __tablename__ = "reader_skill"
    __table_args__ = (Index("ix_reader_skill_ranked", "skill", "reader_id", sqlite_where=RANKED, postgresql_where=RANKED),)

    reader_id: Mapped[int] = reference("reader.id", primary_key=True)


class BoardPeriod(enum.Enum):
    """Over which time a board looks back from when it was made, by when questions became final."""

    MONTH = "month"
    QUARTER = "quarter"
    YEAR = "year"
    ALL = "all"


class Leaderboard(Model):
    """A leaderboard that is kept, of a section, an empty one being all, and a time (`domain.boardkeeping`).

    It waits to be made anew while it was asked for more often than was made of it.
    """

    __tablename__ = "leaderboard"
    __table_args__ = (UniqueConstraint("period", "section"),)

    id: Mapped[PrimaryKey]
    section: Mapped[ShortText]
    period: Mapped[BoardPeriod] = mapped_column(enum_column(BoardPeriod))
    asked: Mapped[int] = mapped_column(default=0)
    made: Mapped[int] = mapped_column(default=0)
    made_at: Mapped[Instant | None]
    is_scored: Mapped[bool] = mapped_column(default=False)  # whether there are scores it is about, enough for a rank or not


class LeaderboardPlace(_Sums, Model):
    """One of the accounts on a board, with the sums of its scores that the board is about."""

    __tablename__ = "leaderboard_place"

    leaderboard_id: Mapped[int] = reference("leaderboard.id", primary_key=True)
    reader_id: Mapped[int] = reference("reader.id", primary_key=True)
