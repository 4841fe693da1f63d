"""A rule as somebody types it, in the rows of a form or in YAML: both make the same tree, and each can be turned into the other."""

from __future__ import annotations

from dataclasses import dataclass, field
from itertools import zip_longest

from flask import request

from blueprints.policy.area import whole
from blueprints.support.forms import line_ends
from domain import clauses, ruleforms, ruleyaml
from domain.dryrun import DryRun
from domain.errors import DomainError, Missing
from domain.rulebook import MOST_CONDITIONS, Queue, Rule, Unusable, Verb
from domain.ruleforms import Fields, Row
from models import ClauseVersion, Comment, PolicyClause, RuleVersion

SPARE_ROWS = 3  # empty ones below those that are filled
LONGEST_SOURCE = 200_000  # characters that are read at all: what is larger than a rule may be still gets its own message


@dataclass(kw_only=True)
class RulePage:
    """A rule that is being written: what was typed, what is wrong with it, and what it would have done."""

    is_yaml: bool = False
    fields: Fields = field(default_factory=lambda: Fields("", "all", (), Verb.HOLD))
    source: str = ""
    clause: str = ""  # its code
    version: RuleVersion | None = None  # the newest there is, of a rule that is being changed
    expected: int = 0
    unusable: Unusable | None = None
    refusal: DomainError | None = None
    run: DryRun | None = None
    was_cut_short: bool = False
    asks_to_confirm: bool = False
    cannot_be_rows: bool = False
    comments: dict[int, Comment] = field(default_factory=dict)
    reasons: list[ClauseVersion] = field(default_factory=clauses.reasons)

    @property
    def rows(self) -> list[Row]:
        """Return the rows of the form, with a few to spare."""
        filled = [row for row in self.fields.rows if row.fact or row.value]
        return [*filled, *[Row()] * SPARE_ROWS][: max(MOST_CONDITIONS, len(filled))]

    @property
    def message(self) -> str:
        """Return the message of a nudge, as it was typed."""
        return self.fields.told if self.fields.verb == Verb.NUDGE else ""

    @property
    def queue(self) -> str:
        """Return the queue of a route."""
        return self.fields.told if self.fields.verb == Verb.ROUTE else Queue.SECOND_OPINION

    def parse(self) -> Rule | None:
        """Return the rule that was typed, or note what is wrong with it."""
        try:
            return ruleyaml.parse(self.source) if self.is_yaml else ruleforms.parse(self.fields)
        except Unusable as unusable:
            self.unusable = unusable
            return None

    def chosen_clause(self) -> PolicyClause | None:
        """Return the clause that was chosen, if that is one."""
        try:
            return clauses.current(self.clause).clause if self.clause else None
        except Missing:
            return None

    def show_as(self, rule: Rule, *, is_yaml: bool) -> None:
        """Show a rule in the other way of writing it; in YAML where rows cannot say it."""
        fields = ruleforms.fields_of(rule)
        self.cannot_be_rows = not is_yaml and fields is None
        self.is_yaml = is_yaml or fields is None
        self.source, self.fields = ruleyaml.to_yaml(rule), fields or self.fields


def typed() -> RulePage:
    """Return what was sent."""
    form = request.form
    verb = form.get("verb", "")
    told = form.get("message", "") if verb == Verb.NUDGE else form.get("queue", "") if verb == Verb.ROUTE else ""
    parts = zip_longest(*(form.getlist(name)[: 2 * MOST_CONDITIONS] for name in ("fact", "comparison", "value")), fillvalue="")
    rows = [Row(fact, comparison, line_ends(value) or "") for fact, comparison, value in parts]
    return RulePage(
        is_yaml=form.get("as") == "yaml",
        fields=Fields(form.get("name", ""), form.get("join", ""), rows, verb, told),
        source=(line_ends(form.get("source", "")) or "")[:LONGEST_SOURCE],
        clause=form.get("clause", ""),
        expected=whole(form.get("number")),
    )
