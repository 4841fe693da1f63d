"""Telling readers what they follow: each piece of news is spread in bounded steps, and doing it again changes nothing.

A step is one chunk of one audience. Audiences are asked in the order of `NotificationKind`, and a reader is told of one
thing once, so the most personal reason is the one that is kept, however often a spread is cut off and begun anew.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa
from sqlalchemy import ColumnElement, Select, exists, func, select

from domain import outbox
from domain.upserts import insert_from
from extensions import db
from models import (
    Comment,
    CommentMention,
    CommentState,
    Dispute,
    Follow,
    Forecast,
    Mute,
    News,
    Notification,
    NotificationKind,
    OutgoingPush,
    Participation,
    Prediction,
    PushSubscription,
    Reader,
    Resolution,
    ResolutionAct,
    UTCDateTime,
)

CHUNK = 500  # readers told by one statement: some milliseconds, so that nobody who posts meanwhile waits for long
PUSHES_AN_HOUR = 20  # to one browser; the rest is in the list when it is opened
HOUR = timedelta(hours=1)


@dataclass(frozen=True)
class Step:
    """Where a spread stands: which news, the place of the audience, and the last reader of it who was looked at."""

    news_id: int
    audience: int = 0
    after: int = 0


Audience = tuple[NotificationKind, Select[int]]  # why, and the ids of those who are told


def first_step(*, after: int = 0) -> Step | None:
    """Return where to begin: the oldest news that is not spread, or the oldest behind the news `after`."""
    unspread = select(News.id).where(News.spread_at.is_(None), News.id > after)
    found = db.session.scalar(unspread.order_by(News.id).limit(1))
    return Step(found) if found is not None else None


def take_step(step: Step, *, now: datetime) -> Step | None:
    """Tell one chunk of readers; return the next step. The caller commits after each."""
    news = db.session.get(News, step.news_id, populate_existing=True)
    if news is None or news.spread_at is not None:
        return first_step(after=step.news_id)
    audiences = _audiences(news)
    if not audiences:
        _drop(news)
    elif step.audience >= len(audiences):
        news.spread_at = now
    else:
        return _tell_chunk(news, step, audiences[step.audience], now)
    db.session.flush()
    return first_step(after=step.news_id)


def _drop(news: News) -> None:
    """Forget what is no longer shown: it is nobody's news. Shown again, it is written down again."""
    shown = select(Comment.state).where(Comment.id == news.comment_id).with_for_update(read=True)
    if db.session.scalar(shown) is not CommentState.PUBLISHED:  # it was not approved a moment ago
        db.session.delete(news)


def _tell_chunk(news: News, step: Step, audience: Audience, now: datetime) -> Step:
    kind, told = audience
    people = told.subquery()
    found = select(Reader.id).join(people, people.c[0] == Reader.id).where(people.c[0] > step.after)
    chunk = found.order_by(people.c[0]).limit(CHUNK)
    # Their rows are held as the new rows will hold them, so that a guest who is being merged is waited for.
    ids = db.session.scalars(chunk.with_for_update(read=True, key_share=True, of=Reader)).all()
    if ids:
        _push(_tell(news, kind, ids, now), now)
    return Step(news.id, step.audience, ids[-1]) if len(ids) == CHUNK else Step(news.id, step.audience + 1)


def _tell(news: News, kind: NotificationKind, ids: Sequence[int], now: datetime) -> list[int]:
    """Make the notifications of those who have none of this news; return theirs."""
    instant = sa.literal(now, UTCDateTime())
    told: dict[str, Any] = {
        "reader_id": Reader.id,
        "kind": sa.literal(kind, Notification.kind.type),
        "comment_id": sa.literal(news.comment_id, Notification.comment_id.type),
        "resolution_id": sa.literal(news.resolution_id, Notification.resolution_id.type),
        "made_at": instant,
        "mailed_at": sa.case((outbox.has_no_mail(), instant), else_=sa.null()),
    }
    is_left = Reader.registered_at.is_(None) & Reader.guest_key_hash.is_(None)  # a guest who has become an account's
    source: Select[Any] = select(*(value.label(name) for name, value in told.items())).where(
        Reader.id.in_(ids), ~is_left, *_may_hear(news)
    )
    made = insert_from(Notification, list(told), source.order_by(Reader.id)).returning(Notification.id)
    return list(db.session.scalars(made))


def _may_hear(news: News) -> list[ColumnElement[bool]]:
    """Keep readers who did not do it themselves, did not mute who did, and while it is shown."""
    if news.comment_id is None:
        own = select(Resolution.editor_id).where(Resolution.id == news.resolution_id).scalar_subquery()
        return [Reader.id.is_distinct_from(own)]  # time has said it, where nobody has
    author = select(Comment.reader_id).where(Comment.id == news.comment_id, Comment.state == CommentState.PUBLISHED)
    muted = exists().where(Mute.reader_id == Reader.id, Mute.muted_id == author.scalar_subquery())
    return [Reader.id != author.scalar_subquery(), ~muted]  # no author is found, and nothing is unequal to it, once removed


def _push(notification_ids: Sequence[int], now: datetime) -> None:
    """Write a message for each browser of those who have just been told, unless it has had many."""
    if not notification_ids:
        return
    sent = select(func.count()).where(OutgoingPush.subscription_id == PushSubscription.id, OutgoingPush.made_at > now - HOUR)
    instant = sa.literal(now, UTCDateTime())
    message: dict[str, Any] = {
        "subscription_id": PushSubscription.id,
        "notification_id": Notification.id,
        "made_at": instant,
        "next_try_at": instant,
        "tries": sa.literal(0),
    }
    source: Select[Any] = select(*(value.label(name) for name, value in message.items()))
    source = source.join(Notification, Notification.reader_id == PushSubscription.reader_id)
    source = source.where(Notification.id.in_(notification_ids), sent.scalar_subquery() < PUSHES_AN_HOUR)
    db.session.execute(sa.insert(OutgoingPush).from_select(list(message), source))


def _audiences(news: News) -> list[Audience]:
    """Return who is told of this news, the most personal reason first; nobody of what is no longer shown."""
    if news.comment_id is None:
        resolution = db.session.get_one(Resolution, news.resolution_id, populate_existing=True)
        return [(NotificationKind.RESOLUTION, told) for told in _concerned(resolution)]
    comment = db.session.get_one(Comment, news.comment_id, populate_existing=True)
    if comment.state is not CommentState.PUBLISHED:
        return []
    answered, thread = comment.parent_id, comment.root_id  # neither of the first comment of a thread, and 0 is nobody's
    return [
        (NotificationKind.REPLY, select(Comment.reader_id).where(Comment.id == (answered or 0))),
        (NotificationKind.MENTION, select(CommentMention.reader_id).where(CommentMention.comment_id == comment.id)),
        (NotificationKind.THREAD, select(Follow.reader_id).where(Follow.thread_id == (thread or 0))),
        (NotificationKind.READER, select(Follow.reader_id).where(Follow.followed_id == comment.reader_id)),
        (NotificationKind.ARTICLE, select(Follow.reader_id).where(Follow.article_id == comment.article_id)),
    ]


def _concerned(resolution: Resolution) -> list[Select[int]]:
    """Return those who followed the prediction, had predicted or had disputed when this was said; nobody once it is overtaken.

    They are the same whenever this is asked. Who predicted is asked among those who took part: they are numbered, each once, so
    a chunk is read without the rest.
    """
    prediction = db.session.get_one(Prediction, resolution.prediction_id, populate_existing=True)
    if resolution.number != prediction.resolution_count:
        return []
    own = (Forecast.reader_id == Participation.reader_id) & (Forecast.prediction_id == prediction.id)
    if resolution.act is ResolutionAct.REOPENED:  # after everything else nobody can predict
        own &= Forecast.made_at < resolution.resolved_at
    argued = (Dispute.resolution_id == Resolution.id) & (Resolution.prediction_id == prediction.id)
    earlier = Resolution.number < resolution.number
    disputed = exists().where(Dispute.reader_id == Participation.reader_id, argued, earlier)
    followed = (Follow.prediction_id == prediction.id) & (Follow.followed_at <= resolution.resolved_at)
    took_part = select(Participation.reader_id).where(Participation.article_id == prediction.article_id)
    return [select(Follow.reader_id).where(followed), took_part.where(exists().where(own) | disputed)]
