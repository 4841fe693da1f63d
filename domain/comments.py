"""Comments: posting one, finding one, taking one back. `threads` is how they are read, `revisions` how they are edited."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import bindparam, select, update

from domain import entries, mentions, opinions, restraints, screening, text, turns, visibility
from domain.errors import N_, Closed, Conflict, Forbidden, Invalid, Missing
from domain.languages import language_of
from domain.permissions import can_see_comment, can_withdraw
from domain.restraints import Deed
from domain.screened import Text
from extensions import db
from models import (
    Article,
    Comment,
    CommentRevision,
    CommentState,
    Forecast,
    ModerationAct,
    ModerationEntry,
    OpinionVote,
    Reader,
    RevisionState,
)

LONGEST = 5_000  # characters: a long letter to the editor
MOST_REPEATS = 20  # of one's own newest that can be one: nobody writes more between two presses, and old ones are many
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

    The same text in the same place within `REPEAT_WINDOW` returns what is there. Raises as `check_place`, `kept_text` and `restraints` do.
    """
    body = _checked(article, body, parent)
    turn = turns.take(article.id, by, now, to=Deed.WRITE)
    check_place(article)  # which may have been closed while others had their turn
    if earlier := _repeat_of(article, body, by, parent, now):
        return earlier
    restraints.check_pace(by, turn.under, now)
    root_id = _held_root(article, parent)
    screened = screening.screen(Text(body, by, now, article, is_reply=parent is not None))
    rendered = mentions.rendered(article, body)
    comment = Comment(
        article_id=article.id,
        reader_id=by.id,
        parent_id=parent.id if parent else None,
        root_id=root_id,
        number=visibility.next_number(root_id) if root_id else None,
        body_source=body,
        body_html=rendered.html,
        renderer_version=text.RENDERER_VERSION,
        language=language_of(body),
        choice_id=_side_of(article, standing[0]),
        forecast_id=standing[1].id if standing[1] else None,
        state=screened.state,
        posted_at=now,
    )
    visibility.appear(comment, now=now)
    mentions.note(comment, rendered.mentioned, is_new=True)
    return screening.keep(comment, screened, now=now)


def preview(body: str, article: Article | None = None) -> str:
    """Return the HTML a text would be posted as, in the discussion of an article. Raises `Invalid` for its length."""
    _check_length(body)  # before any work is done on it
    body = kept_text(body)
    return mentions.rendered(article, body).html if article else text.comment_html(body)


def withdraw(comment: Comment, *, by: Reader, now: datetime) -> ModerationEntry | None:
    """Take one's own comment back, at any time; answers to it stay. Nothing when that was done before. The caller commits.

    An edit that waits is over with it, and so are complaints. Raises `Forbidden` for another's, `Conflict` for a removed one.
    """
    turns.take(comment.article_id, by, now, to=Deed.TAKE_BACK)
    db.session.refresh(comment, with_for_update={"key_share": True})
    if comment.reader_id != by.id:
        raise Forbidden(N_("Only its author can withdraw a comment."))
    if comment.state is CommentState.WITHDRAWN:
        return None
    if not can_withdraw(by, comment):
        raise Conflict(N_("A moderator has removed this comment, so there is nothing left to withdraw."))
    entry = entries.enter(comment, ModerationAct.WITHDRAWN, CommentState.WITHDRAWN, by=by, now=now)
    entries.settle(comment, entry)
    waiting = (CommentRevision.comment_id == comment.id) & (CommentRevision.state == RevisionState.HELD)
    db.session.execute(update(CommentRevision).where(waiting).values(state=RevisionState.REFUSED))
    return entry


def visible_to(reader: Reader | None, comment_id: int) -> Comment:
    """Return a comment the reader may read; raise `Missing` for any other, whether or not it exists."""
    comment = db.session.get(Comment, comment_id)
    if comment is None or not can_see_comment(reader, comment):
        raise Missing(N_("There is no such comment, or it is no longer shown."))
    return comment


def owned_by(reader: Reader | None, comment_id: int) -> Comment:
    """Return the reader's own comment, in whatever state; raise `Forbidden` for another's, `Missing` where none is seen."""
    comment = db.session.get(Comment, comment_id)
    if comment is not None and reader is not None and comment.reader_id == reader.id:
        return comment
    visible_to(reader, comment_id)
    raise Forbidden(N_("This comment is somebody else's: only its author can change it."))


def kept_text(body: str) -> str:
    """Return the text as it is kept; raise `Invalid` for one that is empty or too long."""
    body = text.plain(body)
    _check_length(body)
    return body


def check_place(article: Article, parent: Comment | None = None) -> None:
    """Raise `Closed` where the discussion is, `Conflict` for a parent that cannot be replied to."""
    if article.closes_comments:
        raise Closed(N_("For legal reasons nothing can be written in this discussion, so your comment was not posted."))
    if not article.is_open:
        raise Closed(N_("This discussion is closed, so your comment was not posted."))
    if parent is None:
        return
    if parent.article_id != article.id:
        raise Missing(N_("There is no such comment, or it is no longer shown."))
    if parent.state is not CommentState.PUBLISHED:
        raise Conflict(N_("The comment you answer is no longer shown, so your reply was not posted."))


def opened_by(reader: Reader | None, comment_id: int) -> Comment:
    """Return a comment whose page the reader may open: one they may read, or one above a thread that can be read.

    Such a one keeps its place, not its text. Raises `Missing` for any other.
    """
    comment = db.session.get(Comment, comment_id)
    if comment is None or not (can_see_comment(reader, comment) or (comment.root_id is None and comment.is_listed)):
        raise Missing(N_("There is no such comment, or it is no longer shown."))
    return comment


def _checked(article: Article, body: str, parent: Comment | None) -> str:
    check_place(article, parent)
    return kept_text(body)


def _held_root(article: Article, parent: Comment | None) -> int | None:
    """Lock what is answered as the reference to it will, and return the first comment of its thread.

    An edit of it is then over, or finds it answered. It is locked before all that is counted by it, as everybody does it.
    """
    if parent is None:
        return None
    db.session.refresh(parent, with_for_update={"read": True, "key_share": True})
    check_place(article, parent)
    return parent.root_id or parent.id


def _check_length(body: str) -> None:
    if not body:
        raise Invalid(N_("Your comment is empty. Write something, then send."))
    if len(body) > LONGEST:
        raise Invalid(N_("Your comment has %(length)s characters; the most is %(most)s."), length=len(body), most=LONGEST)


_NEWEST = (
    select(Comment.id)
    .where(Comment.reader_id == bindparam("reader"), Comment.article_id == bindparam("article"))
    .order_by(Comment.id.desc())
    .limit(MOST_REPEATS)
)
_RECENT = (Comment.posted_at > bindparam("since")) & (Comment.state != CommentState.WITHDRAWN)
_REPEATED = select(Comment).where(Comment.id.in_(_NEWEST), Comment.body_source == bindparam("body"), _RECENT).limit(1)
_ANSWERS_NOBODY = Comment.parent_id.is_(None)


def _repeat_of(article: Article, body: str, by: Reader, parent: Comment | None, now: datetime) -> Comment | None:
    asked = {"reader": by.id, "article": article.id, "body": body, "since": now - REPEAT_WINDOW}
    return db.session.scalar(_REPEATED.where(Comment.parent_id == parent.id if parent else _ANSWERS_NOBODY), asked)


def _side_of(article: Article, vote: OpinionVote | None) -> int | None:
    """Return the choice that stands beside a comment."""
    side = opinions.side_of(article.poll, vote) if article.poll else None
    return side.id if side else None
