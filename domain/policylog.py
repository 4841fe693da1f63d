"""What was changed in the newsroom's policy, by whom and when: an entry with every change, in its transaction."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Select, select
from sqlalchemy.orm import joinedload

from domain import text
from domain.errors import N_, Forbidden
from domain.permissions import can_edit
from extensions import db
from models import ClauseVersion, ModerationAct, ModerationEntry, Reader, RuleVersion

ABOUT_POLICY = (
    ModerationAct.CLAUSE_CHANGED,
    ModerationAct.WORDS_CHANGED,
    ModerationAct.RULE_CHANGED,
    ModerationAct.RULE_SWITCHED,
    ModerationAct.CLASSIFIER_SWITCHED,
)
DID: dict[
    str, str
] = {  # the first word of an entry's detail; what follows is the name of the clause, the list, the rule or the model
    "added": N_("added"),
    "changed": N_("changed"),
    "moved": N_("put at another place"),
    "retired": N_("retired"),
    "returned": N_("brought back"),
    "removed": N_("removed"),
    "on": N_("switched on"),
    "off": N_("switched off"),
    "wrong": N_("switched itself off, because it was wrong too often"),
    "trained": N_("trained"),
    "ended": N_("ended"),
}
CHANGES_A_PAGE = 50
LONGEST_DETAIL = 200  # characters: what the column takes


@dataclass(frozen=True, kw_only=True)
class About:
    """What an entry is about, besides what its detail says: the version of a clause, or of a rule."""

    clause: ClauseVersion | None = None
    rule: RuleVersion | None = None


def write(
    act: ModerationAct, detail: str, *, by: Reader | None, now: datetime, about: About | None = None, note: str = ""
) -> ModerationEntry:
    """Write who changed what; nobody where the clock did. `detail` begins with one of `DID` and goes on with a name."""
    about = about or About()
    entry = ModerationEntry(
        act=act,
        detail=text.shortened(detail, LONGEST_DETAIL),
        note=text.plain(note),
        actor_id=by.id if by else None,
        clause_id=about.clause.id if about.clause else None,
        rule_id=about.rule.id if about.rule else None,
        made_at=now,
    )
    db.session.add(entry)
    db.session.flush()
    return entry


def check_may_change(reader: Reader) -> None:
    """Raise `Forbidden` for who may only read the policy."""
    if not can_edit(reader):
        raise Forbidden(N_("Moderators read the policy; an editor changes it."))


def changes(*, before: int | None = None) -> tuple[list[ModerationEntry], int | None]:
    """Return a page of what was changed, newest first, and the cursor of the next page."""
    found = _about_policy()
    if before is not None:
        found = found.where(ModerationEntry.id < before)
    entries = list(db.session.scalars(found.order_by(ModerationEntry.id.desc()).limit(CHANGES_A_PAGE + 1)))
    page = entries[:CHANGES_A_PAGE]
    return page, page[-1].id if len(entries) > CHANGES_A_PAGE else None


def switches_of(rule_id: int) -> list[ModerationEntry]:
    """Return how often a rule was changed or switched, newest first, at most a page."""
    of_rule = select(RuleVersion.id).where(RuleVersion.rule_id == rule_id)
    found = _about_policy().where(ModerationEntry.rule_id.in_(of_rule))
    return list(db.session.scalars(found.order_by(ModerationEntry.id.desc()).limit(CHANGES_A_PAGE)))


def _about_policy() -> Select[ModerationEntry]:
    """Select from the few entries that are about no comment: the index of comments finds those."""
    about = ModerationEntry.comment_id.is_(None) & ModerationEntry.act.in_(ABOUT_POLICY)
    return select(ModerationEntry).where(about).options(joinedload(ModerationEntry.actor))
