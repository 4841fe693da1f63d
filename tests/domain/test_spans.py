from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain import spans
from domain.errors import Invalid
from domain.spans import Ends, Span, Unit

TEN, TWENTY, THIRTY = Decimal(10), Decimal(20), Decimal(30)
SORTED = st.lists(st.integers(-999, 999), min_size=2, max_size=14, unique=True).map(sorted)


def test_edges_part_all_numbers() -> None:
    assert spans.spans([TEN, TWENTY], Ends()) == [Span(end=TEN), Span(start=TEN, end=TWENTY), Span(start=TWENTY)]


def test_a_date_may_never_come() -> None:
    first = date(2027, 3, 1)
    found = spans.spans([first], Ends(never=True))
    assert found == [Span(end=first), Span(start=first), Span()]
    assert [span.is_never for span in found] == [False, False, True]


def test_without_ends_the_last_span_holds_its_end() -> None:
    found = spans.spans([TEN, TWENTY, THIRTY], Ends(before=False, after=False))
    assert found == [Span(start=TEN, end=TWENTY), Span(start=TWENTY, end=THIRTY, is_last=True)]


@given(SORTED, st.integers(-2000, 2000))
def test_every_number_falls_into_one_span(edges: list[int], value: int) -> None:
    found = spans.spans([Decimal(edge) for edge in edges], Ends())
    holding = [span for span in found if (span.start is None or span.start <= value) and (span.end is None or value < span.end)]
    assert len(holding) == 1


@pytest.mark.parametrize("edges", [[TEN, TEN], [TWENTY, TEN], [TEN, THIRTY, TWENTY]])
def test_edges_that_do_not_rise_are_refused(edges: list[Decimal]) -> None:
    with pytest.raises(Invalid, match="above the one before"):
        spans.spans(edges, Ends())


@pytest.mark.parametrize(("count", "ends"), [(0, Ends()), (1, Ends(before=False)), (2, Ends(before=False, after=False))])
def test_edges_that_make_fewer_than_two_outcomes_are_refused(count: int, ends: Ends) -> None:
    with pytest.raises(Invalid, match="fewer than two"):
        spans.spans([TEN, TWENTY][:count], ends)


@pytest.mark.parametrize(("count", "ends"), [(16, Ends()), (15, Ends(never=True)), (18, Ends(before=False, after=False))])
def test_more_spans_than_a_question_may_have_are_refused(count: int, ends: Ends) -> None:
    edges = [Decimal(number) for number in range(count)]
    assert len(spans.spans(edges[:-1], ends)) == 16
    with pytest.raises(Invalid) as refusal:
        spans.spans(edges, ends)
    assert refusal.value.values == {"count": 17, "most": 16}


@pytest.mark.parametrize(
    ("typed", "value"), [("10", "10"), (" -2.50 ", "-2.5"), ("−7", "-7"), ("+3", "3"), ("0", "0"), ("9" * 15, "9" * 15)]
)
def test_numbers_are_read_as_they_are_typed(typed: str, value: str) -> None:
    assert spans.number(typed) == Decimal(value)


@pytest.mark.parametrize(
    "typed",
    [
        "",
        "ten",
        "NaN",
        "nan",
        "inf",
        "-Infinity",
        "1e309",
        "1E5",
        "1,5",
        "1.",
        ".5",
        "1 000",
        "0x10",
        "9" * 16,
        "1.0000001",
        "٣",
        "--1",
    ],
)
def test_what_is_no_number_is_refused_by_name(typed: str) -> None:
    with pytest.raises(Invalid) as refusal:
        spans.number(typed)
    assert refusal.value.values["typed"] == typed


def test_a_number_is_read_with_the_point_of_the_language() -> None:
    assert spans.number("2,5", point=",") == Decimal("2.5")


@pytest.mark.parametrize("typed", ["1.500", "1.5", "1.500,5"])
def test_a_full_stop_is_refused_where_the_language_has_another_point(typed: str) -> None:
    with pytest.raises(Invalid) as refusal:
        spans.number(typed, point=",")
    assert refusal.value.values == {"typed": typed, "point": ","}


@pytest.mark.parametrize("typed", ["2027-03-01", " 2027-03-28 ", "2028-02-29", "2199-12-31"])
def test_days_are_read_whether_or_not_clocks_change_on_them(typed: str) -> None:
    assert spans.day(typed).isoformat() == typed.strip()


@pytest.mark.parametrize("typed", ["2027-02-29", "2027-13-01", "2027-00-10", "2027-04-31"])
def test_a_day_in_no_calendar_is_refused(typed: str) -> None:
    with pytest.raises(Invalid, match="no such day"):
        spans.day(typed)


@pytest.mark.parametrize(
    "typed", ["", "tomorrow", "1 March 2027", "20270301", "2027-W10-1", "2027-3-1", "\u0662027-03-01", "2027-03-01T10:00"]
)
def test_what_is_no_day_is_refused(typed: str) -> None:
    with pytest.raises(Invalid, match="is not a date"):
        spans.day(typed)


@pytest.mark.parametrize("typed", ["0001-01-01", "1899-12-31", "2200-01-01", "9999-12-31"])
def test_a_mistyped_year_is_refused(typed: str) -> None:
    with pytest.raises(Invalid, match="Look at the year"):
        spans.day(typed)


@pytest.mark.parametrize(
    ("last", "step", "edges"),
    [("30", "10", ["0", "10", "20", "30"]), ("25", "10", ["0", "10", "20", "25"]), ("0.3", "0.1", ["0", "0.1", "0.2", "0.3"])],
)
def test_numbers_a_step_apart_reach_the_last(last: str, step: str, edges: list[str]) -> None:
    assert spans.numbers_between(Decimal(0), Decimal(last), Decimal(step)) == [Decimal(edge) for edge in edges]


@pytest.mark.parametrize(("last", "step"), [("10", "0"), ("10", "-1"), ("0", "1"), ("-5", "1"), ("1000000", "0.000001")])
def test_steps_that_lead_nowhere_are_refused(last: str, step: str) -> None:
    with pytest.raises(Invalid):
        spans.numbers_between(Decimal(0), Decimal(last), Decimal(step))


@pytest.mark.parametrize(
    ("first", "last", "step", "unit", "edges"),
    [
        ("2027-01-31", "2027-04-30", 1, Unit.MONTHS, ["2027-01-31", "2027-02-28", "2027-03-31", "2027-04-30"]),
        ("2027-11-01", "2028-02-01", 1, Unit.MONTHS, ["2027-11-01", "2027-12-01", "2028-01-01", "2028-02-01"]),
        ("2027-03-21", "2027-04-05", 1, Unit.WEEKS, ["2027-03-21", "2027-03-28", "2027-04-04", "2027-04-05"]),
        ("2027-03-27", "2027-03-29", 1, Unit.DAYS, ["2027-03-27", "2027-03-28", "2027-03-29"]),
    ],
)
def test_days_a_step_apart_reach_the_last(first: str, last: str, step: int, unit: Unit, edges: list[str]) -> None:
    found = spans.days_between(date.fromisoformat(first), date.fromisoformat(last), step, unit)
    assert [edge.isoformat() for edge in found] == edges


@pytest.mark.parametrize(("last", "step"), [("2027-01-01", 1), ("2026-01-01", 1), ("2027-02-01", 0), ("2027-02-01", -1)])
def test_steps_between_days_that_lead_nowhere_are_refused(last: str, step: int) -> None:
    with pytest.raises(Invalid):
        spans.days_between(date(2027, 1, 1), date.fromisoformat(last), step, Unit.DAYS)


def test_a_step_beyond_all_time_is_one_step() -> None:
    edges = [date(2027, 1, 1), date(2199, 12, 31)]
    assert all(spans.days_between(edges[0], edges[1], 10**30, unit) == edges for unit in Unit)


def test_more_days_than_fit_are_not_counted_to_their_end() -> None:
    with pytest.raises(Invalid, match="too small"):
        spans.days_between(date(1900, 1, 1), date(2199, 12, 31), 1, Unit.DAYS)
