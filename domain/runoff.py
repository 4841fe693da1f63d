"""Instant run-off: who wins when every reader has ranked the choices. Pure; the rules are in `docs/numbers.md`."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

Ballot = tuple[int, ...]  # choices, the favourite first; it may stop early


class TieBreak(StrEnum):
    """How it was settled who of several with the fewest votes leaves."""

    TOGETHER = "together"  # all of them: their votes together are fewer than the next choice has
    EARLIER = "earlier"  # who had fewer in the latest round that tells them apart
    ORDER = "order"  # the last in the order of the choices


@dataclass(frozen=True, kw_only=True)
class Round:
    """One count. `counts` are of the choices still in, in their order; what one gains over the last round came to it.

    Exactly one of `eliminated` and `winners` is set; several winners are tied, and without any vote there are neither.
    """

    counts: Mapping[int, int]
    exhausted: int
    eliminated: tuple[int, ...] = ()
    winners: tuple[int, ...] = ()
    tie_break: TieBreak | None = None


def rounds(ballots: Mapping[Ballot, int], choices: Sequence[int]) -> tuple[Round, ...]:
    """Return every round, the last with the winner, for how often each ballot was cast.

    What a ballot ranks that is not among the choices is passed over; a ballot with no choice left is exhausted.
    """
    played: list[Round] = []
    remaining = tuple(choices)
    while True:
        played.append(_round(ballots, remaining, played))
        if not played[-1].eliminated:
            return tuple(played)
        remaining = tuple(choice for choice in remaining if choice not in played[-1].eliminated)


def _round(ballots: Mapping[Ballot, int], remaining: Ballot, earlier: Sequence[Round]) -> Round:
    counts, exhausted = dict.fromkeys(remaining, 0), 0
    for ballot, cast in ballots.items():
        favourite = next((choice for choice in ballot if choice in counts), None)
        if favourite is None:
            exhausted += cast
        else:
            counts[favourite] += cast
    winners = tuple(choice for choice in remaining if 2 * counts[choice] > sum(counts.values()))
    if winners or not any(counts.values()):
        return Round(counts=counts, exhausted=exhausted, winners=winners)
    eliminated, tie_break = _last(counts, earlier)
    if len(eliminated) == len(remaining):
        return Round(counts=counts, exhausted=exhausted, winners=remaining)
    return Round(counts=counts, exhausted=exhausted, eliminated=eliminated, tie_break=tie_break)


def _last(counts: Mapping[int, int], earlier: Sequence[Round]) -> tuple[Ballot, TieBreak | None]:
    """Return who leaves: everybody if nothing tells anybody apart."""
    lowest = min(counts.values())
    tied = tuple(choice for choice, count in counts.items() if count == lowest)
    above = [count for count in counts.values() if count > lowest]
    if len(tied) == 1:
        return tied, None
    if above and lowest * len(tied) < min(above):
        return tied, TieBreak.TOGETHER
    weakest = _weakest(tied, earlier)
    if len(weakest) == 1:
        return weakest, TieBreak.EARLIER
    return (weakest[-1:], TieBreak.ORDER) if len(weakest) < len(counts) else (weakest, None)


def _weakest(tied: Ballot, earlier: Sequence[Round]) -> Ballot:
    """Return which of `tied` had fewest votes in the round before, and of these in the round before that, and so on."""
    for before in reversed(earlier):
        fewest = min(before.counts[choice] for choice in tied)
        tied = tuple(choice for choice in tied if before.counts[choice] == fewest)
    return tied
