"""Past comments as rules are tried on them, before one is saved: what was known of each, and what people decided. Reads only."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from domain.dryrun import Fate, Past
from domain.factfinding import Means, Occasion, facts_of_all
from domain.permissions import GONE
from extensions import db
from models import Article, Comment, ModerationAct, ModerationEntry

MOST = 1_000  # past comments, the newest: a few seconds at most, and a week or a month of a newsroom's
AT_ONCE = 250  # of them that are read together: who stops early has not waited for all

FATES = {
    ModerationAct.APPROVED: Fate.APPROVED,
    ModerationAct.APPEAL_GRANTED: Fate.APPROVED,
    ModerationAct.REMOVED: Fate.REMOVED,
    ModerationAct.LIMITED: Fate.REMOVED,
    ModerationAct.DISABLED: Fate.REMOVED,
    ModerationAct.APPEAL_REFUSED: Fate.REMOVED,
    ModerationAct.UNDONE: Fate.UNDECIDED,
}


def past(means: Means, *, most: int = MOST) -> Iterator[Past]:
    """Yield the newest comments whose text is still there, newest first."""
    newest = select(Comment.id).where(Comment.state.not_in(GONE)).order_by(Comment.id.desc()).limit(most)
    ids = db.session.scalars(newest).all()
    for begin in range(0, len(ids), AT_ONCE):
        yield from _read(ids[begin : begin + AT_ONCE], means)


def excerpts(comment_ids: Sequence[int]) -> dict[int, Comment]:
    """Return comments by their numbers, with whoever wrote them."""
    found = select(Comment).where(Comment.id.in_(comment_ids)).options(joinedload(Comment.reader))
    return {comment.id: comment for comment in db.session.scalars(found)}


def _read(ids: Sequence[int], means: Means) -> Iterator[Past]:
    whole = select(Comment).where(Comment.id.in_(ids)).order_by(Comment.id.desc())
    place = joinedload(Comment.article).load_only(Article.section, Article.legal_state)
    comments = db.session.scalars(whole.options(joinedload(Comment.reader), place)).all()
    fates, facts = _fates(ids), facts_of_all([_occasion(one) for one in comments], means)
    for comment, known in zip(comments, facts, strict=True):
        yield Past(comment.id, known, fates.get(comment.id, Fate.UNDECIDED))


def _occasion(comment: Comment) -> Occasion:
    return Occasion(
        body=comment.body_source,
        reader=comment.reader,
        article=comment.article,
        at=comment.posted_at,
        is_reply=comment.parent_id is not None,
        comment=comment,
    )


def _fates(ids: Sequence[int]) -> dict[int, Fate]:
    """Return what people last decided about comments."""
    decided = select(ModerationEntry.comment_id, ModerationEntry.act).where(
        ModerationEntry.comment_id.in_(ids), ModerationEntry.actor_id.is_not(None), ModerationEntry.act.in_(FATES)
    )
    rows = db.session.execute(decided.order_by(ModerationEntry.id))
    return {comment_id: FATES[act] for comment_id, act in rows if comment_id is not None}
