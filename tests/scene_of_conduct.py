"""What there is on the scene to impose, lift, object to and decide."""

from __future__ import annotations

from datetime import datetime, timedelta

from flask import Flask
from sqlalchemy import select

from domain import appeals, clauses, moderation, receipts, sanctions
from domain.entries import Why
from domain.moderation import Judged
from domain.sanctions import Measure
from extensions import db
from models import Appeal, Article, ModerationEntry, Reader, Role, SanctionKind, StatementOfReasons
from tests import factories


def statement_of(entry: ModerationEntry) -> StatementOfReasons:
    """Return what was told of an act."""
    return db.session.scalars(select(StatementOfReasons).where(StatementOfReasons.entry_id == entry.id)).one()


def removed(article: Article, author: Reader, by: Reader, now: datetime) -> StatementOfReasons:
    """Return the statement of a comment that was removed."""
    comment = factories.comment(article, author)
    judged = Judged(comment_id=comment.id, version=comment.version)
    return statement_of(moderation.remove(judged, clauses.current("abuse"), by=by, now=now))


def appealed(statement: StatementOfReasons, now: datetime) -> Appeal:
    """Return the appeal of its author against a statement."""
    return appeals.make(statement, "It was a quotation.", by=statement.reader, now=now)


def imposed(reader: Reader, kind: SanctionKind, by: Reader, now: datetime) -> int:
    """Return the id of a sanction."""
    measure, why = Measure(kind=kind, lasts=timedelta(days=7), approvals=3), Why(clause=clauses.current("abuse"))
    return sanctions.impose(reader, measure, by=by, now=now, why=why).sanction_id or 0


def names(app: Flask, article: Article, now: datetime) -> dict[str, object]:
    """Return the names of what belongs to nobody of the cast."""
    by, editor = factories.account("the judge", role=Role.MODERATOR), factories.account("the chief", role=Role.EDITOR)
    troll, banned, admin = (
        factories.account("the cad"),
        factories.account("the imp"),
        factories.account("the boss", role=Role.ADMIN),
    )
    open_statement, judged = removed(article, troll, by, now), removed(article, troll, by, now)
    slowed = imposed(troll, SanctionKind.SLOWED, editor, now)
    return {
        "sanction": imposed(troll, SanctionKind.WARNED, by, now),
        "editors_sanction": slowed,
        "sanctioned": banned.public_id,
        "ban": (ban := imposed(banned, SanctionKind.BANNED, by, now)),
        "newest_sanction": ban,
        "an_admin": admin.public_id,
        "statement": open_statement.id,
        "statement_receipt": receipts.token_for(open_statement, secret=app.secret_key or ""),  # type: ignore[arg-type]
        "appeal": appealed(judged, now).id,
    }


def belongings(article: Article, reader: Reader, author: Reader, now: datetime) -> dict[str, object]:
    """Return what is one reader's own: a statement and, of a moderator, an appeal against what they decided."""
    by = factories.account(role=Role.MODERATOR)
    mine: dict[str, object] = {"own_statement": removed(article, reader, by, now).id}
    if reader.role is not Role.READER:
        mine["own_judged"] = appealed(removed(article, author, reader, now), now).id
    return mine
