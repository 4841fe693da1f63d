from __future__ import annotations

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from domain.closing_question import draft_questions
from domain.drafts import LONGEST_OPEN
from domain.named_days import end_of_named_day

NOW = datetime(2026, 11, 30, 10, 30, 15, tzinfo=UTC)


def day_of(question: str, now: datetime = NOW) -> str:
    end = end_of_named_day(question, now, UTC)
    return f"{end:%Y-%m-%d}" if end else ""


@pytest.mark.parametrize(
    ("question", "day"),
    [
        ("Will it rain in Ostermere by 1 May 2027?", "2027-05-01"),
        ("Will it rain by May 1, 2027?", "2027-05-01"),
        ("Will it rain on May 1 2027 or not?", "2027-05-01"),
        ("Will it rain by the 1st of May, 2027?", "2027-05-01"),
        ("Will it rain by May 2nd, 2027?", "2027-05-02"),
        ("Will it rain by Sat, or on Saturday, 1 May 2027?", "2027-05-01"),
        ("Will it rain from 28 April to 3 May 2027?", "2027-05-03"),
        ("Will it rain on 3–5 May 2027?", "2027-05-05"),
        ("Will it rain by Sept. 5, 2027?", "2027-09-05"),
        ("By 1 May 2027, will it have rained?", "2027-05-01"),
        ("Will the 1 May 2027 march take place?", "2027-05-01"),
        ("Will it rain on 29 February 2028?", "2028-02-29"),
    ],
)
def test_a_question_names_a_whole_day(question: str, day: str) -> None:
    assert day_of(question) == day


@pytest.mark.parametrize(
    ("question", "day"),
    [
        ("Will the strike on 12 December go ahead?", "2026-12-12"),
        ("Will the strike on December 12 be over at noon?", "2026-12-12"),
        ("Will it rain until the 12th of December?", "2026-12-12"),
        ("Will it rain by 30 November?", "2026-11-30"),
        ("Will it rain by 29 November?", "2027-11-29"),
        ("Will it rain by Dec. 5?", "2026-12-05"),
        ("Will it rain on 29 February?", "2028-02-29"),
    ],
)
def test_a_day_without_a_year_is_the_next_one(question: str, day: str) -> None:
    assert day_of(question) == day


@pytest.mark.parametrize(
    ("question", "day"),
    [
        ("Will it rain by the end of March?", "2027-03-31"),
        ("Will it rain in June 2027?", "2027-06-30"),
        ("Will it rain in Feb 2028?", "2028-02-29"),
        ("Will it rain in November?", "2026-11-30"),
        ("Will it rain by May, as was said?", "2027-05-31"),
        ("Will it rain in May or June 2027?", "2027-06-30"),
        ("Will it rain by 2028?", "2028-12-31"),
        ("Will it rain in 2027 or not?", "2027-12-31"),
        ("By the end of 2027, will it have rained?", "2027-12-31"),
        ("Will it rain again this year?", "2026-12-31"),
        ("Will it rain by the end of the year?", "2026-12-31"),
        ("Will it rain next year?", "2027-12-31"),
        ("Will it rain next month?", "2026-12-31"),
        ("Will it rain this month?", "2026-11-30"),
    ],
)
def test_a_month_or_a_year_is_waited_for_to_its_end(question: str, day: str) -> None:
    assert day_of(question) == day


@pytest.mark.parametrize(
    ("question", "day"),
    [
        ("Will it rain before 1 May 2027?", "2027-04-30"),
        ("Will it rain before March?", "2027-02-28"),
        ("Will it rain before December?", "2026-11-30"),
        ("Will it rain before November?", "2027-10-31"),
        ("Will it rain before 2028?", "2027-12-31"),
        ("Will it rain before next year?", "2026-12-31"),
        ("Will it rain before the end of May 2027?", "2027-05-31"),
    ],
)
def test_before_a_day_ends_with_the_one_before_it(question: str, day: str) -> None:
    assert day_of(question) == day


@pytest.mark.parametrize(
    ("question", "day"),
    [
        ("Will the plan for June 2027 be dropped by 1 March 2027?", "2027-03-01"),
        ("Will it be dropped by 1 March 2027, and not on 5 June 2027?", "2027-03-01"),
        ("Will it rain on 1 May 2027 or 2 May 2027?", "2027-05-02"),
        ("Will the law of 3 May 2020 be gone by May 2027?", "2027-05-31"),
        ("Will it rain as was promised by 1 May 2027?", "2027-05-01"),
    ],
)
def test_of_several_days_the_deadline_counts_or_else_the_last(question: str, day: str) -> None:
    assert day_of(question) == day


@pytest.mark.parametrize(
    "question",
    [
        "Will it rain?",
        "Will it have rained by 1 May 2020?",
        "Will it have rained in October 2026?",
        "Will it rain before 30 November 2026?",
        "Will it rain by 31 December 2036?",
        "Will it rain by 2099?",
        "Will it rain by 2037?",
    ],
)
def test_days_that_are_over_or_too_far_off_are_not_taken(question: str) -> None:
    assert day_of(question) == ""


@pytest.mark.parametrize(
    "question",
    [
        "Will it rain by 31 April 2027?",
        "Will it rain by 32 May 2027?",
        "Will it rain by 0 May 2027?",
        "Will it rain on 29 February 2027?",
        "Will 1000 May 2027 posters be printed?",
        "Will it rain by May 45, 2027?",
    ],
)
def test_a_day_that_no_calendar_has_is_none(question: str) -> None:
    assert day_of(question) == ""


@pytest.mark.parametrize(
    "question",
    [
        "Will it rise by 2028 votes?",
        "Will it rise by 2,028?",
        "Will it rise by 2028.5?",
        "Will it rise by 2028%?",
        "Will it rise by 2028 to 5000?",
        "Will it rise by $2028?",
        "Will it be 2027 or 2028?",
        "Will more than 2027 come?",
        "Will he win the 2027–28 season?",
        "Will he win in 2027–28?",
        "Will he win in 2027 or 2028?",
        "Will flight 2027 land?",
        "Will it end 2027 to 2028?",
        "Will 12 march?",
        "Will more than 12 March?",
        "Will the bill of May pass?",
        "Will the motion by May win?",
        "Will it be seen by May 5,000 times?",
        "Will it be backed by May 12 times?",
        "Will it rain by May Day?",
        "Will they sack in May 12 people?",
        "Will Theresa May win?",
        "Will April come?",
        "May 2027 bring what we will need?",
        "Will “By 1 May 2027” sell?",
        "Will it rain by 5/6/2027?",
        "Will room 5.1 May 12 open?",
        "Will it rain on the 12th?",
        "Will 20270501 be found in 20271?",
        "Will it rain in the next year?",
        "Will this year’s plan pass?",
    ],
)
def test_a_number_that_is_no_date_is_never_taken(question: str) -> None:
    assert day_of(question) == ""


@pytest.mark.parametrize(
    "question",
    [
        "Will it rain after 1 May 2027?",
        "Will it stay as it is from 1 May 2027?",
        "Will it be warmer than in 2027?",
        "Will what began earlier this year end?",
        "Will it rain after the end of March?",
    ],
)
def test_a_day_after_which_something_happens_is_no_end(question: str) -> None:
    assert day_of(question) == ""


@pytest.mark.parametrize(
    ("zone", "utc"),
    [
        ("UTC", datetime(2027, 5, 1, 23, 59, tzinfo=UTC)),
        ("America/New_York", datetime(2027, 5, 2, 3, 59, tzinfo=UTC)),
        ("Asia/Tokyo", datetime(2027, 5, 1, 14, 59, tzinfo=UTC)),
    ],
)
def test_a_day_ends_when_it_does_where_the_site_is(zone: str, utc: datetime) -> None:
    assert end_of_named_day("Will it rain by 1 May 2027?", NOW, ZoneInfo(zone)) == utc


def test_what_is_drafted_closes_on_the_day_that_its_question_names() -> None:
    found = draft_questions("It is dry.\n\nWill it rain in Ostermere by 1 May 2027?", NOW).prediction
    assert found is not None
    assert (found.question, found.closes_at) == (
        "Will it rain in Ostermere by 1 May 2027?",
        datetime(2027, 5, 1, 23, 59, tzinfo=UTC),
    )
    assert "by the end of 1 May 2027" in found.criteria


def test_a_day_by_which_readers_are_asked_to_write_is_not_taken() -> None:
    found = draft_questions("It is dry.\n\nGive us your prediction by 3 December 2026.", NOW).prediction
    assert found is not None
    assert found.closes_at > NOW + timedelta(days=100)


WORDS = [
    "by ",
    "the end of ",
    "May",
    " ",
    "1",
    "12",
    "2027",
    "2028",
    ", ",
    "before ",
    "31 ",
    "February ",
    "?",
    "this ",
    "year",
    "“",
    "th",
]


@settings(max_examples=300)
@given(st.lists(st.sampled_from(WORDS), max_size=30).map("".join))
def test_whatever_a_question_says_its_end_can_be_kept(question: str) -> None:
    end = end_of_named_day(question, NOW, ZoneInfo("Europe/Berlin"))
    assert end is None or NOW < end <= NOW + LONGEST_OPEN
