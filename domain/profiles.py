"""What a reader has done here: for their own page everything, for the public one what the public can read. Reads only."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import Select, func, select
from sqlalchemy.orm import joinedload, selectinload

from domain import endings, explanations, moderation, revisions
from extensions import db
from models import (
    Article,
    Comment,
    CommentState,
    Finding,
    Forecast,
    ModerationAct,
    ModerationEntry,
    OpinionChoice,
    OpinionPoll,
    OpinionVote,
    Outcome,
    Prediction,
    Reader,
    Resolution,
    RevisionState,
    ScreeningVerdict,
    StatementOfReasons,
)

COMMENTS_A_PAGE = 20
ANSWERS_SHOWN = 50  # takes and forecasts, the newest: about a year of a keen reader


@dataclass(frozen=True, kw_only=True)
class Written:
    """One comment, the newest decision about it, the names of the checks that held it, what became of its last edit, and the
    statement of reasons where it is restricted."""

    comment: Comment
    entry: ModerationEntry | None = None
    checks: tuple[str, ...] = ()
    edit: ModerationEntry | None = None
    statement: StatementOfReasons | None = None


@dataclass(frozen=True, kw_only=True)
class WrittenPage:
    """Comments, newest first. `next_before` is the cursor of the next page."""

    rows: tuple[Written, ...]
    next_before: int | None


@dataclass(frozen=True, kw_only=True)
class Called:
    """One forecast, how its question was resolved, if it was, and what the reader expected at the close."""

    forecast: Forecast
    resolution: Resolution | None
    picked_id: int | None

    @property
    def was_right(self) -> bool:
        """Whether the reader expected in time what is held to have happened."""
        return self.resolution is not None and self.resolution.outcome_id == self.picked_id

    @property
    def was_late(self) -> bool:
        """Whether this forecast came true, but did not stand at the close."""
        came_true = self.resolution is not None and self.resolution.outcome_id == self.forecast.outcome_id
        return came_true and not self.was_right


def own_comments(reader: Reader, *, before: int | None = None) -> WrittenPage:
    """Return a page of the reader's comments in whatever state, but not those they withdrew."""
    page, next_before = _page(_of(reader).where(Comment.state != CommentState.WITHDRAWN), before)
    hidden = [comment.id for comment in page if comment.state is not CommentState.PUBLISHED]
    entries, checks = moderation.decisions_about(hidden), _checks_of(hidden)
    edits = _edits_of([comment.id for comment in page if comment.state is CommentState.PUBLISHED])
    told = explanations.in_force_about(hidden)
    rows = [
        Written(
            comment=row,
            entry=entries.get(row.id),
            checks=tuple(checks.get(row.id, ())),
            edit=edits.get(row.id),
            statement=told.get(row.id),
        )
        for row in page
    ]
    return WrittenPage(rows=tuple(rows), next_before=next_before)


def public_comments(reader: Reader, *, before: int | None = None) -> WrittenPage:
    """Return a page of those comments of the reader that everybody can read."""
    page, next_before = _page(_of(reader).where(Comment.state == CommentState.PUBLISHED), before)
    return WrittenPage(rows=tuple(Written(comment=row) for row in page), next_before=next_before)


def takes_of(reader: Reader) -> list[OpinionVote]:
    """Return the reader's newest takes, each with its question and article."""
    found = select(OpinionVote).where(OpinionVote.reader_id == reader.id)
    poll = joinedload(OpinionVote.choice).joinedload(OpinionChoice.poll)
    asked = poll.joinedload(OpinionPoll.article), poll.selectinload(OpinionPoll.choices)
    newest = func.coalesce(OpinionVote.changed_at, OpinionVote.cast_at).desc()
    return list(db.session.scalars(found.options(*asked).order_by(newest, OpinionVote.poll_id).limit(ANSWERS_SHOWN)))


def forecasts_of(reader: Reader) -> list[Called]:
    """Return the reader's newest forecasts, each with its question, article and resolution."""
    found = select(Forecast, endings.pick_at_close(Prediction, Resolution, Forecast.reader_id))
    found = found.join(Prediction, Prediction.id == Forecast.prediction_id).outerjoin(Resolution, endings.newest_of(Prediction))
    found = found.where(Forecast.reader_id == reader.id, Forecast.superseded_at.is_(None))
    question = joinedload(Forecast.outcome).joinedload(Outcome.prediction)
    found = found.options(
        question.joinedload(Prediction.article),
        question.selectinload(Prediction.resolutions).joinedload(Resolution.outcome),
        selectinload(Forecast.probabilities),
    )
    newest = db.session.execute(found.order_by(Forecast.id.desc()).limit(ANSWERS_SHOWN))
    return [Called(forecast=row, resolution=row.outcome.prediction.resolution, picked_id=pick) for row, pick in newest]


def _of(reader: Reader) -> Select[Comment]:
    with_article = joinedload(Comment.article).load_only(Article.slug, Article.headline, Article.created_at)
    return select(Comment).where(Comment.reader_id == reader.id).options(with_article)


def _page(found: Select[Comment], before: int | None) -> tuple[Sequence[Comment], int | None]:
    if before is not None:
        found = found.where(Comment.id < before)
    rows = db.session.scalars(found.order_by(Comment.id.desc()).limit(COMMENTS_A_PAGE + 1)).all()
    page = rows[:COMMENTS_A_PAGE]
    return page, page[-1].id if len(rows) > COMMENTS_A_PAGE else None


def _edits_of(comment_ids: Sequence[int]) -> dict[int, ModerationEntry]:
    """Return by comment what was decided last about the newest edit of it, where anything was and still holds."""
    newest = {text.id: text for text in revisions.newest_of(comment_ids).values()}
    if not newest:
        return {}
    about = select(ModerationEntry).where(ModerationEntry.revision_id.in_(newest)).order_by(ModerationEntry.id)
    last = {entry.revision_id: entry for entry in db.session.scalars(about)}
    is_over = {
        text.id for text in newest.values() if text.state is RevisionState.REFUSED
    }  # by its author, unless an entry says
    return {
        entry.subject_id: entry
        for text_id, entry in last.items()
        if text_id not in is_over or entry.act is ModerationAct.EDIT_REFUSED
    }


def _checks_of(comment_ids: Sequence[int]) -> dict[int, list[str]]:
    checks: defaultdict[int, list[str]] = defaultdict(list)
    seen = ScreeningVerdict.comment_id.in_(comment_ids) & ScreeningVerdict.finding.not_in((Finding.PASSED, Finding.FLAG))
    found = select(ScreeningVerdict).where(seen).order_by(ScreeningVerdict.id)
    for verdict in db.session.scalars(found):
        check = "failed" if verdict.finding is Finding.FAILED else verdict.check
        if check not in checks[verdict.comment_id]:  # an edit can be held for the same reason again
            checks[verdict.comment_id].append(check)
    return dict(checks)
