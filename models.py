"""Every table of the site, in the order a reader meets them. They are described in `tables/`, a file a subject."""

from __future__ import annotations

from tables.base import UTCDateTime
from tables.discussion import Article, Comment, CommentState, Participation, Report, ReportReason
from tables.moderation import ModerationAct, ModerationEntry, RemovalReason, ScreeningVerdict
from tables.opinions import (
    Camp,
    OpinionChoice,
    OpinionPoll,
    OpinionTally,
    OpinionVote,
    OpinionVoteEvent,
    Question,
    ResultsVisibility,
    VoteAct,
)
from tables.outbox import OutgoingMail
from tables.people import Reader, Role, SignIn, Tier
from tables.predictions import CrossTally, Forecast, ForecastProbability, Outcome, OutcomeTally, Prediction, Resolution

__all__ = [
    "Article",
    "Camp",
    "Comment",
    "CommentState",
    "CrossTally",
    "Forecast",
    "ForecastProbability",
    "ModerationAct",
    "ModerationEntry",
    "OpinionChoice",
    "OpinionPoll",
    "OpinionTally",
    "OpinionVote",
    "OpinionVoteEvent",
    "Outcome",
    "OutcomeTally",
    "OutgoingMail",
    "Participation",
    "Prediction",
    "Question",
    "Reader",
    "RemovalReason",
    "Report",
    "ReportReason",
    "Resolution",
    "ResultsVisibility",
    "Role",
    "ScreeningVerdict",
    "SignIn",
    "Tier",
    "UTCDateTime",
    "VoteAct",
]
