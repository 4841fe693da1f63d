"""Made-up comments: decisions whose true chances are known, and opinions on a harbour that can be reworded."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from random import Random

import numpy as np

SYLLABLES = [first + then for first in (*"bdfgklmnprstv", "st", "tr", "br") for then in (*"aeiou", "ai", "er", "on")]
WORDS = 3_000
RUDE = 10  # of them, each of which makes a removal likelier
USUAL = -2.5  # the log-odds of a removal without a rude word

OPENINGS = ["I think", "Honestly,", "To be fair,", "As a neighbour I say", "My cousin says", "Everybody knows", "In my view"]
SUBJECTS = ["the ferry", "the new harbour", "the captain", "our mayor", "the ticket price", "the island school", "the old pier"]
VERBS = ["should never have", "will surely have", "might soon have", "has certainly", "could easily have", "has apparently"]
DEEDS = ["changed", "closed", "promised", "delayed", "announced", "forgotten", "repaired", "cancelled", "doubled", "hidden"]
THINGS = ["it", "the plans", "everything", "the service", "half of the jobs", "that letter", "our hopes"]
ENDS = [
    "before the winter storms",
    "without asking anybody",
    "after the last election",
    "because of the fuel costs",
    "while tourists kept coming",
    "in spite of the report",
    "for the third year running",
    "to please the investors",
    "when the engine failed",
    "under the old contract",
]


@dataclass(frozen=True)
class Decision:
    """A text, what a moderator did, and how likely that was."""

    text: str
    removed: bool
    chance: float

    @property
    def example(self) -> tuple[str, bool, float]:
        return self.text, self.removed, 1.0


@cache
def vocabulary() -> tuple[str, ...]:
    dice = Random(1)
    made: set[str] = set()
    while len(made) < WORDS:
        made.add("".join(dice.choices(SYLLABLES, k=dice.randint(2, 4))))
    return tuple(dice.sample(sorted(made), WORDS))


@cache
def rude_words() -> tuple[str, ...]:
    return vocabulary()[40 : 40 + 5 * RUDE : 5]


def decisions(count: int, *, seed: int = 1, usual: float = USUAL) -> list[Decision]:
    """Return comments of some 15 words in which common words are commoner, and what was decided on them."""
    dice = np.random.default_rng(seed)
    words, rude = np.array(vocabulary()), set(rude_words())
    commonness = 1 / np.arange(5, WORDS + 5)
    made = []
    for size in dice.integers(4, 30, count):
        chosen = dice.choice(words, size, p=commonness / commonness.sum())
        chance = 1 / (1 + float(np.exp(-usual - 3 * len(rude & set(chosen.tolist())))))
        made.append(Decision(" ".join(chosen), bool(dice.random() < chance), chance))
    return made


def opinion(dice: Random, sentences: int) -> str:
    """Return what somebody might say of a harbour."""
    lists = (OPENINGS, SUBJECTS, VERBS, DEEDS, THINGS, ENDS)
    return " ".join(" ".join(dice.choice(one) for one in lists) + "." for _ in range(sentences))


def with_typos(text: str, dice: Random, count: int) -> str:
    """Return a text in which letters are dropped, changed or exchanged."""
    letters = list(text)
    for place in dice.sample(range(len(letters) - 1), count):
        letters[place] = dice.choice(["", dice.choice("abcdefghijklmnop"), letters[place + 1]])
    return "".join(letters)


def with_other_words(text: str, dice: Random, share: float) -> str:
    """Return a text in which a share of the words are others."""
    words = text.split()
    for place in dice.sample(range(len(words)), max(1, int(len(words) * share))):
        words[place] = dice.choice(" ".join(ENDS + THINGS).split())
    return " ".join(words)
