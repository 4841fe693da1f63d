from __future__ import annotations

from datetime import datetime

import pytest
from sqlalchemy import select

from domain import clauses, comments, moderation, statements
from domain.moderation import Judged
from extensions import db
from models import Article, ClauseWording, Comment, CommentState, ModerationEntry, Reader, ReportReason, StatementOfReasons
from tests import factories

pytestmark = pytest.mark.usefixtures("stage")


@pytest.fixture
def comment(article: Article, reader: Reader) -> Comment:
    return factories.comment(article, reader)


def judged(comment: Comment) -> Judged:
    return Judged(comment_id=comment.id, version=comment.version)


def limit(comment: Comment, by: Reader, now: datetime) -> ModerationEntry:
    return moderation.limit(judged(comment), clauses.current("abuse"), by=by, now=now)


def remove(comment: Comment, by: Reader, now: datetime, told: str = "") -> ModerationEntry:
    return moderation.remove(judged(comment), clauses.current("spam"), by=by, now=now, told=told)


def every(comment: Comment) -> list[StatementOfReasons]:
    of_it = select(StatementOfReasons).where(StatementOfReasons.comment_id == comment.id)
    return list(db.session.scalars(of_it.order_by(StatementOfReasons.id).execution_options(populate_existing=True)))


def test_a_restriction_states_its_reasons_in_the_words_of_its_clause(
    comment: Comment, moderator: Reader, now: datetime
) -> None:
    entry = remove(comment, moderator, now)
    (statement,) = every(comment)
    assert (statement.entry_id, statement.reader_id, statement.facts) == (entry.id, comment.reader_id, comment.body_source)
    assert statement.reasons == clauses.current("spam").statement
    assert (statement.is_detected_by_machine, statement.is_decided_by_machine) == (False, False)


def test_what_a_moderator_writes_takes_the_place_of_those_words(comment: Comment, moderator: Reader, now: datetime) -> None:
    remove(comment, moderator, now, told="You posted this\x00 five times.")
    assert every(comment)[0].reasons == "You posted this five times."


def test_an_author_is_told_in_the_language_they_wrote_in(
    article: Article, reader: Reader, moderator: Reader, now: datetime
) -> None:
    comment = factories.comment(article, reader, "다리는 모두에게 무료여야 합니다.")
    assert comment.language is not None
    clause = clauses.current("spam")
    told = {"title": "광고", "text": "광고하지 마세요.", "statement": "광고입니다."}
    db.session.add(ClauseWording(version_id=clause.id, language=comment.language, **told))
    remove(comment, moderator, now)
    assert (every(comment)[0].language, every(comment)[0].reasons) == (comment.language, "광고입니다.")


def test_a_heavier_restriction_takes_the_place_of_a_lighter_and_undoing_it_brings_that_back(
    comment: Comment, moderator: Reader, now: datetime
) -> None:
    limit(comment, moderator, now)
    entry = remove(comment, moderator, now)
    first, second = every(comment)
    assert (first.withdrawn_at, second.withdrawn_at) == (now, None)
    moderation.undo(entry.id, by=moderator, now=now)
    first, second = every(comment)
    assert (first.withdrawn_at, second.withdrawn_at) == (None, now)
    assert statements.live_of(comment) == first


@pytest.mark.parametrize("ends", ["undone", "overturned", "withdrawn", "held"])
def test_what_is_no_longer_restricted_has_no_statement(
    comment: Comment, moderator: Reader, another_reader: Reader, now: datetime, ends: str
) -> None:
    entry = limit(comment, moderator, now)
    if ends == "undone":
        moderation.undo(entry.id, by=moderator, now=now)
    elif ends == "overturned":
        moderation.overturn(entry, by=moderator, now=now)
    elif ends == "withdrawn":
        comments.withdraw(comment, by=comment.reader, now=now)
    else:
        moderation.hold(judged(comment), by=moderator, now=now)
    assert statements.live_of(comment) is None


def test_it_says_whether_a_check_pointed_at_it(article: Article, stranger: Reader, moderator: Reader, now: datetime) -> None:
    held = factories.comment(article, stranger)
    assert held.state is CommentState.HELD
    remove(held, moderator, now)
    assert every(held)[0].is_detected_by_machine


def test_it_says_so_no_longer_where_a_reader_complained(
    article: Article, stranger: Reader, reader: Reader, moderator: Reader, now: datetime
) -> None:
    held = factories.comment(article, stranger)
    moderation.approve(judged(held), by=moderator, now=now)
    moderation.report(held, ReportReason.SPAM, "", by=reader, now=now)
    remove(held, moderator, now)
    assert not every(held)[0].is_detected_by_machine
