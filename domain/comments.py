"""Comments: posting, and the read model of a discussion."""

from __future__ import annotations

import enum
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, Select, exists, false, func, select
from sqlalchemy.orm import aliased, joinedload, selectinload

from domain import moderation, screening, text, turns
from domain.errors import N_, Closed, Conflict, Invalid, Missing
from domain.permissions import can_moderate, can_see_comment
from extensions import db
from models import (
    Article,
    Comment,
    CommentState,
    Forecast,
    ModerationAct,
    ModerationEntry,
    OpinionVote,
    Reader,
    ScreeningVerdict,
)

LONGEST = 5_000  # characters: a long letter to the editor
THREADS_A_PAGE = 30
REPLIES_A_PAGE = 300  # among all threads of a page; the rest are on the thread's own page
REPEAT_WINDOW = timedelta(minutes=10)  # the same text again within it is a second press of the button


def post(
    article: Article,
    body: str,
    *,
    by: Reader,
    now: datetime,
    parent: Comment | None = None,
    standing: tuple[OpinionVote | None, Forecast | None] = (None, None),
) -> Comment:
    """Post a comment or a reply, published or held as screening finds. The caller commits.

    The same text in the same place within `REPEAT_WINDOW` returns the comment that is already there. Raises `Closed` where
    the discussion is, `Invalid` for an empty or too long text, `Conflict` for a parent that cannot be replied to.
    """
    body = _checked(article, body, parent)
    turns.take(article.id, by, now)
    if earlier := _repeat_of(article, body, by, parent, now):
        return earlier
    vote, forecast = standing
    held = [] if can_moderate(by) else screening.screen(body, by)
    comment = Comment(
        article_id=article.id,
        reader_id=by.id,
        parent_id=parent.id if parent else None,
        root_id=(parent.root_id or parent.id) if parent else None,
        body_source=body,
        body_html=text.comment_html(body),
        renderer_version=text.RENDERER_VERSION,
        choice_id=vote.choice_id if vote else None,
        forecast_id=forecast.id if forecast else None,
        state=CommentState.HELD if held else CommentState.PUBLISHED,
        posted_at=now,
    )
    db.session.add(comment)
    db.session.flush()
    _record_verdicts(comment, held, now)
    if not held:
        article.version = Article.version + 1
    db.session.flush()
    return comment


def visible_to(reader: Reader | None, comment_id: int) -> Comment:
    """Return a comment the reader may read; raise `Missing` for any other, whether or not it exists."""
    comment = db.session.get(Comment, comment_id)
    if comment is None or not can_see_comment(reader, comment):
        raise Missing(N_("There is no such comment, or it is no longer shown."))
    return comment


class View(enum.Enum):
    """How much of a comment its viewer gets."""

    TEXT = "text"
    OWN = "own"  # held or removed, shown to its author with what happened
    PLACE = "place"  # only that something stood there, for the sake of the replies


@dataclass(frozen=True, kw_only=True)
class Row:
    """One comment of a thread in reading order. `entry` is the decision that hides it, where one does."""

    comment: Comment
    depth: int
    view: View
    entry: ModerationEntry | None = None


@dataclass(frozen=True, kw_only=True)
class Thread:
    """A page of a discussion in reading order: replies stand under what they answer, oldest first.

    `total` counts what is published in the discussion, `next_after` is the cursor of the next page, and `is_cut` says
    that some replies are only on their thread's own page.
    """

    rows: list[Row]
    total: int
    next_after: int | None = None
    is_cut: bool = False


def thread_of(article: Article, *, viewer: Reader | None = None, after: int | None = None) -> Thread:
    """Return a page of the article's discussion, newest threads first: those older than the thread `after`.

    A constant number of bounded queries, however long the discussion is.
    """
    roots = _with_author().where(Comment.article_id == article.id, Comment.root_id.is_(None), _has_a_place(viewer))
    if after is not None:
        roots = roots.where(Comment.id < after)
    found = list(db.session.scalars(roots.order_by(Comment.id.desc()).limit(THREADS_A_PAGE + 1)))
    page = found[:THREADS_A_PAGE]
    replies = _with_author().where(Comment.article_id == article.id, Comment.root_id.in_([root.id for root in page]))
    answers = list(db.session.scalars(replies.order_by(Comment.id).limit(REPLIES_A_PAGE + 1)))
    return Thread(
        rows=_rows(page, answers[:REPLIES_A_PAGE], viewer),
        total=published_count(article),
        next_after=page[-1].id if len(found) > THREADS_A_PAGE else None,
        is_cut=len(answers) > REPLIES_A_PAGE,
    )


def thread_around(comment: Comment, *, viewer: Reader | None = None) -> Thread:
    """Return the one thread a comment belongs to, from its root, with the comment itself even in a huge one."""
    root_id = comment.root_id or comment.id
    replies = _with_author().where(Comment.article_id == comment.article_id, Comment.root_id == root_id)
    near = replies.where(Comment.id > comment.id - REPLIES_A_PAGE).order_by(Comment.id).limit(REPLIES_A_PAGE + 1)
    answers = list(db.session.scalars(near))
    roots = list(db.session.scalars(_with_author().where(Comment.id == root_id)))
    return Thread(
        rows=_rows(roots, answers[:REPLIES_A_PAGE], viewer),
        total=published_count(comment.article),
        is_cut=len(answers) > REPLIES_A_PAGE,
    )


def published_count(article: Article) -> int:
    """Return how many comments of the article the public can read."""
    published = (Comment.article_id == article.id) & (Comment.state == CommentState.PUBLISHED)
    return db.session.scalar(select(func.count()).select_from(Comment).where(published)) or 0


def _with_author() -> Select[Comment]:
    return select(Comment).options(
        joinedload(Comment.reader),
        joinedload(Comment.choice),
        joinedload(Comment.forecast).options(joinedload(Forecast.outcome), selectinload(Forecast.probabilities)),
    )


def _has_a_place(viewer: Reader | None) -> ColumnElement[bool]:
    """Keep roots that are read, that are the viewer's own, or under which something is read."""
    reply = aliased(Comment)
    answered = exists().where(
        reply.article_id == Comment.article_id, reply.root_id == Comment.id, reply.state == CommentState.PUBLISHED
    )
    own = (Comment.reader_id == viewer.id) & (Comment.state != CommentState.WITHDRAWN) if viewer else false()
    return (Comment.state == CommentState.PUBLISHED) | own | answered


def _rows(roots: Sequence[Comment], answers: Sequence[Comment], viewer: Reader | None) -> list[Row]:
    """Set comments in reading order, without those that have neither a reader nor a reply that has one."""
    answers_to: defaultdict[int | None, list[Comment]] = defaultdict(list)
    present = {comment.id for comment in (*roots, *answers)}
    for answer in answers:
        answers_to[answer.parent_id if answer.parent_id in present else answer.root_id].append(answer)
    ordered: list[tuple[Comment, int]] = []
    waiting = [(root, 0) for root in reversed(roots)]
    while waiting:
        comment, depth = waiting.pop()
        ordered.append((comment, depth))
        waiting += [(answer, depth + 1) for answer in reversed(answers_to[comment.id])]
    hidden = [comment.id for comment, _ in ordered if comment.state is not CommentState.PUBLISHED]
    entries = moderation.decisions_about(hidden)
    rows: list[Row] = []
    for comment, depth in reversed(ordered):
        view = _view(comment, viewer)
        if view is not View.PLACE or (rows and rows[-1].depth > depth):
            rows.append(Row(comment=comment, depth=depth, view=view, entry=entries.get(comment.id)))
    return rows[::-1]


def _view(comment: Comment, viewer: Reader | None) -> View:
    if comment.state is CommentState.PUBLISHED:
        return View.TEXT
    is_own = viewer is not None and comment.reader_id == viewer.id and comment.state is not CommentState.WITHDRAWN
    return View.OWN if is_own else View.PLACE


def _checked(article: Article, body: str, parent: Comment | None) -> str:
    """Return the text as it will be kept, if it can be posted there."""
    if not article.is_open:
        raise Closed(N_("This discussion is closed, so your comment was not posted."))
    body = text.plain(body)
    _check_length(body)
    _check_parent(article, parent)
    return body


def _check_length(body: str) -> None:
    if not body:
        raise Invalid(N_("Your comment is empty. Write something, then send."))
    if len(body) > LONGEST:
        raise Invalid(N_("Your comment has %(length)s characters; the most is %(most)s."), length=len(body), most=LONGEST)


def _check_parent(article: Article, parent: Comment | None) -> None:
    if parent is None:
        return
    if parent.article_id != article.id:
        raise Missing(N_("There is no such comment, or it is no longer shown."))
    if parent.state is not CommentState.PUBLISHED:
        raise Conflict(N_("The comment you answer is no longer shown, so your reply was not posted."))


def _repeat_of(article: Article, body: str, by: Reader, parent: Comment | None, now: datetime) -> Comment | None:
    same = (Comment.reader_id == by.id) & (Comment.article_id == article.id) & (Comment.body_source == body)
    place = Comment.parent_id == parent.id if parent else Comment.parent_id.is_(None)
    recent = (Comment.posted_at > now - REPEAT_WINDOW) & (Comment.state != CommentState.WITHDRAWN)
    return db.session.scalar(select(Comment).where(same, place, recent).limit(1))


def _record_verdicts(comment: Comment, held: Sequence[screening.Held], now: datetime) -> None:
    if not held:
        return
    for verdict in held:
        db.session.add(
            ScreeningVerdict(
                comment_id=comment.id,
                check=verdict.check,
                check_version=verdict.check_version,
                detail=verdict.detail,
                made_at=now,
            )
        )
    db.session.add(
        ModerationEntry(comment_id=comment.id, act=ModerationAct.HELD, from_state=None, to_state=CommentState.HELD, made_at=now)
    )
