"""The cards of the moderators' desk: a comment with all that is known about it, for whoever decides. Reads only."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Select, desc, func, select
from sqlalchemy.orm import joinedload, selectinload

from domain import differences, queues, standings
from domain.differences import Piece
from domain.errors import N_, Missing
from domain.judging import decisions_about
from domain.leases import held_by_others
from domain.marking import Stretch, places, stretches
from domain.standings import Record, Standing
from domain.weighing import Weight, weights
from extensions import db
from models import (
    SHOWN,
    Article,
    Comment,
    CommentRevision,
    CommentState,
    Finding,
    Forecast,
    ModerationEntry,
    Reader,
    Referral,
    ReferralKind,
    Report,
    ReportReason,
    ReviewLease,
    RevisionState,
    ScreeningVerdict,
)

OF_ARTICLE = (Article.slug, Article.headline, Article.legal_state, Article.jurisdiction, Article.is_criminal, Article.has_jury)
NOTES_A_REASON = 5  # the newest; what the five-hundredth reporter adds is their number


@dataclass(frozen=True)
class Complaints:
    """The open reports of a comment that give one reason, with the newest notes."""

    reason: ReportReason
    count: int
    first_at: datetime
    newest_id: int
    notes: tuple[str, ...]
    weight: Weight


@dataclass(frozen=True)
class Edit:
    """A text that waits to take the place of the one that is shown. `pieces` says what changes, unless both are too long."""

    revision: CommentRevision
    pieces: list[Piece] | None


@dataclass(frozen=True, kw_only=True)
class Item:
    """A comment before a moderator: how its author stands, what the checks saw, who complains, and the newest decision.

    Where an edit of it waits as well, the checks are those that hold the edit.
    """

    comment: Comment
    standing: Standing
    verdicts: tuple[ScreeningVerdict, ...]
    complaints: tuple[Complaints, ...]
    referrals: tuple[Referral, ...]
    decision: ModerationEntry | None
    edit: Edit | None = None
    lease: ReviewLease | None = None  # another moderator's
    is_new_name: bool = False

    @property
    def record(self) -> Record:
        """Return how its author's comments have fared."""
        return self.standing.record

    @property
    def weight(self) -> float:
        """Return what all complaints weigh together."""
        return sum(reports.weight.total for reports in self.complaints)

    @property
    def stretches(self) -> list[Stretch]:
        """Return the text that is judged with what the checks saw in it; nothing where they point at no place."""
        judged = self.edit.revision if self.edit else self.comment
        return stretches(judged.body_source, [place for one in self.verdicts for place in places(one.evidence)])

    @property
    def waits_since(self) -> datetime:
        """Return since when it has been waiting: of what is shown, the first report, referral or edit; else its posting."""
        if self.comment.state not in SHOWN:
            return self.comment.posted_at
        since = [reports.first_at for reports in self.complaints] + [one.made_at for one in self.referrals]
        return min(since + ([self.edit.revision.written_at] if self.edit else []), default=self.comment.posted_at)

    @property
    def newest_report_id(self) -> int:
        """Return the newest report a moderator sees here; 0 where there is none."""
        return max((reports.newest_id for reports in self.complaints), default=0)

    @property
    def can_be_approved(self) -> bool:
        """Whether there is something to approve: it is held, or shown and before moderators for another reason."""
        is_before_them = bool(self.complaints or self.referrals or (self.is_new_name and not self.edit))
        return self.comment.state is CommentState.HELD or (self.comment.state in SHOWN and is_before_them)

    @property
    def can_be_removed(self) -> bool:
        """Whether there is something to take off the page."""
        return self.comment.state in {CommentState.HELD, *SHOWN}

    @property
    def can_be_limited(self) -> bool:
        """Whether it can be put behind a notice: it waits, or is shown in full."""
        return self.comment.state in {CommentState.HELD, CommentState.PUBLISHED}

    @property
    def can_be_held(self) -> bool:
        """Whether it can be taken off the page until somebody has decided."""
        return self.comment.state in SHOWN

    @property
    def can_have_its_edit(self) -> bool:
        """Whether the edit that waits is decided about now: of what is not shown, the comment itself is decided about first."""
        return self.edit is not None and self.comment.state in SHOWN

    def has_asked(self, moderator: Reader | None) -> bool:
        """Whether this moderator has asked another for their opinion, who has not given it: another decides."""
        asked = {one.by_id for one in self.referrals if one.kind is ReferralKind.SECOND_OPINION}
        return moderator is not None and moderator.id in asked

    def is_referred(self, kind: ReferralKind) -> bool:
        """Whether it stands in a queue of this kind."""
        return any(one.kind is kind for one in self.referrals)


def item(comment_id: int, *, now: datetime, viewer: Reader | None = None) -> Item:
    """Return one comment as the desk shows it, whatever its state; raise `Missing` where there is none."""
    found = items([comment_id], now=now, viewer=viewer)
    if not found:
        raise Missing(N_("There is no such comment."))
    return found[0]


def items(comment_ids: Sequence[int], *, now: datetime, viewer: Reader | None = None) -> list[Item]:
    """Return the comments in the order of their ids in `comment_ids`, in as many queries however many there are."""
    comments = {comment.id: comment for comment in db.session.scalars(_whole().where(Comment.id.in_(comment_ids)))}
    standing = standings.of({comment.reader_id for comment in comments.values()})
    decisions, leases = decisions_about(comments), held_by_others(comments, by=viewer, now=now)
    edits, complaints, referrals = _edits(comments), _complaints(comments), _referrals(comments)
    verdicts = _verdicts(comments, {edit.revision.id for edit in edits.values()})
    new = queues.new_names_among(comments, now)
    return [
        Item(
            comment=comments[comment_id],
            standing=standing[comments[comment_id].reader_id],
            verdicts=tuple(verdicts[comment_id]),
            complaints=tuple(complaints[comment_id]),
            referrals=tuple(referrals[comment_id]),
            decision=decisions.get(comment_id),
            edit=edits.get(comment_id),
            lease=leases.get(comment_id),
            is_new_name=comment_id in new,
        )
        for comment_id in comment_ids
        if comment_id in comments
    ]


def _whole() -> Select[Comment]:
    return select(Comment).options(
        joinedload(Comment.reader),
        joinedload(Comment.article).load_only(*OF_ARTICLE),
        joinedload(Comment.choice),
        joinedload(Comment.forecast).options(joinedload(Forecast.outcome), selectinload(Forecast.probabilities)),
        joinedload(Comment.parent).joinedload(Comment.reader),
    )


def _referrals(comment_ids: Collection[int]) -> defaultdict[int, list[Referral]]:
    found: defaultdict[int, list[Referral]] = defaultdict(list)
    is_open = Referral.comment_id.in_(comment_ids) & Referral.settled_by_id.is_(None)
    for referral in db.session.scalars(select(Referral).where(is_open).order_by(Referral.id).options(joinedload(Referral.by))):
        found[referral.comment_id].append(referral)
    return found


def _edits(comments: Mapping[int, Comment]) -> dict[int, Edit]:
    """Return by comment the edits that wait."""
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
    about = select(ScreeningVerdict).where(ScreeningVerdict.comment_id.in_(comment_ids))
    about = about.where(ScreeningVerdict.finding != Finding.PASSED).order_by(ScreeningVerdict.id)
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
    weighed = weights(comment_ids)
    grouped = summed.group_by(*reason).order_by(desc("count"), Report.reason)
    for comment_id, why, count, first_at, newest_id in db.session.execute(grouped):
        found[comment_id].append(
            Complaints(why, count, first_at, newest_id, tuple(notes[comment_id, why]), weighed[comment_id, why])
        )
    return found
