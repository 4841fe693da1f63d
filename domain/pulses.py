"""The pulse of a discussion: the little that tells an open page whether anything has changed. Reads only."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, func, literal, null, select, union_all
from sqlalchemy.orm import defer

from domain import tallies
from domain.errors import N_, Missing
from domain.tallies import Seen
from extensions import db
from models import Article, Comment, CommentState, Forecast, OpinionPoll, OpinionTally, OutcomeTally, Prediction

NEWS_AT_ONCE = 30  # comments in one answer: a screen or two; who is further behind asks again
MARK = 16  # hexadecimal digits, of which two different tallies will not have the same


@dataclass(frozen=True, kw_only=True)
class Pulse:
    """What can be told of a discussion without reading it. `seen` are the results that are open to everybody."""

    article_id: int
    version: int
    appeared: int
    comments: int
    is_open: bool
    poll_id: int | None
    prediction_id: int | None
    seen: Seen


@dataclass(frozen=True, kw_only=True)
class News:
    """Comments that appeared after a place in a discussion, in the order in which they did, and the place to ask from next."""

    comment_ids: list[int]
    newest: int
    has_more: bool


def pulse_of(slug: str, *, now: datetime) -> Pulse:
    """Return the pulse of a published article, in one statement; raise `Missing` where there is none."""
    facts = (Article.id, Article.version, Article.appeared, Article.published_comments, Article.closed_at)
    questions = select(*facts, OpinionPoll, Prediction).outerjoin(OpinionPoll).outerjoin(Prediction)
    found = questions.where(Article.slug == slug, Article.opened_at.is_not(None)).options(defer(Prediction.criteria))
    row = db.session.execute(found).one_or_none()
    if row is None:
        raise Missing(N_("There is no such article."))
    article_id, version, appeared, comments, closed_at, poll, prediction = row
    return Pulse(
        article_id=article_id,
        version=version,
        appeared=appeared,
        comments=comments,
        is_open=closed_at is None,
        poll_id=poll.id if poll else None,
        prediction_id=prediction.id if prediction else None,
        seen=tallies.open_results(poll, prediction, has_voted=False, has_predicted=False, now=now),
    )


def tallies_mark(poll_id: int | None, prediction_id: int | None, seen: Seen) -> str:
    """Return what changes whenever a result that may be seen does, in one statement over counters; empty if none may be.

    Forecasts that give other chances to the same pick move no counter, hence the newest forecast.
    """
    parts: list[Select[*tuple[Any, ...]]] = []
    if seen.takes and poll_id is not None:
        parts.append(_counted(OpinionTally.choice_id, OpinionTally.tier, OpinionTally.votes, OpinionTally.poll_id == poll_id))
    if seen.outcomes and prediction_id is not None:
        mine = OutcomeTally.prediction_id == prediction_id
        parts.append(_counted(OutcomeTally.outcome_id, OutcomeTally.tier, OutcomeTally.forecasts, mine))
        newest = select(Forecast.id).where(Forecast.prediction_id == prediction_id).order_by(Forecast.id.desc()).limit(1)
        parts.append(select(literal(0), null(), newest.scalar_subquery()))
    if not parts:
        return ""
    rows = sorted(repr(tuple(row)) for row in db.session.execute(union_all(*parts)))
    return hashlib.sha256("".join(rows).encode()).hexdigest()[:MARK]


def news_of(article: Article, *, after: int) -> News:
    """Return what has appeared in a discussion after a place in it.

    Places are given out in the order in which comments become visible (`visibility`), so nothing is missed: a comment that is
    approved late has a late place, however long ago it was written.
    """
    after = min(after, article.appeared)
    fresh = select(Comment.id, Comment.appeared).where(Comment.article_id == article.id, Comment.appeared > after)
    published = fresh.where(Comment.state == CommentState.PUBLISHED).order_by(Comment.appeared)
    rows = db.session.execute(published.limit(NEWS_AT_ONCE + 1)).all()
    page, has_more = rows[:NEWS_AT_ONCE], len(rows) > NEWS_AT_ONCE
    last = page[-1].appeared if page else after
    return News(
        comment_ids=[row.id for row in page], newest=last if has_more else max(last, article.appeared), has_more=has_more
    )


def _counted(answer: Any, tier: Any, counter: Any, mine: ColumnElement[bool]) -> Select[*tuple[Any, ...]]:
    return select(answer, tier, func.sum(counter)).where(mine).group_by(answer, tier)
