"""The clauses of the newsroom's policy: what each says now, which are reasons to choose from. Reads only."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import Select, func, select
from sqlalchemy.orm import aliased

from domain.errors import N_, Missing
from extensions import db
from models import ClauseVersion, ClauseWording, PolicyClause


def reasons() -> list[ClauseVersion]:
    """Return what each clause that is a reason says now, in the order of the keys that choose them: one query."""
    current = newest().where(PolicyClause.retired_at.is_(None))
    return list(db.session.scalars(current.order_by(PolicyClause.position, PolicyClause.id)))


def current(code: str) -> ClauseVersion:
    """Return what a clause says now; raise `Missing` for one that is none, or is no longer a reason."""
    found = db.session.scalar(newest().where(PolicyClause.code == code, PolicyClause.retired_at.is_(None)))
    if found is None:
        raise Missing(N_("There is no such clause in the policy."))
    return found


def newest_of(clause_id: int) -> ClauseVersion:
    """Return what a clause says now, whether or not it is still a reason."""
    return db.session.scalars(newest().where(ClauseVersion.clause_id == clause_id)).one()


def statements(versions: Sequence[ClauseVersion]) -> dict[tuple[int, str], str]:
    """Return what authors are told by each of these in other languages than the site's: one query."""
    found = select(ClauseWording).where(ClauseWording.version_id.in_([version.id for version in versions]))
    return {(wording.version_id, wording.language): wording.statement for wording in db.session.scalars(found)}


def newest() -> Select[ClauseVersion]:
    """Select what each clause says now, retired or not."""
    later = aliased(ClauseVersion)
    last = select(func.max(later.number)).where(later.clause_id == ClauseVersion.clause_id).scalar_subquery()
    return select(ClauseVersion).join(PolicyClause).where(ClauseVersion.number == last)
