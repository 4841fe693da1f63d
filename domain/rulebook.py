"""Moderation rules as one syntax tree, however they were written: typed conditions, and one thing to do. Pure.

A rule never removes and never bans: it asks people, or the author.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

from domain.errors import N_, Invalid
from domain.rulefacts import Comparison, Fact

LONGEST_NAME = 80  # characters: one line of a card
LONGEST_MESSAGE = 300  # characters: an author who is asked to think again reads two sentences
MOST_CONDITIONS = 30  # more are several rules, whose precision is known one by one
DEEPEST = 5  # groups within groups, `not` among them: beyond that nobody can say what a rule does
MOST_WORDS = 200  # of one condition: more belong into the list of words, which is matched once for all
MOST_PATTERNS = 4  # of one rule: each reads the text once more
MOST_VALUES = 400  # of one rule, in all its conditions together
MOST_CHARACTERS = 8_000  # of these values together: so much is still read before it is saved, and fits into `ruleyaml.LARGEST`
LONGEST_WORD = 100  # characters of a word, a section, a domain

Value = int | float | bool | str | tuple[str, ...] | tuple[int, ...]


class Verb(StrEnum):
    """What a rule does. None of it ends anything: people decide."""

    HOLD = "hold"  # it waits for a moderator
    FLAG = "flag"  # it appears, and moderators are told
    LIMIT = "limit"  # it appears collapsed, without replies
    NUDGE = "nudge"  # the author is asked to think again before it is sent
    ROUTE = "route"  # it waits in a queue of its own


class Queue(StrEnum):
    """Where a rule can send a text."""

    SECOND_OPINION = "second_opinion"
    LEGAL = "legal"


class Join(StrEnum):
    """How the parts of a group make one answer."""

    ALL = "all"
    ANY = "any"


@dataclass(frozen=True)
class Condition:
    """One fact held against a value, of the type that goes with them. Words and the like are a tuple, of which one suffices.

    A time of day is a tuple of two, "22:00" and "06:00", the second not part of it.
    """

    fact: Fact
    comparison: Comparison
    value: Value

    def __post_init__(self) -> None:
        if self.comparison not in self.fact.comparisons:
            message = f"{self.fact} is not compared by {self.comparison}"
            raise TypeError(message)


@dataclass(frozen=True)
class Group:
    """Several parts: all have to hold, or any."""

    join: Join
    parts: tuple[Node, ...]


@dataclass(frozen=True)
class Not:
    """What holds where its part does not."""

    part: Node


Node = Condition | Group | Not


@dataclass(frozen=True)
class Action:
    """What is done: a nudge has a message, a route has a queue, nothing else has either."""

    verb: Verb
    message: str = ""
    queue: Queue | None = None

    def __post_init__(self) -> None:
        if bool(self.message) != (self.verb is Verb.NUDGE) or bool(self.queue) != (self.verb is Verb.ROUTE):
            message = f"not an action: {self.verb}"
            raise TypeError(message)


@dataclass(frozen=True)
class Rule:
    """A rule of the newsroom's."""

    name: str
    when: Node
    action: Action


@dataclass(frozen=True)
class Problem:
    """Something in a rule that cannot be used. `line` is of the YAML, or of the rows of a form, from one."""

    message: str
    values: dict[str, object]
    line: int | None = None


class Unusable(Invalid):
    """A rule that cannot be used, with everything that is wrong with it."""

    def __init__(self, problems: tuple[Problem, ...]) -> None:
        super().__init__(N_("This rule cannot be used as it is."))
        self.problems = problems


class Report:
    """The problems of a rule as they are found, so that all are told at once."""

    def __init__(self) -> None:
        self.problems: list[Problem] = []

    def add(self, message: str, line: int | None = None, /, **values: object) -> None:
        """Note a problem."""
        self.problems.append(Problem(message, values, line))

    def refusal(self, refused: Invalid, line: int | None) -> None:
        """Note what something else refused."""
        self.problems.append(Problem(refused.message, refused.values, line))

    def settle(self) -> None:
        """Raise `Unusable` where anything was found."""
        if self.problems:
            raise Unusable(tuple(self.problems))


def conditions(node: Node) -> Iterator[Condition]:
    """Yield the conditions of a rule, in order."""
    match node:
        case Condition():
            yield node
        case Not(part):
            yield from conditions(part)
        case Group(_, parts):
            for part in parts:
                yield from conditions(part)


def several(value: Value) -> tuple[str | float, ...]:
    """Return the values of a condition, where it has but one as well."""
    return value if isinstance(value, tuple) else (value,)


def depth(node: Node) -> int:
    """Return how many groups stand within each other, `not` among them; 0 for a condition alone."""
    match node:
        case Condition():
            return 0
        case Not(part):
            return 1 + depth(part)
        case Group(_, parts):
            return 1 + max((depth(part) for part in parts), default=0)


def check_size(node: Node, report: Report) -> None:
    """Note where a rule has more conditions or patterns than one rule should, or is nested too deeply."""
    found = tuple(conditions(node))
    if len(found) > MOST_CONDITIONS:
        report.add(N_("A rule has at most %(most)s conditions: make two rules of it."), None, most=MOST_CONDITIONS)
    if sum(condition.comparison is Comparison.MATCHES for condition in found) > MOST_PATTERNS:
        report.add(N_("A rule has at most %(most)s patterns: make two rules of it."), None, most=MOST_PATTERNS)
    values = [str(one) for condition in found for one in several(condition.value)]
    if len(values) > MOST_VALUES or sum(map(len, values)) > MOST_CHARACTERS:
        report.add(
            N_("A rule names at most %(values)s things, of %(characters)s characters together: make two rules of it."),
            None,
            values=MOST_VALUES,
            characters=MOST_CHARACTERS,
        )
    if depth(node) > DEEPEST:
        report.add(N_("Groups can stand within each other at most %(most)s deep."), None, most=DEEPEST)
