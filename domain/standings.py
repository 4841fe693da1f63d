"""What moderators know of authors: how their comments fared, what they are restricted in, and what colleagues noted. Reads only."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass

from sqlalchemy import case, func, select
from sqlalchemy.orm import aliased, joinedload

from domain.statements import RESTRICTED
from extensions import db
from models import SHOWN, Comment, ModerationAct, ModerationEntry, ReaderNote, Sanction

NOTES_SHOWN = 3  # the newest; the author's page has all
REVERSALS = (ModerationAct.UNDONE, ModerationAct.APPEAL_GRANTED)


@dataclass(frozen=True)
class Record:
    """How an author's comments have fared. `overturned` counts restrictions that were taken back."""

    comments: int = 0
    approved: int = 0
    removed: int = 0
    overturned: int = 0


@dataclass(frozen=True)
class Standing:
    """All of that about one author."""

    record: Record
    sanctions: tuple[Sanction, ...]
    notes: tuple[ReaderNote, ...]


def of(reader_ids: Collection[int]) -> dict[int, Standing]:
    """Return how each of these authors stands, in four queries."""
    records, sanctions, notes = _records(reader_ids), _sanctions(reader_ids), _notes(reader_ids)
    return {
        reader_id: Standing(records.get(reader_id, Record()), tuple(sanctions[reader_id]), tuple(notes[reader_id]))
        for reader_id in reader_ids
    }


def _records(reader_ids: Collection[int]) -> dict[int, Record]:
    tallied = select(
        Comment.reader_id,
        func.count(),
        func.count(case((Comment.was_approved & Comment.state.in_(SHOWN), 1))),
        func.count(case((Comment.state.in_(RESTRICTED), 1))),
    )
    rows = db.session.execute(tallied.where(Comment.reader_id.in_(reader_ids)).group_by(Comment.reader_id)).all()
    overturned = _overturned(reader_ids)
    return {row[0]: Record(row[1], row[2], row[3], overturned.get(row[0], 0)) for row in rows}


def _overturned(reader_ids: Collection[int]) -> dict[int, int]:
    back = select(Comment.reader_id, func.count()).join(ModerationEntry, ModerationEntry.comment_id == Comment.id)
    is_back = ModerationEntry.act.in_(REVERSALS) & ModerationEntry.from_state.in_(RESTRICTED)
    rows = db.session.execute(back.where(Comment.reader_id.in_(reader_ids), is_back).group_by(Comment.reader_id))
    return dict(rows.all())


def _sanctions(reader_ids: Collection[int]) -> defaultdict[int, list[Sanction]]:
    found: defaultdict[int, list[Sanction]] = defaultdict(list)
    live = select(Sanction).where(Sanction.reader_id.in_(reader_ids), Sanction.ended_at.is_(None)).order_by(Sanction.id)
    for sanction in db.session.scalars(live):
        found[sanction.reader_id].append(sanction)
    return found


def _notes(reader_ids: Collection[int]) -> defaultdict[int, list[ReaderNote]]:
    found: defaultdict[int, list[ReaderNote]] = defaultdict(list)
    place = func.row_number().over(partition_by=ReaderNote.reader_id, order_by=ReaderNote.id.desc()).label("place")
    numbered = select(ReaderNote, place).where(ReaderNote.reader_id.in_(reader_ids)).subquery()
    newest = aliased(ReaderNote, numbered)
    notes = select(newest).where(numbered.c.place <= NOTES_SHOWN).order_by(newest.id.desc()).options(joinedload(newest.by))
    for note in db.session.scalars(notes):
        found[note.reader_id].append(note)
    return found
