"""Predictions: the question, the forecasts, their counters, and what happened."""

from __future__ import annotations

from typing import TYPE_CHECKING

import sqlalchemy as sa
from sqlalchemy import CheckConstraint, ForeignKeyConstraint, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from tables.base import Id, Instant, LongText, Model, PrimaryKey, ShortText, enum_column, reference
from tables.opinions import Question
from tables.people import Tier

if TYPE_CHECKING:
    from tables.discussion import Article


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
        Index("ix_forecast_prediction_id", "prediction_id", "id"),
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
