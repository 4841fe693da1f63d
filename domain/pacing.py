"""The speed limit of heated discussions: everybody can see it, and it asks the same of all."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import func, select

from domain import heat
from domain.errors import N_, TooSoon
from domain.heat import Heat
from domain.permissions import can_moderate
from domain.screened import recent_in
from extensions import db
from models import Article, Comment, Reader

MINUTE = timedelta(minutes=1)


def heat_of(article: Article, now: datetime) -> Heat:
    """Return how heated a discussion is."""
    if article.published_comments < heat.LEAST_COUNTED:
        return Heat.CALM  # whatever is held there: readers see no more than these
    return recent_in(article, now).heat


def check(article: Article, *, by: Reader, now: datetime) -> None:
    """Raise `TooSoon`, saying how long it takes yet, where the reader writes faster than a heated discussion bears."""
    pace = heat_of(article, now).pace
    if can_moderate(by) or not pace:
        return
    mine = (Comment.reader_id == by.id) & (Comment.article_id == article.id)
    last = db.session.scalar(select(func.max(Comment.posted_at)).where(mine))
    left = last + pace - now if last else timedelta(0)
    if left > timedelta(0):
        raise TooSoon(
            N_(
                "This discussion is heated just now: everybody can post one comment in %(minutes)s min here. "
                "Send yours again in %(seconds)s seconds."
            ),
            minutes=pace // MINUTE,
            seconds=-(-left // timedelta(seconds=1)),
        )
