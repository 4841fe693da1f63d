"""A generated site as it is looked at: who looks around, and what stands in the addresses of its pages."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select

from bench import furnishing
from bench.generate.size import STANDARD
from blueprints.articles.pulse import key_of
from domain import mailing, periods
from domain.tallies import Seen
from extensions import db
from models import (
    Article,
    Comment,
    CommentState,
    ForecastScore,
    OutcomeTally,
    Participation,
    Prediction,
    Reader,
    Role,
    StatementOfReasons,
)
from tests import factories

GUESTS = 100  # who come for the first time: enough for every round
REPLIES = 20  # of the comment whose thread is opened
TYPICAL = 12  # comments and scored questions of the reader who looks around


@dataclass(frozen=True)
class Site:
    """A generated site, who looks around, and what there is to look at."""

    app: Flask
    browsers: Mapping[str, FlaskClient]
    values: Mapping[str, object]
    comments: int
    guests: Iterator[FlaskClient] = field(compare=False)


def site_of(app: Flask) -> Site:
    """Look around in the application's context, and sign people in. Commits."""
    articles = select(Article).where(Article.opened_at.is_not(None))
    viral = db.session.scalars(articles.order_by(Article.published_comments.desc()).limit(1)).one()
    people: dict[str, Reader] = {
        "reader": _typical(viral),
        **{role.value: _of_role(role) for role in (Role.MODERATOR, Role.EDITOR)},
    }
    newest = select(StatementOfReasons.reader_id).order_by(StatementOfReasons.id.desc()).limit(1)
    people["author"] = db.session.get_one(Reader, db.session.scalar(newest))
    browsers = {who: factories.browser_of(app, reader) for who, reader in people.items()}
    browsers["nobody"] = app.test_client()
    comments = db.session.scalar(select(func.max(Comment.id))) or 0
    guests = [factories.browser_of(app, factories.guest()) for _ in range(GUESTS)]
    values = _values(app, viral, people["reader"]) | furnishing.furnish(app, viral, people)
    site = Site(app, browsers, values, comments, iter(guests))
    db.session.commit()
    return site


def _typical(viral: Article) -> Reader:
    """Return an account that took part in the viral article, with about `TYPICAL` comments and scores."""
    said = select(func.count()).where(Comment.reader_id == Reader.id).scalar_subquery()
    scored = select(func.count()).where(ForecastScore.reader_id == Reader.id).scalar_subquery()
    there = select(Participation.reader_id).where(Participation.article_id == viral.id)
    sample = select(Reader.id).where(Reader.id.in_(there), Reader.registered_at.is_not(None), Reader.role == Role.READER)
    near = func.abs(said - TYPICAL) + func.abs(scored - TYPICAL)
    few = sample.order_by(Reader.id).limit(2_000)
    return db.session.scalars(select(Reader).where(Reader.id.in_(few)).order_by(near, Reader.id).limit(1)).one()


def _of_role(role: Role) -> Reader:
    return db.session.scalars(select(Reader).where(Reader.role == role).order_by(Reader.id).limit(1)).one()


def _standard() -> int:
    """Return the article that is the same on every site."""
    asked = select(OutcomeTally.prediction_id).group_by(OutcomeTally.prediction_id)
    same = asked.having(func.sum(OutcomeTally.forecasts) == STANDARD.forecasts)
    found = select(Prediction.article_id).where(Prediction.id.in_(same), Prediction.resolution_count > 0)
    return db.session.scalars(found.order_by(Prediction.article_id).limit(1)).one()


def _values(app: Flask, viral: Article, reader: Reader) -> dict[str, object]:
    """Return what stands in the addresses of this site."""
    in_viral = (Comment.article_id == viral.id) & (Comment.state == CommentState.PUBLISHED)
    root = (
        select(Comment.id)
        .where(in_viral, Comment.replies > 1)
        .order_by(func.abs(Comment.replies - REPLIES), Comment.id)
        .limit(1)
    )
    statement = select(StatementOfReasons.id).order_by(StatementOfReasons.id.desc()).limit(1)
    held = db.session.scalars(select(Comment).where(Comment.state == CommentState.HELD).order_by(Comment.id).limit(1)).one()
    period = periods.containing(datetime.now(UTC))
    assert viral.poll is not None and viral.prediction is not None  # noqa: S101, PT018 - it was made with both
    return {
        "slug": viral.slug,
        "article_id": viral.id,
        "prediction_id": db.session.scalars(select(Prediction.id).where(Prediction.article_id == _standard())).one(),
        "standard": db.session.get_one(Article, _standard()).slug,
        "take": viral.poll.choices[0].id,
        "outcomes": [outcome.id for outcome in viral.prediction.outcomes],
        "held": held.id,
        "held_version": held.version,
        "comment_id": db.session.scalar(root),
        "public_id": reader.public_id,
        "statement_id": db.session.scalar(statement),
        "period": str(periods.containing(period.start - timedelta(days=1))),
        "running": str(period),
        "token": mailing.token_for(reader.id, secret=str(app.secret_key or "")),
        "key": key_of(viral.id, Seen(takes=True, outcomes=True)),
        "name": "reported",
        "asked": "prediction",
        "noun": "annulment",
        "code": "abuse",
        "listed": "suspect",
        "site_url": app.extensions["foresay"].site_url,
    }
