"""The newsroom's rules as one of the checks: the facts of a text, and what each rule that holds wants."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import timedelta
from typing import Any

from domain.factfinding import WHOLE, capitals, site
from domain.languages import language_of
from domain.linkchecks import domains
from domain.rulebook import Verb
from domain.rulefacts import Comparison, Fact, Facts
from domain.ruling import Reason, evaluate
from domain.ruling import Verdict as Ruled
from domain.screened import LONGEST_DETAIL, Text, Verdict, places
from domain.wordkeeping import KeptRule
from domain.words import MOST_HITS
from models import Finding

DAY = timedelta(days=1)
_FINDINGS = {Verb.HOLD: Finding.HOLD, Verb.FLAG: Finding.FLAG, Verb.LIMIT: Finding.LIMIT, Verb.ROUTE: Finding.ROUTE}
_MAY_BE_UNKNOWN = {Fact.LANGUAGE, Fact.SCORE}  # Latin letters tell none, and there may be no classifier


class Untold(Exception):
    """A rule asked for a fact that should have been known and was not."""


def rules(text: Text) -> Iterable[Verdict]:
    """Yield what the rules want that hold. A nudge is no finding: its author was asked before (`nudge`)."""
    on = [rule for rule in text.kept.rules if rule.verb is not Verb.NUDGE]
    yield from wanted(text, on, facts_of(text) if on else Facts())


def wanted(text: Text, on: Iterable[KeptRule], facts: Facts) -> Iterable[Verdict]:
    """Yield what those of some rules want that hold of these facts. Raises `Untold`."""
    for rule in on:
        ruled = evaluate(rule.rule, facts)
        if ruled is not None:
            yield from _verdict(text, rule, ruled)


def nudge(text: Text) -> str:
    """Return what the author is asked to think about before it is sent, by the first rule that asks; nothing where none does."""
    on = [rule for rule in text.kept.rules if rule.verb is Verb.NUDGE]
    facts = facts_of(text) if on else Facts()
    return next((rule.rule.action.message for rule in on if evaluate(rule.rule, facts)), "")


def facts_of(text: Text) -> Facts:
    """Return what rules can ask of a text, of what costs a query only what they do ask."""
    asked, by, article = text.kept.facts, text.by, text.article
    record = text.record if {Fact.AUTHOR_APPROVED, Fact.AUTHOR_REMOVED} & asked else None
    scored = _scored(text) if Fact.SCORE in asked else None
    return Facts(
        text=text.body,
        contains=text.kept.listed.among(text.body, lambda: text.hits),
        length=len(text.body),
        links=len(text.links),
        link_domains=domains(text.links),
        capitals=capitals(text.body),
        language=language_of(text.body),
        is_reply=text.is_reply,
        author_tier=by.tier,
        author_age_days=max((text.now - by.created_at) / DAY, 0),
        author_approved=record.approved if record else None,
        author_removed=record.removed if record else None,
        reports=0,
        report_weight=0,
        section=article.section if article else None,
        legal_state=article.legal_state.value if article else None,
        article=article.id if article else None,
        heat=text.recent.posted if Fact.HEAT in asked else None,
        score=scored,
        time_of_day=text.now.astimezone(site.zone).time(),
    )


def _scored(text: Text) -> float | None:
    """Return the classifier's score in percent. Where it fails its own check says so, and the text waits for that."""
    try:
        return WHOLE * text.scored.score.probability if text.scored else None
    except Exception:  # noqa: BLE001 - whatever it is, the check of the classifier fails by it as well
        return None


def _verdict(text: Text, rule: KeptRule, ruled: Ruled) -> Iterable[Verdict]:
    if not ruled.is_hit:
        untold = {condition.fact for condition in ruled.unknown} - _MAY_BE_UNKNOWN
        if untold:
            message = f"{rule.rule.name}: {', '.join(sorted(untold))}"
            raise Untold(message)
        return
    yield Verdict(
        "rules",
        _FINDINGS[rule.verb],
        rule.rule.name[:LONGEST_DETAIL],
        rule.number,
        rule_id=rule.version_id,
        clause_id=rule.clause_id,
        queue=rule.rule.action.queue,
        evidence=_evidence(text, ruled),
    )


def _evidence(text: Text, ruled: Ruled) -> dict[str, Any]:
    words = {str(word) for reason in ruled.reasons for word in _words(reason)}
    hits = [hit for hit in text.hits if hit.word in words][:MOST_HITS] if words else []
    reasons = [_reason(reason) for reason in ruled.reasons]
    return {"reasons": reasons} | (places(hits) if hits else {})


def _words(reason: Reason) -> Iterable[object]:
    is_words = reason.condition.comparison is Comparison.CONTAINS and isinstance(reason.seen, tuple)
    return reason.seen if is_words and isinstance(reason.seen, tuple) else ()


def _reason(reason: Reason) -> dict[str, Any]:
    condition = reason.condition
    seen = list(reason.seen) if isinstance(reason.seen, tuple) else reason.seen
    return {
        "fact": condition.fact.value,
        "comparison": condition.comparison.value,
        "value": list(condition.value) if isinstance(condition.value, tuple) else condition.value,
        "seen": seen if isinstance(seen, str | int | float | bool | list | None) else str(seen),
        "held": reason.held,
    }
