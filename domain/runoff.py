"""Instant run-off. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True)
class Round:
    """One round: the ballots of each choice that is left."""

    counts: Mapping[int, int]


def rounds(ballots: Mapping[tuple[int, ...], int], choices: Sequence[int]) -> tuple[Round, ...]:
    """Return the first round."""
    return (Round(counts={choice: sum(n for ballot, n in ballots.items() if ballot[0] == choice) for choice in choices}),)
