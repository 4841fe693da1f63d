"""What moderators decided, to look back on and to take back. Reads only."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import Select, and_, exists, select
from sqlalchemy.orm import aliased, joinedload

from domain import moderation, revisions
from extensions import db
from models import Article, Comment, CommentRevision, ModerationAct, ModerationEntry, Reader

DECISIONS_A_PAGE = 50
UNDO_OFFERED = timedelta(hours=1)  # on every page of the desk; afterwards only among the decisions


@dataclass(frozen=True)
class Decision:
    """One of a moderator's decisions. `stands` says that it can still be undone: nothing has happened since."""

    entry: ModerationEntry
    stands: bool

    @property
    def is_overtaken(self) -> bool:
        """Whether it could have been undone until something else happened. Of what has no undo nothing is said."""
        return self.entry.act in moderation.UNDOABLE and not self.stands


def decisions_by(moderator: Reader, *, before: int | None = None) -> tuple[list[Decision], int | None]:
    """Return a page of what the moderator decided, newest first, and the cursor of the next page."""
    mine = _with_comment().where(
        ModerationEntry.actor_id == moderator.id,
        ModerationEntry.comment_id.is_not(None),
        ModerationEntry.act.not_in(moderation.BY_AUTHORS),
    )
    if before is not None:
        mine = mine.where(ModerationEntry.id < before)
    entries = list(db.session.scalars(mine.order_by(ModerationEntry.id.desc()).limit(DECISIONS_A_PAGE + 1)))
    page = entries[:DECISIONS_A_PAGE]
    about = {entry.subject_id for entry in page}
    newest, texts = moderation.decisions_about(about), revisions.newest_of(about)
    decisions = [
        Decision(entry, moderation.stands(entry, newest.get(entry.subject_id, entry), texts.get(entry.subject_id)))
        for entry in page
    ]
    return decisions, page[-1].id if len(entries) > DECISIONS_A_PAGE else None


def last_decision(moderator: Reader, now: datetime) -> Decision | None:
    """Return the moderator's newest decision of the last hour that still stands, or that has no undo, if there is one.

    What was decided before an act without undo is not what a moderator means who takes back what they did last.
    """
    later, newer = aliased(ModerationEntry), aliased(CommentRevision)
    has_no_undo = ModerationEntry.act.not_in({*moderation.UNDOABLE, *moderation.BY_AUTHORS, ModerationAct.UNDONE})
    still_stands = and_(
        ModerationEntry.act.in_(moderation.UNDOABLE),
        ModerationEntry.comment.has(Comment.state == ModerationEntry.to_state),
        ~exists().where(later.comment_id == ModerationEntry.comment_id, later.id > ModerationEntry.id),
        ~exists().where(newer.comment_id == ModerationEntry.comment_id, newer.id > ModerationEntry.revision_id),
    )
    mine = _with_comment().where(
        ModerationEntry.actor_id == moderator.id,
        ModerationEntry.comment_id.is_not(None),
        ModerationEntry.made_at > now - UNDO_OFFERED,
        has_no_undo | still_stands,
    )
    entry = db.session.scalar(mine.order_by(ModerationEntry.id.desc()).limit(1))
    return Decision(entry, stands=entry.act in moderation.UNDOABLE) if entry else None


def history(comment: Comment) -> list[Decision]:
    """Return what was decided about the comment, newest first, at most a page."""
    about = select(ModerationEntry).where(ModerationEntry.comment_id == comment.id).options(joinedload(ModerationEntry.actor))
    entries = db.session.scalars(about.order_by(ModerationEntry.id.desc()).limit(DECISIONS_A_PAGE)).all()
    text = revisions.newest_of([comment.id]).get(comment.id)
    return [Decision(entry, moderation.stands(entry, entries[0], text)) for entry in entries]


def _with_comment() -> Select[ModerationEntry]:
    return select(ModerationEntry).options(
        joinedload(ModerationEntry.comment).options(
            joinedload(Comment.reader), joinedload(Comment.article).load_only(Article.slug, Article.headline)
        )
    )
