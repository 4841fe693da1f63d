"""Every table of the site, described in `tables/`, a file a subject. This is their front door."""

from __future__ import annotations

from tables.base import UTCDateTime
from tables.discussion import (
    Article,
    Comment,
    CommentMention,
    CommentRevision,
    CommentState,
    Participation,
    Report,
    ReportReason,
    RevisionState,
)
from tables.following import Follow, Mute, Notification, NotificationKind, PushSubscription, Visit
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
from tables.outbox import News, OutgoingMail, OutgoingPush
from tables.people import MailPace, Reader, Role, SignIn, Tier
from tables.predictions import CrossTally, Forecast, ForecastProbability, Outcome, OutcomeTally, Prediction, Resolution
from tables.ratings import CommentRating, RatingTally, Verdict

__all__ = [
    "Article",
    "Camp",
    "Comment",
    "CommentMention",
    "CommentRating",
    "CommentRevision",
    "CommentState",
    "CrossTally",
    "Follow",
    "Forecast",
    "ForecastProbability",
    "MailPace",
    "ModerationAct",
    "ModerationEntry",
    "Mute",
    "News",
    "Notification",
    "NotificationKind",
    "OpinionChoice",
    "OpinionPoll",
    "OpinionTally",
    "OpinionVote",
    "OpinionVoteEvent",
    "Outcome",
    "OutcomeTally",
    "OutgoingMail",
    "OutgoingPush",
    "Participation",
    "Prediction",
    "PushSubscription",
    "Question",
    "RatingTally",
    "Reader",
    "RemovalReason",
    "Report",
    "ReportReason",
    "Resolution",
    "ResultsVisibility",
    "RevisionState",
    "Role",
    "ScreeningVerdict",
    "SignIn",
    "Tier",
    "UTCDateTime",
    "Verdict",
    "Visit",
    "VoteAct",
]
