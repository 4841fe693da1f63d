"""Moderation rules and facts as Hypothesis makes them up."""

from __future__ import annotations

from datetime import time

from hypothesis import strategies as st

from domain.rulebook import DEEPEST, Action, Condition, Group, Join, Node, Not, Queue, Rule, Verb, depth
from domain.rulefacts import CHOICES, Comparison, Fact, Facts, Kind
from domain.text import line
from models import Tier

lines = st.text(max_size=40).map(line).filter(bool)
codes = st.sampled_from(["en", "no", "de-at", "und-cyrl", "zh-hant", "pt-br"])
domains = st.sampled_from(["example.org", "sub.example.org", "xn--bcher-kva.example", "t.co"])
clocks = st.times().map(lambda at: f"{at:%H:%M}")
patterns = st.sampled_from([r"\bidiot\w*", "(a+)+$", "a, b;  c", "'\"#: ", "[!?]{3}", "- x", "~!", "é|ß|ж", "%(no)s"])


def several(values: st.SearchStrategy[str] | st.SearchStrategy[int], most: int = 4) -> st.SearchStrategy[tuple[object, ...]]:
    return st.lists(values, min_size=1, max_size=most, unique=True).map(tuple)


VALUES: dict[Kind, st.SearchStrategy[object]] = {
    Kind.COUNT: st.integers(1, 1_000_000),
    Kind.WEIGHT: st.integers(1, 1_000) | st.sampled_from([0.5, 2.25, 1000.01]),
    Kind.PERCENT: st.integers(1, 99) | st.sampled_from([0.5, 70.25]),
    Kind.YES_OR_NO: st.booleans(),
    Kind.NAME: several(lines),
    Kind.LANGUAGE: several(codes),
    Kind.NUMBER: several(st.integers(1, 10**17)),
    Kind.DOMAINS: several(domains),
    Kind.TIME: st.tuples(clocks, clocks).filter(lambda times: times[0] != times[1]),
}


@st.composite
def conditions(draw: st.DrawFn) -> Condition:
    fact = draw(st.sampled_from(Fact))
    comparison = draw(st.sampled_from(fact.comparisons))
    if comparison is Comparison.MATCHES:
        return Condition(fact, comparison, draw(patterns))
    if fact in CHOICES:
        return Condition(fact, comparison, draw(several(st.sampled_from(CHOICES[fact]), len(CHOICES[fact]) - 1)))  # type: ignore[arg-type]
    return Condition(fact, comparison, draw(VALUES.get(fact.kind, several(lines))))  # type: ignore[arg-type]


def groups(parts: st.SearchStrategy[Node], most: int = 4) -> st.SearchStrategy[Group]:
    return st.builds(Group, st.sampled_from(Join), st.lists(parts, min_size=1, max_size=most).map(tuple))


nodes: st.SearchStrategy[Node] = st.recursive(
    conditions(), lambda parts: groups(parts) | st.builds(Not, parts), max_leaves=12
).filter(lambda node: depth(node) <= DEEPEST)
actions = (
    st.sampled_from([Verb.HOLD, Verb.FLAG, Verb.LIMIT]).map(Action)
    | st.builds(Action, st.just(Verb.NUDGE), lines)
    | st.builds(Action, st.just(Verb.ROUTE), st.just(""), st.sampled_from(Queue))
)


def with_few_patterns(rule: Rule) -> bool:
    return str(rule.when).count(repr(Comparison.MATCHES)) <= 4


rules = st.builds(Rule, lines, nodes, actions).filter(with_few_patterns)
flat_rules = st.builds(Rule, lines, groups(conditions()), actions).filter(with_few_patterns)

NONSENSE = st.sampled_from([None, float("nan"), float("inf"), -1, 10**9, "much", object(), [], True])
SENSE: dict[str, st.SearchStrategy[object]] = {
    "text": st.text(max_size=60),
    "contains": st.integers(0, 1).map(lambda most: lambda words: words[:most]),
    "links": st.integers(0, 5),
    "link_domains": st.lists(domains, max_size=3),
    "score": st.floats(0, 100),
    "language": codes,
    "is_reply": st.booleans(),
    "author_tier": st.sampled_from(Tier),
    "author_approved": st.integers(0, 3),
    "legal_state": st.sampled_from(CHOICES[Fact.LEGAL_STATE]),
    "section": lines,
    "article": st.integers(1, 3),
    "time_of_day": st.times() | st.just(time(23, 30)),
}


@st.composite
def facts(draw: st.DrawFn, *, with_nonsense: bool = False) -> Facts:
    """Return facts of which some are missing, and some are nonsense where that is asked for."""
    names = [*Fact, "contains"] if with_nonsense else list(SENSE)
    known = draw(st.lists(st.sampled_from(names), unique=True))
    values = {str(name): draw((SENSE.get(name, NONSENSE) | NONSENSE) if with_nonsense else SENSE[name]) for name in known}
    return Facts(**values)  # type: ignore[arg-type] # what they are of is not known here
