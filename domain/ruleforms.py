"""Moderation rules from the fields of a form, and back: rows of a fact, a comparison and a value, joined by all or any. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from domain import ruleparts
from domain.errors import N_
from domain.rulebook import Condition, Group, Join, Report, Rule, Unusable, check_size, several
from domain.ruleconditions import known, read
from domain.rulefacts import Comparison

_BETWEEN = re.compile(r"[,;\n\u060c\u3001\uff0c]")  # the commas of Arabic and Chinese, too
_SEPARATOR = ", "


@dataclass(frozen=True)
class Row:
    """A condition as a form has it: several values stand with commas between them, or on lines of their own."""

    fact: str = ""
    comparison: str = ""
    value: str = ""


@dataclass(frozen=True)
class Fields:
    """A rule as a form has it. `told` is the message of a nudge, or the queue of a route."""

    name: str
    join: str
    rows: Sequence[Row]
    verb: str
    told: str = ""


def parse(fields: Fields) -> Rule:
    """Return the rule that was typed. Raises `Unusable` with every problem and the number of its row; empty rows are none."""
    report = Report()
    name = ruleparts.name(fields.name, line=None, report=report)
    join = known(fields.join, Join, line=None, report=report)
    when = Group(Join(join or Join.ALL), tuple(_read(fields.rows, report)))
    if not any(row.fact.strip() or row.value.strip() for row in fields.rows):
        report.add(N_("A rule needs at least one condition."))
    check_size(when, report)
    action = ruleparts.action(fields.verb, fields.told, line=None, report=report)
    report.settle()
    if action is None:  # never: it is noted why
        raise Unusable(())
    return Rule(name, when, action)


def fields_of(rule: Rule) -> Fields | None:
    """Return a rule as a form has it, or nothing for one that a form cannot show: `not`, groups in groups, odd words."""
    group = rule.when if isinstance(rule.when, Group) else Group(Join.ALL, (rule.when,))
    rows = [_row(part) for part in group.parts if isinstance(part, Condition)]
    shown = [row for row in rows if row]
    if len(shown) < len(group.parts):
        return None
    return Fields(rule.name, group.join, shown, rule.action.verb, rule.action.message or rule.action.queue or "")


def _read(rows: Sequence[Row], report: Report) -> Iterator[Condition]:
    for number, row in enumerate(rows, start=1):
        if row.fact.strip() or row.value.strip():
            condition = read(row.fact, row.comparison, _values(row), line=number, report=report)
            if condition:
                yield condition


def _values(row: Row) -> list[str]:
    """Return the values of a row. A pattern is one, whatever commas it has."""
    if row.comparison.strip().casefold() == Comparison.MATCHES:
        return [row.value]
    return [part for part in _BETWEEN.split(row.value) if part.strip()]


def _row(condition: Condition) -> Row | None:
    """Return a condition as a row, or nothing where a value has a comma of its own."""
    if isinstance(condition.value, bool):
        return Row(condition.fact, condition.comparison, "yes" if condition.value else "no")
    values = [str(value) for value in several(condition.value)]
    if condition.comparison is not Comparison.MATCHES and any(map(_BETWEEN.search, values)):
        return None
    return Row(condition.fact, condition.comparison, _SEPARATOR.join(values))
