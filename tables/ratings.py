"""What readers think of each other's comments."""

from __future__ import annotations

import enum

from sqlalchemy import CheckConstraint
from sqlalchemy.orm import Mapped, mapped_column

from tables.base import Instant, Model, enum_column, reference
from tables.opinions import Camp


class Verdict(enum.Enum):
    """What a reader thinks of another's comment."""

    GOOD = "good"  # a good point
    POOR = "poor"  # not convincing


class CommentRating(Model):
    """One reader's current rating of one comment, with the camp they were in when they gave it, if they had a take."""

    __tablename__ = "comment_rating"

    comment_id: Mapped[int] = reference("comment.id", primary_key=True)
    reader_id: Mapped[int] = reference("reader.id", primary_key=True, index=True)
    verdict: Mapped[Verdict] = mapped_column(enum_column(Verdict))
    camp: Mapped[Camp | None] = mapped_column(enum_column(Camp))
    rated_at: Mapped[Instant]


class RatingTally(Model):
    """Ratings of one comment by readers of one camp."""

    __tablename__ = "rating_tally"
    __table_args__ = (CheckConstraint("good >= 0 AND good <= rated", name="good_among_rated"),)

    comment_id: Mapped[int] = reference("comment.id", primary_key=True)
    camp: Mapped[Camp] = mapped_column(enum_column(Camp), primary_key=True)
    good: Mapped[int]
    rated: Mapped[int]
