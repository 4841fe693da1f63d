"""The pulse of a discussion: the little that tells an open page whether anything has changed. Reads only."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, ScalarSelect, Select, String, cast, func, literal, select, union_all
from sqlalchemy.orm import defer

from domain import crowds, tallies
from domain.errors import N_, Missing
from domain.tallies import NOTHING, Seen
from extensions import db
from models import (
    SHOWN,
    Article,
    Comment,
    CrowdForecast,
    CrowdPoint,
    OpinionPoll,
    OpinionTally,
    OpinionVoteEvent,
    OutcomeTally,
    Prediction,
    TallyPoint,
)

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
    hides_counts: bool  # from everybody, for legal reasons


@dataclass(frozen=True, kw_only=True)
class News:
    """Comments that appeared after a place in a discussion, in the order in which they did, and the place to ask from next."""

    comment_ids: list[int]
    newest: int
    has_more: bool


def pulse_of(slug: str, *, now: datetime) -> Pulse:
    """Return the pulse of a published article, in one statement; raise `Missing` where there is none."""
    facts = (Article.id, Article.version, Article.appeared, Article.published_comments, Article.closed_at)
    legal = (Article.closes_comments, Article.hides_counts)
    questions = select(*facts, *legal, OpinionPoll, Prediction).outerjoin(OpinionPoll).outerjoin(Prediction)
    found = questions.where(Article.slug == slug, Article.opened_at.is_not(None)).options(defer(Prediction.criteria))
    row = db.session.execute(found).one_or_none()
    if row is None:
        raise Missing(N_("There is no such article."))
    article_id, version, appeared, comments, closed_at, is_restricted, is_hidden, poll, prediction = row
    seen = tallies.open_results(poll, prediction, has_voted=False, has_predicted=False, now=now)
    return Pulse(
        article_id=article_id,
        version=version,
        appeared=appeared,
        comments=comments,
        is_open=closed_at is None and not is_restricted,
        poll_id=poll.id if poll else None,
        prediction_id=prediction.id if prediction else None,
        seen=NOTHING if is_hidden else seen,
        hides_counts=is_hidden,
    )


def tallies_mark(poll_id: int | None, prediction_id: int | None, seen: Seen) -> str:
    """Return what changes whenever a result that may be seen does, in one statement over counters; empty if none may be.

    Ballots that rank the same choice first move none of these, hence the newest event. The crowd forecast follows a forecast
    when a job has made it; of what it says only that counts which the reader may see.
    """
    parts: list[Select[*tuple[Any, ...]]] = []
    if seen.takes and poll_id is not None:
        parts += _of_takes(poll_id)
    if seen.outcomes and prediction_id is not None:
        parts += _of_outcomes(prediction_id)
    if not parts:
        return ""
    rows = [tuple(row) for row in db.session.execute(union_all(*parts))]
    if not seen.takes:
        rows = [_without_takes(*row) for row in rows]
    return hashlib.sha256("".join(sorted(map(repr, rows))).encode()).hexdigest()[:MARK]


def news_of(article: Article, *, after: int) -> News:
    """Return what has appeared in a discussion after a place in it.

    Places are given out in the order in which comments become visible (`visibility`), so nothing is missed: a comment that is
    approved late has a late place, however long ago it was written.
    """
    after = min(after, article.appeared)
    fresh = select(Comment.id, Comment.appeared).where(Comment.article_id == article.id, Comment.appeared > after)
    published = fresh.where(Comment.state.in_(SHOWN)).order_by(Comment.appeared)
    rows = db.session.execute(published.limit(NEWS_AT_ONCE + 1)).all()
    page, has_more = rows[:NEWS_AT_ONCE], len(rows) > NEWS_AT_ONCE
    last = page[-1].appeared if page else after
    return News(
        comment_ids=[row.id for row in page], newest=last if has_more else max(last, article.appeared), has_more=has_more
    )


def _of_takes(poll_id: int) -> list[Select[*tuple[Any, ...]]]:
    mine = OpinionVoteEvent.poll_id == poll_id
    newest = select(OpinionVoteEvent.id).where(mine).order_by(OpinionVoteEvent.id.desc()).limit(1).scalar_subquery()
    points = select(func.count()).select_from(TallyPoint).where(TallyPoint.poll_id == poll_id).scalar_subquery()
    counted = _counted(OpinionTally.choice_id, OpinionTally.tier, OpinionTally.votes, OpinionTally.poll_id == poll_id)
    return [counted, _single("event", newest), _single("takes", points)]


def _of_outcomes(prediction_id: int) -> list[Select[*tuple[Any, ...]]]:
    mine = OutcomeTally.prediction_id == prediction_id
    points = select(func.count()).select_from(CrowdPoint).where(CrowdPoint.prediction_id == prediction_id).scalar_subquery()
    said = select(literal(0), cast(CrowdForecast.summary, String), CrowdForecast.forecasts)
    return [
        _counted(OutcomeTally.outcome_id, OutcomeTally.tier, OutcomeTally.forecasts, mine),
        said.where(CrowdForecast.prediction_id == prediction_id),
        _single("crowd", points),
    ]


def _without_takes(answer: int, text: str, number: int) -> tuple[int, str, int]:
    """Return a row without what takes have to do with: of the crowd forecast what its camps say."""
    if not text.startswith("{"):
        return answer, text, number
    summary = json.loads(text)
    return answer, repr([summary.get(name) for name in crowds.OF_EVERYBODY]), number


def _counted(answer: Any, tier: Any, counter: Any, mine: ColumnElement[bool]) -> Select[*tuple[Any, ...]]:
    return select(answer, cast(tier, String), func.sum(counter)).where(mine).group_by(answer, tier)


def _single(name: str, number: ScalarSelect[int]) -> Select[*tuple[Any, ...]]:
    return select(literal(0), literal(name, String), func.coalesce(number, 0))
