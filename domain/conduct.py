"""What became of a reader's comments, what they are under, and what moderators tell each other of them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, or_, select
from sqlalchemy.orm import aliased, joinedload

from domain import restraints, sanctions, text
from domain.errors import N_, Forbidden, Invalid, Missing
from domain.permissions import can_sanction
from domain.restraints import Restraints
from extensions import db
from models import (
    Article,
    Comment,
    CommentState,
    ModerationAct,
    ModerationEntry,
    Reader,
    ReaderNote,
    Sanction,
)

LONGEST_NOTE = 1_000  # characters: enough for a colleague to know what to look for
LISTED = 30  # acts on a page
NOTES_SHOWN = 50  # the newest; more are not read
RESTRICTING = (ModerationAct.LIMITED, ModerationAct.REMOVED, ModerationAct.DISABLED)


@dataclass(frozen=True, kw_only=True)
class Tally:
    """How many comments a reader has, and how often moderators approved, restricted, and were wrong to restrict."""

    comments: int
    waiting: int
    approved: int
    restricted: int
    overturned: int


@dataclass(frozen=True, kw_only=True)
class Conduct:
    """What a moderator sees of a reader. `next_before` is the cursor of the next page of acts."""

    reader: Reader
    tally: Tally
    restraints: Restraints
    sanctions: tuple[Sanction, ...]
    notes: tuple[ReaderNote, ...]
    acts: tuple[ModerationEntry, ...]
    next_before: int | None

    @property
    def newest_sanction(self) -> int:
        """Return the id of the newest sanction; nought where there never was one."""
        return self.sanctions[0].id if self.sanctions else 0

    @property
    def past(self) -> tuple[Sanction, ...]:
        """Return the sanctions that are over."""
        return tuple(one for one in self.sanctions if one not in self.restraints.sanctions)


def reader_with(public_id: str) -> Reader:
    """Return any reader, guest or account, whether or not they have a public page; raise `Missing` where there is none."""
    reader = db.session.scalar(select(Reader).where(Reader.public_id == public_id)) if public_id.isalnum() else None
    if reader is None:
        raise Missing(N_("There is no such reader."))
    return reader


def of(reader: Reader, *, now: datetime, before: int | None = None) -> Conduct:
    """Return what became of what a reader wrote, and a page of what was decided about it: a constant number of queries."""
    acts = _acts(reader, before)
    page = acts[:LISTED]
    return Conduct(
        reader=reader,
        tally=tally_of(reader),
        restraints=restraints.of(reader, now),
        sanctions=tuple(sanctions.of(reader)),
        notes=notes_of(reader),
        acts=tuple(page),
        next_before=page[-1].id if len(acts) > LISTED else None,
    )


def note(reader: Reader, words: str, *, by: Reader, now: datetime) -> ReaderNote:
    """Tell other moderators something of a reader. The caller commits.

    Raises `Forbidden` for oneself and for a role that is not lower, `Invalid` for no words or too many.
    """
    words = text.plain(words)
    if not can_sanction(by, reader):
        raise Forbidden(N_("Notes are about readers whose role is lower than yours."))
    if not words or len(words) > LONGEST_NOTE:
        raise Invalid(N_("Write a note of 1 to %(most)s characters."), most=LONGEST_NOTE)
    row = ReaderNote(reader_id=reader.id, by_id=by.id, text=words, made_at=now)
    db.session.add(row)
    db.session.flush()
    return row


def notes_of(reader: Reader) -> tuple[ReaderNote, ...]:
    """Return what moderators told each other of a reader, the newest first."""
    found = select(ReaderNote).where(ReaderNote.reader_id == reader.id).options(joinedload(ReaderNote.by))
    return tuple(db.session.scalars(found.order_by(ReaderNote.id.desc()).limit(NOTES_SHOWN)))


def tally_of(reader: Reader) -> Tally:
    """Count what became of a reader's comments: three queries."""
    states = select(Comment.state, func.count()).where(Comment.reader_id == reader.id).group_by(Comment.state)
    by_state = {state: count for state, count in db.session.execute(states)}  # noqa: C416 - a row is no pair to mypy
    acts = select(ModerationEntry.act, func.count(func.distinct(ModerationEntry.comment_id)))
    of_comments = acts.join(Comment, Comment.id == ModerationEntry.comment_id).where(Comment.reader_id == reader.id)
    by_act = {act: count for act, count in db.session.execute(of_comments.group_by(ModerationEntry.act))}  # noqa: C416
    return Tally(
        comments=sum(by_state.values()),
        waiting=by_state.get(CommentState.HELD, 0),
        approved=by_act.get(ModerationAct.APPROVED, 0),
        restricted=sum(by_act.get(act, 0) for act in RESTRICTING),
        overturned=by_act.get(ModerationAct.APPEAL_GRANTED, 0) + _undone(reader),
    )


def _undone(reader: Reader) -> int:
    """Return how many restrictions of the reader's comments were undone."""
    restricting = aliased(ModerationEntry)
    undone = select(func.count()).select_from(ModerationEntry).join(restricting, restricting.id == ModerationEntry.undoes_id)
    undone = undone.join(Comment, Comment.id == restricting.comment_id)
    return db.session.scalar(undone.where(Comment.reader_id == reader.id, restricting.act.in_(RESTRICTING))) or 0


def _acts(reader: Reader, before: int | None) -> list[ModerationEntry]:
    """Return the newest acts about the reader and what they wrote, one more than a page holds."""
    about_comments = select(ModerationEntry.id).join(Comment, Comment.id == ModerationEntry.comment_id)
    about_comments = about_comments.where(Comment.reader_id == reader.id)
    about_reader = select(ModerationEntry.id).join(Sanction, Sanction.id == ModerationEntry.sanction_id)
    about_reader = about_reader.where(Sanction.reader_id == reader.id)
    comment = joinedload(ModerationEntry.comment).joinedload(Comment.article).load_only(Article.slug, Article.headline)
    found = select(ModerationEntry).where(or_(ModerationEntry.id.in_(about_comments), ModerationEntry.id.in_(about_reader)))
    found = found.options(comment, joinedload(ModerationEntry.actor))
    if before is not None:
        found = found.where(ModerationEntry.id < before)
    return list(db.session.scalars(found.order_by(ModerationEntry.id.desc()).limit(LISTED + 1)))
