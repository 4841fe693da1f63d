"""What goes with a comment that is erased: everything that says what it said, or may quote it.

What somebody answers for stays: entries, which the chain is made of, the reasons that were told, answers to appeals, legal notices.
"""

from __future__ import annotations

from sqlalchemy import delete, select, update

from extensions import db
from models import (
    Appeal,
    Comment,
    CommentRevision,
    Finding,
    Referral,
    Report,
    ScreeningVerdict,
    StatementOfReasons,
    TextPrint,
)

SAY_NOTHING_OF_IT = {Finding.FAILED, Finding.PASSED}  # verdicts: which check failed, and how; which there were


def blank(comment: Comment) -> None:
    """Blank the texts of a comment and what may quote them. The caller holds its row, and commits."""
    comment.body_source = comment.body_html = ""
    statements = select(StatementOfReasons.id).where(StatementOfReasons.comment_id == comment.id)
    seen = (ScreeningVerdict.comment_id == comment.id) & ScreeningVerdict.finding.not_in(SAY_NOTHING_OF_IT)
    for change in (
        update(CommentRevision).where(CommentRevision.comment_id == comment.id).values(body_source="", body_html=""),
        update(Appeal).where(Appeal.statement_id.in_(statements)).values(text=""),
        update(StatementOfReasons).where(StatementOfReasons.comment_id == comment.id).values(facts=""),
        update(Report).where(Report.comment_id == comment.id).values(note=""),
        update(Referral).where(Referral.comment_id == comment.id).values(note=""),
        update(ScreeningVerdict).where(seen).values(detail="", evidence=None),
        delete(TextPrint).where(TextPrint.comment_id == comment.id),
    ):
        db.session.execute(change)
