"""What a reader wants to hear of, and whom they do not want to read."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Select, delete, exists, func, or_, select
from sqlalchemy.orm import aliased, load_only

from domain import turns
from domain.errors import N_, Conflict, Missing
from domain.permissions import can_see_article
from domain.upserts import insert_new
from extensions import db
from models import Article, Comment, CommentState, Follow, Mute, Prediction, Reader

Followable = Article | Comment | Prediction | Reader

MOST_FOLLOWS = 10_000  # more than anybody can read of, and few enough to be counted at each one
MOST_MUTED = 1_000  # whoever wants to read fewer than that is better off reading none
LISTED = 50  # follows or mutes on a page


def follow(target: Followable, *, by: Reader, now: datetime) -> bool:
    """Let the reader hear what is new about `target`; of a comment, what is new in its thread. The caller commits.

    Returns whether it is news: following twice is one follow. Raises `Missing` for what the reader may not see, `Conflict`
    for a draft, a comment that is not shown, oneself, and beyond `MOST_FOLLOWS`.
    """
    _check_target(target, by)
    turns.hold(by)
    key = _key(target)
    if _is_kept(Follow, by, key):
        return False
    if _count(Follow, by) >= MOST_FOLLOWS:
        raise Conflict(
            N_("You follow %(most)s things, which is the most there can be. Stop following some first."), most=MOST_FOLLOWS
        )
    insert_new(Follow, reader_id=by.id, followed_at=now, **key)
    return True


def unfollow(target: Followable, *, by: Reader) -> bool:
    """Stop following; return whether there was anything to stop. The caller commits."""
    ended = delete(Follow).where(Follow.reader_id == by.id).filter_by(**_key(target))
    return db.session.execute(ended.returning(Follow.id)).first() is not None


def end(follow_id: int, *, by: Reader) -> bool:
    """Stop following what one of the reader's follows stands for, whether or not it can still be seen. The caller commits."""
    ended = delete(Follow).where(Follow.id == follow_id, Follow.reader_id == by.id)
    return db.session.execute(ended.returning(Follow.id)).first() is not None


def mute(other: Reader, *, by: Reader, now: datetime) -> bool:
    """Let the reader read no more of another, who is not told; a follow of them ends. The caller commits.

    Returns whether it is news. Raises `Conflict` for oneself, and beyond `MOST_MUTED`.
    """
    if other.id == by.id:
        raise Conflict(N_("You cannot mute yourself."))
    turns.hold(by)
    unfollow(other, by=by)
    if _is_kept(Mute, by, {"muted_id": other.id}):
        return False
    if _count(Mute, by) >= MOST_MUTED:
        raise Conflict(
            N_("You have muted %(most)s readers, which is the most there can be. Unmute some first."), most=MOST_MUTED
        )
    insert_new(Mute, reader_id=by.id, muted_id=other.id, muted_at=now)
    return True


def unmute(public_id: str, *, by: Reader) -> bool:
    """Let the reader read another again; return whether they were muted. The caller commits.

    By the name in addresses alone: a muted reader may have no page by now. Raises `Missing` where there is no such reader.
    """
    other = select(Reader.id).where(Reader.public_id == public_id)
    if not public_id.isalnum() or db.session.scalar(other) is None:
        raise Missing(N_("There is no such reader."))
    ended = delete(Mute).where(Mute.reader_id == by.id, Mute.muted_id == other.scalar_subquery())
    return db.session.execute(ended.returning(Mute.muted_id)).first() is not None


# --- reads -----------------------------------------------------------------------------------------------------------


def has_muted(reader: Reader | None, other: Reader) -> bool:
    """Whether the reader has muted another."""
    return reader is not None and _is_kept(Mute, reader, {"muted_id": other.id})


def followed_among(reader: Reader | None, targets: Iterable[Followable]) -> frozenset[Followable]:
    """Return those of `targets` that the reader follows: one query, however many there are."""
    wanted = list(targets)
    keys = [next(iter(_key(target).items())) for target in wanted]
    if reader is None or not keys:
        return frozenset()
    columns = (Follow.article_id, Follow.thread_id, Follow.prediction_id, Follow.followed_id)
    named = {column.key: [value for name, value in keys if name == column.key] for column in columns}
    asked = or_(*(column.in_(named[column.key]) for column in columns if named[column.key]))
    found = db.session.execute(select(*columns).where(Follow.reader_id == reader.id, asked))
    kept = {(column.key, value) for row in found for column, value in zip(columns, row, strict=True) if value is not None}
    return frozenset(target for target, key in zip(wanted, keys, strict=True) if key in kept)


@dataclass(frozen=True, kw_only=True)
class Followed:
    """One thing a reader follows. `article` is where it is, `comment` the first of a thread if it can still be read."""

    follow: Follow
    article: Article | None
    comment: Comment | None
    prediction: Prediction | None
    reader: Reader | None


@dataclass(frozen=True, kw_only=True)
class FollowedPage:
    """What a reader follows, newest first. `next_before` is the cursor of the next page."""

    rows: tuple[Followed, ...]
    next_before: int | None


def follows_of(reader: Reader, *, before: int | None = None) -> FollowedPage:
    """Return a page of what the reader follows."""
    found = _followed().where(Follow.reader_id == reader.id)
    if before is not None:
        found = found.where(Follow.id < before)
    rows = db.session.execute(found.order_by(Follow.id.desc()).limit(LISTED + 1)).all()
    page = tuple(
        Followed(
            follow=row[0],
            article=row[1],
            comment=row[2] if row[2] is not None and row[2].state is CommentState.PUBLISHED else None,
            prediction=row[3],
            reader=row[4],
        )
        for row in rows[:LISTED]
    )
    return FollowedPage(rows=page, next_before=page[-1].follow.id if len(rows) > LISTED else None)


@dataclass(frozen=True, kw_only=True)
class MutedPage:
    """Whom a reader has muted. `next_before` is the cursor of the next page."""

    rows: tuple[Reader, ...]
    next_before: int | None


def mutes_of(reader: Reader, *, before: int | None = None) -> MutedPage:
    """Return a page of those the reader has muted."""
    found = select(Reader).join(Mute, Mute.muted_id == Reader.id).where(Mute.reader_id == reader.id)
    if before is not None:
        found = found.where(Mute.muted_id < before)
    rows = tuple(db.session.scalars(found.order_by(Mute.muted_id.desc()).limit(LISTED + 1)))
    page = rows[:LISTED]
    return MutedPage(rows=page, next_before=page[-1].id if len(rows) > LISTED else None)


def _followed() -> Select[Follow, Article, Comment, Prediction, Reader]:
    article, comment, prediction, other = aliased(Article), aliased(Comment), aliased(Prediction), aliased(Reader)
    place = func.coalesce(Follow.article_id, comment.article_id, prediction.article_id)
    return (
        select(Follow, article, comment, prediction, other)
        .outerjoin(comment, comment.id == Follow.thread_id)
        .outerjoin(prediction, prediction.id == Follow.prediction_id)
        .outerjoin(article, article.id == place)
        .outerjoin(other, other.id == func.coalesce(Follow.followed_id, comment.reader_id))
        .options(load_only(article.slug, article.headline), load_only(prediction.question))
    )


def _key(target: Followable) -> dict[str, int]:
    """Return the column that holds such a follow, and the id in it."""
    match target:
        case Article():
            return {"article_id": target.id}
        case Comment():
            return {"thread_id": target.root_id or target.id}
        case Prediction():
            return {"prediction_id": target.id}
        case Reader():
            return {"followed_id": target.id}


def _check_target(target: Followable, by: Reader) -> None:
    if isinstance(target, Reader):
        if target.id == by.id:
            raise Conflict(N_("You cannot follow yourself."))
        return
    article = target if isinstance(target, Article) else target.article
    if not can_see_article(by, article):
        raise Missing(N_("There is no such article."))
    if article.is_draft:
        raise Conflict(N_("This article has not been opened yet, so there is nothing to follow."))
    if isinstance(target, Comment) and target.state is not CommentState.PUBLISHED:
        raise Conflict(N_("This comment is not shown to others, so there is nothing to follow."))


def _is_kept(table: type[Follow | Mute], by: Reader, key: dict[str, int]) -> bool:
    kept = exists().where(table.reader_id == by.id, *(getattr(table, name) == value for name, value in key.items()))
    return bool(db.session.scalar(select(kept)))


def _count(table: type[Follow | Mute], by: Reader) -> int:
    return db.session.scalar(select(func.count()).select_from(table).where(table.reader_id == by.id)) or 0
