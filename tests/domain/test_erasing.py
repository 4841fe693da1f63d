from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from sqlalchemy import func, select

from domain import appeals, audit, clauses, entries, moderation, replaying, revisions, statements
from domain.judging import Judged
from extensions import db
from models import Appeal, Article, Comment, Reader, ReferralKind, Report, ReportReason, TextPrint
from tests import factories

pytestmark = pytest.mark.usefixtures("stage")

WHERE = "elm-street.example"


def judged(comment: Comment) -> Judged:
    newest = db.session.scalar(select(func.max(Report.id))) or 0
    return Judged(comment_id=comment.id, version=comment.version, report_id=newest)


@pytest.fixture
def appealed(article: Article, reader: Reader, another_reader: Reader, moderator: Reader, now: datetime) -> Comment:
    """Return a comment that says where somebody lives, as do all who have written about it since."""
    comment = factories.comment(article, reader, f"Her house is https://{WHERE}/5 and she is in by nine o'clock every night.")
    revisions.edit(comment, f"{comment.body_source} Go there.", by=reader, now=now, window=timedelta(minutes=10))
    moderation.approve(judged(comment), by=moderator, now=now)
    moderation.report(comment, ReportReason.PRIVACY, f"Mine is {WHERE}!", by=another_reader, now=now)
    entries.refer(comment, ReferralKind.FLAGGED, by=None, now=now, note=WHERE)
    db.session.refresh(comment)
    moderation.remove(judged(comment), clauses.current("abuse"), by=moderator, now=now)
    statement = statements.live_of(comment)
    assert statement is not None
    appeals.make(statement, f"But {WHERE} is where she lives.", by=reader, now=now)
    return comment


def places() -> set[str]:
    """Return which tables have a row that says where somebody lives."""
    tables = db.metadata.tables.values()
    return {table.name for table in tables for row in db.session.execute(select(table)) if WHERE in repr(tuple(row))}


def test_what_is_erased_stands_in_no_table_any_more(appealed: Comment, editor: Reader, now: datetime) -> None:
    said = {"comment", "comment_revision", "statement_of_reasons", "appeal", "report", "referral", "screening_verdict"}
    assert places() == said
    moderation.erase(appealed.id, by=editor, now=now)
    assert places() == set()


def test_what_is_erased_is_not_found_by_its_prints(appealed: Comment, editor: Reader, now: datetime) -> None:
    printed = select(func.count()).where(TextPrint.comment_id == appealed.id)
    assert db.session.scalar(printed)
    moderation.erase(appealed.id, by=editor, now=now)
    assert not db.session.scalar(printed)


def test_another_comment_is_not_erased_with_it(
    article: Article, appealed: Comment, reader: Reader, editor: Reader, now: datetime
) -> None:
    factories.comment(article, reader, f"He lives at https://{WHERE}/6.")
    moderation.erase(appealed.id, by=editor, now=now)
    assert places() == {"comment", "screening_verdict"}


def test_erasing_breaks_no_seal_and_no_replay(appealed: Comment, editor: Reader, now: datetime) -> None:
    audit.seal(now=now)
    moderation.erase(appealed.id, by=editor, now=now)
    audit.seal(now=now)
    assert [fault for batch in audit.faults(now=now + timedelta(days=2)) for fault in batch] == []
    assert [difference for batch in replaying.batches() for difference in batch] == []


def test_what_the_author_was_told_and_answered_stays(appealed: Comment, editor: Reader, now: datetime) -> None:
    appeal = db.session.scalars(select(Appeal)).one()
    appeals.refuse(appeal.id, "It is nobody's business.", by=editor, now=now)
    moderation.erase(appealed.id, by=editor, now=now)
    db.session.refresh(appeal)
    assert appeal.answer == "It is nobody's business."
    assert appeal.statement.reasons == clauses.current("abuse").statement
