"""The spans in which a date or a number can fall, from the edges an editor gives. Pure."""

from __future__ import annotations

import calendar
import enum
import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from itertools import pairwise
from typing import Generic, TypeVar

from domain.errors import N_, Invalid
from domain.wording import ANSWERS

YEARS = range(1900, 2200)  # a year outside these was mistyped
MOST_FIGURES = 15  # before the point, as many as a reader can be asked to read
MOST_DECIMALS = 6
MOST_STEPS = 1_000  # that are counted: more than fit are refused anyway

Edge = TypeVar("Edge", date, Decimal)

_DATE = re.compile(r"(\d{4})-(\d{2})-(\d{2})", re.ASCII)
_NUMBER = re.compile(rf"[+-]?\d{{1,{MOST_FIGURES}}}(?:\.\d{{1,{MOST_DECIMALS}}})?", re.ASCII)


class Unit(enum.Enum):
    """What a step between dates is counted in."""

    DAYS = "days"
    WEEKS = "weeks"
    MONTHS = "months"


@dataclass(frozen=True, kw_only=True)
class Ends:
    """Which outcomes there are besides those between two edges. `never` is for dates."""

    before: bool = True
    after: bool = True
    never: bool = False


@dataclass(frozen=True, kw_only=True)
class Span(Generic[Edge]):
    """One span, from `start` on and before `end`. Without both it is "never"."""

    start: Edge | None = None
    end: Edge | None = None
    is_last: bool = False  # it ends with `end`, which then belongs to it

    @property
    def is_never(self) -> bool:
        """Whether it is no time at all."""
        return self.start is None and self.end is None


def spans(edges: Sequence[Edge], ends: Ends) -> list[Span[Edge]]:
    """Return the spans between edges and beyond them, in order. Raises `Invalid` for edges out of order, too few or too many."""
    _check_order(edges)
    found = [Span(start=start, end=end) for start, end in pairwise(edges)]
    if found and not ends.after:
        found[-1] = Span(start=found[-1].start, end=found[-1].end, is_last=True)
    if edges and ends.before:
        found.insert(0, Span(end=edges[0]))
    if edges and ends.after:
        found.append(Span(start=edges[-1]))
    if edges and ends.never:
        found.append(Span())
    if len(found) < ANSWERS.start:
        raise Invalid(N_("Give more edges: they make fewer than two outcomes."))
    if len(found) >= ANSWERS.stop:
        raise Invalid(N_("These edges make %(count)s outcomes; at most %(most)s fit."), count=len(found), most=ANSWERS.stop - 1)
    return found


def number(typed: str, *, point: str = ".") -> Decimal:
    """Return a number as it is typed where `point` stands before the decimals. Raises `Invalid` for anything else.

    Where that is not the full stop, one is refused: 1.500 is fifteen hundred to some, and one and a half to others.
    """
    plain = typed.strip().replace("−", "-")
    is_unclear = point != "." and "." in plain
    if is_unclear or not _NUMBER.fullmatch(plain.replace(point, ".")):
        raise Invalid(N_("“%(typed)s” is not a number. Write it in figures, like 12%(point)s5."), typed=typed, point=point)
    return Decimal(plain.replace(point, "."))


def day(typed: str) -> date:
    """Return a day typed like 2027-03-01. Raises `Invalid` for anything else, and for a day that is in no calendar."""
    found = _DATE.fullmatch(typed.strip())
    if found is None:
        raise Invalid(N_("“%(typed)s” is not a date. Write it like 2027-03-01."), typed=typed)
    year, month, place = (int(part) for part in found.groups())
    if year not in YEARS:
        raise Invalid(N_("Look at the year of “%(typed)s” again."), typed=typed)
    try:
        return date(year, month, place)
    except ValueError as error:
        raise Invalid(N_("There is no such day as “%(typed)s”."), typed=typed) from error


def numbers_between(first: Decimal, last: Decimal, step: Decimal) -> list[Decimal]:
    """Return the edges from the first to the last, a step apart; the last step is shorter where it does not fit."""
    if step <= 0:
        raise Invalid(N_("The step has to be above zero."))
    _check_steps((last - first) / step)
    edges = [first + place * step for place in range(int((last - first) / step) + 1)]
    return edges if edges[-1] == last else [*edges, last]


def days_between(first: date, last: date, step: int, unit: Unit) -> list[date]:
    """Return the edges from the first to the last, a step apart; the last step is shorter where it does not fit.

    A month from 31 January is the last day of February, and two months are 31 March.
    """
    if step <= 0:
        raise Invalid(N_("The step has to be above zero."))
    length = {Unit.DAYS: 1, Unit.WEEKS: 7, Unit.MONTHS: 28}[unit] * step
    _check_steps(Decimal((last - first).days) / length)
    edges = [first]
    if length >= (last - first).days:
        return [first, last]
    while (edge := _after(first, len(edges) * step, unit)) < last:
        edges.append(edge)
    return [*edges, last]


def _after(first: date, steps: int, unit: Unit) -> date:
    if unit is not Unit.MONTHS:
        return first + timedelta(days=steps * (7 if unit is Unit.WEEKS else 1))
    year, month = divmod(first.year * 12 + first.month - 1 + steps, 12)
    return date(year, month + 1, min(first.day, calendar.monthrange(year, month + 1)[1]))


def _check_order(edges: Sequence[Edge]) -> None:
    for earlier, later in pairwise(edges):
        if later <= earlier:
            message = N_("Each edge has to be above the one before: %(later)s comes after %(earlier)s.")
            raise Invalid(message, earlier=_plain(earlier), later=_plain(later))


def _check_steps(steps: Decimal) -> None:
    if steps <= 0:
        raise Invalid(N_("The last edge has to be above the first."))
    if steps > MOST_STEPS:
        raise Invalid(N_("The steps are too small: they make far more outcomes than fit."))


def _plain(edge: date | Decimal) -> str:
    return edge.isoformat() if isinstance(edge, date) else f"{edge:f}"
