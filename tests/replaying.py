"""What follows from the ledger: scores, ranks and what readers are told; as the jobs left it, and found anew from nothing."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy import select

from domain import notifications, scorekeeping, scoring
from domain.upserts import insert_new
from extensions import db
from models import ForecastScore, MethodScore, News, Notification, OutgoingPush, Prediction, Reader, Resolution
from tests.news import spread

Rows = list[tuple[Any, ...]]


@dataclass(frozen=True, kw_only=True)
class Derived:
    """Everything that is worked out from the ledger."""

    scores: Rows
    methods: Rows
    ranks: Rows
    told: Rows


def keep_up(now: datetime) -> None:
    """Do what the jobs do each minute."""
    spread(now)
    while (prediction := scorekeeping.due()) is not None:
        scorekeeping.score(prediction, now=now)


def derived() -> Derived:
    """Return what is kept of it."""
    db.session.expire_all()
    return Derived(scores=_rows(ForecastScore), methods=_rows(MethodScore), ranks=_ranks(), told=_told())


def begin_anew(now: datetime) -> None:
    """Throw away everything that was worked out, and work it out again."""
    for table in (OutgoingPush, Notification, News, ForecastScore, MethodScore):
        db.session.execute(sa.delete(table))
    for resolution_id in db.session.scalars(select(Resolution.id).order_by(Resolution.id)).all():
        insert_new(News, resolution_id=resolution_id, made_at=now)
    db.session.execute(sa.update(Prediction).values(score_due_at=now))
    keep_up(now)


def _rows(table: Any) -> Rows:
    columns = table.__table__.c
    return [tuple(row) for row in db.session.execute(select(*columns).order_by(*table.__table__.primary_key.columns))]


def _ranks() -> Rows:
    """Return the readers by skill, the best first."""
    scored = [row for row in db.session.scalars(select(ForecastScore)) if row.peer is not None]
    peers: dict[int, list[tuple[float, float]]] = {}
    for row in scored:
        peers.setdefault(row.reader_id, []).append((row.peer or 0.0, row.coverage))
    skills = {key: scoring.skill(*zip(*found, strict=True)).value for key, found in peers.items()}
    return [(key, skills[key]) for key in sorted(skills, key=lambda one: (-skills[one], one))]


def _told() -> Rows:
    """Return what each reader sees in their list, and what their masthead says."""
    return [
        (reader.id, told.resolution and told.resolution.id, told.sentence, told.fate, told.points, unread)
        for reader in db.session.scalars(select(Reader).order_by(Reader.id))
        for unread in (notifications.unread_count(reader),)
        for told in sorted(notifications.told_to(reader).rows, key=lambda one: one.notification.resolution_id or 0)
    ]
