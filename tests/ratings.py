"""Readers who rate, and what came of it."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import func, select

from domain import participation, ranking, ratings
from domain.participation import Answer
from domain.ranking import Counted
from extensions import db
from models import Article, Camp, Comment, CommentRating, RatingTally, Reader, Verdict
from tests import factories

SIDES = [Camp.FOR, Camp.AGAINST, Camp.UNSURE]  # of the choices of the factories' poll, in their order


def takes_side(article: Article, reader: Reader, camp: Camp, now: datetime) -> None:
    """Give or change a reader's take."""
    poll, _ = factories.asked(article)
    participation.submit(article, Answer(choices=[poll.choices[SIDES.index(camp)]]), by=reader, now=now)


def on_side(article: Article, camp: Camp, now: datetime) -> Reader:
    """Return a guest with a take."""
    guest = factories.guest()
    takes_side(article, guest, camp, now)
    return guest


def crowd_rates(comment: Comment, now: datetime, **good_and_poor: tuple[int, int]) -> None:
    """Let guests of each camp, named by its name in small letters and an underscore, rate a comment."""
    for name, (good, poor) in good_and_poor.items():
        camp = Camp[name.strip("_").upper()]
        for verdict in [Verdict.GOOD] * good + [Verdict.POOR] * poor:
            ratings.rate(comment, verdict, by=on_side(comment.article, camp, now), now=now)


def counted(comment: Comment) -> tuple[int, int]:
    """Return the good points of a comment, and how often it does not convince."""
    db.session.refresh(comment)
    return comment.good, comment.poor


def by_camp(comment: Comment) -> dict[Camp, tuple[int, int]]:
    """Return the good points and the ratings of each camp that has any."""
    rows = select(RatingTally.camp, RatingTally.good, RatingTally.rated).where(RatingTally.comment_id == comment.id)
    return {camp: (good, rated) for camp, good, rated in db.session.execute(rows) if rated}


def assert_ratings_add_up(comment: Comment) -> None:
    """Assert that counters, tallies and ranks of a comment are what its ratings say."""
    of_it = CommentRating.comment_id == comment.id
    rows = db.session.execute(
        select(CommentRating.verdict, CommentRating.camp, func.count()).where(of_it).group_by("verdict", "camp")
    ).all()
    totals = {verdict: sum(count for given, _, count in rows if given is verdict) for verdict in Verdict}
    assert counted(comment) == (totals[Verdict.GOOD], totals[Verdict.POOR])
    camps: dict[Camp, tuple[int, int]] = {}
    for verdict, camp, count in rows:
        if camp is not None:
            good, rated = camps.get(camp, (0, 0))
            camps[camp] = (good + count * (verdict is Verdict.GOOD), rated + count)
    assert by_camp(comment) == camps
    best = ranking.best_rank(comment.good, comment.good + comment.poor)
    sides = {camp.value: Counted(*count) for camp, count in camps.items()}
    assert comment.best_rank == best
    assert comment.common_rank == ranking.common_rank(best, sides, [camp.value for camp in SIDES])
