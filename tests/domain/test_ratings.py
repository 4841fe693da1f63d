from __future__ import annotations

import random
from datetime import datetime
from itertools import pairwise

import pytest

from domain import articles, ranking, ratings
from domain.errors import Closed, Conflict, Forbidden
from domain.permissions import can_rate
from extensions import db
from models import Article, Camp, Comment, CommentState, Reader, Verdict
from tests import factories
from tests.ratings import assert_ratings_add_up, by_camp, counted, crowd_rates, on_side, takes_side

pytestmark = pytest.mark.usefixtures("stage")
GOOD, POOR = Verdict.GOOD, Verdict.POOR


@pytest.fixture
def comment(article: Article, reader: Reader) -> Comment:
    return factories.comment(article, reader)


@pytest.mark.parametrize(
    ("given", "left"),
    [
        ([GOOD], (1, 0)),
        ([POOR], (0, 1)),
        ([GOOD, GOOD], (1, 0)),
        ([GOOD, POOR], (0, 1)),
        ([POOR, GOOD], (1, 0)),
        ([GOOD, None], (0, 0)),
        ([GOOD, None, None], (0, 0)),
        ([None], (0, 0)),
        ([POOR, None, GOOD], (1, 0)),
    ],
)
def test_of_what_a_reader_thinks_the_last_counts(
    comment: Comment, another_reader: Reader, now: datetime, given: list[Verdict | None], left: tuple[int, int]
) -> None:
    for verdict in given:
        ratings.rate(comment, verdict, by=another_reader, now=now)
    assert counted(comment) == left
    assert_ratings_add_up(comment)


def test_a_guest_rates_like_anybody(comment: Comment, stranger: Reader, now: datetime) -> None:
    ratings.rate(comment, GOOD, by=stranger, now=now)
    assert counted(comment) == (1, 0)


def test_each_comment_is_rated_by_itself(article: Article, comment: Comment, another_reader: Reader, now: datetime) -> None:
    other = factories.comment(article, comment.reader)
    ratings.rate(comment, GOOD, by=another_reader, now=now)
    ratings.rate(other, POOR, by=another_reader, now=now)
    assert ratings.verdicts_of(another_reader, [comment.id, other.id]) == {comment.id: GOOD, other.id: POOR}
    assert ratings.verdicts_of(comment.reader, [comment.id, other.id]) == {}


def test_nobody_rates_their_own(comment: Comment, now: datetime) -> None:
    assert not can_rate(comment.reader, comment)
    with pytest.raises(Forbidden):
        ratings.rate(comment, GOOD, by=comment.reader, now=now)
    assert counted(comment) == (0, 0)


@pytest.mark.parametrize("state", [CommentState.HELD, CommentState.REMOVED, CommentState.WITHDRAWN])
def test_what_is_not_shown_is_not_rated(comment: Comment, another_reader: Reader, now: datetime, state: CommentState) -> None:
    factories.put(comment, state)
    with pytest.raises(Conflict):
        ratings.rate(comment, GOOD, by=another_reader, now=now)
    assert counted(comment) == (0, 0)


def test_in_a_closed_discussion_nothing_is_rated(comment: Comment, another_reader: Reader, now: datetime) -> None:
    articles.close(comment.article, now=now)
    with pytest.raises(Closed):
        ratings.rate(comment, GOOD, by=another_reader, now=now)
    assert counted(comment) == (0, 0)


def test_a_rating_counts_for_the_camp_its_reader_is_in(comment: Comment, now: datetime) -> None:
    ratings.rate(comment, GOOD, by=on_side(comment.article, Camp.FOR, now), now=now)
    ratings.rate(comment, POOR, by=on_side(comment.article, Camp.AGAINST, now), now=now)
    assert by_camp(comment) == {Camp.FOR: (1, 1), Camp.AGAINST: (0, 1)}


def test_without_a_take_a_rating_counts_for_no_camp(comment: Comment, stranger: Reader, now: datetime) -> None:
    ratings.rate(comment, GOOD, by=stranger, now=now)
    assert (counted(comment), by_camp(comment)) == ((1, 0), {})


def test_a_changed_take_moves_no_earlier_rating(comment: Comment, now: datetime) -> None:
    guest = on_side(comment.article, Camp.FOR, now)
    ratings.rate(comment, GOOD, by=guest, now=now)
    takes_side(comment.article, guest, Camp.AGAINST, now)
    assert by_camp(comment) == {Camp.FOR: (1, 1)}


@pytest.mark.parametrize("verdict", [GOOD, POOR])
def test_rating_again_counts_for_the_camp_of_now(comment: Comment, now: datetime, verdict: Verdict) -> None:
    guest = on_side(comment.article, Camp.FOR, now)
    ratings.rate(comment, GOOD, by=guest, now=now)
    takes_side(comment.article, guest, Camp.AGAINST, now)
    ratings.rate(comment, verdict, by=guest, now=now)
    assert by_camp(comment) == {Camp.AGAINST: (int(verdict is GOOD), 1)}
    assert_ratings_add_up(comment)


def test_what_is_taken_back_is_taken_from_the_camp_it_was_given_in(comment: Comment, now: datetime) -> None:
    guest = on_side(comment.article, Camp.FOR, now)
    ratings.rate(comment, GOOD, by=guest, now=now)
    takes_side(comment.article, guest, Camp.AGAINST, now)
    ratings.rate(comment, None, by=guest, now=now)
    assert by_camp(comment) == {}
    assert_ratings_add_up(comment)


def test_ratings_make_ranks(comment: Comment, now: datetime) -> None:
    crowd_rates(comment, now, for_=(5, 0), against=(4, 1), unsure=(3, 2))
    db.session.refresh(comment)
    assert ranking.is_common_ground(comment.common_rank)
    assert_ratings_add_up(comment)


def test_one_rating_short_in_one_camp_is_no_common_ground(comment: Comment, now: datetime) -> None:
    crowd_rates(comment, now, for_=(5, 0), against=(5, 0), unsure=(4, 0))
    db.session.refresh(comment)
    assert comment.common_rank == comment.best_rank > 0


def test_a_rating_makes_the_page_anew_and_twice_the_same_does_not(comment: Comment, stranger: Reader, now: datetime) -> None:
    article, versions = comment.article, [comment.article.version]
    for verdict in (GOOD, GOOD, None, None):
        ratings.rate(comment, verdict, by=stranger, now=now)
        db.session.refresh(article)
        versions.append(article.version)
    assert [later - earlier for earlier, later in pairwise(versions)] == [1, 0, 1, 0]


def test_a_rating_does_not_overtake_a_moderator(comment: Comment, stranger: Reader, now: datetime) -> None:
    version = comment.version
    ratings.rate(comment, GOOD, by=stranger, now=now)
    db.session.refresh(comment)
    assert comment.version == version


@pytest.mark.parametrize("seed", range(2))
def test_counters_and_ranks_add_up_after_any_history(comment: Comment, seed: int, now: datetime) -> None:
    dice, article = random.Random(seed), comment.article
    people = [factories.guest() for _ in range(8)]
    for _ in range(60):
        if dice.random() < 0.3:
            takes_side(article, dice.choice(people), dice.choice([Camp.FOR, Camp.AGAINST, Camp.UNSURE]), now)
        ratings.rate(comment, dice.choice([GOOD, POOR, None]), by=dice.choice(people), now=now)
    assert_ratings_add_up(comment)
