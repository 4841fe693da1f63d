"""Every article there is to read, page by page, the newest first."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import select, tuple_

from domain import frontpage
from extensions import db
from models import Article

A_PAGE = 50  # articles


@dataclass(frozen=True)
class Shelf:
    """One page of the archive. `next_before` is what to ask the following one with, if there is one."""

    articles: list[Article]
    next_before: int | None


def shelf(before: int | None = None) -> Shelf:
    """Return the newest published articles, or those that were published before the one with an id; none before an unknown one."""
    place = (Article.opened_at, Article.id)
    published = frontpage.listed().where(Article.opened_at.is_not(None))
    if before is not None:
        published = published.where(tuple_(*place) < select(*place).where(Article.id == before).scalar_subquery())
    found = list(db.session.scalars(published.order_by(*(column.desc() for column in place)).limit(A_PAGE + 1)))
    return Shelf(found[:A_PAGE], found[A_PAGE - 1].id if len(found) > A_PAGE else None)
