"""Editing one's own comment, for a short while, and the texts it had: nothing that was read disappears without a trace."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import exists, func, select
from sqlalchemy.orm.attributes import flag_modified

from domain import comments, differences, entries, mentions, screening, text, turns, visibility
from domain.differences import Kind, Piece
from domain.errors import N_, Closed, Conflict, DomainError, Forbidden, Missing
from domain.languages import language_of
from domain.permissions import STILL_THERE, can_edit_text, can_moderate
from domain.restraints import Deed
from domain.screened import Text
from extensions import db
from models import Comment, CommentRevision, CommentState, ModerationAct, Reader, RevisionState

MOST_EDITS = 10  # of one comment: enough for mending, and a history that can be read

HELD, SHOWN, REFUSED = RevisionState.HELD, RevisionState.SHOWN, RevisionState.REFUSED


@dataclass(frozen=True, kw_only=True)
class Version:
    """One text of a comment. `pieces` says what changed against the text shown before; all of it where nothing was shown."""

    number: int
    written_at: datetime
    state: RevisionState
    pieces: tuple[Piece, ...]
    is_compared: bool


def edit(comment: Comment, body: str, *, by: Reader, now: datetime, window: timedelta) -> CommentRevision | None:
    """Change what one's own comment says; return the new text, or nothing where it is the same. The caller commits.

    The text is screened again. One that has to wait is kept beside what is shown, and takes the place of another that waits.
    Raises what `check` raises, and `Invalid` for an empty or too long text.
    """
    turns.take(comment.article_id, by, now, to=Deed.WRITE)
    # Whoever answers holds this row by the reference to it, so an answer is either seen below or comes after the edit.
    db.session.refresh(comment, with_for_update=True)
    check(comment, by=by, now=now, window=window)
    body = comments.kept_text(body)
    waiting = waiting_of(comment)
    if body == (waiting or comment).body_source:
        return None
    if waiting is not None:
        _take_back(comment, waiting)
    return _changed(comment, body, by, now) if body != comment.body_source else None


def check(comment: Comment, *, by: Reader | None, now: datetime, window: timedelta) -> None:
    """Raise `Forbidden`, `Closed` or `Conflict`, saying why, unless the reader can edit the comment now."""
    if not can_edit_text(by, comment, article=comment.article, now=now, window=window):
        raise _refusal(comment, by, window)
    if is_answered(comment):
        raise Conflict(N_("Somebody has answered this comment meanwhile, so it stays as it was."))


def is_answered(comment: Comment) -> bool:
    """Whether anybody has answered the comment, whatever became of the answer."""
    return bool(db.session.scalar(select(exists().where(Comment.parent_id == comment.id))))


def waiting_of(comment: Comment) -> CommentRevision | None:
    """Return the edit of the comment that waits for a moderator, if one does."""
    waiting = (CommentRevision.comment_id == comment.id) & (CommentRevision.state == HELD)
    return db.session.scalar(select(CommentRevision).where(waiting).execution_options(populate_existing=True))


def newest_of(comment_ids: Collection[int]) -> dict[int, CommentRevision]:
    """Return the newest text of each of these comments that was ever edited, by comment."""
    newest = select(func.max(CommentRevision.id)).where(CommentRevision.comment_id.in_(comment_ids))
    found = select(CommentRevision).where(CommentRevision.id.in_(newest.group_by(CommentRevision.comment_id)))
    return {revision.comment_id: revision for revision in db.session.scalars(found)}


def show(comment: Comment, revision: CommentRevision, *, now: datetime) -> None:
    """Let a text be what the public reads of a comment that is shown. The caller holds its row."""
    revision.state = SHOWN
    _put(comment, revision)
    comment.edited_at = now
    db.session.flush()
    if mentions.note(comment, mentions.rendered(comment.article, comment.body_source).mentioned):
        visibility.tell_anew(comment)
    visibility.touch(comment.article_id)


def put_back(comment: Comment, revision: CommentRevision) -> None:
    """Let a text that was shown wait again, and show the one before it. The caller holds the comment's row."""
    shown = select(CommentRevision).where(CommentRevision.comment_id == comment.id, CommentRevision.state == SHOWN)
    earlier = shown.where(CommentRevision.number < revision.number).order_by(CommentRevision.number.desc())
    before, *first = db.session.scalars(earlier.limit(2))
    revision.state = HELD
    _put(comment, before)
    comment.edited_at = before.written_at if first else None
    db.session.flush()
    mentions.note(comment, mentions.rendered(comment.article, comment.body_source).mentioned)
    visibility.touch(comment.article_id)


def history(comment: Comment, viewer: Reader | None) -> list[Version]:
    """Return the texts of a comment, newest first: to the public those that were shown, to author and moderators all."""
    if comment.state is CommentState.WITHDRAWN:
        raise Missing(N_("There is no such comment, or it is no longer shown."))
    found = select(CommentRevision).where(CommentRevision.comment_id == comment.id).order_by(CommentRevision.number)
    rows = list(db.session.scalars(found)) or [_first(comment)]
    sees_all = can_moderate(viewer) or (viewer is not None and viewer.id == comment.reader_id)
    versions, shown = [], ""
    for row in rows:
        if row.state is SHOWN or sees_all:
            versions.append(_version(row, shown))
        shown = row.body_source if row.state is SHOWN else shown
    return versions[::-1]


def _version(row: CommentRevision, before: str) -> Version:
    pieces = differences.between(before, row.body_source) if before else None
    return Version(
        number=row.number,
        written_at=row.written_at,
        state=row.state,
        pieces=tuple(pieces or [Piece(Kind.KEPT, row.body_source)]),
        is_compared=pieces is not None or not before,
    )


def _refusal(comment: Comment, by: Reader | None, window: timedelta) -> DomainError:
    """Return why the comment cannot be edited."""
    if by is None or comment.reader_id != by.id:
        return Forbidden(N_("This comment is somebody else's: only its author can change it."))
    if comment.state not in STILL_THERE:
        return Conflict(N_("This comment is no longer shown, so it cannot be edited."))
    if comment.article.closes_comments:
        return Closed(N_("For legal reasons nothing can be written in this discussion, so its comments stay as they are."))
    if not comment.article.is_open:
        return Closed(N_("This discussion is closed, so its comments stay as they are."))
    if not window:
        return Closed(N_("Comments cannot be edited here."))
    minutes = int(window.total_seconds()) // 60
    return Closed(N_("A comment can be edited for %(minutes)s minutes. They are over, so it stays as it was."), minutes=minutes)


def _changed(comment: Comment, body: str, by: Reader, now: datetime) -> CommentRevision:
    revision = _written(comment, body, now)
    is_reply = comment.parent_id is not None
    screened = screening.screen(Text(body, by, now, comment.article, is_reply=is_reply, of=comment))
    screening.keep(comment, screened, now=now, revision=revision)
    if comment.state is CommentState.HELD:
        _put(comment, revision)
        mentions.note(comment, mentions.rendered(comment.article, body).mentioned)
        db.session.flush()
    elif screened.state is not CommentState.PUBLISHED:  # one that is to be limited waits: what is shown was not
        revision.state = HELD
        entries.enter(comment, ModerationAct.EDIT_HELD, comment.state, by=None, now=now, revision=revision)
    else:
        show(comment, revision, now=now)
    return revision


def _written(comment: Comment, body: str, now: datetime) -> CommentRevision:
    """Add a text to the comment's history, which begins with the text it was posted with."""
    last = db.session.scalar(select(func.max(CommentRevision.number)).where(CommentRevision.comment_id == comment.id)) or 0
    if last > MOST_EDITS:
        raise Closed(N_("You have edited this comment %(most)s times, which is the most. It stays as it is."), most=MOST_EDITS)
    if last == 0:
        db.session.add(_first(comment))
        last = 1
    if comment.state is CommentState.HELD:
        _hide_unread(comment)
    revision = CommentRevision(
        comment_id=comment.id,
        number=last + 1,
        body_source=body,
        body_html=mentions.rendered(comment.article, body).html,
        renderer_version=text.RENDERER_VERSION,
        language=language_of(body),
        state=SHOWN,
        written_at=now,
    )
    db.session.add(revision)
    db.session.flush()
    return revision


def _first(comment: Comment) -> CommentRevision:
    """Return the text a comment was posted with, as the first of its history."""
    return CommentRevision(
        comment_id=comment.id,
        number=1,
        body_source=comment.body_source,
        body_html=comment.body_html,
        renderer_version=comment.renderer_version,
        language=comment.language,
        state=SHOWN,
        written_at=comment.posted_at,
    )


def _hide_unread(comment: Comment) -> None:
    """Keep what a held comment said until now out of its public history: nobody has read it, or a moderator took it back."""
    db.session.flush()
    newest = select(CommentRevision).where(CommentRevision.comment_id == comment.id, CommentRevision.state == SHOWN)
    db.session.scalars(newest.order_by(CommentRevision.number.desc()).limit(1)).one().state = REFUSED


def _take_back(comment: Comment, waiting: CommentRevision) -> None:
    """Let an edit wait no longer. No entry tells of it, because nobody decided about it; who judges it now is too late."""
    waiting.state = REFUSED
    flag_modified(comment, "state")
    db.session.flush()  # before another may wait: one can at a time


def _put(comment: Comment, revision: CommentRevision) -> None:
    for name in ("body_source", "body_html", "renderer_version", "language"):
        setattr(comment, name, getattr(revision, name))
