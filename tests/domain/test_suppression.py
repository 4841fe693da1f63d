from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from domain import suppression
from domain.suppression import LEAST, Sum

Cell = tuple[int, int]
ALL = -1
SIZES = st.tuples(st.integers(1, 4), st.integers(1, 4))
COUNTS = st.one_of(st.just(0), st.integers(0, 12), st.integers(0, 200))


def table(numbers: list[list[int]]) -> tuple[dict[Cell, int], list[Sum[Cell]]]:
    """Return the counts of a table with a total for each row, each column and all of it, and what is the sum of what."""
    rows, columns = range(len(numbers)), range(len(numbers[0]))
    counts = {(row, column): numbers[row][column] for row in rows for column in columns}
    sums = [Sum((row, ALL), tuple((row, column) for column in columns)) for row in rows]
    sums += [Sum((ALL, column), tuple((row, column) for row in rows)) for column in columns]
    for one in sums:
        counts[one.total] = sum(counts[part] for part in one.parts)
    sums += [Sum((ALL, ALL), tuple((row, ALL) for row in rows)), Sum((ALL, ALL), tuple((ALL, column) for column in columns))]
    counts[ALL, ALL] = sum(map(sum, numbers))
    return counts, sums


@st.composite
def tables(draw: st.DrawFn) -> list[list[int]]:
    rows, columns = draw(SIZES)
    return [draw(st.lists(COUNTS, min_size=columns, max_size=columns)) for _ in range(rows)]


def small(counts: dict[Cell, int]) -> set[Cell]:
    return {key for key, count in counts.items() if 0 < count < LEAST}


@given(tables())
def test_no_count_below_ten_is_shown_or_follows_from_what_is(numbers: list[list[int]]) -> None:
    counts, sums = table(numbers)
    gone = suppression.hidden(counts, sums)
    assert small(counts) <= gone
    follows = suppression.worked_out(sums, gone)
    assert not small(counts) & follows


@given(tables())
def test_hidden_counts_of_a_sum_that_is_shown_are_ten_or_more_together(numbers: list[list[int]]) -> None:
    counts, sums = table(numbers)
    gone = suppression.hidden(counts, sums)
    shares = [
        sum(counts[part] for part in one.parts if part in gone)
        for one in sums
        if one.total not in gone and small(counts) & gone & set(one.parts)
    ]
    assert all(share >= LEAST for share in shares)


@given(tables())
def test_nothing_is_hidden_where_nothing_is_small(numbers: list[list[int]]) -> None:
    counts, sums = table([[count * LEAST for count in row] for row in numbers])
    assert suppression.hidden(counts, sums) == frozenset()


@given(tables())
def test_the_same_counts_hide_the_same(numbers: list[list[int]]) -> None:
    counts, sums = table(numbers)
    assert suppression.hidden(counts, sums) == suppression.hidden(dict(reversed(counts.items())), sums)


def test_the_smallest_of_the_others_is_hidden_beside_a_single_small_one() -> None:
    counts, sums = {"a": 3, "b": 50, "c": 20, "all": 73}, [Sum("all", ("a", "b", "c"))]
    assert suppression.hidden(counts, sums) == {"a", "c"}


def test_nought_is_shown() -> None:
    counts, sums = {"a": 0, "b": 50, "all": 50}, [Sum("all", ("a", "b"))]
    assert suppression.hidden(counts, sums) == frozenset()


def test_two_tables_with_one_total_do_not_tell_of_each_other() -> None:
    counts = {"a": 4, "b": 30, "all": 34, "x": 34, "y": 0}
    sums = [Sum("all", ("a", "b")), Sum("all", ("x", "y"))]
    assert suppression.hidden(counts, sums) == {"a", "b"}
