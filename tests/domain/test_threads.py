from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from random import Random

import pytest
from sqlalchemy import select, update

from domain import threads
from domain.commentviews import Shown
from domain.threads import COMMENTS_A_PAGE, REPLIES_A_PAGE, REPLIES_SHOWN, THREADS_A_PAGE, Cursor, Discussion, Sort
from domain.trees import Node
from extensions import db
from models import Article, Comment, CommentState, OpinionChoice, Reader
from tests import factories, talks
from tests.talks import Shape

pytestmark = pytest.mark.usefixtures("stage")
KEYS = {
    Sort.BEST: lambda one: (-one.best_rank, -one.id),
    Sort.COMMON: lambda one: (-one.common_rank, -one.id),
    Sort.DISCUSSED: lambda one: (-one.replies, -one.id),
    Sort.NEWEST: lambda one: -one.id,
    Sort.OLDEST: lambda one: one.id,
}


def filled(article: Article, count: int, *, shape: Shape = Shape.LIVELY) -> list[int]:
    return talks.fill(article, count, [factories.account() for _ in range(3)], shape=shape)


def ranked(comment: Comment, **columns: int) -> None:
    db.session.execute(update(Comment).where(Comment.id == comment.id).values(columns))


def rows(article: Article) -> Sequence[Comment]:
    found = select(Comment).where(Comment.article_id == article.id).execution_options(populate_existing=True)
    return db.session.scalars(found).all()


def nodes_below(nodes: Sequence[Node]) -> Iterator[Node]:
    for node in nodes:
        yield node
        yield from nodes_below(node.children)


def ids(nodes: Sequence[Node]) -> list[int]:
    return [node.view.id for node in nodes_below(nodes)]


def pages(article: Article, now: datetime, sort: Sort, take: OpinionChoice | None = None) -> Iterator[Discussion]:
    page = threads.discussion_of(article, viewer=None, now=now, sort=sort, take=take)
    yield page
    while page.next_after:
        page = threads.discussion_of(article, viewer=None, now=now, sort=sort, take=take, after=page.next_after)
        yield page


@pytest.mark.parametrize("sort", Sort)
def test_pages_follow_one_another_in_order_without_loss_or_double(article: Article, now: datetime, sort: Sort) -> None:
    filled(article, 400)
    seen = [node.view.id for page in pages(article, now, sort) for node in page.nodes]
    assert seen == [one.id for one in sorted(rows(article), key=KEYS[sort]) if one.root_id is None]


@pytest.mark.parametrize("sort", Sort)
def test_what_one_side_wrote_comes_in_order_without_loss_or_double(article: Article, now: datetime, sort: Sort) -> None:
    filled(article, 400)
    poll, _ = factories.asked(article)
    seen = [node.view.id for page in pages(article, now, sort, poll.choices[1]) for node in page.nodes]
    assert seen == [one.id for one in sorted(rows(article), key=KEYS[sort]) if one.choice_id == poll.choices[1].id]


@pytest.mark.parametrize("sort", Sort)
def test_comments_of_equal_rank_stand_by_age_on_every_page(article: Article, now: datetime, sort: Sort) -> None:
    filled(article, 400)
    db.session.execute(update(Comment).values(best_rank=7, common_rank=7))
    seen = [node.view.id for page in pages(article, now, sort) for node in page.nodes]
    assert seen == [one.id for one in sorted(rows(article), key=KEYS[sort]) if one.root_id is None]


def test_of_comments_of_equal_rank_the_newest_stands_first(article: Article, now: datetime, reader: Reader) -> None:
    older, newer = factories.comment(article, reader), factories.comment(article, reader)
    assert ids(threads.discussion_of(article, viewer=None, now=now).nodes) == [newer.id, older.id]


def test_a_page_goes_on_where_a_comment_stood_that_is_gone(article: Article, now: datetime, reader: Reader) -> None:
    low, gone, high = (factories.comment(article, reader) for _ in range(3))
    for comment, rank in ((low, 10), (gone, 20), (high, 30)):
        ranked(comment, best_rank=rank)
    factories.put(gone, CommentState.REMOVED)
    assert ids(threads.discussion_of(article, viewer=None, now=now, after=Cursor(20, gone.id)).nodes) == [low.id]


@pytest.mark.parametrize("sort", Sort)
def test_far_beyond_the_end_there_is_nothing(article: Article, now: datetime, reader: Reader, sort: Sort) -> None:
    factories.comment(article, reader)
    after = Cursor(0, 0) if sort is not Sort.OLDEST else Cursor(0, 10**17)
    page = threads.discussion_of(article, viewer=None, now=now, sort=sort, after=after)
    assert (page.nodes, page.next_after) == ([], None)


@pytest.mark.parametrize("sort", Sort)
def test_a_page_of_lively_threads_holds_as_many_comments_as_any(article: Article, now: datetime, sort: Sort) -> None:
    filled(article, 400)
    for page in pages(article, now, sort):
        assert len(ids(page.nodes)) == COMMENTS_A_PAGE or page.next_after is None
        assert len(ids(page.nodes)) <= COMMENTS_A_PAGE


def test_a_page_of_silent_threads_ends_after_a_fixed_number(article: Article, now: datetime, reader: Reader) -> None:
    for _ in range(THREADS_A_PAGE + 1):
        factories.comment(article, reader)
    first, second = pages(article, now, Sort.BEST)
    assert (len(first.nodes), len(second.nodes)) == (THREADS_A_PAGE, 1)


@pytest.mark.parametrize("count", [THREADS_A_PAGE - 1, THREADS_A_PAGE])
def test_a_full_page_that_is_the_last_leads_nowhere(article: Article, now: datetime, reader: Reader, count: int) -> None:
    for _ in range(count):
        factories.comment(article, reader)
    assert threads.discussion_of(article, viewer=None, now=now).next_after is None


def test_of_a_long_thread_the_best_rated_replies_are_shown_then_the_first(
    article: Article, now: datetime, reader: Reader
) -> None:
    first = factories.comment(article, reader)
    replies = [factories.comment(article, reader, parent=first) for _ in range(9)]
    ranked(replies[8], best_rank=50)
    ranked(replies[5], best_rank=90)
    (node,) = threads.discussion_of(article, viewer=None, now=now).nodes
    assert ids(node.children) == [replies[place].id for place in (5, 8, 0, 1, 2)]
    assert node.unseen == 4


@pytest.mark.parametrize("sort", [Sort.NEWEST, Sort.OLDEST])
def test_in_order_of_time_the_first_replies_are_shown(article: Article, now: datetime, reader: Reader, sort: Sort) -> None:
    first = factories.comment(article, reader)
    replies = [factories.comment(article, reader, parent=first) for _ in range(7)]
    ranked(replies[6], best_rank=50, common_rank=50)
    (node,) = threads.discussion_of(article, viewer=None, now=now, sort=sort).nodes
    assert ids(node.children) == [reply.id for reply in replies[:REPLIES_SHOWN]]


def test_replies_that_nobody_may_read_take_no_place(article: Article, now: datetime, reader: Reader) -> None:
    first = factories.comment(article, reader)
    replies = [factories.comment(article, reader, parent=first) for _ in range(8)]
    for reply in replies[:4]:
        ranked(reply, best_rank=50)
        factories.put(reply, CommentState.REMOVED)
    (node,) = threads.discussion_of(article, viewer=None, now=now).nodes
    assert ids(node.children) == [reply.id for reply in replies[4:]]
    assert node.unseen == 0


def test_discussions_do_not_mix(article: Article, now: datetime, reader: Reader) -> None:
    other = factories.open_article(now, "Another matter")
    here, there = factories.comment(article, reader), factories.comment(other, reader)
    assert ids(threads.discussion_of(article, viewer=None, now=now).nodes) == [here.id]
    assert ids(threads.discussion_of(other, viewer=None, now=now).nodes) == [there.id]


@pytest.mark.parametrize("state", [CommentState.REMOVED, CommentState.WITHDRAWN])
def test_what_is_gone_keeps_its_place_while_it_has_replies(
    article: Article, now: datetime, reader: Reader, state: CommentState
) -> None:
    first = factories.comment(article, reader)
    reply = factories.comment(article, reader, parent=first)
    factories.put(first, state)
    (node,) = threads.discussion_of(article, viewer=None, now=now).nodes
    assert (node.view.shown, node.view.body_html, ids(node.children)) == (Shown.PLACE, "", [reply.id])


@pytest.mark.parametrize("state", [CommentState.REMOVED, CommentState.WITHDRAWN, CommentState.HELD])
def test_what_is_gone_without_replies_leaves_nothing(
    article: Article, now: datetime, reader: Reader, state: CommentState
) -> None:
    factories.put(factories.comment(article, reader), state)
    assert threads.discussion_of(article, viewer=None, now=now).nodes == []


@pytest.mark.parametrize("state", [CommentState.HELD, CommentState.REMOVED])
def test_ones_own_comment_that_others_do_not_see_stands_on_top(
    article: Article, now: datetime, reader: Reader, another_reader: Reader, state: CommentState
) -> None:
    mine = factories.comment(article, reader)
    factories.put(mine, state)
    later = now + timedelta(days=9)
    assert ids(threads.discussion_of(article, viewer=reader, now=later).own) == [mine.id]
    assert threads.discussion_of(article, viewer=another_reader, now=later).own == []


def test_what_one_has_withdrawn_does_not_stand_on_top(article: Article, now: datetime, reader: Reader) -> None:
    factories.put(factories.comment(article, reader), CommentState.WITHDRAWN)
    assert threads.discussion_of(article, viewer=reader, now=now).own == []


@pytest.mark.parametrize(("minutes", "count"), [(1, 1), (16, 0)])
def test_what_one_has_just_posted_stands_on_top_for_a_while(
    article: Article, now: datetime, reader: Reader, minutes: int, count: int
) -> None:
    filled(article, 200)
    db.session.execute(update(Comment).values(best_rank=5))
    factories.comment(article, reader)
    page = threads.discussion_of(article, viewer=reader, now=now + timedelta(minutes=minutes))
    assert len(page.own) == count


def test_ones_own_comment_is_not_shown_twice(article: Article, now: datetime, reader: Reader) -> None:
    mine = factories.comment(article, reader)
    page = threads.discussion_of(article, viewer=reader, now=now)
    assert (ids(page.nodes), page.own) == ([mine.id], [])


def test_the_page_of_a_thread_is_the_one_the_comment_stands_on(article: Article, reader: Reader) -> None:
    numbers = filled(article, 501, shape=Shape.LOPSIDED)
    for place in Random(1).sample(range(1, 501), 12):
        thread = threads.thread_around(db.session.get_one(Comment, numbers[place]), viewer=None)
        assert numbers[place] in ids([thread.first])
        assert (thread.page, thread.pages) == (1 + (place - 1) // REPLIES_A_PAGE, 10)


def test_the_pages_of_a_thread_have_all_of_it_once(article: Article) -> None:
    numbers = filled(article, 501, shape=Shape.LOPSIDED)
    first = db.session.get_one(Comment, numbers[0])
    found = [threads.thread_around(first, viewer=None, page=page) for page in range(1, 11)]
    assert [one for thread in found for one in ids(thread.first.children)] == numbers[1:]


@pytest.mark.parametrize(("asked", "given"), [(0, 1), (99, 3), (10**17, 3)])
def test_a_page_of_a_thread_that_does_not_exist_is_the_nearest(article: Article, asked: int, given: int) -> None:
    numbers = filled(article, 120, shape=Shape.LOPSIDED)
    assert threads.thread_around(db.session.get_one(Comment, numbers[0]), viewer=None, page=asked).page in {given, 1}
    assert threads.thread_around(db.session.get_one(Comment, numbers[0]), viewer=None, page=max(asked, 1)).page == given


def test_above_a_deep_reply_stands_what_it_answers(article: Article) -> None:
    numbers = filled(article, 200, shape=Shape.CHAIN)
    thread = threads.thread_around(db.session.get_one(Comment, numbers[101]), viewer=None)  # the first of the third page
    assert [node.view.id for node in thread.earlier] == numbers[98:101]


def test_what_a_deep_reply_answers_is_left_out_where_it_cannot_be_read(article: Article) -> None:
    numbers = filled(article, 200, shape=Shape.CHAIN)
    factories.put(db.session.get_one(Comment, numbers[100]), CommentState.REMOVED)
    thread = threads.thread_around(db.session.get_one(Comment, numbers[101]), viewer=None)
    assert [node.view.id for node in thread.earlier] == numbers[98:100]


def test_who_wrote_what_is_no_longer_shown_is_not_named(article: Article, reader: Reader) -> None:
    first = factories.comment(article, reader)
    reply = factories.comment(article, reader, parent=first)
    factories.put(first, CommentState.WITHDRAWN)
    (node,) = threads.thread_around(reply, viewer=None).first.children
    assert node.view.answers is None
