from __future__ import annotations

from datetime import UTC, datetime

import pytest
from sqlalchemy import func, select

from domain import visibility
from extensions import db
from models import Article, Comment, CommentState, News, Reader
from tests import factories
from tests.recount import assert_counters_equal_a_recount

pytestmark = pytest.mark.usefixtures("stage")
HELD, PUBLISHED = CommentState.HELD, CommentState.PUBLISHED
REMOVED, WITHDRAWN = CommentState.REMOVED, CommentState.WITHDRAWN


def of(row: Article | Comment, *names: str) -> tuple[object, ...]:
    db.session.refresh(row)
    return tuple(getattr(row, name) for name in names)


def test_a_published_comment_is_counted_and_a_held_one_is_not(article: Article, reader: Reader, stranger: Reader) -> None:
    factories.comment(article, reader)
    held = factories.comment(article, stranger)
    assert of(article, "published_comments", "appeared") == (1, 1)
    assert of(held, "state", "is_listed", "appeared") == (HELD, False, None)


def test_a_published_reply_is_counted_on_the_first_comment(article: Article, reader: Reader, stranger: Reader) -> None:
    first = factories.comment(article, reader)
    reply = factories.comment(article, reader, parent=first)
    factories.comment(article, reader, parent=reply)
    factories.comment(article, stranger, parent=first)
    assert of(first, "replies", "numbered") == (2, 3)
    assert of(reply, "replies", "numbered", "number", "root_id") == (0, 0, 1, first.id)
    assert of(article, "published_comments") == (3,)


@pytest.mark.parametrize("state", [HELD, REMOVED, WITHDRAWN])
def test_what_is_shown_no_more_is_not_counted(article: Article, reader: Reader, state: CommentState) -> None:
    first = factories.comment(article, reader)
    reply = factories.comment(article, reader, parent=first)
    factories.put(reply, state)
    assert of(first, "replies") == (0,)
    assert of(article, "published_comments") == (1,)
    assert_counters_equal_a_recount()


def test_a_first_comment_that_is_gone_is_listed_as_long_as_it_has_replies(article: Article, reader: Reader) -> None:
    first = factories.comment(article, reader)
    reply = factories.comment(article, reader, parent=first)
    listed = []
    for comment, state in ((first, REMOVED), (reply, WITHDRAWN), (reply, PUBLISHED), (first, PUBLISHED), (reply, REMOVED)):
        factories.put(comment, state)
        listed.append(of(first, "is_listed")[0])
    assert listed == [True, False, True, True, True]


def test_the_same_state_again_counts_nothing(article: Article, reader: Reader) -> None:
    comment = factories.comment(article, reader)
    before = of(article, "published_comments", "version")
    factories.put(comment, PUBLISHED)
    assert of(article, "published_comments", "version") == before


@pytest.mark.parametrize(
    "path", [(REMOVED, HELD), (HELD, REMOVED, WITHDRAWN), (REMOVED, PUBLISHED), (WITHDRAWN, PUBLISHED, HELD)]
)
def test_whatever_becomes_of_comments_counters_add_up(article: Article, reader: Reader, path: tuple[CommentState, ...]) -> None:
    first = factories.comment(article, reader)
    said = [first, *(factories.comment(article, reader, parent=first) for _ in range(2))]
    for state in path:
        for comment in said:
            factories.put(comment, state)
            assert_counters_equal_a_recount()


def test_every_change_that_can_be_seen_makes_the_page_anew(article: Article, reader: Reader) -> None:
    versions = [of(article, "version")]
    comment = factories.comment(article, reader)
    versions.append(of(article, "version"))
    for state in (REMOVED, PUBLISHED):
        factories.put(comment, state)
        versions.append(of(article, "version"))
    assert versions == sorted(set(versions))


def test_a_comment_keeps_its_place_among_those_that_appeared(article: Article, reader: Reader, stranger: Reader) -> None:
    waiting = factories.comment(article, stranger)
    first, second = factories.comment(article, reader), factories.comment(article, reader)
    factories.put(first, REMOVED)
    factories.put(waiting, PUBLISHED)
    factories.put(first, PUBLISHED)
    assert [of(one, "appeared") for one in (first, second, waiting)] == [(1,), (2,), (3,)]


def test_a_comment_is_news_once(article: Article, reader: Reader) -> None:
    comment = factories.comment(article, reader)
    for state in (REMOVED, PUBLISHED):
        factories.put(comment, state)
    assert db.session.scalar(select(func.count()).select_from(News).where(News.comment_id == comment.id)) == 1


def test_a_change_of_what_is_shown_is_no_other_version_to_judge_than_the_callers(article: Article, reader: Reader) -> None:
    first = factories.comment(article, reader)
    version = first.version
    reply = factories.comment(article, reader, parent=first)
    visibility.show_as(reply, REMOVED, now=datetime.now(UTC))
    db.session.flush()
    assert of(first, "version") == (version,)
