"""Predictions: the question, the forecasts, their counters, and what all of them say together."""

from __future__ import annotations

import enum
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa
from sqlalchemy import CheckConstraint, ForeignKeyConstraint, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from tables.base import Digest, Id, Instant, LongText, Model, PrimaryKey, ShortText, enum_column, reference
from tables.opinions import UNCLOSED, Question
from tables.people import Tier
from tables.resolutions import Resolution, ResolutionAct

if TYPE_CHECKING:
    from tables.discussion import Article


class PredictionKind(enum.Enum):
    """What a prediction's outcomes are."""

    OUTCOMES = "outcomes"  # two or more, in no order
    DATE = "date"  # spans of time in order, perhaps with "never" at the end
    NUMBER = "number"  # spans of a number, in order


UNSAID = sa.text("resolution_count = 0")  # nothing, of how it ended


class Prediction(Question, Model):
    """A question about what will happen, with mutually exclusive, exhaustive outcomes and written criteria."""

    __tablename__ = "prediction"
    __table_args__ = (
        Index("ix_prediction_closing", "closes_at", sqlite_where=UNCLOSED, postgresql_where=UNCLOSED),
        Index("ix_prediction_unsaid", "closed_at", sqlite_where=UNSAID, postgresql_where=UNSAID),
    )

    id: Mapped[PrimaryKey]
    article_id: Mapped[int] = reference("article.id", unique=True)
    criteria: Mapped[LongText]
    kind: Mapped[PredictionKind] = mapped_column(
        enum_column(PredictionKind), default=PredictionKind.OUTCOMES, server_default="outcomes"
    )
    resolution_count: Mapped[int] = mapped_column(default=0, server_default="0")  # the number of its newest resolution
    score_due_at: Mapped[Instant | None] = mapped_column(index=True)  # since when its scores wait to be computed anew

    article: Mapped[Article] = relationship(back_populates="prediction")
    outcomes: Mapped[list[Outcome]] = relationship(
        back_populates="prediction", order_by="Outcome.position", cascade="all, delete-orphan"
    )
    resolutions: Mapped[list[Resolution]] = relationship(back_populates="prediction", order_by="Resolution.number")

    @property
    def is_ordered(self) -> bool:
        """Whether its outcomes stand in an order, so that being near counts."""
        return self.kind is not PredictionKind.OUTCOMES

    @property
    def verdict(self) -> Resolution | None:
        """Return the newest thing the newsroom said of how it ended; nothing before, and after it was reopened."""
        newest = self.resolutions[-1] if self.resolutions else None
        return None if newest is None or newest.act is ResolutionAct.REOPENED else newest

    @property
    def resolution(self) -> Resolution | None:
        """Return what is held to have happened, provisionally or for good; nothing where it was annulled or left open."""
        return self.verdict if self.verdict is not None and self.verdict.outcome_id is not None else None

    @property
    def is_final(self) -> bool:
        """Whether what happened can no longer be disputed, so that it is scored."""
        return self.resolution is not None and self.resolution.act is ResolutionAct.FINAL


class Outcome(Model):
    """One way a prediction can end."""

    __tablename__ = "outcome"
    __table_args__ = (UniqueConstraint("prediction_id", "position"), UniqueConstraint("id", "prediction_id"))

    id: Mapped[PrimaryKey]
    prediction_id: Mapped[int] = reference("prediction.id")
    position: Mapped[int]
    label: Mapped[ShortText]
    added_at: Mapped[Instant | None]  # when it was added to an open prediction; null where it was there from the start
    split_from_id: Mapped[int | None] = reference("outcome.id")  # the outcome that contained it until then

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
        Index("ix_forecast_prediction_id", "prediction_id", "id"),
        Index(
            "uq_forecast_current",
            "prediction_id",
            "reader_id",
            unique=True,
            sqlite_where=sa.text("superseded_at IS NULL"),
            postgresql_where=sa.text("superseded_at IS NULL"),
        ),
        Index(
            "ix_forecast_newest",
            "prediction_id",
            "made_at",
            "id",
            sqlite_where=sa.text("superseded_at IS NULL AND gives_chances = 1"),
            postgresql_where=sa.text("superseded_at IS NULL AND gives_chances"),
        ),
    )

    id: Mapped[PrimaryKey]
    prediction_id: Mapped[int] = reference("prediction.id")
    reader_id: Mapped[int] = reference("reader.id", index=True)
    outcome_id: Mapped[int] = mapped_column(Id)
    tier: Mapped[Tier] = mapped_column(enum_column(Tier))
    gives_chances: Mapped[bool] = mapped_column(default=False, server_default=sa.false())  # whether there are probabilities
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


class CrowdForecast(Model):
    """What all current forecasts of a prediction say together. Worked out after a forecast, not when it is read.

    `basis` changes whenever a forecast or a take does; `summary` is what `domain.crowds` makes of it.
    """

    __tablename__ = "crowd_forecast"

    prediction_id: Mapped[int] = reference("prediction.id", primary_key=True)
    basis: Mapped[Digest]
    forecasts: Mapped[int]  # readers who gave chances
    summary: Mapped[dict[str, Any]] = mapped_column(sa.JSON)
    computed_at: Mapped[Instant]


class CrowdPoint(Model):
    """The crowd forecast at one moment of its series: `chances` has a list of outcome id, chance, and the band's two ends."""

    __tablename__ = "crowd_point"

    prediction_id: Mapped[int] = reference("prediction.id", primary_key=True)
    at: Mapped[Instant] = mapped_column(primary_key=True)
    forecasts: Mapped[int]
    chances: Mapped[list[tuple[int, float, float, float]]] = mapped_column(sa.JSON)
