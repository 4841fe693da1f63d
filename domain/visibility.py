"""What the public sees of a comment, and everything that is counted by it: changed here, in one transaction."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import bindparam, update
from sqlalchemy.orm.attributes import set_committed_value

from domain.upserts import insert_new
from extensions import db
from models import SHOWN, Article, Comment, CommentState, News


def show_as(comment: Comment, state: CommentState, *, now: datetime) -> None:
    """Put a comment into a state, and move what counts it. The caller holds its row, or has just made it.

    Locks are taken in one order everywhere: the comment, the first of its thread, the article.
    """
    step, is_changed = (state in SHOWN) - (comment.state in SHOWN), comment.state is not state
    is_news = state is CommentState.PUBLISHED and is_changed  # what is put aside is shown, but told to nobody
    comment.state = state
    comment.is_listed = state in SHOWN or comment.replies > 0
    if step:
        db.session.flush()
        _move(comment, step)
    elif is_changed and comment.is_listed:  # its place is kept, but what stands there is another thing
        db.session.flush()
        touch(comment.article_id)
    if is_news:
        _tell(comment, now)


def _move(comment: Comment, step: int) -> None:
    appeared = _count(comment, step)
    if step > 0 and comment.appeared is None:  # past the row's version: nothing about it that a moderator judges has changed
        db.session.execute(update(Comment).where(Comment.id == comment.id).values(appeared=appeared))
        set_committed_value(comment, "appeared", appeared)


def appear(comment: Comment, *, now: datetime) -> None:
    """Count a comment that has just been made, if the public reads it."""
    comment.is_listed = comment.state in SHOWN
    if comment.is_listed:
        comment.appeared = _count(comment, 1)
    db.session.add(comment)
    db.session.flush()
    if comment.is_listed:
        _tell(comment, now)


def touch(article_id: int) -> None:
    """Note that something visible in the discussion has changed: whoever holds the page asks for it anew."""
    changed = update(Article).where(Article.id == article_id).values(version=Article.version + 1)
    db.session.execute(changed, execution_options={"synchronize_session": False})


def tell_anew(comment: Comment) -> None:
    """Let the news of a published comment be spread again, because it concerns somebody more: nobody is told twice."""
    again = update(News).where(News.comment_id == comment.id).values(spread_at=None)
    db.session.execute(again, execution_options={"synchronize_session": False})


_ARTICLES = db.metadata.tables[Article.__tablename__]
_COUNTED = (
    update(_ARTICLES)
    .where(_ARTICLES.c.id == bindparam("article"))
    .values(
        version=_ARTICLES.c.version + 1,
        published_comments=_ARTICLES.c.published_comments + bindparam("step"),
        appeared=_ARTICLES.c.appeared + bindparam("new"),
    )
    .returning(_ARTICLES.c.appeared)
)


def _count(comment: Comment, step: int) -> int:
    """Move the counters above a comment; return how many of the article's comments have appeared so far.

    That number is given out under the lock of the article's row, so in the order in which the transactions become visible:
    whoever has read up to a number misses nothing by asking for what is above it.
    """
    if comment.root_id is not None:
        replies = Comment.replies + step
        listed = Comment.state.in_(SHOWN) | (replies > 0)
        first = update(Comment).where(Comment.id == comment.root_id).values(replies=replies, is_listed=listed)
        db.session.execute(first, execution_options={"synchronize_session": False})
    is_first_time = step > 0 and comment.appeared is None
    moved = {"article": comment.article_id, "step": step, "new": int(is_first_time)}
    appeared: int = db.session.execute(_COUNTED, moved).scalar_one()
    return appeared


def _tell(comment: Comment, now: datetime) -> None:
    """Write down that it is news: once, unless it was taken away before anybody was told (`news.take_step` forgets it then)."""
    insert_new(News, comment_id=comment.id, made_at=now)


def next_number(root_id: int) -> int:
    """Give the next place among the replies of a thread. Those who answer in one thread take turns from here on."""
    given = update(Comment).where(Comment.id == root_id).values(numbered=Comment.numbered + 1).returning(Comment.numbered)
    return db.session.execute(given, execution_options={"synchronize_session": False}).scalar_one()
