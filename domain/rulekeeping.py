"""The newsroom's moderation rules as it keeps them: versions, being on or off, and how often each was right.

Each verb writes its entry, and the caller commits.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Select, func, literal, select, union_all
from sqlalchemy.orm import joinedload

from domain import entries, policylog, ruleyaml
from domain.errors import N_, Conflict, Invalid, Missing
from domain.policylog import About
from domain.precision import Precision, should_switch_off
from domain.rulebook import Rule, Unusable, Verb
from extensions import db
from models import ModerationAct, ModerationEntry, ModerationRule, PolicyClause, Reader, RuleVersion, ScreeningVerdict

MOST_RULES = 100  # that there can be: each is asked of every text
MOST_HITS = 500  # of a rule, the newest, by which it is judged: what it did long ago says little of it
MOST_VERSIONS = 50  # that a page shows, the newest
CLAUSELESS = N_("A rule that limits needs a clause: the author is told by which rule of the house.")
OVERTAKEN = N_("Somebody has changed this rule meanwhile. What you typed is kept: look at theirs, then save again.")

UPHELD = {
    ModerationAct.REMOVED: True,
    ModerationAct.LIMITED: True,
    ModerationAct.DISABLED: True,
    ModerationAct.EDIT_REFUSED: True,
    ModerationAct.APPEAL_REFUSED: True,
    ModerationAct.APPROVED: False,
    ModerationAct.EDIT_APPROVED: False,
    ModerationAct.APPEAL_GRANTED: False,
}


@dataclass(frozen=True)
class Kept:
    """A rule as it is now: its newest version, what that says where it can still be read, and how often it was right."""

    version: RuleVersion
    rule: Rule | None
    precision: Precision

    @property
    def switched_itself_off(self) -> bool:
        """Whether it is off because it was wrong too often."""
        row = self.version.rule
        return not row.is_on and row.switched_at is not None and row.switched_by_id is None


def make(rule: Rule, *, clause: PolicyClause | None, by: Reader, now: datetime) -> RuleVersion:
    """Keep a new rule, which is on from now on. Raises `Conflict` for one too many, `Invalid` for a limit without a clause."""
    policylog.check_may_change(by)
    there = select(func.count()).select_from(ModerationRule).where(ModerationRule.removed_at.is_(None))
    if (db.session.scalar(there) or 0) >= MOST_RULES:
        raise Conflict(N_("There are %(most)s rules already: remove one first."), most=MOST_RULES)
    row = ModerationRule(made_at=now)
    db.session.add(row)
    db.session.flush()
    return _write("added", row, 1, rule, clause, by=by, now=now)


def revise(
    row: ModerationRule, rule: Rule, *, clause: PolicyClause | None, expected: int, by: Reader, now: datetime
) -> RuleVersion:
    """Let a rule say something else from now on; what says the same makes no version. `expected` is what the editor saw.

    Raises what `make` raises, and `Conflict` where somebody else was faster.
    """
    policylog.check_may_change(by)
    newest = _newest_locked(row)
    if newest.number != expected:
        raise Conflict(OVERTAKEN)
    clause_id = clause.id if clause and rule.action.verb is Verb.LIMIT else None
    if newest.source == ruleyaml.to_yaml(rule) and newest.clause_id == clause_id:
        return newest
    return _write("changed", row, newest.number + 1, rule, clause, by=by, now=now)


def switch(row: ModerationRule, *, is_on: bool, by: Reader, now: datetime) -> None:
    """Switch a rule on or off; once is enough. Its hits are counted anew from then on."""
    policylog.check_may_change(by)
    newest = _newest_locked(row)
    if row.is_on is not is_on:
        _switch(newest, "on" if is_on else "off", is_on=is_on, by=by, now=now)


def remove(row: ModerationRule, *, by: Reader, now: datetime) -> None:
    """Take a rule away; once is enough. What it did stays explained by its versions."""
    policylog.check_may_change(by)
    newest = _newest_locked(row)
    row.removed_at, row.is_on = now, False
    policylog.write(ModerationAct.RULE_CHANGED, f"removed {newest.name}", by=by, now=now, about=About(rule=newest))


def switch_off_wrong(*, now: datetime) -> list[RuleVersion]:
    """Switch off the rules that were wrong too often, and return them: by the clock, which the entries say. The caller commits."""
    wrong = [kept.version for kept in current() if kept.version.rule.is_on and should_switch_off(kept.precision)]
    switched = []
    for version in wrong:
        newest = _newest_locked(version.rule)
        if newest.id == version.id and version.rule.is_on:
            _switch(newest, "wrong", is_on=False, by=None, now=now)
            switched.append(newest)
    return switched


# --- reading ---------------------------------------------------------------------------------------------------------


def current() -> list[Kept]:
    """Return every rule there is, the oldest first, with how often each was right: three queries."""
    versions = list(db.session.scalars(_newest().where(ModerationRule.removed_at.is_(None)).order_by(ModerationRule.id)))
    precisions = precisions_of(versions)
    return [Kept(version, _parsed(version), precisions[version.id]) for version in versions]


def kept(rule_id: int) -> Kept:
    """Return a rule as it is now. Raises `Missing` where there is none, or none any more."""
    version = db.session.scalar(_newest().where(ModerationRule.id == rule_id, ModerationRule.removed_at.is_(None)))
    if version is None:
        raise Missing(N_("There is no such rule, or it has been removed."))
    return Kept(version, _parsed(version), precisions_of([version])[version.id])


def versions_of(row: ModerationRule) -> list[RuleVersion]:
    """Return everything a rule has said, newest first."""
    found = select(RuleVersion).where(RuleVersion.rule_id == row.id).order_by(RuleVersion.number.desc())
    return list(db.session.scalars(found.options(joinedload(RuleVersion.made_by)).limit(MOST_VERSIONS)))


def precisions_of(versions: Sequence[RuleVersion]) -> dict[int, Precision]:
    """Return by version how often it was right since it was last switched on: two queries, however many.

    A hit was right where people's newest decision about the comment, made after it, restricts the text. A decision that
    was undone is none, and an appeal that was granted says that it was wrong.
    """
    if not versions:
        return {}
    found = union_all(*map(_hits, versions)).subquery()
    hits: dict[int, list[tuple[int, datetime]]] = {version.id: [] for version in versions}
    for version_id, comment_id, at in db.session.execute(select(found)):
        hits[version_id].append((comment_id, at))
    decided = _decided(select(found.c.comment_id))
    precisions = {}
    for version in versions:
        rulings = [
            next((is_upheld for at, is_upheld in decided.get(comment_id, ()) if at >= since), None)
            for comment_id, since in hits[version.id]
        ]
        told = [ruling for ruling in rulings if ruling is not None]
        precisions[version.id] = Precision(hits=len(rulings), decided=len(told), upheld=sum(told))
    return precisions


def _hits(version: RuleVersion) -> Select[int, int, datetime]:
    """Select the comments that a version hit last, each once, and when: a bounded part of the index."""
    hits = select(ScreeningVerdict.comment_id, ScreeningVerdict.made_at).where(ScreeningVerdict.rule_id == version.id)
    if version.rule.switched_at is not None:
        hits = hits.where(ScreeningVerdict.made_at >= version.rule.switched_at)
    newest = hits.order_by(ScreeningVerdict.id.desc()).limit(MOST_HITS).subquery()
    at = func.min(newest.c.made_at).label("at")
    return select(literal(version.id).label("version_id"), newest.c.comment_id, at).group_by(newest.c.comment_id)


def _decided(comment_ids: Select[int]) -> dict[int, list[tuple[datetime, bool]]]:
    """Return by comment what people decided about it, newest first: when, and whether the text was restricted."""
    found: dict[int, list[tuple[datetime, bool]]] = {}
    rows = select(ModerationEntry.comment_id, ModerationEntry.made_at, ModerationEntry.act).where(
        ModerationEntry.comment_id.in_(comment_ids),
        ModerationEntry.actor_id.is_not(None),
        ModerationEntry.act.in_(UPHELD),
        ~entries.is_undone(),
    )
    for comment_id, at, act in db.session.execute(rows.order_by(ModerationEntry.id.desc())):
        found.setdefault(comment_id or 0, []).append((at, UPHELD[act]))
    return found


# --- inside ----------------------------------------------------------------------------------------------------------


def _newest() -> Select[RuleVersion]:
    last = select(func.max(RuleVersion.id)).group_by(RuleVersion.rule_id)
    return select(RuleVersion).join(ModerationRule).options(joinedload(RuleVersion.rule)).where(RuleVersion.id.in_(last))


def _newest_locked(row: ModerationRule) -> RuleVersion:
    """Return what a rule says now, with its row locked. Raises `Missing` where it has been removed."""
    db.session.refresh(row, with_for_update=True)
    if row.removed_at is not None:
        raise Missing(N_("There is no such rule, or it has been removed."))
    return db.session.scalars(_newest().where(RuleVersion.rule_id == row.id)).one()


def _write(
    did: str, row: ModerationRule, number: int, rule: Rule, clause: PolicyClause | None, *, by: Reader, now: datetime
) -> RuleVersion:
    needs_clause = rule.action.verb is Verb.LIMIT
    if needs_clause and (clause is None or clause.retired_at is not None):
        raise Invalid(CLAUSELESS)
    version = RuleVersion(
        rule_id=row.id,
        number=number,
        name=rule.name,
        source=ruleyaml.to_yaml(rule),
        clause_id=clause.id if clause and needs_clause else None,
        made_by_id=by.id,
        made_at=now,
    )
    db.session.add(version)
    db.session.flush()
    policylog.write(ModerationAct.RULE_CHANGED, f"{did} {rule.name}", by=by, now=now, about=About(rule=version))
    return version


def _switch(version: RuleVersion, did: str, *, is_on: bool, by: Reader | None, now: datetime) -> None:
    row = version.rule
    row.is_on, row.switched_at, row.switched_by_id = is_on, now, by.id if by else None
    policylog.write(ModerationAct.RULE_SWITCHED, f"{did} {version.name}", by=by, now=now, about=About(rule=version))


def _parsed(version: RuleVersion) -> Rule | None:
    try:
        return ruleyaml.parse(version.source)
    except Unusable:
        return None
