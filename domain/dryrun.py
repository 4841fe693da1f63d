"""What a moderation rule would have done to past comments, before it is saved. Pure."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from enum import StrEnum

from domain.precision import Precision
from domain.rulebook import Rule
from domain.rulefacts import Facts
from domain.ruling import Verdict, evaluate

MOST_EXAMPLES = 10  # shown: what one look takes in
MANY_PERCENT = 20  # of past comments: above, a rule makes more work than a newsroom expects of one
NEARLY_ALL_PERCENT = 80  # above, it is hardly a rule any more, and most likely a slip


class Fate(StrEnum):
    """What people had decided about a past comment."""

    APPROVED = "approved"
    REMOVED = "removed"
    UNDECIDED = "undecided"


@dataclass(frozen=True)
class Past:
    """A past comment: its number, what was known of it, and what people decided."""

    comment: int
    facts: Facts
    fate: Fate = Fate.UNDECIDED


@dataclass(frozen=True)
class Example:
    """A past comment that a rule would have hit, and why."""

    comment: int
    fate: Fate
    verdict: Verdict


@dataclass(frozen=True)
class DryRun:
    """How many of how many past comments a rule would have hit, and of how many it could not tell."""

    tried: int
    hits: int
    unknown: int
    fates: dict[Fate, int] = field(default_factory=dict)
    examples: tuple[Example, ...] = ()

    @property
    def share(self) -> float:
        """Return the share that would have been hit; nothing is 0."""
        return self.hits / self.tried if self.tried else 0.0

    @property
    def precision(self) -> Precision:
        """Return how often people would have agreed with it."""
        removed = self.fates[Fate.REMOVED]
        return Precision(hits=self.hits, decided=removed + self.fates[Fate.APPROVED], upheld=removed)

    @property
    def matches_many(self) -> bool:
        """Whether it would have hit more than anybody expects of a rule: worth a warning."""
        return self.hits * 100 > MANY_PERCENT * self.tried

    @property
    def matches_nearly_all(self) -> bool:
        """Whether it would have hit so much that it is saved only once somebody has said that they mean it."""
        return self.hits * 100 > NEARLY_ALL_PERCENT * self.tried

    @property
    def proves_nothing(self) -> bool:
        """Whether there was no past comment of which it could be told, so that what it will hit is anybody's guess."""
        return self.tried == self.unknown


def dry_run(rule: Rule, past: Iterable[Past], *, most_examples: int = MOST_EXAMPLES) -> DryRun:
    """Return what a rule would have done to these comments, which are read one by one. The first hits are the examples."""
    tried = hits = unknown = 0
    fates = dict.fromkeys(Fate, 0)
    examples: list[Example] = []
    for one in past:
        tried += 1
        verdict = evaluate(rule, one.facts)
        if verdict is None:
            continue
        unknown += not verdict.is_hit
        if verdict.is_hit:
            hits += 1
            fates[one.fate] += 1
            if len(examples) < most_examples:
                examples.append(Example(one.comment, one.fate, verdict))
    return DryRun(tried=tried, hits=hits, unknown=unknown, fates=fates, examples=tuple(examples))
