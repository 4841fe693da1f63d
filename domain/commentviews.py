"""One comment as a viewer sees it, with its author, take and forecast: read in one statement. Reads only."""

from __future__ import annotations

import enum
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from functools import cache
from typing import Any

from sqlalchemy import Select, and_, bindparam, case, exists, false, func, select
from sqlalchemy.orm import aliased

from domain import endings, moderation, ratings
from domain.permissions import GONE
from extensions import db
from models import (
    SHOWN,
    Article,
    Camp,
    Comment,
    CommentRevision,
    CommentState,
    Forecast,
    ForecastProbability,
    ModerationEntry,
    Mute,
    OpinionChoice,
    Outcome,
    Prediction,
    Reader,
    Resolution,
    RevisionState,
    Role,
    Verdict,
    Visit,
)


class Shown(enum.Enum):
    """How much of a comment its viewer gets."""

    TEXT = "text"
    OWN = "own"  # held or removed, shown to its author with what happened
    PLACE = "place"  # only that something stood there, for the sake of what answers it


@dataclass(frozen=True, kw_only=True)
class Author:
    """Who wrote a comment. Has what the filter `reader_name` and the badges need of a reader."""

    id: int
    public_id: str
    name: str | None
    role: Role
    is_guest: bool


@dataclass(frozen=True, kw_only=True)
class CommentView:
    """A comment as a viewer sees it. Whether take and forecast may be shown is decided by who shows it (`tallies.seen_by`)."""

    id: int
    article_id: int
    parent_id: int | None
    root_id: int | None
    number: int | None
    shown: Shown
    state: CommentState
    author: Author
    is_article_author: bool
    answers: Author | None  # who wrote what this answers, while that can be read
    body_html: str
    language: str | None
    posted_at: datetime
    edited_at: datetime | None
    is_picked: bool
    good: int
    replies: int
    best_rank: int
    common_rank: int
    take: str | None
    camp: Camp | None
    outcome: str | None
    chance: float | None
    is_called: bool  # this forecast came true, and its author stood by it at the close
    entry: ModerationEntry | None  # the decision that hides it, where one does
    verdict: Verdict | None  # the viewer's own rating
    is_own: bool
    is_muted: bool
    is_answered: bool = False  # of one's own: whether anybody has answered it, so that it can no longer be edited
    edit_waits: bool = False  # of one's own: whether an edit of it waits for a moderator
    appeared: int | None = None
    is_new: bool = False  # it appeared after the viewer's last visit

    @property
    def reader_id(self) -> int:
        """Return who wrote it, as the row has it."""
        return self.author.id


AS_THEY_ARE = (  # columns that a view hands on
    *("id", "article_id", "parent_id", "root_id", "number", "state", "language", "posted_at", "edited_at", "good", "replies"),
    *("best_rank", "common_rank", "take", "camp", "outcome", "chance", "appeared"),
)
PARENT, ANSWERED = aliased(Comment), aliased(Reader)
WRITER = (
    Comment.reader_id,
    Reader.public_id,
    Reader.name,
    Reader.role,
    Reader.registered_at,
)  # what `writer_of` needs of a row
ANSWERED_WRITER = (  # and `answered_of`
    *(ANSWERED.id.label("answered_reader_id"), ANSWERED.public_id.label("answered_public_id")),
    *(ANSWERED.name.label("answered_name"), ANSWERED.role.label("answered_role")),
    *(ANSWERED.registered_at.label("answered_registered_at"), PARENT.state.label("answered_state")),
)


def of(comment_ids: Sequence[int], *, viewer: Reader | None, article: Article) -> dict[int, CommentView]:
    """Return comments as the viewer sees them, by id, in at most five statements however many there are."""
    wanted = list(dict.fromkeys(comment_ids))
    whole = _whole() if article.came_true is None else _resolved()
    rows = (
        db.session.execute(whole.where(Comment.id.in_(wanted)), {"viewer_id": viewer.id if viewer else 0}).all()
        if wanted
        else []
    )
    hidden = [row.id for row in rows if row.state is not CommentState.PUBLISHED]
    entries = moderation.decisions_about(hidden) if hidden else {}
    verdicts = ratings.verdicts_of(viewer, wanted) if viewer and rows else {}
    muted = muted_by(viewer) if viewer and rows else set()
    views = {
        row.id: _view(row, viewer, article, entry=entries.get(row.id), verdict=verdicts.get(row.id), muted=muted)
        for row in rows
    }
    own = [view.id for view in views.values() if view.is_own]
    return views | {row.id: _own(views[row.id], row) for row in (db.session.execute(_about_own(own)) if own else ())}


@cache
def _whole() -> Select[*tuple[Any, ...]]:
    """Select everything a comment's place on a page needs, in one row each."""
    visit = and_(Visit.article_id == Comment.article_id, Visit.reader_id == bindparam("viewer_id"))
    picked = and_(ForecastProbability.forecast_id == Comment.forecast_id, ForecastProbability.outcome_id == Forecast.outcome_id)
    return (
        select(
            *(Comment.id, Comment.article_id, Comment.parent_id, Comment.root_id, Comment.number, Comment.state),
            *(Comment.body_html, Comment.language, Comment.posted_at, Comment.edited_at, Comment.picked_at),
            *(Comment.good, Comment.replies, Comment.best_rank, Comment.common_rank),
            *(Comment.appeared, Visit.seen),
            *WRITER,
            *(OpinionChoice.label.label("take"), OpinionChoice.camp),
            *(Outcome.label.label("outcome"), ForecastProbability.probability.label("chance")),
            *ANSWERED_WRITER,
        )
        .join(Reader, Reader.id == Comment.reader_id)
        .outerjoin(OpinionChoice, OpinionChoice.id == Comment.choice_id)
        .outerjoin(Forecast, Forecast.id == Comment.forecast_id)
        .outerjoin(Outcome, Outcome.id == Forecast.outcome_id)
        .outerjoin(ForecastProbability, picked)
        .outerjoin(PARENT, PARENT.id == Comment.parent_id)
        .outerjoin(ANSWERED, ANSWERED.id == PARENT.reader_id)
        .outerjoin(Visit, visit)
    )


@cache
def _resolved() -> Select[*tuple[Any, ...]]:
    """Select the same of comments on an article whose prediction is resolved, and whether their authors called it."""
    pick = endings.pick_at_close(Prediction, Resolution, Comment.reader_id)
    is_called = case((Forecast.outcome_id == Resolution.outcome_id, pick == Resolution.outcome_id), else_=false())
    return (
        _whole()
        .add_columns(func.coalesce(is_called, false()).label("is_called"))
        .outerjoin(Prediction, Prediction.id == Forecast.prediction_id)
        .outerjoin(Resolution, endings.newest_of(Prediction))
    )


def _view(
    row: Any,
    viewer: Reader | None,
    article: Article,
    *,
    entry: ModerationEntry | None,
    verdict: Verdict | None,
    muted: set[int],
) -> CommentView:
    is_own = viewer is not None and row.reader_id == viewer.id
    shown = _shown(row.state, is_own=is_own)
    return CommentView(
        **{name: getattr(row, name) for name in AS_THEY_ARE},
        shown=shown,
        author=writer_of(row),
        is_article_author=row.reader_id == article.author_id,
        answers=answered_of(row),
        body_html=row.body_html if shown is not Shown.PLACE else "",
        is_picked=row.picked_at is not None,
        is_called=getattr(row, "is_called", False),
        entry=entry,
        verdict=verdict,
        is_own=is_own,
        is_muted=row.reader_id in muted and not is_own,
        is_new=not is_own and row.seen is not None and (row.appeared or 0) > row.seen,
    )


def _about_own(comment_ids: Sequence[int]) -> Select[int, bool, bool]:
    """Select what only their author needs to know of comments."""
    answer = aliased(Comment)
    is_answered = exists().where(answer.parent_id == Comment.id)
    edit_waits = exists().where(CommentRevision.comment_id == Comment.id, CommentRevision.state == RevisionState.HELD)
    found = select(Comment.id, is_answered.label("is_answered"), edit_waits.label("edit_waits"))
    return found.where(Comment.id.in_(comment_ids))


def _own(view: CommentView, row: Any) -> CommentView:
    return replace(view, is_answered=row.is_answered, edit_waits=row.edit_waits)


def writer_of(row: Any) -> Author:
    """Return who wrote the comment of a row with `WRITER`."""
    is_guest = row.registered_at is None
    return Author(id=row.reader_id, public_id=row.public_id, name=row.name, role=row.role, is_guest=is_guest)


def answered_of(row: Any) -> Author | None:
    """Return who wrote what the comment of a row with `ANSWERED_WRITER` answers, while that can be read."""
    if row.answered_state not in SHOWN:
        return None
    return Author(
        id=row.answered_reader_id,
        public_id=row.answered_public_id,
        name=row.answered_name,
        role=row.answered_role,
        is_guest=row.answered_registered_at is None,
    )


def _shown(state: CommentState, *, is_own: bool) -> Shown:
    if state in SHOWN:
        return Shown.TEXT
    return Shown.OWN if is_own and state not in GONE else Shown.PLACE


def muted_by(viewer: Reader) -> set[int]:
    """Return the ids of the readers whom the viewer has muted."""
    return set(db.session.scalars(select(Mute.muted_id).where(Mute.reader_id == viewer.id)))
