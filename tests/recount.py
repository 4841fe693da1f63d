"""Counting everything anew, to compare with the counters."""

from __future__ import annotations

from collections import Counter
from typing import Any

from sqlalchemy import func, select

from domain import ranking, ratings
from domain.ranking import Counted
from extensions import db
from models import (
    SHOWN,
    Article,
    Comment,
    CommentRating,
    CrossTally,
    Forecast,
    OpinionPoll,
    OpinionTally,
    OpinionVote,
    OpinionVoteEvent,
    OutcomeTally,
    Prediction,
    RatingTally,
    Verdict,
    VoteAct,
)


def assert_counters_equal_a_recount() -> None:
    """Assert that every tally is what the votes, the ledger and the forecasts say."""
    db.session.flush()
    votes = Counter(_rows(select(OpinionVote.poll_id, OpinionVote.choice_id, OpinionVote.tier)))
    assert _counters(OpinionTally.poll_id, OpinionTally.choice_id, OpinionTally.tier, OpinionTally.votes) == votes
    assert _ledger() == votes
    current = Forecast.superseded_at.is_(None)
    forecasts = Counter(_rows(select(Forecast.prediction_id, Forecast.outcome_id, Forecast.tier).where(current)))
    counted = _counters(OutcomeTally.prediction_id, OutcomeTally.outcome_id, OutcomeTally.tier, OutcomeTally.forecasts)
    assert counted == forecasts
    both = (
        select(OpinionPoll.article_id, OpinionVote.choice_id, Forecast.outcome_id)
        .join(OpinionPoll, OpinionPoll.id == OpinionVote.poll_id)
        .join(Prediction, Prediction.article_id == OpinionPoll.article_id)
        .join(Forecast, (Forecast.prediction_id == Prediction.id) & (Forecast.reader_id == OpinionVote.reader_id))
    )
    crossed = _counters(CrossTally.article_id, CrossTally.choice_id, CrossTally.outcome_id, CrossTally.readers)
    assert crossed == Counter(_rows(both.where(current)))
    _assert_ratings_are_counted()
    _assert_comments_are_counted()


def _assert_ratings_are_counted() -> None:
    rows = _rows(select(CommentRating.comment_id, CommentRating.verdict, CommentRating.camp))
    verdicts = Counter(row[:2] for row in rows)
    rated = Counter((comment_id, camp) for comment_id, _, camp in rows if camp is not None)
    good = Counter((comment_id, camp) for comment_id, verdict, camp in rows if camp is not None and verdict is Verdict.GOOD)
    assert _counters(RatingTally.comment_id, RatingTally.camp, RatingTally.rated) == rated
    assert _counters(RatingTally.comment_id, RatingTally.camp, RatingTally.good) == good
    for comment in db.session.scalars(select(Comment).execution_options(populate_existing=True)):
        counted = verdicts[comment.id, Verdict.GOOD], verdicts[comment.id, Verdict.POOR]
        assert (comment.good, comment.poor) == counted
        best = ranking.best_rank(counted[0], sum(counted))
        by_camp = {camp.value: Counted(good[one, camp], rated[one, camp]) for one, camp in rated if one == comment.id}
        common = ranking.common_rank(best, by_camp, ratings.camps_of(comment.article))
        assert (comment.best_rank, comment.common_rank) == (best, common)


def _assert_comments_are_counted() -> None:
    published = Comment.state.in_(SHOWN)
    replies = Counter(root for (root,) in _rows(select(Comment.root_id).where(published, Comment.root_id.is_not(None))))
    assert _counters(Comment.id, Comment.replies) == Counter({(root,): count for root, count in replies.items()})
    written = Counter(_rows(select(Comment.article_id).where(published)))
    assert _counters(Article.id, Article.published_comments) == written


def _rows(statement: Any) -> list[tuple[Any, ...]]:
    return [tuple(row) for row in db.session.execute(statement)]


def _counters(*columns: Any) -> Counter[tuple[Any, ...]]:
    *key, count = columns
    rows = _rows(select(*key, func.sum(count)).group_by(*key))
    return +Counter({row[:-1]: int(row[-1]) for row in rows})


def _ledger() -> Counter[tuple[Any, ...]]:
    last: dict[tuple[int, int], OpinionVoteEvent] = {}
    for event in db.session.scalars(select(OpinionVoteEvent).order_by(OpinionVoteEvent.id)):
        last[event.poll_id, event.reader_id] = event
    standing = [event for event in last.values() if event.act is not VoteAct.WITHDRAWN]
    return Counter((event.poll_id, event.choice_id, event.tier) for event in standing)
