"""A forecast as a reader moves it: whole percents by outcome id that always sum to 100. Pure arithmetic.

`static/js/lib/chances.js` does the same in the browser, step by step: whole numbers only, so that both always agree.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

WHOLE = 100  # percent
PRESS = 5  # percent by one press of plus or minus: ten cross the half; whoever wants it finer types, or holds Shift
LEANING = 55  # percent that a pick without words starts from: the least that words say


def even(outcomes: Sequence[int]) -> dict[int, int]:
    """Return the same chance for every outcome; the first ones take what cannot be divided."""
    return shared(dict.fromkeys(outcomes, 1), WHOLE)


def leaning(outcomes: Sequence[int], towards: int, percent: int = LEANING) -> dict[int, int]:
    """Return a distribution that gives one outcome its percent, and the others the same of the rest."""
    rest = shared({outcome: 1 for outcome in outcomes if outcome != towards}, WHOLE - percent)
    return {outcome: rest.get(outcome, percent) for outcome in outcomes}


def moved(chances: Mapping[int, int], outcome: int, by: int) -> dict[int, int]:
    """Give one outcome `by` percent more, or less; the others give or take in proportion to what they have.

    No chance leaves 0 to 100, no other outcome moves the same way, and the sum stays what it was: 100.
    """
    new = min(max(chances[outcome] + by, 0), WHOLE)
    rest = shared({other: chance for other, chance in chances.items() if other != outcome}, WHOLE - new)
    return {other: rest.get(other, new) for other in chances}


def completed(typed: Mapping[int, int | None]) -> dict[int, int]:
    """Return the distribution that half a one means: what is left is shared by the outcomes without a number.

    Where nothing is left for them, or none is without, all are cut or stretched in proportion.
    """
    given = {outcome: chance for outcome, chance in typed.items() if chance is not None}
    left = WHOLE - sum(given.values())
    if left >= 0 and len(given) < len(typed):
        rest = shared({outcome: 1 for outcome in typed if outcome not in given}, left)
        return {outcome: given.get(outcome, rest.get(outcome, 0)) for outcome in typed}
    return shared({outcome: chance or 0 for outcome, chance in typed.items()}, WHOLE)


def whole(probabilities: Mapping[int, float]) -> dict[int, int]:
    """Return probabilities from 0 to 1 as whole percents that sum to 100."""
    fine = 10**6  # parts of one in which what is kept is measured
    return shared({outcome: round(probability * fine) for outcome, probability in probabilities.items()}, WHOLE)


def likeliest(chances: Mapping[int, int]) -> int:
    """Return the outcome with the highest chance, the first of several."""
    return max(chances, key=chances.__getitem__)


def shared(weights: Mapping[int, int], total: int) -> dict[int, int]:
    """Share a whole number out in proportion to weights, evenly where there are none.

    Each gets the whole part of its due; what is left goes one by one to the largest remainders, the first among equals.
    """
    if not any(weights.values()):
        weights = dict.fromkeys(weights, 1)
    of = sum(weights.values())
    parts = {key: divmod(total * weight, of) for key, weight in weights.items()}
    left = total - sum(part for part, _ in parts.values())
    ahead = sorted(parts, key=lambda key: -parts[key][1])[:left]  # sorting keeps the order of equals
    return {key: part + (key in ahead) for key, (part, _) in parts.items()}
