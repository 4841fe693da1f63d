"""How often a moderation rule was right, by what people decided about its hits, and when that is too seldom. Pure."""

from __future__ import annotations

from dataclasses import dataclass

from domain.ranking import wilson_interval

LEAST_DECIDED = 50  # hits that people decided about, before a rule is judged: fewer say little of it
LEAST_PERCENT = 30  # of these that they upheld: below, a rule costs moderators more than it saves them


@dataclass(frozen=True)
class Precision:
    """The hits of a rule: those that people have decided about, and those where they restricted the text as well."""

    hits: int
    decided: int
    upheld: int

    def __post_init__(self) -> None:
        if not 0 <= self.upheld <= self.decided <= self.hits:
            message = f"{self.upheld} upheld of {self.decided} decided of {self.hits} hits"
            raise ValueError(message)

    @property
    def share(self) -> float | None:
        """Return the share that was upheld; nothing before anything was decided."""
        return self.upheld / self.decided if self.decided else None

    @property
    def interval(self) -> tuple[float, float]:
        """Return how far the share can be trusted, so few being decided: Wilson's 80 % interval."""
        return wilson_interval(self.upheld, self.decided)

    @property
    def is_judged(self) -> bool:
        """Whether enough was decided to say that a rule does more harm than good."""
        return self.decided >= LEAST_DECIDED


def should_switch_off(precision: Precision) -> bool:
    """Whether a rule is wrong too often to go on. Whole numbers, so that exactly `LEAST_PERCENT` is enough to stay."""
    return precision.is_judged and precision.upheld * 100 < LEAST_PERCENT * precision.decided
