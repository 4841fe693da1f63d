"""What the front page is chosen from: what can be answered, what ended lately, and what was opened lately, however old the rest."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, select, text, union_all
from sqlalchemy.orm import defer, joinedload, selectinload

from extensions import db
from models import Article, OpinionPoll, Prediction, Resolution

CLOSING_SOONEST = 50  # open polls, and as many open predictions: more than anybody looks through
NEWEST = 24  # of articles, of predictions that wait for their outcome, and of those of which it was said how they ended
UNSAID = text("prediction.resolution_count = 0")  # as text, so that every database knows the index by it, as the next
REOPENED = text("resolution.act = 'reopened'")

Found = Select[Any]  # the ids of articles


def candidates(now: datetime) -> list[Article]:
    """Return, newest first, the published articles with their questions of which the front page may show something."""
    arms = (arm.subquery() for arm in (*_newest(), *_open(now), *_waiting(now), _said()))
    ids = set(db.session.scalars(union_all(*(select(arm) for arm in arms))))
    published = listed().where(Article.id.in_(ids))
    return list(db.session.scalars(published.order_by(Article.opened_at.desc(), Article.id.desc())))


def listed() -> Select[Article]:
    """Load what a list says of articles: none of their text, and of the answers only one that came true."""
    said = selectinload(Prediction.resolutions).joinedload(Resolution.outcome)
    return select(Article).options(
        joinedload(Article.poll),
        joinedload(Article.prediction).options(said),
        defer(Article.body_source),
        defer(Article.body_html),
    )


def _newest() -> Iterator[Found]:
    opened = select(Article.id).where(Article.opened_at.is_not(None))
    yield opened.order_by(Article.opened_at.desc(), Article.id.desc()).limit(NEWEST)


def _open(now: datetime) -> Iterator[Found]:
    for table in (OpinionPoll, Prediction):
        asked: Any = select(table.article_id).where(table.opened_at.is_not(None), table.closed_at.is_(None))
        yield asked.where(table.closes_at > now).order_by(table.closes_at).limit(CLOSING_SOONEST)


def _waiting(now: datetime) -> Iterator[Found]:
    opened = select(Prediction.article_id).where(Prediction.opened_at.is_not(None))
    unsaid = opened.where(UNSAID, Prediction.closed_at.is_not(None))
    yield unsaid.order_by(Prediction.closed_at.desc()).limit(NEWEST)
    over = opened.where(Prediction.closed_at.is_(None), Prediction.closes_at <= now)  # until a job notes it, so there are few
    yield over.order_by(Prediction.closes_at.desc()).limit(NEWEST)
    yield _said(REOPENED)


def _said(*conditions: Any) -> Found:
    """Return those of which it was said last how they ended, or, under conditions, something else. The newest first."""
    last: ColumnElement[bool] = and_(
        Resolution.prediction_id == Prediction.id, Resolution.number == Prediction.resolution_count, *conditions
    )
    said = select(Prediction.article_id).join_from(Resolution, Prediction, last)
    return said.order_by(Resolution.resolved_at.desc(), Resolution.prediction_id.desc()).limit(NEWEST)
