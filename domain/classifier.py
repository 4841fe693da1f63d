"""What a classifier of texts is, and what it may say. Pure.

It is asked for advice: a text it dislikes waits for a moderator or is marked for one. There is no word for removing.
"""

from __future__ import annotations

import enum
import math
from dataclasses import dataclass
from typing import Protocol

BINS = 10  # of the calibration: [0, 0.1), ..., [0.9, 1]


class Advice(enum.Enum):
    """What is to become of a text."""

    PASS = "pass"  # noqa: S105 - the text may, nobody logs in with it
    FLAG = "flag"
    HOLD = "hold"


@dataclass(frozen=True)
class Part:
    """Words of a text, folded, and what they add to the log-odds of its removal."""

    text: str
    adds: float


@dataclass(frozen=True)
class Score:
    """How likely a moderator is to remove a text.

    Where the classifier can say why, the log-odds of `probability` are `base` + what the `parts` add + `rest`. Raises
    `ValueError` for what is no probability, so that a classifier that returns nonsense fails.
    """

    probability: float
    advice: Advice
    base: float = 0.0
    parts: tuple[Part, ...] = ()
    rest: float = 0.0

    def __post_init__(self) -> None:
        if not isinstance(self.probability, float) or not 0 <= self.probability <= 1:
            raise ValueError("a probability is a number from 0 to 1")
        if not isinstance(self.advice, Advice):
            raise ValueError("there is no such advice")  # noqa: TRY004 - one kind of failure for all nonsense
        if not all(map(math.isfinite, (self.base, self.rest, *(part.adds for part in self.parts)))):
            raise ValueError("what adds to log-odds is a number")


class Classifier(Protocol):
    """Something that scores texts. Its version names exactly what it learned, so that a verdict can be explained later."""

    @property
    def name(self) -> str:
        """What it is called in a verdict."""

    @property
    def version(self) -> str:
        """Which of its kind it is."""

    def score(self, text: str) -> Score:
        """Return how likely the text is to be removed. It may raise, and it may be slow: whoever asks sets a deadline."""


@dataclass(frozen=True)
class Threshold:
    """From which probability on texts are caught, and how that went with texts it had not learned from."""

    at: float
    caught: int
    right: int

    @property
    def precision(self) -> float:
        """The share of the caught that moderators had removed."""
        return self.right / self.caught


@dataclass(frozen=True)
class Bin:
    """Held-out texts with about the same probability: the mean of what was said, and how many of them were removed."""

    said: float
    removed: int
    count: int


@dataclass(frozen=True)
class Report:
    """How well a classifier did on decisions that it had not learned from. Every decision counts once."""

    examples: int
    removed: int
    brier: float  # the mean squared error of the probability: 0 is best
    calibration: tuple[Bin, ...]
    hold: Threshold | None  # None where no threshold is precise enough
    flag: Threshold | None

    @property
    def base_rate(self) -> float:
        """The share of all examples that was removed."""
        return self.removed / self.examples

    @property
    def skill(self) -> float:
        """By which part it errs less than who always says the base rate: 1 is best, 0 or less is of no use."""
        return 1 - self.brier / (self.base_rate * (1 - self.base_rate))

    @property
    def calibration_error(self) -> float:
        """By how much what it says and what happens differ, averaged over the texts."""
        return sum(abs(one.said * one.count - one.removed) for one in self.calibration) / self.examples

    def advice(self, probability: float) -> Advice:
        """Return what is advised at a probability."""
        if self.hold and probability >= self.hold.at:
            return Advice.HOLD
        return Advice.FLAG if self.flag and probability >= self.flag.at else Advice.PASS
