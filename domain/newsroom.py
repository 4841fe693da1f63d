"""The newsroom's list: every article with where it stands and how many took part."""

from __future__ import annotations

import enum
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, Select, and_, case, exists, func, or_, select
from sqlalchemy.orm import InstrumentedAttribute, joinedload

from domain import disputes
from domain.tallies import COUNTED
from extensions import db
from models import (
    Article,
    OpinionPoll,
    OpinionTally,
    OutcomeTally,
    Prediction,
    Resolution,
    ResolutionAct,
)

ARTICLES_A_PAGE = 20


class Stage(enum.Enum):
    """Where an article stands, seen from what its newsroom still has to do."""

    DRAFT = "draft"
    OPEN = "open"
    AWAITING = "awaiting"  # predicting is over, and nobody has said what happened
    DISPUTED = "disputed"  # a reader objects to what was said, and a second editor has to decide
    RESOLVED = "resolved"  # something is said of how it ended
    CLOSED = "closed"  # and it has no prediction to resolve


@dataclass(frozen=True, kw_only=True)
class Entry:
    """One article of the list. `takes` and `forecasts` count everybody whose answer is counted, `comments` what is published,
    `disputes` those that wait for a decision."""

    article: Article
    stage: Stage
    takes: int
    forecasts: int
    comments: int
    disputes: int


@dataclass(frozen=True, kw_only=True)
class Listing:
    """A page of the list, newest first; `next_before` is the cursor of the next one. `totals` has all articles by stage."""

    entries: Sequence[Entry]
    totals: Mapping[Stage, int]
    next_before: int | None


def listing(now: datetime, *, stage: Stage | None = None, before: int | None = None) -> Listing:
    """Return a page of the articles, or of those at one stage, with an id below `before`.

    A constant number of queries, however many articles and readers there are.
    """
    stages = _stages(now)
    at = case(*((condition, kind.value) for kind, condition in stages.items()), else_=Stage.CLOSED.value)
    found = select(Article, at).options(
        joinedload(Article.poll),
        joinedload(Article.prediction).selectinload(Prediction.resolutions).joinedload(Resolution.outcome),
    )
    if stage is not None:
        found = found.where(at == stage.value)
    if before is not None:
        found = found.where(Article.id < before)
    rows = db.session.execute(found.order_by(Article.id.desc()).limit(ARTICLES_A_PAGE + 1)).all()
    page = [(article, Stage(value)) for article, value in rows[:ARTICLES_A_PAGE]]
    return Listing(
        entries=_entries(page),
        totals=_totals(at),
        next_before=page[-1][0].id if len(rows) > ARTICLES_A_PAGE else None,
    )


def stage_of(article: Article, now: datetime) -> Stage:
    """Return where one article stands."""
    prediction = article.prediction
    if article.is_draft:
        return Stage.DRAFT
    if prediction is not None and prediction.is_closed(now):
        if prediction.verdict is None:
            return Stage.AWAITING
        return Stage.DISPUTED if disputes.waiting(prediction.verdict) else Stage.RESOLVED
    return Stage.OPEN if article.is_open else Stage.CLOSED


def _stages(now: datetime) -> dict[Stage, ColumnElement[bool]]:
    """Return what tells the stages apart, as `stage_of` does, each asked only where those before it do not hold."""
    own = Prediction.article_id == Article.id
    ended = and_(own, Prediction.opened_at.is_not(None), or_(Prediction.closes_at <= now, Prediction.closed_at.is_not(None)))
    newest = (Resolution.prediction_id == Prediction.id) & (Resolution.number == Prediction.resolution_count)
    return {
        Stage.DRAFT: Article.opened_at.is_(None),
        Stage.DISPUTED: exists().where(ended, newest, Resolution.act == ResolutionAct.PROVISIONAL, disputes.is_undecided()),
        Stage.RESOLVED: exists().where(ended, newest, Resolution.act != ResolutionAct.REOPENED),
        Stage.AWAITING: exists().where(ended),
        Stage.OPEN: Article.closed_at.is_(None),
    }


def _totals(at: ColumnElement[str]) -> dict[Stage, int]:
    each = select(at.label("stage")).select_from(Article).subquery()
    rows = db.session.execute(select(each.c.stage, func.count()).group_by(each.c.stage))
    counts = {Stage(value): count for value, count in rows}
    return {kind: counts.get(kind, 0) for kind in Stage}


def _entries(page: Sequence[tuple[Article, Stage]]) -> list[Entry]:
    ids = [article.id for article, _ in page]
    votes = select(OpinionPoll.article_id, func.sum(OpinionTally.votes)).join_from(OpinionPoll, OpinionTally)
    takes = _by_article(votes.where(OpinionTally.tier.in_(COUNTED)), OpinionPoll.article_id, ids)
    picks = select(Prediction.article_id, func.sum(OutcomeTally.forecasts)).join_from(Prediction, OutcomeTally)
    forecasts = _by_article(picks.where(OutcomeTally.tier.in_(COUNTED)), Prediction.article_id, ids)
    newest = (Resolution.prediction_id == Prediction.id) & (Resolution.number == Prediction.resolution_count)
    provisional = Resolution.act == ResolutionAct.PROVISIONAL
    waiting = select(Prediction.article_id, func.sum(disputes.undecided())).join(Resolution, newest).where(provisional)
    disputed = _by_article(waiting, Prediction.article_id, ids)
    return [
        Entry(
            article=article,
            stage=stage,
            takes=takes.get(article.id, 0),
            forecasts=forecasts.get(article.id, 0),
            comments=article.published_comments,
            disputes=disputed.get(article.id, 0),
        )
        for article, stage in page
    ]


def _by_article(counts: Select[int, int], key: InstrumentedAttribute[int], ids: Sequence[int]) -> dict[int, int]:
    rows = db.session.execute(counts.where(key.in_(ids)).group_by(key))
    return {article_id: int(count) for article_id, count in rows}
