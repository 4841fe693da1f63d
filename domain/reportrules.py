"""The newsroom's rules that ask how much a comment is reported: asked again with each complaint, once it is there."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from sqlalchemy import func, select

from domain import clauses, entries, notices, rulechecks, weighing
from domain.entries import Why
from domain.permissions import can_moderate
from domain.rulebook import Queue, Verb, conditions
from domain.rulechecks import Untold
from domain.rulefacts import Fact
from domain.screened import LONGEST_DETAIL, Text, Verdict
from domain.wordkeeping import VERSIONS, Kept, KeptRule
from extensions import db
from models import (
    SHOWN,
    Comment,
    CommentState,
    Finding,
    ModerationAct,
    ReferralKind,
    Report,
    RuleVersion,
    ScreeningVerdict,
)

ABOUT_REPORTS = {Fact.REPORTS, Fact.REPORT_WEIGHT}
_REFERRED = {Queue.LEGAL: ReferralKind.LEGAL, Queue.SECOND_OPINION: ReferralKind.SECOND_OPINION}


def about_reports() -> tuple[KeptRule, ...]:
    """Return the rules that are on and ask for it. Where they cannot be read there is none: screening says why."""
    kept = Kept(db.session.execute(select(*VERSIONS)).one())
    try:
        return tuple(rule for rule in kept.rules if rule.verb is not Verb.NUDGE and _asks(rule))
    except Exception:  # noqa: BLE001 - a rule that is damaged is no reason to refuse a complaint
        return ()


def look_again(comment: Comment, rules: tuple[KeptRule, ...], *, now: datetime) -> None:
    """Do what those of the rules want that hold now, each once for a comment, whose row the caller holds. None is a moderator's."""
    if not rules or can_moderate(comment.reader):
        return
    text = Text(comment.body_source, comment.reader, now, comment.article, comment.parent_id is not None, comment)
    did = set(db.session.scalars(select(ScreeningVerdict.rule_id).where(ScreeningVerdict.comment_id == comment.id)))
    due = [rule for rule in rules if rule.version_id not in did]
    facts = replace(rulechecks.facts_of(text), reports=_reports(comment), report_weight=_weight(comment))
    try:
        found = list(rulechecks.wanted(text, due, facts))
    except Untold:
        return
    for verdict in found:
        _keep(comment, verdict, now)
        _act(comment, verdict, now)


def _asks(rule: KeptRule) -> bool:
    return any(condition.fact in ABOUT_REPORTS for condition in conditions(rule.rule.when))


def _reports(comment: Comment) -> int:
    counted = select(func.count()).select_from(Report).where(entries.open_reports(comment))
    return db.session.scalar(counted) or 0


def _weight(comment: Comment) -> float:
    return round(sum(weight.total for weight in weighing.weights([comment.id]).values()), 2)


def _keep(comment: Comment, verdict: Verdict, now: datetime) -> None:
    row = ScreeningVerdict(
        comment_id=comment.id,
        check=verdict.check,
        check_version=verdict.version,
        finding=verdict.finding,
        detail=verdict.detail[:LONGEST_DETAIL],
        rule_id=verdict.rule_id,
        evidence=verdict.evidence,
        made_at=now,
    )
    db.session.add(row)


def _act(comment: Comment, verdict: Verdict, now: datetime) -> None:
    """Hold, limit or refer; nobody did, but a rule. What is restricted already stays as it is."""
    why = Why(rule=db.session.get(RuleVersion, verdict.rule_id))
    if verdict.finding is Finding.FLAG:
        entries.refer(comment, ReferralKind.FLAGGED, by=None, now=now, note=verdict.detail)
    elif verdict.finding is Finding.LIMIT and verdict.clause_id and comment.state is CommentState.PUBLISHED:
        why = replace(why, clause=clauses.newest_of(verdict.clause_id))
        entry = entries.enter(comment, ModerationAct.LIMITED, CommentState.LIMITED, by=None, now=now, why=why)
        notices.plan_all(entry, comment, now=now)
    elif verdict.finding in {Finding.HOLD, Finding.ROUTE} and comment.state in SHOWN:
        entries.enter(comment, ModerationAct.HELD, CommentState.HELD, by=None, now=now, why=why)
    if verdict.queue is not None:
        entries.refer(comment, _REFERRED[verdict.queue], by=None, now=now, note=verdict.detail)
