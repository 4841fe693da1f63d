"""How the databases find what a page of a discussion shows: from indexes, never by reading every comment."""

from __future__ import annotations

from datetime import datetime
from itertools import product

import pytest
from sqlalchemy import text

from domain import comments, ratings, threads, visits
from domain.screened import Text
from domain.threads import Cursor, Sort
from extensions import db
from models import Article, Comment, Reader, Verdict
from tests import factories, talks
from tests.plans import plans
from tests.talks import Shape

MANY = 3_000  # comments: more than a planner would rather read than look up


@pytest.fixture
def talk(article: Article, reader: Reader) -> list[int]:
    """Return the ids of the comments of a long discussion, beside another that is as long."""
    authors = [reader, *(factories.account() for _ in range(20))]
    talks.fill(factories.open_article(article.created_at, "Another matter"), MANY, authors)
    numbers = talks.fill(article, MANY, authors)
    db.session.expire_all()
    return numbers


LETTER = "An answer that is long enough for others like it to be looked for among all that was posted here within a month."


def assert_found_from_indexes(steps: list[str]) -> None:
    assert steps, "no statement was seen"
    reads_all = [step for step in steps if step.startswith("SCAN comment") or "Seq Scan on comment " in step]
    sorts = [step for step in steps if "USE TEMP B-TREE FOR ORDER BY" in step]
    assert (reads_all, sorts) == ([], [])


def test_a_page_in_every_order(article: Article, talk: list[int], now: datetime) -> None:
    poll, _ = factories.asked(article)
    for sort, take in product(Sort, (None, poll.choices[0])):
        used: list[str] = []
        for after in (None, Cursor(8, talk[MANY // 2])):
            with plans() as steps:
                page = threads.discussion_of(article, viewer=None, now=now, sort=sort, take=take, after=after, by_side=True)
            assert page.nodes
            assert_found_from_indexes(steps)
            used += steps  # among so few comments the primary key may do for the later page
        order = Sort.NEWEST if sort is Sort.OLDEST else sort
        made_for_it = f"ix_comment_{'takes' if take else 'roots'}_{order.value}"
        assert [step for step in used if made_for_it in step], (sort, take, used)


def test_a_readers_own_comments(article: Article, talk: list[int], reader: Reader, now: datetime) -> None:
    with plans() as steps:
        threads.discussion_of(article, viewer=reader, now=now)
        visits.unread_by(article, reader)
    assert_found_from_indexes(steps)


@pytest.mark.parametrize("shape", Shape)
def test_a_reply_in_its_thread(article: Article, talk: list[int], reader: Reader, shape: Shape) -> None:
    numbers = talks.fill(article, MANY, [reader], shape=shape)
    comment = db.session.get_one(Comment, numbers[MANY // 2])
    with plans() as steps:
        threads.thread_around(comment, viewer=reader)
    assert_found_from_indexes(steps)


def test_rating_and_answering(article: Article, talk: list[int], another_reader: Reader, now: datetime) -> None:
    comment = db.session.get_one(Comment, talk[MANY // 2])
    with plans() as steps:
        ratings.rate(comment, Verdict.GOOD, by=another_reader, now=now)
        comments.post(article, LETTER, by=another_reader, now=now, parent=comment)
    assert_found_from_indexes(steps)


def test_replies_that_are_shown_are_found_past_any_number_that_are_not(article: Article, reader: Reader, now: datetime) -> None:
    numbers = talks.fill(article, MANY, [reader], shape=Shape.LOPSIDED)
    unseen = {"low": numbers[1], "high": numbers[MANY - 3]}
    hidden = text("UPDATE comment SET state = 'removed', is_listed = false WHERE id BETWEEN :low AND :high")
    db.session.execute(hidden, unseen)
    db.session.execute(text("UPDATE comment SET replies = 2 WHERE id = :root"), {"root": numbers[0]})
    db.session.execute(text("ANALYZE"))
    db.session.expire_all()
    with plans() as steps:
        (node,) = threads.discussion_of(article, viewer=None, now=now).nodes
    assert [child.view.id for child in node.children] == numbers[MANY - 2 :]
    assert not [step for step in steps if "uq_comment_root_id_number" in step]  # which has all of them


def test_how_an_author_stands_is_found_past_any_number_of_their_comments(
    article: Article, reader: Reader, now: datetime
) -> None:
    talks.fill(article, MANY, [reader])
    db.session.execute(text("ANALYZE"))
    with plans() as steps:
        asked = Text(LETTER, reader, now)
        assert (asked.is_trusted, asked.had_one_removed) == (False, False)
    used = {word for step in steps for word in step.split() if word.startswith("ix_comment")}
    assert used == {"ix_comment_approved", "ix_comment_taken_away"}
