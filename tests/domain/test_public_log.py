from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from domain import clauses, legal, moderation, publiclog
from domain.judging import Judged
from domain.legal import LegalSetting
from domain.publiclog import A_PAGE, SHOWN_AFTER
from extensions import db
from models import Article, LegalState, ModerationAct, ModerationEntry, Reader
from tests import factories
from tests.statements import counted_statements

pytestmark = pytest.mark.usefixtures("stage")


@pytest.fixture
def then(now: datetime) -> datetime:
    """When somebody reads the log: what is decided now stands in it."""
    return now + SHOWN_AFTER + timedelta(hours=1)


def remove(article: Article, by: Reader, now: datetime) -> ModerationEntry:
    comment = factories.comment(article, factories.account())
    judged = Judged(comment_id=comment.id, version=comment.version)
    return moderation.remove(judged, clauses.current("abuse"), by=by, now=now, note="a note for colleagues")


def test_the_log_says_what_was_done_by_which_clause_and_where(
    article: Article, moderator: Reader, now: datetime, then: datetime
) -> None:
    entry = remove(article, moderator, now)
    (told,) = publiclog.page(then).told
    assert (told.id, told.act, told.clause, told.article, told.is_by_machine) == (
        entry.id,
        ModerationAct.REMOVED,
        clauses.current("abuse").title,
        article,
        False,
    )


def test_what_was_decided_a_moment_ago_is_not_there_yet(article: Article, moderator: Reader, now: datetime) -> None:
    remove(article, moderator, now)
    assert publiclog.page(now).told == []


def test_approvals_and_their_undoing_are_not_listed(
    article: Article, stranger: Reader, moderator: Reader, now: datetime, then: datetime
) -> None:
    held = factories.comment(article, stranger)
    entry = moderation.approve(Judged(comment_id=held.id, version=held.version), by=moderator, now=now)
    moderation.undo(entry.id, by=moderator, now=now)
    assert publiclog.page(then).told == []


def test_whom_an_article_names_stands_in_no_log(article: Article, editor: Reader, now: datetime, then: datetime) -> None:
    setting = LegalSetting(state=LegalState.COURT_ORDER, jurisdiction="Germany", is_sensitive=True, subjects=("Ann Example",))
    legal.change(article, setting, by=editor, now=now, note="Ann Example called")
    assert "Ann" not in repr(publiclog.page(then).told)


def test_every_act_is_on_one_page_and_each_page_is_one_query(
    article: Article, moderator: Reader, now: datetime, then: datetime
) -> None:
    ids = [remove(article, moderator, now).id for _ in range(A_PAGE + 2)]
    db.session.expire_all()
    with counted_statements() as statements:
        first = publiclog.page(then)
    second = publiclog.page(then, before=first.next_before)
    read = [told.id for page in (first, second) for told in page.told]
    assert (read, second.next_before, len(statements)) == (ids[::-1], None, 1)
