"""The cards of the moderators' desk: a comment with all that is known about it, for whoever decides. Reads only."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Select, case, desc, exists, func, select
from sqlalchemy.orm import joinedload, selectinload

from domain import differences, moderation
from domain.differences import Piece
from domain.errors import N_, Missing
from extensions import db
from models import (
    Article,
    Comment,
    CommentRevision,
    CommentState,
    Forecast,
    ModerationAct,
    ModerationEntry,
    Report,
    ReportReason,
    RevisionState,
    ScreeningVerdict,
)

NOTES_A_REASON = 5  # the newest; what the five-hundredth reporter adds is their number


@dataclass(frozen=True)
class Complaints:
    """The open reports of a comment that give one reason, with the newest notes."""

    reason: ReportReason
    count: int
    first_at: datetime
    newest_id: int
    notes: tuple[str, ...]


@dataclass(frozen=True)
class Record:
    """How an author's comments have fared."""

    comments: int = 0
    approved: int = 0
    removed: int = 0


@dataclass(frozen=True)
class Edit:
    """A text that waits to take the place of the one that is shown. `pieces` says what changes, unless both are too long."""

    revision: CommentRevision
    pieces: list[Piece] | None


@dataclass(frozen=True, kw_only=True)
class Item:
    """A comment before a moderator: its author's record, what the checks saw, who complains, and the newest decision.

    Where an edit of it waits as well, the checks are those that hold the edit.
    """

    comment: Comment
    record: Record
    verdicts: tuple[ScreeningVerdict, ...]
    complaints: tuple[Complaints, ...]
    decision: ModerationEntry | None
    edit: Edit | None = None

    @property
    def waits_since(self) -> datetime:
        """Return since when it has been waiting: the first open report or the edit of what is published, else its posting."""
        if self.comment.state is not CommentState.PUBLISHED:
            return self.comment.posted_at
        since = [reports.first_at for reports in self.complaints]
        return min(since + ([self.edit.revision.written_at] if self.edit else []), default=self.comment.posted_at)

    @property
    def newest_report_id(self) -> int:
        """Return the newest report a moderator sees here; 0 where there is none."""
        return max((reports.newest_id for reports in self.complaints), default=0)

    @property
    def can_be_approved(self) -> bool:
        """Whether there is something to approve: it is held, or published and reported."""
        is_reported = self.comment.state is CommentState.PUBLISHED and bool(self.complaints)
        return self.comment.state is CommentState.HELD or is_reported

    @property
    def can_be_removed(self) -> bool:
        """Whether there is something to take off the page."""
        return self.comment.state in {CommentState.HELD, CommentState.PUBLISHED}


def item(comment_id: int) -> Item:
    """Return one comment as the desk shows it, whatever its state; raise `Missing` where there is none."""
    found = items([comment_id])
    if not found:
        raise Missing(N_("There is no such comment."))
    return found[0]


def items(comment_ids: Sequence[int]) -> list[Item]:
    """Return the comments in the order of their ids in `comment_ids`, in eight queries however many there are."""
    comments = {comment.id: comment for comment in db.session.scalars(_whole().where(Comment.id.in_(comment_ids)))}
    records = _records({comment.reader_id for comment in comments.values()})
    decisions = moderation.decisions_about(comments)
    edits, complaints = _edits(comments), _complaints(comments)
    verdicts = _verdicts(comments, {edit.revision.id for edit in edits.values()})
    return [
        Item(
            comment=comments[comment_id],
            record=records[comments[comment_id].reader_id],
            verdicts=tuple(verdicts[comment_id]),
            complaints=tuple(complaints[comment_id]),
            decision=decisions.get(comment_id),
            edit=edits.get(comment_id),
        )
        for comment_id in comment_ids
        if comment_id in comments
    ]


def _whole() -> Select[Comment]:
    return select(Comment).options(
        joinedload(Comment.reader),
        joinedload(Comment.article).load_only(Article.slug, Article.headline),
        joinedload(Comment.choice),
        joinedload(Comment.forecast).options(joinedload(Forecast.outcome), selectinload(Forecast.probabilities)),
        joinedload(Comment.parent).joinedload(Comment.reader),
    )


def _records(reader_ids: Collection[int]) -> dict[int, Record]:
    approved = exists().where(ModerationEntry.comment_id == Comment.id, ModerationEntry.act == ModerationAct.APPROVED)
    tallied = select(
        Comment.reader_id,
        func.count(),
        func.count(case((approved & (Comment.state == CommentState.PUBLISHED), 1))),
        func.count(case((Comment.state == CommentState.REMOVED, 1))),
    )
    rows = db.session.execute(tallied.where(Comment.reader_id.in_(reader_ids)).group_by(Comment.reader_id))
    return {reader_id: Record(*numbers) for reader_id, *numbers in rows}


def _edits(comments: Mapping[int, Comment]) -> dict[int, Edit]:
    """Return by comment the edits that wait. Of what is not published, the comment itself is decided about first."""
    waiting = select(CommentRevision).where(
        CommentRevision.comment_id.in_(comments), CommentRevision.state == RevisionState.HELD
    )
    return {
        revision.comment_id: Edit(
            revision, differences.between(comments[revision.comment_id].body_source, revision.body_source)
        )
        for revision in db.session.scalars(waiting)
    }


def _verdicts(comment_ids: Collection[int], edit_ids: Collection[int]) -> dict[int, list[ScreeningVerdict]]:
    """Return by comment why an edit among these waits, or else why the comment waits or had to; each reason once."""
    found: defaultdict[int, list[ScreeningVerdict]] = defaultdict(list)
    about = select(ScreeningVerdict).where(ScreeningVerdict.comment_id.in_(comment_ids)).order_by(ScreeningVerdict.id)
    for verdict in db.session.scalars(about):
        found[verdict.comment_id].append(verdict)
    chosen: defaultdict[int, list[ScreeningVerdict]] = defaultdict(list)
    for comment_id, verdicts in found.items():
        of_edit = [verdict for verdict in verdicts if verdict.revision_id in edit_ids]
        chosen[comment_id] = list({(one.check, one.detail): one for one in of_edit or verdicts}.values())
    return chosen


def _complaints(comment_ids: Collection[int]) -> defaultdict[int, list[Complaints]]:
    """Return the open reports by comment, the most frequent reason first."""
    is_open = Report.comment_id.in_(comment_ids) & Report.settled_by_id.is_(None)
    reason = (Report.comment_id, Report.reason)
    summed = select(*reason, func.count().label("count"), func.min(Report.made_at), func.max(Report.id)).where(is_open)
    place = func.row_number().over(partition_by=reason, order_by=Report.id.desc()).label("place")
    noted = select(*reason, Report.note, place).where(is_open, Report.note != "").subquery()
    newest = select(noted).where(noted.c.place <= NOTES_A_REASON).order_by(noted.c.place)
    notes: defaultdict[tuple[int, ReportReason], list[str]] = defaultdict(list)
    for comment_id, why, note, _ in db.session.execute(newest):
        notes[comment_id, why].append(note)
    found: defaultdict[int, list[Complaints]] = defaultdict(list)
    grouped = summed.group_by(*reason).order_by(desc("count"), Report.reason)
    for comment_id, why, count, first_at, newest_id in db.session.execute(grouped):
        found[comment_id].append(Complaints(why, count, first_at, newest_id, tuple(notes[comment_id, why])))
    return found
