from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest

from blueprints.support.charts import CalibrationBin, CalibrationPlot, Distribution, Interval, LineChart, Series
from blueprints.support.charts.axes import MOST_STEPS, MOST_TIMES, count_levels, share_levels, time_marks
from blueprints.support.charts.lines import MOST_READINGS, MOST_ROWS, NAME_HEIGHT, apart

START = datetime(2025, 3, 3, tzinfo=UTC)
DAY = timedelta(days=1)


def days(*values: float) -> list[tuple[datetime, float]]:
    return [(START + place * DAY, value) for place, value in enumerate(values)]


def one_line(*values: float, **more: object) -> LineChart:
    return LineChart([Series("Agree", "for", days(*values))], **more)  # type: ignore[arg-type]


def test_a_value_is_drawn_until_the_next_one() -> None:
    chart = one_line(0.5, 1.0, 0.0)
    assert chart.lines[0].path == "M0 500H500V0H1000V1000H1000"


def test_the_last_value_is_drawn_until_the_end() -> None:
    chart = one_line(0.5, 1.0, ends_at=START + 4 * DAY)
    assert chart.lines[0].path == "M0 500H250V0H1000"
    assert chart.lines[0].x == 100


def test_points_may_come_in_any_order() -> None:
    points = days(0.5, 1.0, 0.0)
    assert LineChart([Series("", "", points[::-1])]).lines[0].path == LineChart([Series("", "", points)]).lines[0].path


def test_of_two_values_at_one_time_the_later_given_holds() -> None:
    chart = LineChart([Series("", "", [*days(0.2, 0.9), (START + DAY, 0.4)])])
    assert chart.lines[0].last.value == 0.4


def test_a_range_is_drawn_there_along_its_upper_edge_and_back_along_its_lower() -> None:
    band = [(START, 0.4, 0.6), (START + DAY, 0.2, 1.0)]
    chart = LineChart([Series("", "", days(0.5, 0.5, 0.5), band)])
    assert chart.lines[0].band_path == "M0 400H500V0H1000V800H500V600H0Z"


def test_a_later_line_begins_later() -> None:
    chart = LineChart([Series("A", "for", days(0.5, 0.5, 0.5)), Series("B", "against", days(0.5, 1.0)[1:])])
    assert chart.lines[1].path.startswith("M500 0")
    assert chart.rows[0].readings[1] is None


def test_what_is_after_the_end_is_not_drawn() -> None:
    chart = one_line(0.5, 1.0, 0.0, ends_at=START + DAY)
    assert chart.lines[0].last.value == 1.0
    assert chart.times == [START, START + DAY]


def test_what_held_at_the_start_is_drawn_from_there() -> None:
    chart = one_line(0.0, 0.5, 1.0, starts_at=START + 1.5 * DAY)
    assert chart.lines[0].path == "M0 500H1000V0H1000"


def test_a_single_value_is_a_point_in_the_middle_with_its_time_below() -> None:
    chart = one_line(1.0)
    assert (chart.lines[0].x, chart.lines[0].y) == (50, 0)
    assert [(mark.at, mark.x) for mark in chart.marks] == [(START, 50)]


@pytest.mark.parametrize("series", [[], [Series("Agree", "for", [])]])
def test_a_chart_of_nothing_is_empty(series: list[Series]) -> None:
    assert LineChart(series).is_empty


@pytest.mark.parametrize("highest", [0, 0.004, 0.1, 0.11, 0.35, 0.5, 0.61, 0.9, 1])
def test_shares_are_marked_from_zero_to_above_the_highest(highest: float) -> None:
    levels = share_levels(highest)
    assert levels[0] == 0
    assert highest <= levels[-1] <= 1
    assert 2 < len(levels) <= MOST_STEPS + 1


@pytest.mark.parametrize("highest", [0, 1, 4, 7, 10, 99, 101, 1_284, 99_999, 10**9])
def test_counts_are_marked_in_whole_numbers_from_zero_to_above_the_highest(highest: int) -> None:
    levels = count_levels(highest)
    assert levels[0] == 0
    assert highest <= levels[-1] <= max(1, 2 * highest)
    assert len(levels) <= MOST_STEPS + 1
    assert all(level == int(level) for level in levels)


@pytest.mark.parametrize("tone", ["for", "foresight", ""])
def test_no_two_of_six_lines_have_the_same_shape(tone: str) -> None:
    chart = LineChart([Series(str(place), tone, days(0.1, 0.2)) for place in range(6)])
    assert len({line.shape for line in chart.lines}) == 6


def test_a_camp_has_its_own_shape_wherever_it_stands() -> None:
    chart = LineChart([Series("No", "against", days(0.1)), Series("Yes", "for", days(0.9))])
    assert [line.shape for line in chart.lines] == [1, 0]


@pytest.mark.parametrize("places", [[50, 50, 50], [99, 100, 98], [0, 1, 2], [40, 44, 90, 95, 100], [100.0]])
def test_names_beside_lines_do_not_touch(places: list[float]) -> None:
    moved = apart(places)
    in_order = sorted(moved)
    assert all(low + NAME_HEIGHT <= high + 0.02 for low, high in pairwise(in_order))
    assert all(0 <= place <= 100 for place in moved)


@pytest.mark.parametrize(
    ("length", "forms"),
    [
        (timedelta(minutes=4), {"day", "time"}),
        (timedelta(hours=5), {"day", "time"}),
        (timedelta(days=2), {"day", "time"}),
        (timedelta(days=40), {"day"}),
        (timedelta(days=200), {"month", "month_year"}),
        (timedelta(days=3_000), {"year"}),
        (timedelta(days=100_000), {"year"}),
    ],
)
def test_the_longer_the_time_the_larger_the_units_marked(length: timedelta, forms: set[str]) -> None:
    marks = time_marks(START, START + length, UTC)
    assert 2 <= len(marks) <= MOST_TIMES
    assert {mark.form for mark in marks} <= forms
    assert all(0 <= mark.x <= 100 for mark in marks)


def test_days_begin_at_midnight_in_the_sites_zone() -> None:
    marks = time_marks(START, START + 5 * DAY, ZoneInfo("America/New_York"))
    assert {mark.at.hour for mark in marks} == {5}


def test_the_day_on_which_clocks_change_is_marked_once() -> None:
    zone = ZoneInfo("Europe/Berlin")
    marks = time_marks(datetime(2025, 3, 29, tzinfo=zone), datetime(2025, 4, 2, tzinfo=zone), zone)
    assert [mark.at.astimezone(zone).day for mark in marks] == [29, 30, 31, 1, 2]
    assert {mark.at.astimezone(zone).hour for mark in marks} == {0}


@pytest.mark.parametrize("length", [timedelta(seconds=1), timedelta(seconds=30)])
def test_a_time_without_a_round_minute_is_marked_at_its_start(length: timedelta) -> None:
    start = START + timedelta(seconds=10)
    assert [(mark.at, mark.x) for mark in time_marks(start, start + length, UTC)] == [(start, 0)]


def test_a_table_has_a_few_rows_from_the_first_to_the_last() -> None:
    chart = one_line(*[place / 400 for place in range(400)])
    assert len(chart.rows) == MOST_ROWS
    assert (chart.rows[0].at, chart.rows[-1].at) == (chart.times[0], chart.times[-1])


def test_the_script_reads_the_values_that_are_drawn() -> None:
    band = [(START, 0.25, 0.75)]
    chart = LineChart([Series("A", "for", days(0.5, 0.125), band), Series("B", "against", days(0.5, 1.0)[1:])])
    readings = chart.readings
    assert readings["times"] == [0, 86_400]
    assert readings["values"] == [[500, 125], [None, 1_000]]
    assert readings["ranges"] == [[[250, 750], [250, 750]], []]


def test_the_script_gets_no_more_than_can_be_pointed_at() -> None:
    chart = LineChart(
        [Series(str(by), "", [(at + by * timedelta(hours=1), 0.5) for at, _ in days(*[0] * 400)]) for by in (1, 2)]
    )
    assert len(chart.times) == 800
    assert len(chart.readings["times"]) == MOST_READINGS  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("crowd", "middle"),
    [((0.2, 0.3, 0.5), 1), ((0.1, 0.3, 0.6), 2), ((1.0, 0.0), 0), ((0.1,) * 10, 4), ((0.0, 0.0), None)],
)
def test_the_middle_is_where_half_of_the_chances_are_reached(crowd: tuple[float, ...], middle: int | None) -> None:
    chart = Distribution([str(place) for place in range(len(crowd))], crowd)
    assert [one.is_middle for one in chart.bins] == [place == middle for place in range(len(crowd))]


def test_bars_are_as_long_as_their_chances() -> None:
    bins = Distribution(("a", "b", "c"), (0.1, 0.3, 0.6), (0.6, 0.0, 0.4), happened=2).bins
    assert [one.length for one in bins] == pytest.approx([100 / 6, 50, 100], abs=0.01)
    assert [one.own_length for one in bins] == pytest.approx([100, 0, 200 / 3], abs=0.01)
    assert [one.happened for one in bins] == [False, False, True]


def test_many_answers_or_long_names_lie_in_rows() -> None:
    assert Distribution(("before", "after"), (0.5, 0.5)).can_stand
    assert not Distribution(("before", "a" * 60), (0.5, 0.5)).can_stand
    assert not Distribution([str(place) for place in range(20)], [0.05] * 20).can_stand


def test_a_point_of_calibration_stands_across_for_what_was_said_and_up_for_what_came_true() -> None:
    dot = CalibrationPlot([CalibrationBin(0.2, 0.75, 5, 0.5, 1.0)]).dots[0]
    assert (dot.x, dot.y, dot.top, dot.bottom) == (20, 25, 0, 50)


def test_a_point_of_four_times_the_forecasts_is_twice_as_wide() -> None:
    large, small = CalibrationPlot([CalibrationBin(0.2, 0.2, 100), CalibrationBin(0.6, 0.6, 400)]).dots
    assert (large.x, small.x) == (60, 20)
    assert large.radius == 2 * small.radius


def test_a_bin_without_forecasts_is_no_point() -> None:
    assert CalibrationPlot([CalibrationBin(0.2, 0.0, 0)]).is_empty


def test_an_interval_stands_on_its_scale() -> None:
    one = Interval(0.1, -0.25, 0.25, minimum=-0.5, maximum=0.5, against=0)
    assert (one.start, one.x, one.width, one.against_x) == (25, 60, 50, 50)


@pytest.mark.parametrize("value", [-5, 0, 0.5, 1, 5])
def test_an_interval_is_seen_within_its_scale_however_narrow(value: float) -> None:
    one = Interval(value, value, value)
    assert 0 <= one.start < one.start + one.width <= 100


def test_paths_are_short_however_long_the_history() -> None:
    path = one_line(*[place / 400 for place in range(400)]).lines[0].path
    assert len(path) < 4_500
    assert not re.search(r"[^MHV 0-9]", path)
