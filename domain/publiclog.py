"""The public log: what was decided, by which clause, without saying whose text it was, what it said or who decided. Reads only."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import select, text
from sqlalchemy.orm import aliased, joinedload

from domain.secondopinions import RESTRICTING
from extensions import db
from models import IS_PUBLIC, Article, Comment, ModerationAct, ModerationEntry, SanctionKind

A_PAGE = 50
SHOWN_AFTER = timedelta(hours=1)  # what was a slip of a key is undone by then, and nobody reads along who decides just now


@dataclass(frozen=True, kw_only=True)
class Told:
    """One act, as everybody may read it. `article` is where it was, if readers can see that."""

    id: int
    act: ModerationAct
    made_at: datetime
    clause: str
    is_by_machine: bool
    article: Article | None
    sanction: SanctionKind | None
    undoes: ModerationAct | None
    detail: str


@dataclass(frozen=True, kw_only=True)
class Page:
    """Some of the log, the newest first."""

    told: Sequence[Told]
    next_before: int | None

    @property
    def version(self) -> tuple[object, ...]:
        """Return what changes whenever the page does."""
        return (self.told, self.next_before)


def page(now: datetime, *, before: int | None = None) -> Page:
    """Return what was decided an hour or more ago, below an entry: one query, however much there is."""
    commented, named, undone = aliased(Article), aliased(Article), aliased(ModerationEntry)
    found = (
        select(ModerationEntry, commented, named, undone.act)
        .outerjoin(Comment, Comment.id == ModerationEntry.comment_id)
        .outerjoin(commented, commented.id == Comment.article_id)
        .outerjoin(named, named.id == ModerationEntry.article_id)
        .outerjoin(undone, undone.id == ModerationEntry.undoes_id)
        .options(joinedload(ModerationEntry.sanction))
        .where(text(f"moderation_entry.{IS_PUBLIC}"), ModerationEntry.made_at <= now - SHOWN_AFTER)
        .where(ModerationEntry.undoes_id.is_(None) | undone.act.in_(RESTRICTING))
    )
    if before is not None:
        found = found.where(ModerationEntry.id < before)
    rows = db.session.execute(found.order_by(ModerationEntry.id.desc()).limit(A_PAGE + 1)).all()
    told = [_told(entry, on or of, act) for entry, on, of, act in rows[:A_PAGE]]
    return Page(told=told, next_before=told[-1].id if len(rows) > A_PAGE else None)


def _told(entry: ModerationEntry, article: Article | None, undoes: ModerationAct | None) -> Told:
    is_named = entry.act is ModerationAct.LEGAL_STATE_CHANGED  # of an article; what else stands in a detail may name people
    return Told(
        id=entry.id,
        act=entry.act,
        made_at=entry.made_at,
        clause=entry.clause.title if entry.clause else "",
        is_by_machine=entry.actor_id is None,
        article=article if article is not None and not article.is_draft else None,
        sanction=entry.sanction.kind if entry.sanction else None,
        undoes=undoes,
        detail=entry.detail if is_named else "",
    )
