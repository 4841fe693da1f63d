"""Ratings: "good point" or "not convincing", one for each reader and comment, and the counters and ranks they move."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import exists, select, update
from sqlalchemy.orm import aliased

from domain import opinions, ranking, turns, visibility
from domain.errors import N_, Closed, Conflict, Forbidden
from domain.permissions import can_rate
from domain.ranking import Counted
from domain.restraints import Deed
from domain.upserts import insert_new
from extensions import db
from models import Article, Camp, Comment, CommentRating, CommentState, RatingTally, Reader, Verdict


def rate(comment: Comment, verdict: Verdict | None, *, by: Reader, now: datetime) -> None:
    """Give, change or (with None) take back a reader's rating. Giving it twice changes nothing. The caller commits.

    A rating counts for the camp its reader is in at that moment, for none if they have given no take. Raises `Closed` where the
    discussion is, `Conflict` for a comment that is not published, `Forbidden` for one's own.
    """
    turns.take(comment.article_id, by, now, to=Deed.RATE if verdict else Deed.TAKE_BACK)
    _check(_locked(comment), by)
    earlier = db.session.get(CommentRating, (comment.id, by.id), populate_existing=True)
    camp = _camp_of(comment.article, by)
    if (earlier.verdict if earlier else None) is verdict and (earlier is None or earlier.camp is camp):
        return
    if earlier is not None:
        _move(comment, earlier.verdict, earlier.camp, -1)
        db.session.delete(earlier)
        db.session.flush()
    if verdict is not None:
        db.session.add(CommentRating(comment_id=comment.id, reader_id=by.id, verdict=verdict, camp=camp, rated_at=now))
        _move(comment, verdict, camp, 1)
    db.session.flush()
    rank_anew(comment)
    visibility.touch(comment.article_id)


def hand_over(guest: Reader, account: Reader) -> set[int]:
    """Let the guest's ratings be the account's; return the articles of which a comment has lost one thereby.

    The account's own rating of a comment stands, and nobody keeps one of what is now their own comment. The caller holds the
    turns of both, and moves the guest's comments afterwards.
    """
    people = [guest.id, account.id]
    own = aliased(CommentRating)
    is_double = exists().where(own.comment_id == CommentRating.comment_id, own.reader_id == account.id)
    is_own = CommentRating.reader_id.in_(people) & Comment.reader_id.in_(people)
    lost = select(CommentRating).join(Comment, Comment.id == CommentRating.comment_id)
    lost = lost.where(is_own | (is_double & (CommentRating.reader_id == guest.id)))
    touched = {_drop(rating) for rating in db.session.scalars(lost.order_by(CommentRating.comment_id)).all()}
    moved = update(CommentRating).where(CommentRating.reader_id == guest.id).values(reader_id=account.id)
    db.session.execute(moved, execution_options={"synchronize_session": False})
    return touched


def verdicts_of(reader: Reader, comment_ids: list[int]) -> dict[int, Verdict]:
    """Return the reader's own ratings among the comments, by comment."""
    own = select(CommentRating.comment_id, CommentRating.verdict).where(
        CommentRating.reader_id == reader.id, CommentRating.comment_id.in_(comment_ids)
    )
    return {comment_id: verdict for comment_id, verdict in db.session.execute(own)}  # noqa: C416 - a row is no pair to mypy


def rank_anew(comment: Comment) -> None:
    """Compute the ranks of a comment from its counters. The caller holds its row."""
    counters = select(Comment.good, Comment.poor).where(Comment.id == comment.id)
    good, poor = db.session.execute(counters).one()
    tallies = db.session.scalars(select(RatingTally).where(RatingTally.comment_id == comment.id))
    by_camp = {tally.camp.value: Counted(tally.good, tally.rated) for tally in tallies}
    best = ranking.best_rank(good, good + poor)
    common = ranking.common_rank(best, by_camp, camps_of(comment.article))
    ranks = update(Comment).where(Comment.id == comment.id).values(best_rank=best, common_rank=common)
    db.session.execute(ranks, execution_options={"synchronize_session": False})


def camps_of(article: Article) -> list[str]:
    """Return the camps between which there can be common ground: those of the poll's choices."""
    return sorted({choice.camp.value for choice in article.poll.choices}) if article.poll else []


def _locked(comment: Comment) -> Comment:
    db.session.refresh(comment, with_for_update={"key_share": True})
    return comment


def _check(comment: Comment, by: Reader) -> None:
    if not comment.article.is_open:
        raise Closed(N_("This discussion is closed, so your rating was not counted."))
    if comment.state is not CommentState.PUBLISHED:
        raise Conflict(N_("This comment is no longer shown, so your rating was not counted."))
    if not can_rate(by, comment):
        raise Forbidden(N_("This comment is your own: others rate it."))


def _camp_of(article: Article, reader: Reader) -> Camp | None:
    vote = opinions.vote_of(article.poll, reader)
    return opinions.camp_of(article.poll, vote) if article.poll else None


def _drop(rating: CommentRating) -> int:
    """Take a rating away, and return the article on which it is missed."""
    comment = _locked(db.session.get_one(Comment, rating.comment_id))
    _move(comment, rating.verdict, rating.camp, -1)
    db.session.delete(rating)
    db.session.flush()
    rank_anew(comment)
    return comment.article_id


def _move(comment: Comment, verdict: Verdict, camp: Camp | None, step: int) -> None:
    """Move the counters of a comment by one rating."""
    counter = Comment.good if verdict is Verdict.GOOD else Comment.poor
    counted = update(Comment).where(Comment.id == comment.id).values({counter: counter + step})
    db.session.execute(counted, execution_options={"synchronize_session": False})
    if camp is None:
        return
    insert_new(RatingTally, comment_id=comment.id, camp=camp, good=0, rated=0)
    is_good = step if verdict is Verdict.GOOD else 0
    tally = update(RatingTally).where(RatingTally.comment_id == comment.id, RatingTally.camp == camp)
    values = {"good": RatingTally.good + is_good, "rated": RatingTally.rated + step}
    db.session.execute(tally.values(values), execution_options={"synchronize_session": False})
