"""Moderation rules in plain words, for the card and for the list of rules: texts to be translated, within each other. Pure.

Each says a fact and then what is asked of it ("links: at least 1"), so that no language has to bend a word for a number.
`said` translates a phrase with the gettext it is given.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import time
from functools import reduce

from domain.errors import N_
from domain.rulebook import Condition, Group, Join, Node, Not, Rule, Verb, several
from domain.rulefacts import Comparison, Fact, Kind
from domain.ruling import Reason, Seen, Verdict

MOST_NAMED = 5  # words of a condition that are said; the rest are counted


@dataclass(frozen=True)
class Phrase:
    """A text to be translated, and what fills its places: values, or phrases."""

    message: str
    values: Mapping[str, object] = field(default_factory=dict)


FACTS: dict[Fact, str] = {
    Fact.TEXT: N_("the text"),
    Fact.LENGTH: N_("characters of the text"),
    Fact.LINKS: N_("links"),
    Fact.LINK_DOMAINS: N_("links to"),
    Fact.CAPITALS: N_("capitals, in percent of the letters"),
    Fact.LANGUAGE: N_("the language"),
    Fact.IS_REPLY: N_("a reply"),
    Fact.AUTHOR_TIER: N_("the author's account"),
    Fact.AUTHOR_AGE_DAYS: N_("days since the author joined"),
    Fact.AUTHOR_APPROVED: N_("approved comments of the author"),
    Fact.AUTHOR_REMOVED: N_("removed comments of the author"),
    Fact.REPORTS: N_("open reports"),
    Fact.REPORT_WEIGHT: N_("weight of the open reports"),
    Fact.SECTION: N_("the section"),
    Fact.LEGAL_STATE: N_("the article's legal state"),
    Fact.ARTICLE: N_("the article's number"),
    Fact.HEAT: N_("comments in the last 10 minutes"),
    Fact.SCORE: N_("the classifier's score, in percent"),
    Fact.TIME_OF_DAY: N_("the time of day"),
}

COMPARISONS: dict[Comparison, str] = {  # as a form offers them
    Comparison.CONTAINS: N_("contains one of"),
    Comparison.MATCHES: N_("fits the pattern"),
    Comparison.ABOVE: N_("more than"),
    Comparison.AT_LEAST: N_("at least"),
    Comparison.BELOW: N_("fewer than"),
    Comparison.AT_MOST: N_("at most"),
    Comparison.EQUALS: N_("exactly"),
    Comparison.IS: N_("is"),
    Comparison.IS_NOT: N_("is not"),
    Comparison.AMONG: N_("one of"),
    Comparison.NOT_AMONG: N_("anywhere but"),
    Comparison.BETWEEN: N_("between"),
}

ASKED: dict[Comparison, str] = {
    Comparison.CONTAINS: N_("%(fact)s contains %(value)s"),
    Comparison.MATCHES: N_("%(fact)s fits the pattern %(value)s"),
    Comparison.ABOVE: N_("%(fact)s: more than %(value)s"),
    Comparison.AT_LEAST: N_("%(fact)s: at least %(value)s"),
    Comparison.BELOW: N_("%(fact)s: fewer than %(value)s"),
    Comparison.AT_MOST: N_("%(fact)s: at most %(value)s"),
    Comparison.EQUALS: N_("%(fact)s: exactly %(value)s"),
    Comparison.IS: N_("%(fact)s is %(value)s"),
    Comparison.IS_NOT: N_("%(fact)s is not %(value)s"),
    Comparison.AMONG: N_("%(fact)s %(value)s"),
    Comparison.NOT_AMONG: N_("%(fact)s anywhere but %(value)s"),
    Comparison.BETWEEN: N_("%(fact)s: from %(since)s until %(until)s"),
}

CHOICES: dict[str, str] = {
    "verified": N_("a verified account"),
    "registered": N_("a registered account"),
    "guest": N_("a guest's"),
    "set_aside": N_("set aside"),
    "none": N_("no proceedings"),
    "proceedings": N_("proceedings are active"),
    "court_order": N_("a court order applies"),
}

# What is asked most often, as people say it.
_SHORT: dict[tuple[Fact, Comparison, object], str] = {
    (Fact.LINKS, Comparison.AT_LEAST, 1): N_("it has a link"),
    (Fact.LINKS, Comparison.ABOVE, 0): N_("it has a link"),
    (Fact.LINKS, Comparison.EQUALS, 0): N_("it has no link"),
    (Fact.AUTHOR_APPROVED, Comparison.BELOW, 1): N_("its author has no approved comment"),
    (Fact.AUTHOR_APPROVED, Comparison.EQUALS, 0): N_("its author has no approved comment"),
    (Fact.AUTHOR_REMOVED, Comparison.AT_LEAST, 1): N_("a comment of its author was removed"),
    (Fact.IS_REPLY, Comparison.IS, True): N_("it is a reply"),
    (Fact.IS_REPLY, Comparison.IS, False): N_("it is no reply"),
    (Fact.REPORTS, Comparison.AT_LEAST, 1): N_("it was reported"),
}

_DOES: dict[Verb, str] = {
    Verb.HOLD: N_("Held by the rule “%(name)s”: %(why)s"),
    Verb.FLAG: N_("Flagged by the rule “%(name)s”: %(why)s"),
    Verb.LIMIT: N_("Limited by the rule “%(name)s”: %(why)s"),
    Verb.NUDGE: N_("The author was asked to reconsider by the rule “%(name)s”: %(why)s"),
    Verb.ROUTE: N_("Sent to a queue by the rule “%(name)s”: %(why)s"),
}
VERBS: dict[Verb, str] = {
    Verb.HOLD: N_("hold it for review"),
    Verb.FLAG: N_("show it, and flag it for moderators"),
    Verb.LIMIT: N_("show it collapsed, without replies"),
    Verb.NUDGE: N_("ask the author to reconsider before posting"),
    Verb.ROUTE: N_("send it to a queue"),
}


def describe(rule: Rule) -> Phrase:
    """Return what a rule asks, in words. Names nobody and says nothing of a text."""
    return _asked(rule.when)


def why(verdict: Verdict) -> Phrase:
    """Return why a rule holds of a text, for a card: its name, the conditions that decided, and what they saw."""
    reasons = [_reason(reason) for reason in verdict.reasons]
    return Phrase(_DOES[verdict.rule.action.verb], {"name": verdict.rule.name, "why": _joined(reasons, Join.ALL)})


def said(phrase: Phrase, gettext: Callable[[str], str]) -> str:
    """Return a phrase in the language of this gettext."""
    values = {name: said(one, gettext) if isinstance(one, Phrase) else one for name, one in phrase.values.items()}
    return gettext(phrase.message) % values if values else gettext(phrase.message)


def _phrase(message: str, /, **values: object) -> Phrase:
    return Phrase(message, values)


def _asked(node: Node) -> Phrase:
    match node:
        case Condition():
            return _condition(node)
        case Not(part):
            return _phrase(N_("not: %(what)s"), what=_bracketed(part))
        case Group(join, parts):
            return _joined([_bracketed(part) for part in parts], join)


def _bracketed(part: Node) -> Phrase:
    """Return a part of a group: brackets tell what belongs together where one group stands in another."""
    asked = _asked(part)
    return _phrase(N_("(%(what)s)"), what=asked) if isinstance(part, Group) and len(part.parts) > 1 else asked


def _joined(phrases: Sequence[Phrase], join: Join) -> Phrase:
    text = N_("%(first)s, and %(second)s") if join is Join.ALL else N_("%(first)s, or %(second)s")
    return reduce(lambda first, second: _phrase(text, first=first, second=second), phrases)


def _condition(condition: Condition) -> Phrase:
    fact, comparison, value = condition.fact, condition.comparison, condition.value
    if not isinstance(value, tuple) and (fact, comparison, value) in _SHORT:
        return Phrase(_SHORT[fact, comparison, value])
    if comparison is Comparison.BETWEEN:
        since, until = several(value)
        return Phrase(ASKED[comparison], {"fact": Phrase(FACTS[fact]), "since": since, "until": until})
    return Phrase(ASKED[comparison], {"fact": Phrase(FACTS[fact]), "value": _value(fact, several(value))})


def _value(fact: Fact, values: Sequence[object]) -> object:
    """Return the values of a condition: the first few, and how many more there are."""
    named = [_one(fact, value) for value in values[:MOST_NAMED]]
    if len(values) > MOST_NAMED:
        named.append(_phrase(N_("one of %(count)s more"), count=len(values) - MOST_NAMED))
    return _joined_values(named)


def _joined_values(named: Sequence[object]) -> object:
    return reduce(lambda first, second: _phrase(N_("%(first)s or %(second)s"), first=first, second=second), named)


def _one(fact: Fact, value: object) -> object:
    if fact.kind is Kind.CHOICE:
        return Phrase(CHOICES[str(value)])
    if fact.kind in {Kind.TEXT, Kind.NAME}:
        return _phrase(N_("“%(words)s”"), words=value)
    return value


def _reason(reason: Reason) -> Phrase:
    asked = _condition(reason.condition)
    if not reason.held:
        asked = _phrase(N_("not: %(what)s"), what=asked)
    seen = _seen(reason.condition.fact, reason.seen)
    return _phrase(N_("%(what)s (here: %(seen)s)"), what=asked, seen=seen) if seen is not None else asked


def _seen(fact: Fact, seen: Seen | None) -> object:
    """Return what was seen, where that says more than that the condition held."""
    match seen:
        case None | True | False | () | "":
            return None
        case time():
            return f"{seen:%H:%M}"
        case tuple():
            return _joined_seen([_one(fact, one) for one in seen[:MOST_NAMED]])
        case float():
            return round(seen, 2)
    return _one(fact, seen)


def _joined_seen(named: Sequence[object]) -> object:
    return reduce(lambda first, second: _phrase(N_("%(first)s, %(second)s"), first=first, second=second), named)
