"""What an author was told of restrictions of theirs: each statement with the appeal against it. Reads only."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Select, select
from sqlalchemy.orm import joinedload

from domain import appeals, restraints
from domain.errors import N_, Missing
from domain.permissions import GONE
from extensions import db
from models import (
    Appeal,
    Article,
    Comment,
    ModerationAct,
    ModerationEntry,
    Reader,
    Sanction,
    SanctionKind,
    StatementOfReasons,
)

LISTED = 20  # on a page


@dataclass(frozen=True, kw_only=True)
class Explained:
    """A statement of reasons, and the appeal against it if there is one."""

    statement: StatementOfReasons
    appeal: Appeal | None = None

    @property
    def comment(self) -> Comment | None:
        """Return the comment it is about, if it is about one."""
        return self.statement.comment

    @property
    def sanction(self) -> Sanction | None:
        """Return the sanction it is about, if it is about one."""
        return self.statement.entry.sanction

    @property
    def shows_text(self) -> bool:
        """Whether the text it is about may be shown to its author: not what the law or they themselves took away."""
        return self.comment is not None and self.comment.state not in GONE

    @property
    def is_in_force(self) -> bool:
        """Whether what it tells of still holds."""
        return self.statement.withdrawn_at is None and (self.sanction is None or self.sanction.ended_at is None)

    def can_be_appealed(self, now: datetime) -> bool:
        """Whether its author can still object."""
        return self.appeal is None and appeals.is_open(self.statement, self.statement.reader, now)


@dataclass(frozen=True, kw_only=True)
class ExplainedPage:
    """Statements, newest first. `next_before` is the cursor of the next page."""

    rows: tuple[Explained, ...]
    next_before: int | None


def told_to(reader: Reader, *, before: int | None = None) -> ExplainedPage:
    """Return a page of what a reader was told: three queries."""
    found = _whole().where(StatementOfReasons.reader_id == reader.id).order_by(StatementOfReasons.id.desc())
    if before is not None:
        found = found.where(StatementOfReasons.id < before)
    rows = db.session.scalars(found.limit(LISTED + 1)).all()
    page = rows[:LISTED]
    against = appeals.against([one.id for one in page])
    shown = tuple(Explained(statement=one, appeal=against.get(one.id)) for one in page)
    return ExplainedPage(rows=shown, next_before=page[-1].id if len(rows) > LISTED else None)


def restricting(reader: Reader, now: datetime) -> list[Explained]:
    """Return the statements of the sanctions a reader is under, the gravest first; a warning restricts nothing."""
    under = [one.id for one in restraints.of(reader, now).sanctions if one.kind is not SanctionKind.WARNED]
    if not under:
        return []
    beginning = (ModerationEntry.sanction_id.in_(under)) & (ModerationEntry.act == ModerationAct.SANCTIONED)
    found = _whole().where(StatementOfReasons.entry_id.in_(select(ModerationEntry.id).where(beginning)))
    explained = {one.entry.sanction_id: Explained(statement=one) for one in db.session.scalars(found)}
    return [explained[one] for one in under if one in explained]


def to(reader: Reader, statement_id: int) -> Explained:
    """Return one statement to a reader; raise `Missing` for another's."""
    found = _whole().where(StatementOfReasons.id == statement_id, StatementOfReasons.reader_id == reader.id)
    statement = db.session.scalar(found)
    if statement is None:
        raise Missing(N_("There is no such statement."))
    return explained(statement)


def newest_about(comment: Comment) -> Explained | None:
    """Return the newest statement about a comment, in force or not."""
    about = _whole().where(StatementOfReasons.comment_id == comment.id).order_by(StatementOfReasons.id.desc())
    statement = db.session.scalar(about.limit(1))
    return explained(statement) if statement is not None else None


def in_force_about(comment_ids: Sequence[int]) -> dict[int, StatementOfReasons]:
    """Return by comment the statement of each that is restricted: one query."""
    live = StatementOfReasons.comment_id.in_(comment_ids) & StatementOfReasons.withdrawn_at.is_(None)
    return {one.comment_id: one for one in db.session.scalars(select(StatementOfReasons).where(live)) if one.comment_id}


def explained(statement: StatementOfReasons) -> Explained:
    """Return a statement with its appeal."""
    return Explained(statement=statement, appeal=appeals.of_statement(statement))


def _whole() -> Select[StatementOfReasons]:
    comment = joinedload(StatementOfReasons.comment).joinedload(Comment.article).load_only(Article.slug, Article.headline)
    sanction = joinedload(StatementOfReasons.entry).joinedload(ModerationEntry.sanction)
    return select(StatementOfReasons).options(comment, sanction)
