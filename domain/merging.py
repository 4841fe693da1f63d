"""A guest who turns out to have an account: what they did as a guest becomes the account's, and nobody counts twice."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Select, delete, exists, or_, select, update
from sqlalchemy.orm import aliased

from domain import crowds, handover, mailing, opinions, participation, ratings, scorekeeping, turns, visibility
from domain.participation import Standing
from domain.restraints import Deed
from extensions import db
from models import (
    Article,
    Comment,
    Forecast,
    OpinionVote,
    Participation,
    Prediction,
    Reader,
    Report,
    VoteAct,
)


def absorb(guest: Reader, account: Reader, *, now: datetime) -> bool:
    """Give the account everything the guest did; return whether there was anything. The caller commits.

    Comments, complaints, follows and what was told move. A take, a forecast or a rating moves where the account has none of its
    own, forecasts with all that were made before; where it has, the guest's is withdrawn. The guest remains as a row without a key. Doing it again changes nothing.
    """
    turns.take_all(guest)
    db.session.refresh(guest, with_for_update=True)  # an act of the guest's is either seen below, or finds the key gone
    if not guest.is_guest or guest.guest_key_hash is None:
        return False
    articles = list(db.session.scalars(_taken_part_in(guest)))
    for article in articles:
        with participation.counted(article, [guest, account], now, to=Deed.SETTLE) as (left, own):
            _move_vote(left, own, account, now)
            if article.prediction is not None and own.forecast is None:
                _move_forecasts(article.prediction, left, own, guest, account)
            elif left.forecast is not None:
                left.forecast.superseded_at, left.forecast = now, None
    _move_reports(guest, account)
    changed = ratings.hand_over(guest, account) | _move_comments(guest, account)
    for article_id in sorted(changed):  # after the comments, the order in which everybody locks them
        visibility.touch(article_id)
    asked = [article.prediction.id for article in articles if article.prediction is not None]
    crowds.leave_stale(asked)
    scorekeeping.make_due(asked, now=now)  # after their articles, the order in which everybody locks them
    mailing.pass_over(guest, now=now)  # the account may get mail, the guest got none
    is_followed = handover.hand_over(guest, account)
    guest.guest_key_hash = None
    db.session.flush()
    return bool(articles) or is_followed


def _taken_part_in(guest: Reader) -> Select[Article]:
    mine = Participation.reader_id == guest.id
    return select(Article).join(Participation).where(mine).order_by(Article.id)


def _move_vote(left: Standing, own: Standing, account: Reader, now: datetime) -> None:
    if (vote := left.vote) is None:
        return
    opinions.record(vote, VoteAct.WITHDRAWN, now)
    if own.vote is None:
        own.vote = OpinionVote(
            poll_id=vote.poll_id,
            reader_id=account.id,
            choice_id=vote.choice_id,
            ballot=vote.ballot,
            tier=account.tier,
            cast_at=vote.cast_at,
            changed_at=vote.changed_at,
        )
        db.session.add(own.vote)
        opinions.record(own.vote, VoteAct.CAST, now)
    db.session.delete(vote)
    left.vote = None


def _move_forecasts(prediction: Prediction, left: Standing, own: Standing, guest: Reader, account: Reader) -> None:
    """Move every forecast of the guest's, because the times of all count: the current one, replaced ones and withdrawn ones.

    Where the account has withdrawn some of its own, each ends where the next of either begins (`histories.history_of`).
    """
    theirs = (Forecast.prediction_id == prediction.id) & (Forecast.reader_id == guest.id)
    db.session.execute(update(Forecast).where(theirs).values(reader_id=account.id))
    if left.forecast is not None:
        left.forecast.tier = account.tier
    left.forecast, own.forecast = None, left.forecast


def _move_reports(guest: Reader, account: Reader) -> None:
    """Move complaints, but none that the account has made as well, and none about what is now one's own."""
    other = aliased(Report)
    too = exists().where(other.comment_id == Report.comment_id, other.reader_id == account.id)
    own = exists().where(Comment.id == Report.comment_id, Comment.reader_id.in_([guest.id, account.id]))
    is_open = Report.settled_by_id.is_(None)
    twice = (Report.reader_id == guest.id) & too.where(other.settled_by_id.is_(None))
    about_own = Report.reader_id.in_([guest.id, account.id]) & own
    db.session.execute(delete(Report).where(is_open, or_(twice, about_own)))
    moving = (Report.reader_id == guest.id) & (is_open | ~too)
    db.session.execute(update(Report).where(moving).values(reader_id=account.id))


def _move_comments(guest: Reader, account: Reader) -> set[int]:
    """Move comments, and return the articles that show another name for it."""
    moved = update(Comment).where(Comment.reader_id == guest.id).values(reader_id=account.id).returning(Comment.article_id)
    return set(db.session.scalars(moved, execution_options={"synchronize_session": False}))
