from __future__ import annotations

from random import Random

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from domain.runoff import Round, TieBreak, rounds

A, B, C, D, E = 1, 2, 3, 4, 5
CHOICES = [A, B, C, D]

ballots_cast = st.dictionaries(
    st.lists(st.sampled_from(CHOICES), unique=True, max_size=4).map(tuple), st.integers(1, 5), max_size=12
)


def winners(ballots: dict[tuple[int, ...], int], choices: list[int] = CHOICES) -> tuple[int, ...]:
    return rounds(ballots, choices)[-1].winners


def test_more_than_half_of_the_first_preferences_win_at_once() -> None:
    assert rounds({(A, B): 3, (B,): 2}, [A, B, C]) == (Round(counts={A: 3, B: 2, C: 0}, exhausted=0, winners=(A,)),)


def test_half_of_the_first_preferences_is_not_enough() -> None:
    first, second, _ = rounds({(A,): 4, (B, A): 3, (C, B): 1}, [A, B, C])
    assert (first.counts[A], first.winners, first.eliminated) == (4, (), (C,))
    assert (second.counts, second.winners) == ({A: 4, B: 4}, ())


def test_the_votes_of_the_last_go_to_their_next_preference() -> None:
    first, last = rounds({(A,): 4, (B,): 3, (C, B): 2}, [A, B, C])
    assert first == Round(counts={A: 4, B: 3, C: 2}, exhausted=0, eliminated=(C,))
    assert last == Round(counts={A: 4, B: 5}, exhausted=0, winners=(B,))


def test_a_preference_that_has_left_is_passed_over() -> None:
    played = rounds({(A,): 6, (B,): 5, (C, D, B): 3, (D,): 1}, CHOICES)
    assert [one.eliminated for one in played] == [(D,), (C,), ()]
    assert played[-1].counts == {A: 6, B: 8}


def test_a_ballot_with_nobody_left_is_exhausted() -> None:
    assert rounds({(A,): 4, (B,): 3, (C,): 2, (): 1}, [A, B, C])[-1] == Round(counts={A: 4, B: 3}, exhausted=3, winners=(A,))


def test_a_majority_is_of_the_ballots_that_continue() -> None:
    assert winners({(A,): 4, (B,): 3, (C,): 2}, [A, B, C]) == (A,)


def test_a_choice_that_is_not_one_is_passed_over() -> None:
    assert winners({(99, B): 2, (A,): 1}) == (B,)


def test_the_last_leave_together_if_none_of_them_could_be_saved() -> None:
    first, *_ = rounds({(A,): 5, (B,): 4, (C, D): 1, (D, C): 1}, CHOICES)
    assert (first.eliminated, first.tie_break) == ((C, D), TieBreak.TOGETHER)


def test_the_last_do_not_leave_together_if_their_votes_could_save_one() -> None:
    first, second, *_ = rounds({(A,): 3, (B,): 2, (C,): 1, (D, C): 1}, CHOICES)
    assert (first.eliminated, second.counts) == ((D,), {A: 3, B: 2, C: 2})


def test_choices_that_nobody_put_first_leave_together() -> None:
    first, *_ = rounds({(A, C): 1, (B, D): 1, (B,): 1, (A,): 1}, CHOICES)
    assert (first.eliminated, first.tie_break) == ((C, D), TieBreak.TOGETHER)


def test_a_tie_is_broken_by_who_had_fewer_before() -> None:
    first, second, last = rounds({(A,): 4, (B,): 3, (C,): 2, (D, C): 1}, CHOICES)
    assert first.eliminated == (D,)
    assert (second.counts, second.eliminated, second.tie_break) == ({A: 4, B: 3, C: 3}, (C,), TieBreak.EARLIER)
    assert last.winners == (A,)


def test_the_latest_round_that_tells_them_apart_breaks_the_tie() -> None:
    played = rounds({(A,): 12, (B,): 5, (C,): 6, (D, C): 2, (D, A): 2, (E, B): 3}, [*CHOICES, E])
    assert [one.counts for one in played][1:3] == [{A: 12, B: 8, C: 6, D: 4}, {A: 14, B: 8, C: 8}]
    assert (played[2].eliminated, played[2].tie_break) == ((C,), TieBreak.EARLIER)


def test_a_tie_that_nothing_else_breaks_falls_on_the_last_in_order() -> None:
    first, *_ = rounds({(A,): 3, (B, C): 2, (C, B): 2}, [A, C, B])
    assert (first.eliminated, first.tie_break) == ((B,), TieBreak.ORDER)


def test_choices_that_nothing_tells_apart_all_win() -> None:
    assert rounds({(A,): 2, (B,): 2}, [A, B]) == (Round(counts={A: 2, B: 2}, exhausted=0, winners=(A, B)),)


def test_a_final_tie_is_broken_by_the_rounds_before() -> None:
    assert [one.eliminated for one in rounds({(A,): 4, (B,): 3, (C, B): 1}, [A, B, C])] == [(C,), (B,), ()]


@pytest.mark.parametrize("ballots", [{}, {(): 3}, {(99,): 3}])
def test_nobody_wins_without_votes(ballots: dict[tuple[int, ...], int]) -> None:
    (only,) = rounds(ballots, [A, B])
    assert (only.counts, only.winners, only.eliminated) == ({A: 0, B: 0}, (), ())


def test_the_only_choice_wins() -> None:
    assert winners({(A,): 1}, [A]) == (A,)


@given(ballots_cast)
def test_every_ballot_is_counted_or_exhausted_in_every_round(ballots: dict[tuple[int, ...], int]) -> None:
    for one in rounds(ballots, CHOICES):
        assert sum(one.counts.values()) + one.exhausted == sum(ballots.values())


@given(ballots_cast, st.randoms())
def test_the_order_of_the_ballots_changes_nothing(ballots: dict[tuple[int, ...], int], dice: Random) -> None:
    shuffled = list(ballots.items())
    dice.shuffle(shuffled)
    assert rounds(dict(shuffled), CHOICES) == rounds(ballots, CHOICES)


@given(ballots_cast)
def test_only_the_last_round_has_winners_and_only_the_others_eliminate(ballots: dict[tuple[int, ...], int]) -> None:
    *before, last = rounds(ballots, CHOICES)
    assert all(one.eliminated and not one.winners for one in before)
    assert not last.eliminated


@given(ballots_cast)
def test_who_leaves_had_the_fewest_votes(ballots: dict[tuple[int, ...], int]) -> None:
    for one in rounds(ballots, CHOICES)[:-1]:
        assert {one.counts[choice] for choice in one.eliminated} == {min(one.counts.values())}


def one_at_a_time(ballots: dict[tuple[int, ...], int], order: tuple[int, ...]) -> set[int]:
    """Return who can win if ties are broken in any way at all."""
    counts = dict.fromkeys(order, 0)
    for ballot, cast in ballots.items():
        for choice in [choice for choice in ballot if choice in counts][:1]:
            counts[choice] += cast
    if len(order) == 1:
        return set(order)
    last = [choice for choice in order if counts[choice] == min(counts.values())]
    return set().union(*(one_at_a_time(ballots, tuple(choice for choice in order if choice != out)) for out in last))


@given(ballots_cast.filter(any))
def test_the_winner_is_one_that_eliminating_one_by_one_would_find(ballots: dict[tuple[int, ...], int]) -> None:
    won = winners(ballots)
    assert len(won) > 1 or set(won) <= one_at_a_time(ballots, tuple(CHOICES))


@given(ballots_cast.filter(any))
@example({(1,): 4, (2,): 2, (4,): 3, (1, 2): 4, (2, 1): 5, (4, 1): 5, (2, 1, 3): 1})
def test_several_win_where_all_that_are_left_have_the_same(ballots: dict[tuple[int, ...], int]) -> None:
    last = rounds(ballots, CHOICES)[-1]
    assert len(last.winners) == 1 or (set(last.winners) == set(last.counts) and len(set(last.counts.values())) == 1)
