from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import pytest

from domain import trees
from domain.commentviews import Author, CommentView, Shown
from domain.trees import DEEPEST, Node
from models import CommentState, Role

WHO = Author(id=1, public_id="abcd", name="Ann", role=Role.READER, is_guest=False)


NOTHING = ("language", "edited_at", "take", "camp", "outcome", "chance", "entry", "verdict", "answers")
UNTRUE = ("is_called", "is_article_author", "is_picked", "is_own", "is_muted")


def view(
    comment_id: int, parent: int | None = None, *, shown: Shown = Shown.TEXT, good: int = 0, replies: int = 0
) -> CommentView:
    fields: dict[str, Any] = {**dict.fromkeys(NOTHING), **dict.fromkeys(UNTRUE, False)}
    fields |= {"id": comment_id, "article_id": 1, "parent_id": parent, "root_id": parent and 1, "number": parent and comment_id}
    fields |= {"shown": shown, "state": CommentState.PUBLISHED, "author": WHO, "body_html": "", "posted_at": datetime.now(UTC)}
    return CommentView(**fields, good=good, replies=replies, best_rank=good, common_rank=good)


def by_rank(one: CommentView) -> tuple[int, ...]:
    return -one.best_rank, one.id


def arranged(*replies: CommentView, root: CommentView | None = None) -> Node:
    (node,) = trees.arranged([root or view(1)], replies, by_rank, keep_roots=True)
    return node


def walked(node: Node) -> Iterator[Node]:
    yield node
    for child in node.children:
        yield from walked(child)


def outline(node: Node) -> list[tuple[int, int]]:
    return [(one.view.id, one.level) for one in walked(node)]


def test_replies_stand_under_what_they_answer() -> None:
    assert outline(arranged(view(2, 1), view(3, 2), view(4, 1))) == [(1, 0), (2, 1), (3, 2), (4, 1)]


def test_siblings_stand_in_the_order_that_is_asked_for() -> None:
    assert outline(arranged(view(2, 1), view(3, 1, good=5), view(4, 1))) == [(1, 0), (3, 1), (2, 1), (4, 1)]


def test_what_is_deeper_than_the_deepest_level_follows_flat_and_says_what_it_answers() -> None:
    node = arranged(*(view(number, number - 1) for number in range(2, 9)))
    assert outline(node) == [(1, 0), (2, 1), (3, 2), (4, 3), (5, 4), (6, 4), (7, 4), (8, 4)]
    assert [one.view.id for one in walked(node) if one.is_apart] == [6, 7, 8]


def test_an_answer_to_what_is_not_on_the_page_stands_under_the_first_and_says_so() -> None:
    node = arranged(view(7, 5), view(8, 7))
    assert [(one.view.id, one.level, one.is_apart) for one in walked(node)] == [(1, 0, False), (7, 1, True), (8, 2, False)]


def test_a_chain_of_any_length_is_arranged() -> None:
    node = arranged(*(view(number, number - 1) for number in range(2, 5_002)))
    assert len(list(walked(node))) == 5_001
    assert max(one.level for one in walked(node)) == DEEPEST


def test_what_cannot_be_read_keeps_its_place_above_what_can() -> None:
    node = arranged(view(2, 1, shown=Shown.PLACE), view(3, 2, shown=Shown.PLACE), view(4, 3))
    assert outline(node) == [(1, 0), (2, 1), (3, 2), (4, 3)]


def test_what_cannot_be_read_leaves_nothing_where_nothing_readable_stands_under_it() -> None:
    assert outline(arranged(view(2, 1, shown=Shown.PLACE), view(3, 2, shown=Shown.PLACE), view(4, 1))) == [(1, 0), (4, 1)]


@pytest.mark.parametrize(("kept", "count"), [(True, 1), (False, 0)])
def test_a_first_comment_that_cannot_be_read_stays_only_where_it_is_asked_for(*, kept: bool, count: int) -> None:
    assert len(trees.arranged([view(1, shown=Shown.PLACE)], [], by_rank, keep_roots=kept)) == count


def test_ones_own_comment_stays_though_nobody_else_sees_it() -> None:
    assert outline(arranged(view(2, 1, shown=Shown.OWN))) == [(1, 0), (2, 1)]


def test_a_node_knows_how_many_stand_under_it() -> None:
    assert arranged(view(2, 1), view(3, 2), view(4, 1)).below == 3


def test_replies_that_are_not_on_the_page_are_counted_on_the_first_comment_only() -> None:
    node = arranged(view(2, 1), view(3, 1, shown=Shown.OWN), root=view(1, replies=9))
    assert [one.unseen for one in walked(node)] == [8, 0, 0]
