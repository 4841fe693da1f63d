"""Which counts of a report have to be hidden, so that none below ten can be read from it or worked out. Pure arithmetic.

Counts from 1 to 9 are hidden. What is published of the others can still tell them: a total and all its other parts do. So more
is hidden, until no hidden small count follows from the sums, and none is one of few that share less than ten.
"""

from __future__ import annotations

from collections.abc import Hashable, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from typing import Generic, TypeVar

from domain.arrays import np

LEAST = 10  # people: a smaller group can be told from outside
NOTHING = 1e-9  # below, a float is nought

Key = TypeVar("Key", bound=Hashable)


@dataclass(frozen=True)
class Sum(Generic[Key]):
    """That a published count is the sum of others."""

    total: Key
    parts: tuple[Key, ...]


def hidden(counts: Mapping[Key, int], sums: Sequence[Sum[Key]]) -> frozenset[Key]:
    """Return the counts to hide. Every key of the sums has to be among the counts."""
    small = {key for key, count in counts.items() if 0 < count < LEAST}
    gone = set(small)
    while (more := _next(counts, sums, small, gone)) is not None:
        gone.add(more)
    return frozenset(gone)


def worked_out(sums: Sequence[Sum[Key]], gone: AbstractSet[Key]) -> set[Key]:
    """Return the hidden counts that follow from the published ones by the sums alone."""
    keys = sorted(gone, key=repr)
    touched = [one for one in sums if gone & {one.total, *one.parts}]
    if not keys or not touched:
        return set()
    place = {key: number for number, key in enumerate(keys)}
    matrix = np.zeros((len(touched), len(keys)))
    for row, one in enumerate(touched):
        for part in one.parts:
            if part in place:
                matrix[row, place[part]] += 1
        if one.total in place:
            matrix[row, place[one.total]] -= 1
    _, values, basis = np.linalg.svd(matrix)
    rank = int((values > NOTHING).sum())
    free = np.abs(basis[rank:]).max(axis=0) if rank < len(keys) else np.zeros(len(keys))
    return {key for key in keys if free[place[key]] < NOTHING}


def _next(counts: Mapping[Key, int], sums: Sequence[Sum[Key]], small: AbstractSet[Key], gone: AbstractSet[Key]) -> Key | None:
    """Return the smallest count that helps and has to be hidden as well, or nothing when all that is small is safe."""
    known = worked_out(sums, gone)
    telling = [one for one in sums if _tells(one, counts, small, gone, known)]
    if not telling:
        return None
    beside = [one for one in sums if gone & {one.total, *one.parts}]  # what follows may do so by way of these
    for some in (telling, beside):
        found = [more for one in some if (more := _cheapest(one, counts, gone)) is not None]
        if found:
            return min(found, key=lambda key: (counts[key], repr(key)))
    return None


def _tells(
    one: Sum[Key], counts: Mapping[Key, int], small: AbstractSet[Key], gone: AbstractSet[Key], known: AbstractSet[Key]
) -> bool:
    """Whether a small count follows in this sum, or is one of those that share less than ten of a total that is shown."""
    if small & known & {one.total, *one.parts}:
        return True
    lost = {part for part in one.parts if part in gone and part not in known}
    is_total_told = one.total not in gone or one.total in known
    return is_total_told and bool(small & lost) and sum(counts[part] for part in lost) < LEAST


def _cheapest(one: Sum[Key], counts: Mapping[Key, int], gone: AbstractSet[Key]) -> Key | None:
    """Return the smallest count of a sum that can still be hidden: a part, or else the total."""
    parts = [part for part in one.parts if part not in gone and counts[part]]
    if parts:
        return min(parts, key=lambda part: (counts[part], repr(part)))
    return one.total if one.total not in gone and counts[one.total] else None
