from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest
from flask import Flask
from wtforms import Form

from blueprints.newsroom.fields import AnswerRow, AnswersField, InstantField
from models import Camp
from tests.forms import Fields


class WhenForm(Form):
    at = InstantField("When")


class AnswersForm(Form):
    answers = AnswersField(takes_sides=True, label="Answers")


@pytest.fixture
def in_berlin(app: Flask) -> Iterator[None]:
    """Run the test on a site whose clocks change: forward on 29 March 2026, back on 25 October 2026."""
    config = app.extensions["foresay"]
    app.extensions["foresay"] = replace(config, timezone="Europe/Berlin")
    with app.test_request_context():
        yield
    app.extensions["foresay"] = config


def typed(text: str, fold: str = "") -> InstantField:
    form = WhenForm(Fields({"at": text, "at-fold": fold}))
    form.validate()
    return form.at


@pytest.mark.usefixtures("in_berlin")
@pytest.mark.parametrize(
    ("text", "instant"),
    [
        ("2026-01-10T18:30", "2026-01-10T17:30"),
        ("2026-07-10T18:30", "2026-07-10T16:30"),
        ("2026-07-10 18:30", "2026-07-10T16:30"),
    ],
)
def test_a_time_is_typed_in_the_sites_zone_and_kept_in_utc(text: str, instant: str) -> None:
    assert typed(text).data == datetime.fromisoformat(instant).replace(tzinfo=UTC)


@pytest.mark.usefixtures("in_berlin")
def test_a_time_that_the_clocks_skip_is_refused_by_name() -> None:
    field = typed("2026-03-29T02:30")
    assert field.data is None
    assert "skip this time in Europe/Berlin" in field.errors[0]


@pytest.mark.usefixtures("in_berlin")
def test_a_time_that_comes_twice_asks_which_one_is_meant() -> None:
    field = typed("2026-10-25T02:30")
    assert (field.data, field.comes_twice) == (None, True)
    assert [name for _, name in field.fold_names] == ["02:30 CEST (UTC+0200)", "02:30 CET (UTC+0100)"]


@pytest.mark.usefixtures("in_berlin")
@pytest.mark.parametrize(("fold", "hour"), [("0", 0), ("1", 1)])
def test_either_of_two_times_with_one_name_can_be_meant(fold: str, hour: int) -> None:
    assert typed("2026-10-25T02:30", fold).data == datetime(2026, 10, 25, hour, 30, tzinfo=UTC)


@pytest.mark.usefixtures("in_berlin")
def test_which_one_was_meant_does_not_matter_to_other_times() -> None:
    assert typed("2026-07-10T18:30", "1").data == datetime(2026, 7, 10, 16, 30, tzinfo=UTC)


@pytest.mark.usefixtures("in_berlin")
@pytest.mark.parametrize("hour", [0, 1])
def test_an_instant_survives_being_shown_and_sent_again(hour: int) -> None:
    kept = datetime(2026, 10, 25, hour, 30, tzinfo=UTC)
    shown = WhenForm(data={"at": kept}).at
    assert typed(shown.typed, shown.fold).data == kept


@pytest.mark.usefixtures("in_berlin")
@pytest.mark.parametrize(
    "text", ["2026-07-10", "soon", "2026-13-01T00:00", "2026-07-10T18:30+02:00", "1066-10-14T09:00", "\u0662026-07-10T18:30"]
)
def test_what_is_no_local_time_is_kept_and_refused(text: str) -> None:
    field = typed(text)
    assert (field.data, field.typed) == (None, text)
    assert field.errors == ["That is not a date and a time. Write it like 2031-05-24 18:30."]


def answers(*labels: str) -> AnswersField:
    fields = Fields()
    fields.setlist("answers-label", list(labels))
    fields.setlist("answers-camp", [Camp.FOR.value] * len(labels))
    return AnswersForm(fields).answers


def test_empty_rows_are_dropped_and_the_order_stays() -> None:
    assert [row.label for row in answers("B", "", " ", "A").data] == ["B", "A"]


def test_a_row_without_a_known_side_takes_another_one() -> None:
    fields = Fields()
    fields.setlist("answers-label", ["A", "B"])
    fields.setlist("answers-camp", ["middle"])
    assert AnswersForm(fields).answers.data == [AnswerRow("A", Camp.OTHER), AnswerRow("B", Camp.OTHER)]


@pytest.mark.parametrize(("filled", "shown"), [(0, 4), (2, 4), (3, 5), (15, 16), (16, 16), (20, 20)])
def test_empty_rows_are_offered_as_long_as_there_may_be_more(filled: int, shown: int) -> None:
    assert len(answers(*(str(number) for number in range(filled))).rows) == shown


def test_a_flood_of_rows_is_not_read_to_its_end() -> None:
    assert len(answers(*(str(number) for number in range(5000))).data) == 100


def test_only_what_was_sent_counts_even_when_nothing_was() -> None:
    form: Callable[..., Any] = AnswersForm
    assert form(Fields(), data={"answers": [AnswerRow("kept")]}).answers.data == []
