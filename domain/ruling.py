"""Whether a moderation rule holds of a text, and why: which of its conditions did, and what was seen. Pure.

There are three answers: yes, no, and that it cannot be told, for a fact that is missing or is nonsense. They combine as Kleene's do:
*all* is no where one part is no, *any* is yes where one part is yes, whatever the unknown ones are; `not` of unknown is unknown.
What cannot be told is never a hit, but it is said: who screens fails closed where a check that should have known did not.
"""

from __future__ import annotations

import math
import operator
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import time

from babel.core import get_global

from domain import rulepatterns, text
from domain.rulebook import Condition, Group, Join, Node, Not, Rule, conditions, several
from domain.ruleconditions import WHOLE_SHARE, host
from domain.rulefacts import CHOICES, Comparison, Facts, Kind

LONGEST_SEEN = 100  # characters of what a pattern found: enough to see why, and it fits where details are kept

LETTERS_OF_A_SCRIPT = 4  # of its code in a language's tag: zh-Hant
_IDEOGRAPHIC = {"hani", "hans", "hant", "jpan", "kore"}

Seen = str | int | float | bool | time | tuple[str, ...]


@dataclass(frozen=True)
class Reason:
    """A condition that decided, and what was seen: the fact, the words found, or what a pattern found. `held` is whether
    it was yes or, within a `not`, no."""

    condition: Condition
    seen: Seen | None
    held: bool


@dataclass(frozen=True)
class Verdict:
    """A rule that holds, or of which it cannot be told. True only in the first case.

    `unknown` are the conditions whose facts were missing; a rule may hold in spite of some.
    """

    rule: Rule
    is_hit: bool
    reasons: tuple[Reason, ...]
    unknown: tuple[Condition, ...]

    def __bool__(self) -> bool:
        return self.is_hit


def evaluate(rule: Rule, facts: Facts) -> Verdict | None:
    """Return a verdict where the rule holds or where that cannot be told; nothing where it does not hold. Never raises."""
    answer = _answer(rule.when, facts)
    if answer is False:
        return None
    unknown = tuple(condition for condition in conditions(rule.when) if _holds(condition, facts) is None)
    reasons = tuple(_reasons(rule.when, facts, wanted=True)) if answer else ()
    return Verdict(rule, answer is True, reasons, unknown)


def _answer(node: Node, facts: Facts) -> bool | None:
    """Return the answer of a part, looking no further than it takes."""
    match node:
        case Condition():
            return _holds(node, facts)
        case Not(part):
            answer = _answer(part, facts)
            return None if answer is None else not answer
        case Group(join, parts):
            settles = join is Join.ANY
            answers = set()
            for part in parts:
                answer = _answer(part, facts)
                if answer is settles:
                    return settles
                answers.add(answer)
            return None if None in answers else not settles


def _reasons(node: Node, facts: Facts, *, wanted: bool) -> Iterator[Reason]:
    """Yield the conditions for which a part gives the wanted answer."""
    match node:
        case Condition():
            yield Reason(node, _seen_of(node, facts), wanted)
        case Not(part):
            yield from _reasons(part, facts, wanted=not wanted)
        case Group(_, parts):
            for part in parts:
                if _answer(part, facts) is wanted:
                    yield from _reasons(part, facts, wanted=wanted)


def _holds(condition: Condition, facts: Facts) -> bool | None:
    try:
        return _TESTS[condition.comparison](condition, facts)
    except Exception:  # noqa: BLE001 - a fact that is nonsense, or a matcher that broke, is a fact that is not known
        return None


def _seen_of(condition: Condition, facts: Facts) -> Seen | None:
    try:
        return _seen(condition, facts)
    except Exception:  # noqa: BLE001 - as above: a matcher that breaks only the second time takes no hit back
        return None


def _seen(condition: Condition, facts: Facts) -> Seen | None:
    """Return what a condition saw."""
    match condition.comparison:
        case Comparison.CONTAINS:
            return tuple(facts.contains(_words(condition))) if facts.contains else None
        case Comparison.MATCHES:
            found = rulepatterns.compiled(str(condition.value)).search(facts.searched or b"")
            return text.line(found.group().decode("utf-8", "replace"))[:LONGEST_SEEN] if found else None
    seen = getattr(facts, condition.fact)
    return tuple(seen) if isinstance(seen, list | tuple) else getattr(seen, "value", seen)


def _words(condition: Condition) -> tuple[str, ...]:
    return tuple(map(str, several(condition.value)))


def _contains(condition: Condition, facts: Facts) -> bool | None:
    return None if facts.contains is None else len(facts.contains(_words(condition))) > 0


def _matches(condition: Condition, facts: Facts) -> bool | None:
    searched = facts.searched
    return None if searched is None else rulepatterns.compiled(str(condition.value)).search(searched) is not None


def _ordered(holds: Callable[[float, float], bool]) -> Callable[[Condition, Facts], bool | None]:
    def test(condition: Condition, facts: Facts) -> bool | None:
        seen, value = getattr(facts, condition.fact), condition.value
        most = WHOLE_SHARE if condition.fact.kind is Kind.PERCENT else math.inf
        if seen is None or not isinstance(value, int | float) or not 0 <= seen <= most or math.isinf(seen):
            return None  # a share of 250 per cent is as unknown as none, and so is what is not a number
        return holds(seen, value)

    return test


def _is(condition: Condition, facts: Facts) -> bool | None:
    fact, seen = condition.fact, getattr(facts, condition.fact)
    if seen is None:
        return None
    match fact.kind:
        case Kind.YES_OR_NO:
            return seen is condition.value if isinstance(seen, bool) else None
        case Kind.CHOICE:
            chosen = getattr(seen, "value", seen)
            return chosen in _words(condition) if chosen in CHOICES[fact] else None
        case Kind.LANGUAGE:
            return _any(_speaks(seen.lower(), one) for one in _words(condition))
        case Kind.NAME:
            return seen.casefold() in {one.casefold() for one in _words(condition)}
    return seen in several(condition.value)


def _is_not(condition: Condition, facts: Facts) -> bool | None:
    same = _is(condition, facts)
    return None if same is None else not same


def _among(condition: Condition, facts: Facts) -> bool | None:
    """Whether a link leads to one of the domains, or to one below it."""
    domains = _words(condition)
    return None if facts.link_domains is None else any(_is_within(host(one), domains) for one in facts.link_domains)


def _not_among(condition: Condition, facts: Facts) -> bool | None:
    """Whether a link leads anywhere else. A text without links has none that does."""
    domains = _words(condition)
    return None if facts.link_domains is None else any(not _is_within(host(one), domains) for one in facts.link_domains)


def _is_within(domain: str, domains: tuple[str, ...]) -> bool:
    return any(domain == one or domain.endswith(f".{one}") for one in domains)


def _between(condition: Condition, facts: Facts) -> bool | None:
    """Whether it is at or after the first time and before the second, which may be that of the next day."""
    if facts.time_of_day is None:
        return None
    now, (since, until) = f"{facts.time_of_day:%H:%M}", _words(condition)
    return since <= now < until if since < until else now >= since or now < until


def _speaks(seen: str, asked: str) -> bool | None:
    """Whether a text is in a language, where perhaps only its script is known, or asked for ("und-cyrl")."""
    if seen == asked or seen.startswith(f"{asked}-"):
        return True
    if asked.startswith(f"{seen}-"):  # which Portuguese is not known
        return None
    if not f"{seen}-".startswith("und-") and not f"{asked}-".startswith("und-"):
        return False
    scripts = {_script(seen), _script(asked)}
    if None in scripts:
        return None
    if len(scripts) > 1:
        return False
    return True if asked.startswith("und") else None


def _script(tag: str) -> str | None:
    """Return the script that a language is written in, all that ideographs are part of being one."""
    language, *rest = tag.split("-")
    likely = str(get_global("likely_subtags").get(language, "")).lower().split("_")
    script = next((part for part in rest if len(part) == LETTERS_OF_A_SCRIPT), likely[1] if len(likely) > 1 else None)
    return "hani" if script in _IDEOGRAPHIC else script


def _any(answers: Iterator[bool | None]) -> bool | None:
    found = set(answers)
    return True if True in found else None if None in found else False


_TESTS: dict[Comparison, Callable[[Condition, Facts], bool | None]] = {
    Comparison.CONTAINS: _contains,
    Comparison.MATCHES: _matches,
    Comparison.ABOVE: _ordered(operator.gt),
    Comparison.AT_LEAST: _ordered(operator.ge),
    Comparison.BELOW: _ordered(operator.lt),
    Comparison.AT_MOST: _ordered(operator.le),
    Comparison.EQUALS: _ordered(operator.eq),
    Comparison.IS: _is,
    Comparison.IS_NOT: _is_not,
    Comparison.AMONG: _among,
    Comparison.NOT_AMONG: _not_among,
    Comparison.BETWEEN: _between,
}
