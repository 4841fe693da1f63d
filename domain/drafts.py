"""What is written before it is published: an article with its questions, as the newsroom words them. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from models import Camp, PollKind, PredictionKind, ResultsVisibility

LONGEST_QUESTION = 300  # characters, as the column holds
LONGEST_OPEN = timedelta(days=3660)  # ten years; a later closing time has a mistyped year


@dataclass(frozen=True, kw_only=True)
class PollDraft:
    """A poll as the newsroom words it: choices in order, each with the side it takes."""

    question: str
    choices: Sequence[tuple[str, Camp]]
    closes_at: datetime
    visibility: ResultsVisibility = ResultsVisibility.AFTER_VOTING
    kind: PollKind = PollKind.SINGLE
    is_shuffled: bool = False


@dataclass(frozen=True, kw_only=True)
class PredictionDraft:
    """A prediction as the newsroom words it: outcomes in order, and what decides between them."""

    question: str
    outcomes: Sequence[str]
    criteria: str
    closes_at: datetime
    visibility: ResultsVisibility = ResultsVisibility.AFTER_VOTING
    kind: PredictionKind = PredictionKind.OUTCOMES


@dataclass(frozen=True, kw_only=True)
class ArticleDraft:
    """An article as it is written or imported. `body` is Markdown; `source_digest` tells an import from its repetition;
    `author_id` is the account from which its author answers."""

    headline: str
    body: str
    byline: str = ""
    section: str = ""
    source_digest: str | None = None
    author_id: int | None = None
    poll: PollDraft | None = None
    prediction: PredictionDraft | None = None
