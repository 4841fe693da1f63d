"""Typing help for a prediction of a date or a number: from edges to the words of its outcomes, in the site's language."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date, timedelta
from decimal import Decimal
from typing import TypeVar

from babel.dates import parse_pattern
from babel.numbers import format_decimal, get_decimal_symbol
from flask_babel import format_date, get_locale, gettext, lazy_gettext
from wtforms import BooleanField, Field, SelectField, StringField, TextAreaField

from blueprints.support.errors import explained
from blueprints.support.forms import BaseForm, SelectChoice
from domain import spans, text
from domain.errors import N_, Invalid
from domain.spans import Ends, Span, Unit
from models import PredictionKind

LONGEST_EDGES = 2_000  # characters: a hundred edges, of which sixteen fit
LONGEST_EDGE = 40  # characters: more is neither date nor number, and a message that quotes it should be short
LONGEST_UNIT = 20  # characters: a word or two, in each outcome
LONGEST_STEP = 6  # figures: more days than there are between two dates
A_DAY = timedelta(days=1)
UNITS = [
    SelectChoice(Unit.DAYS.value, lazy_gettext("days")),
    SelectChoice(Unit.WEEKS.value, lazy_gettext("weeks")),
    SelectChoice(Unit.MONTHS.value, lazy_gettext("months")),
]

Read = TypeVar("Read")


class SpansForm(BaseForm):
    """The edges of spans: each, or the first, the last and the step between them. Of all this only the outcomes are kept."""

    edges = TextAreaField(lazy_gettext("Edges"))
    first = StringField(lazy_gettext("Or the first edge"))
    last = StringField(lazy_gettext("the last"))
    step = StringField(lazy_gettext("and the step"))
    step_unit = SelectField(lazy_gettext("Unit of the step"), choices=UNITS, validate_choice=False, default=Unit.MONTHS.value)
    unit = StringField(lazy_gettext("Unit of the number (optional)"))
    before = BooleanField(lazy_gettext("an outcome before the first"), default=True)
    after = BooleanField(lazy_gettext("an outcome after the last"), default=True)
    never = BooleanField(lazy_gettext("“never”"), default=True)

    def made_of(self, kind: str | None) -> list[str]:
        """Return the outcomes that the edges make, in words; nothing where a mistake is marked beside what was typed."""
        makers = {PredictionKind.DATE.value: self._of_days, PredictionKind.NUMBER.value: self._of_numbers}
        try:
            return makers.get(kind or "", _refuse_kind)()
        except Invalid as refusal:
            if not any(field.errors for field in (self.edges, self.first, self.last, self.step, self.unit)):
                _mark(self.edges, refusal)
        return []

    @property
    def takes_comma_between(self) -> bool:
        """Whether a comma can stand between two numbers, being no part of one."""
        return _point() != ","

    def _of_days(self) -> list[str]:
        edges = [_read(self.edges, typed, spans.day) for typed in self._typed(r"[\n,;]")]
        if not edges:
            first, last = (_read(field, field.data or "", spans.day) for field in (self.first, self.last))
            step = _read(self.step, self.step.data or "", _whole)
            unit = next((unit for unit in Unit if unit.value == self.step_unit.data), Unit.MONTHS)
            edges = _read(self.step, "", lambda _: spans.days_between(first, last, step, unit))
        ends = Ends(before=self.before.data, after=self.after.data, never=self.never.data)
        labels = [day_words(span) for span in spans.spans(edges, ends)]
        self._show([edge.isoformat() for edge in edges])
        return labels

    def _of_numbers(self) -> list[str]:
        unit = _read(self.unit, self.unit.data or "", _unit)
        edges = [
            _read(self.edges, typed, _number) for typed in self._typed(r"[\n,;]" if self.takes_comma_between else r"[\n;]")
        ]
        if not edges:
            first, last, step = (_read(field, field.data or "", _number) for field in (self.first, self.last, self.step))
            edges = _read(self.step, "", lambda _: spans.numbers_between(first, last, step))
        labels = [number_words(span, unit) for span in spans.spans(edges, Ends(before=self.before.data, after=self.after.data))]
        self._show([f"{edge:f}".replace(".", _point()) for edge in edges])
        return labels

    def _typed(self, between: str) -> list[str]:
        """Return the edges as they were typed, one by one."""
        if len(self.edges.data or "") > LONGEST_EDGES:
            raise Invalid(N_("That is too long for edges: at most %(most)s characters."), most=LONGEST_EDGES)
        return [part.strip() for part in re.split(between, self.edges.data or "") if part.strip()]

    def _show(self, edges: list[str]) -> None:
        """Put edges one a line, whether they were typed or stepped, so that they can be moved by hand."""
        self.edges.data = "\n".join(edges)
        self.first.data = self.last.data = self.step.data = ""


def day_words(span: Span[date]) -> str:
    """Return a span of days in words, its last day included."""
    if span.is_never:
        return gettext("never")
    if span.end is None:
        return gettext("after %(day)s", day=format_date((span.start or date.max) - A_DAY, "long"))
    if span.start is None:
        return gettext("before %(day)s", day=format_date(span.end, "long"))
    last = span.end if span.is_last else span.end - A_DAY
    if last == span.start:
        return format_date(last, "long")
    return _interval(span.start, last)


def number_words(span: Span[Decimal], unit: str = "") -> str:
    """Return a span of a number in words."""
    low, high = (_with_unit(edge, unit) for edge in (span.start, span.end))
    if span.end is None:
        return gettext("%(low)s or more", low=low)
    if span.start is None:
        return gettext("below %(high)s", high=high)
    if span.is_last:
        return gettext("%(low)s to %(high)s", low=low, high=high)
    return gettext("%(low)s to below %(high)s", low=low, high=high)


def _interval(start: date, last: date) -> str:
    """Return two days as one interval, with whole names of months, for which Babel has no pattern: "1–31 March 2027"."""
    locale = get_locale()
    differing = "y" if start.year != last.year else "M" if start.month != last.month else "d"
    patterns = locale.interval_formats.get("yMMMd", {}).get(differing) or ["d MMM y – ", "d MMM y"]
    whole = (re.sub(r"(?<!M)MMM(?!M)", "MMMM", pattern) for pattern in patterns)
    parts = (parse_pattern(pattern).apply(day, locale) for pattern, day in zip(whole, (start, last), strict=False))
    return text.line("".join(parts))


def _with_unit(edge: Decimal | None, unit: str) -> str:
    number = format_decimal(edge or Decimal(0), locale=get_locale(), decimal_quantization=False)
    return gettext("%(number)s %(unit)s", number=number, unit=unit) if unit else number


def _read(field: Field, typed: str, reader: Callable[[str], Read]) -> Read:
    """Return what the reader makes of what was typed; where it refuses, the field is marked."""
    try:
        return reader(typed[:LONGEST_EDGE])
    except Invalid as refusal:
        _mark(field, refusal)
        raise


def _mark(field: Field, refusal: Invalid) -> None:
    field.errors = [*field.errors, explained(refusal)]


def _number(typed: str) -> Decimal:
    return spans.number(typed, point=_point())


def _whole(typed: str) -> int:
    if not (typed.strip().isascii() and typed.strip().isdigit() and len(typed.strip()) <= LONGEST_STEP):
        raise Invalid(N_("The step has to be a whole number, like 1."))
    return int(typed)


def _unit(typed: str) -> str:
    if len(unit := text.line(typed)) > LONGEST_UNIT:
        raise Invalid(N_("The unit may have at most %(most)s characters."), most=LONGEST_UNIT)
    return unit


def _point() -> str:
    """Return what stands before decimals in the site's language."""
    return str(get_decimal_symbol(get_locale()))


def _refuse_kind() -> list[str]:
    raise Invalid(N_("Spans are for a date or a number: choose above what readers predict."))
