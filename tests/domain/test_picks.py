from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from domain import participation, picks, threads
from domain.errors import Conflict, Forbidden
from domain.participation import Answer
from domain.threads import PICKS_SHOWN
from extensions import db
from models import Article, Camp, Comment, CommentState, Reader, Role
from tests import factories
from tests.ratings import takes_side

pytestmark = pytest.mark.usefixtures("stage")


def shown(article: Article, now: datetime, *, by_side: bool) -> dict[Camp | None, list[int]]:
    page = threads.discussion_of(article, viewer=None, now=now, by_side=by_side)
    return {camp: [view.id for view in views] for camp, views in page.picks.items()}


def said(article: Article, camp: Camp | None, now: datetime) -> Comment:
    """Return the comment of a reader with a take, or with none."""
    author = factories.account()
    if camp is not None:
        takes_side(article, author, camp, now)
    comment = participation.submit(article, Answer(reason="I say why."), by=author, now=now)
    assert comment is not None
    return comment


def test_what_an_editor_picks_is_picked_until_they_change_their_mind(
    article: Article, reader: Reader, editor: Reader, now: datetime
) -> None:
    comment = factories.comment(article, reader)
    picks.pick(comment, by=editor, now=now, is_picked=True)
    assert shown(article, now, by_side=False) == {None: [comment.id]}
    picks.pick(comment, by=editor, now=now, is_picked=False)
    assert shown(article, now, by_side=False) == {}


@pytest.mark.parametrize("role", [Role.READER, Role.MODERATOR, None])
def test_nobody_but_the_newsroom_picks(article: Article, reader: Reader, now: datetime, role: Role | None) -> None:
    comment = factories.comment(article, reader)
    with pytest.raises(Forbidden):
        picks.pick(comment, by=factories.account(role=role) if role else None, now=now, is_picked=True)


@pytest.mark.parametrize("state", [CommentState.HELD, CommentState.REMOVED, CommentState.WITHDRAWN])
def test_what_is_not_shown_is_not_picked(
    article: Article, reader: Reader, editor: Reader, now: datetime, state: CommentState
) -> None:
    comment = factories.comment(article, reader)
    factories.put(comment, state)
    with pytest.raises(Conflict):
        picks.pick(comment, by=editor, now=now, is_picked=True)


def test_a_pick_that_is_removed_is_shown_no_more_and_back_again_after_it(
    article: Article, reader: Reader, editor: Reader, now: datetime
) -> None:
    comment = factories.comment(article, reader)
    picks.pick(comment, by=editor, now=now, is_picked=True)
    found = []
    for state in (CommentState.REMOVED, CommentState.PUBLISHED):
        factories.put(comment, state)
        found.append(shown(article, now, by_side=False))
    assert found == [{}, {None: [comment.id]}]


def test_picks_stand_by_side_for_those_who_may_see_takes(article: Article, editor: Reader, now: datetime) -> None:
    by_camp = {camp: said(article, camp, now) for camp in (Camp.AGAINST, None, Camp.FOR)}
    for comment in by_camp.values():
        picks.pick(comment, by=editor, now=now, is_picked=True)
    assert list(shown(article, now, by_side=True).items()) == [
        (camp, [by_camp[camp].id]) for camp in (Camp.FOR, Camp.AGAINST, None)
    ]
    assert list(shown(article, now, by_side=False)) == [None]


def test_of_many_picks_the_newest_are_shown(article: Article, reader: Reader, editor: Reader, now: datetime) -> None:
    comments = [factories.comment(article, reader) for _ in range(PICKS_SHOWN + 2)]
    for place, comment in enumerate(comments):
        picks.pick(comment, by=editor, now=now + timedelta(seconds=place), is_picked=True)
    assert shown(article, now, by_side=False) == {None: [one.id for one in reversed(comments[2:])]}


def test_a_pick_makes_the_page_anew_once_and_leaves_moderators_alone(
    article: Article, reader: Reader, editor: Reader, now: datetime
) -> None:
    comment = factories.comment(article, reader)
    db.session.refresh(article)
    version, judged = article.version, comment.version
    for _ in range(2):
        picks.pick(comment, by=editor, now=now, is_picked=True)
    db.session.refresh(article)
    db.session.refresh(comment)
    assert (article.version, comment.version) == (version + 1, judged)
