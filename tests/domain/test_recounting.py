from __future__ import annotations

import random
from collections.abc import Callable
from datetime import datetime
from typing import Any

import pytest
from sqlalchemy import delete, update

from domain import moderation, ratings, recounting
from domain.recounting import Difference
from extensions import db
from models import Article, Camp, Comment, CommentState, RatingTally, Reader, Role, Verdict
from tests import factories
from tests.ratings import crowd_rates, on_side
from tests.recount import assert_counters_equal_a_recount

pytestmark = pytest.mark.usefixtures("stage")


@pytest.fixture
def comment(article: Article, reader: Reader, now: datetime) -> Comment:
    """Return a comment with two good points of three and two replies, one of which was removed."""
    comment = factories.comment(article, reader)
    factories.comment(article, reader, parent=comment)
    factories.put(factories.comment(article, reader, parent=comment), CommentState.REMOVED)
    crowd_rates(comment, now, for_=(1, 1), against=(1, 0))
    db.session.refresh(comment)
    return comment


def broken(table: type[Any], row_id: int, **columns: object) -> None:
    key = {Article: Article.id, Comment: Comment.id, RatingTally: RatingTally.comment_id}[table]
    db.session.execute(update(table).where(key == row_id).values(columns), execution_options={"synchronize_session": False})
    db.session.expire_all()


def found() -> set[tuple[str, int, str]]:
    return {(one.table, one.id, one.column) for batch in recounting.batches() for one in recounting.differences(batch)}


def repaired() -> list[Difference]:
    return [one for batch in recounting.batches() for one in recounting.repair(batch)]


@pytest.mark.parametrize(("is_approved", "is_undone"), [(False, False), (True, False), (True, True)])
def test_a_wrong_mark_of_an_approval_is_found_and_repaired(
    article: Article, reader: Reader, now: datetime, *, is_approved: bool, is_undone: bool
) -> None:
    held = factories.comment(article, reader)
    factories.put(held, CommentState.HELD)
    if is_approved:
        entry = factories.approve(held, by := factories.account(role=Role.MODERATOR))
        if is_undone:
            moderation.undo(entry.id, by=by, now=now)
    right = is_approved and not is_undone
    broken(Comment, held.id, was_approved=not right)
    assert [(one.column, one.counted) for one in repaired()] == [("was_approved", right)]
    assert found() == set()


@pytest.mark.usefixtures("comment")
def test_what_readers_did_leaves_no_difference() -> None:
    assert found() == set()


@pytest.mark.parametrize("column", ["replies", "numbered", "good", "poor", "best_rank", "common_rank"])
def test_a_wrong_counter_of_a_comment_is_found_and_repaired(comment: Comment, column: str) -> None:
    right = getattr(comment, column)
    broken(Comment, comment.id, **{column: right + 3})
    assert [(one.column, one.stored, one.counted) for one in repaired()] == [(column, right + 3, right)]
    assert getattr(comment, column) == right
    assert found() == set()


@pytest.mark.parametrize("column", ["published_comments", "appeared"])
def test_a_wrong_counter_of_an_article_is_found_and_repaired(comment: Comment, column: str) -> None:
    article = comment.article
    db.session.refresh(article)
    right = getattr(article, column)
    broken(Article, article.id, **{column: right + 3})
    assert [str(one) for one in repaired()] == [f"article {article.id}: {column} is {right + 3}, should be {right}"]
    db.session.refresh(article)
    assert getattr(article, column) == right


def test_a_wrong_tally_of_a_camp_is_found_and_repaired(comment: Comment) -> None:
    broken(RatingTally, comment.id, good=0)
    assert {str(one) for one in repaired()} == {
        f"rating_tally {comment.id} ({camp}): good is 0, should be 1" for camp in ("for", "against")
    }
    assert_counters_equal_a_recount()


def test_a_lost_tally_is_made_again(comment: Comment) -> None:
    db.session.execute(delete(RatingTally))
    assert len(repaired()) == 4
    assert_counters_equal_a_recount()


def test_a_thread_that_was_listed_for_replies_it_has_not_is_listed_no_more(comment: Comment) -> None:
    lone = factories.comment(comment.article, comment.reader)
    factories.put(lone, CommentState.REMOVED)
    broken(Comment, lone.id, replies=1, is_listed=True)
    assert {one.column for one in repaired()} == {"replies", "is_listed"}
    db.session.refresh(lone)
    assert (lone.replies, lone.is_listed) == (0, False)


def test_a_repair_makes_the_page_anew_and_leaves_moderators_alone(comment: Comment) -> None:
    article_version, version = comment.article.version, comment.version
    broken(Comment, comment.id, good=9)
    repaired()
    db.session.expire_all()
    assert (comment.article.version > article_version, comment.version) == (True, version)


def test_nothing_to_repair_changes_nothing(comment: Comment) -> None:
    version = comment.article.version
    assert repaired() == []
    db.session.expire_all()
    assert comment.article.version == version


def test_every_batch_is_looked_at(comment: Comment, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(recounting, "BATCH", 2)
    others = [factories.comment(comment.article, comment.reader) for _ in range(5)]
    for other in others:
        broken(Comment, other.id, good=1)
    assert recounting.pieces() == len(list(recounting.batches())) == 5
    assert {row_id for _, row_id, column in found() if column == "good"} == {other.id for other in others}


@pytest.mark.parametrize("seed", range(2))
def test_after_any_history_a_recount_finds_nothing(article: Article, reader: Reader, now: datetime, seed: int) -> None:
    dice = random.Random(seed)
    said = [factories.comment(article, reader) for _ in range(3)]
    people = [on_side(article, dice.choice([Camp.FOR, Camp.AGAINST]), now) for _ in range(5)]
    acts: list[Callable[[Comment], object]] = [
        lambda one: factories.put(one, dice.choice([*CommentState])),
        lambda one: said.append(factories.comment(article, reader, parent=one)),
        lambda one: ratings.rate(one, dice.choice([*Verdict, None]), by=dice.choice(people), now=now),
    ]
    for _ in range(60):
        one = dice.choice(said)
        acts[0 if one.state is not CommentState.PUBLISHED else dice.randrange(3)](one)
    assert found() == set()
    assert_counters_equal_a_recount()
