from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from sqlalchemy import select

from domain import articles, comments, revisions
from domain.errors import Closed, Conflict, Forbidden, Invalid, Missing
from extensions import db
from models import (
    Article,
    Comment,
    CommentMention,
    CommentRevision,
    CommentState,
    ModerationAct,
    ModerationEntry,
    News,
    Reader,
    RevisionState,
    ScreeningVerdict,
)
from tests import factories

pytestmark = pytest.mark.usefixtures("stage")

WINDOW = timedelta(minutes=10)
LINK = "See https://example.org/why"
HELD, SHOWN, REFUSED = RevisionState.HELD, RevisionState.SHOWN, RevisionState.REFUSED


@pytest.fixture
def comment(article: Article, reader: Reader) -> Comment:
    return factories.comment(article, reader, "The tolls end.")


@pytest.fixture
def held(article: Article, stranger: Reader) -> Comment:
    return factories.comment(article, stranger, "My first words.")


def edit(comment: Comment, body: str, now: datetime, by: Reader | None = None) -> CommentRevision | None:
    return revisions.edit(comment, body, by=by or comment.reader, now=now, window=WINDOW)


def texts(comment: Comment) -> list[tuple[str, RevisionState]]:
    of_comment = select(CommentRevision.body_source, CommentRevision.state).where(CommentRevision.comment_id == comment.id)
    return [(body, state) for body, state in db.session.execute(of_comment.order_by(CommentRevision.number))]


def acts(comment: Comment) -> list[ModerationAct]:
    of_comment = select(ModerationEntry.act).where(ModerationEntry.comment_id == comment.id)
    return list(db.session.scalars(of_comment.order_by(ModerationEntry.id)))


def test_an_edit_is_shown_at_once_and_the_first_text_is_kept(comment: Comment, article: Article, now: datetime) -> None:
    version, article_version = comment.version, article.version
    edit(comment, "The tolls **stay**.\x00", now)
    assert (comment.body_source, comment.edited_at) == ("The tolls **stay**.", now)
    assert "<strong>stay</strong>" in comment.body_html
    assert texts(comment) == [("The tolls end.", SHOWN), ("The tolls **stay**.", SHOWN)]
    db.session.refresh(article)
    assert (comment.version > version, article.version > article_version) == (True, True)
    assert acts(comment) == []


def test_a_comment_never_edited_has_no_history_in_the_database(comment: Comment) -> None:
    assert texts(comment) == []


@pytest.mark.parametrize("body", ["The tolls end.", "  The tolls end.\r\n", "The tolls\x00 end."])
def test_the_same_text_changes_nothing(comment: Comment, now: datetime, body: str) -> None:
    version = comment.version
    assert edit(comment, body, now) is None
    assert (texts(comment), comment.edited_at, comment.version) == ([], None, version)


def test_an_edit_sent_twice_is_one(comment: Comment, now: datetime) -> None:
    edit(comment, "Changed.", now)
    assert edit(comment, "Changed.", now) is None
    assert len(texts(comment)) == 2


def test_the_language_is_told_anew(comment: Comment, now: datetime) -> None:
    edit(comment, "橋は五月に開くそうです。", now)
    assert comment.language == "ja"


def test_the_window_closes_to_the_instant(comment: Comment, now: datetime) -> None:
    over = comment.posted_at + WINDOW
    edit(comment, "In time.", over - timedelta(microseconds=1))
    with pytest.raises(Closed, match="They are over"):
        edit(comment, "Too late.", over)
    assert comment.body_source == "In time."


def test_where_the_window_is_nothing_nobody_edits(comment: Comment, now: datetime) -> None:
    with pytest.raises(Closed, match="cannot be edited here"):
        revisions.edit(comment, "Hm.", by=comment.reader, now=now, window=timedelta(0))


@pytest.mark.parametrize("state", CommentState)
def test_a_comment_with_an_answer_in_any_state_stays_as_it_is(
    comment: Comment, article: Article, now: datetime, state: CommentState
) -> None:
    factories.put(factories.comment(article, factories.account(), parent=comment), state)
    with pytest.raises(Conflict, match="answered"):
        edit(comment, "Something else.", now)


def test_others_do_not_edit_it(comment: Comment, moderator: Reader, now: datetime) -> None:
    with pytest.raises(Forbidden):
        edit(comment, "Something else.", now, by=moderator)


@pytest.mark.parametrize("state", [CommentState.REMOVED, CommentState.WITHDRAWN])
def test_what_is_gone_is_not_edited(comment: Comment, now: datetime, state: CommentState) -> None:
    factories.put(comment, state)
    with pytest.raises(Conflict, match="no longer shown"):
        edit(comment, "Something else.", now)


def test_a_closed_discussion_stays_as_it_is(comment: Comment, article: Article, now: datetime) -> None:
    articles.close(article, now=now)
    with pytest.raises(Closed, match="closed"):
        edit(comment, "Something else.", now)


@pytest.mark.parametrize("body", ["", " \n", "\x00\x01", "x" * (comments.LONGEST + 1), "x" * 100_000])
def test_a_text_that_could_not_be_posted_is_no_edit(comment: Comment, now: datetime, body: str) -> None:
    with pytest.raises(Invalid):
        edit(comment, body, now)
    assert texts(comment) == []


def test_lone_surrogates_are_no_fault(comment: Comment, now: datetime) -> None:
    edit(comment, "a\ud800b", now)
    assert comment.body_source == "a?b"


def test_there_is_an_end_to_editing(comment: Comment, now: datetime) -> None:
    for number in range(revisions.MOST_EDITS):
        edit(comment, f"Text number {number}.", now)
    with pytest.raises(Closed, match="the most"):
        edit(comment, "Once more.", now)


def test_an_edit_that_has_to_wait_leaves_the_cleared_text(comment: Comment, now: datetime) -> None:
    version = comment.version
    revision = edit(comment, LINK, now)
    assert revision is not None
    assert (comment.body_source, comment.edited_at, comment.state) == ("The tolls end.", None, CommentState.PUBLISHED)
    assert texts(comment) == [("The tolls end.", SHOWN), (LINK, HELD)]
    entry = db.session.scalars(select(ModerationEntry).where(ModerationEntry.comment_id == comment.id)).one()
    assert (entry.act, entry.actor_id, entry.revision_id) == (ModerationAct.EDIT_HELD, None, revision.id)
    verdict = db.session.scalars(select(ScreeningVerdict).where(ScreeningVerdict.revision_id == revision.id)).one()
    assert (verdict.check, verdict.comment_id, comment.version > version) == ("links", comment.id, True)


def test_another_edit_takes_the_place_of_one_that_waits(comment: Comment, now: datetime) -> None:
    edit(comment, LINK, now)
    edit(comment, f"{LINK}-not", now)
    assert texts(comment)[1:] == [(LINK, REFUSED), (f"{LINK}-not", HELD)]
    edit(comment, "No link.", now)
    assert texts(comment)[2:] == [(f"{LINK}-not", REFUSED), ("No link.", SHOWN)]
    assert comment.body_source == "No link."


def test_going_back_to_what_is_shown_takes_the_waiting_edit_back(comment: Comment, now: datetime) -> None:
    edit(comment, LINK, now)
    version = comment.version
    assert edit(comment, "The tolls end.", now) is None
    assert texts(comment)[1:] == [(LINK, REFUSED)]
    assert (comment.version > version, comment.edited_at) == (True, None)


def test_a_comment_vouches_for_its_author_but_not_for_its_own_edit(
    held: Comment, article: Article, stranger: Reader, moderator: Reader, now: datetime
) -> None:
    factories.approve(held, moderator)
    edit(held, "Not what was approved.", now)
    assert texts(held)[-1] == ("Not what was approved.", HELD)
    another = factories.comment(article, stranger, "Trusted now.")
    edit(another, "Trusted still.", now)
    assert another.body_source == "Trusted still."


def test_a_held_comment_gets_the_new_text_and_stays_held(held: Comment, now: datetime) -> None:
    version = held.version
    edit(held, "My second thoughts.", now)
    assert (held.state, held.body_source, held.edited_at) == (CommentState.HELD, "My second thoughts.", None)
    assert texts(held) == [("My first words.", REFUSED), ("My second thoughts.", SHOWN)]
    assert held.version > version


def test_what_was_never_read_is_in_no_public_history(held: Comment, moderator: Reader, now: datetime) -> None:
    edit(held, "My second thoughts.", now)
    edit(held, "My third.", now)
    factories.approve(held, moderator)
    assert [version.pieces[0].text for version in revisions.history(held, None)] == ["My third."]
    assert len(revisions.history(held, held.reader)) == len(revisions.history(held, moderator)) == 3


def test_the_history_shows_what_was_read_newest_first(comment: Comment, another_reader: Reader, now: datetime) -> None:
    edit(comment, "The tolls stay.", now)
    edit(comment, LINK, now)
    seen = revisions.history(comment, another_reader)
    assert [(version.number, [piece.text for piece in version.pieces]) for version in seen] == [
        (2, ["The tolls ", "end.", "stay."]),
        (1, ["The tolls end."]),
    ]
    assert [version.state for version in revisions.history(comment, comment.reader)] == [HELD, SHOWN, SHOWN]


def test_the_history_of_what_was_withdrawn_is_nobodys(comment: Comment, moderator: Reader, now: datetime) -> None:
    edit(comment, "The tolls stay.", now)
    comments.withdraw(comment, by=comment.reader, now=now)
    with pytest.raises(Missing):
        revisions.history(comment, moderator)


def test_mentions_are_those_of_the_text_that_is_shown(comment: Comment, article: Article, now: datetime) -> None:
    ann, bob = factories.account("Ann Lee"), factories.account("Bob May")
    for one in (ann, bob):
        factories.comment(article, one)
    edit(comment, "@Ann Lee", now)
    edit(comment, f"@Bob May {LINK}", now)
    assert db.session.scalars(select(CommentMention.reader_id)).all() == [ann.id]
    edit(comment, "@Bob May", now)
    assert db.session.scalars(select(CommentMention.reader_id)).all() == [bob.id]


def test_who_is_newly_mentioned_is_news(comment: Comment, article: Article, now: datetime) -> None:
    factories.comment(article, factories.account("Ann Lee"))
    news = db.session.scalars(select(News).where(News.comment_id == comment.id)).one()
    news.spread_at = now
    edit(comment, "Changed.", now)
    db.session.refresh(news)
    assert news.spread_at == now
    edit(comment, "@Ann Lee", now)
    db.session.refresh(news)
    assert news.spread_at is None
