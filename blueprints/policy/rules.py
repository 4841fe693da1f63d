"""The rules: what each does and how often it was right, writing one with a dry run on past comments, switching, removing."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Mapping
from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from blueprints.policy.area import CHANGES_A_MINUTE, bp, status_of, tried
from blueprints.policy.ruleforms import RulePage, typed
from blueprints.support.readers import participant
from blueprints.support.site import utc_now
from blueprints.support.transactions import begin_writing, end_reading, reads_first
from domain import classifiers, clauses, differences, policylog, precision, rulekeeping, rulewording, trials, wordlists
from domain.dryrun import DryRun, Past, dry_run
from domain.errors import Conflict
from domain.factfinding import Means
from domain.rulebook import Problem, Queue, Rule, Verb, conditions
from domain.rulefacts import CHOICES, Fact
from domain.ruling import Verdict
from domain.textmodel import Model
from domain.words import WordList
from extensions import db, limiter
from models import ModerationRule, RuleVersion

RULE = "/rules/<int:rule_id>"
LONGEST_TRIAL = 10  # seconds of a dry run: then it says of how many comments it tells


@bp.get("/rules")
def list_rules() -> ResponseReturnValue:
    """Show the rules, and how often each was right."""
    return render_template("policy/rules.html", rules=rulekeeping.current(), limits=precision)


@bp.get(RULE)
def show_rule(rule_id: int) -> ResponseReturnValue:
    """Show a rule, what it has said, and when it was switched."""
    kept = rulekeeping.kept(rule_id)
    versions = rulekeeping.versions_of(kept.version.rule)
    older = [*versions[1:], None]
    told = [
        (version, differences.between(before.source, version.source) if before else None)
        for version, before in zip(versions, older, strict=True)
    ]
    clause = clauses.newest_of(kept.version.clause_id) if kept.version.clause_id else None
    switches = policylog.switches_of(rule_id)
    return render_template("policy/rule.html", kept=kept, told=told, clause=clause, switches=switches, limits=precision)


@bp.get("/rules/new")
def new_rule() -> ResponseReturnValue:
    """Ask for a new rule."""
    return _form(RulePage(is_yaml=request.args.get("as") == "yaml"))


@bp.post("/rules")
@limiter.limit(CHANGES_A_MINUTE)
@reads_first
def make_rule() -> ResponseReturnValue:
    """Try a new rule, or keep it."""
    end_reading()
    return _sent(typed())


@bp.get(f"{RULE}/edit")
def edit_rule(rule_id: int) -> ResponseReturnValue:
    """Ask for what a rule is to say."""
    kept = rulekeeping.kept(rule_id)
    page = RulePage(version=kept.version, expected=kept.version.number, clause=_code(kept.version), source=kept.version.source)
    page.is_yaml = True
    if kept.rule:
        page.show_as(kept.rule, is_yaml=request.args.get("as") == "yaml")
    return _form(page)


@bp.post(f"{RULE}/versions")
@limiter.limit(CHANGES_A_MINUTE)
@reads_first
def revise_rule(rule_id: int) -> ResponseReturnValue:
    """Try what a rule is to say, or let it say so."""
    end_reading()
    page = typed()
    page.version = rulekeeping.kept(rule_id).version
    return _sent(page)


@bp.post(f"{RULE}/switch")
@limiter.limit(CHANGES_A_MINUTE)
def switch_rule(rule_id: int) -> ResponseReturnValue:
    """Switch a rule on or off."""
    is_on = request.form.get("to") == "on"
    rulekeeping.switch(rulekeeping.kept(rule_id).version.rule, is_on=is_on, by=participant(), now=utc_now())
    db.session.commit()
    flash(gettext("Switched on. Its hits are counted anew.") if is_on else gettext("Switched off."), "done")
    return redirect(url_for("policy.show_rule", rule_id=rule_id), 303)


@bp.post(f"{RULE}/removal")
@limiter.limit(CHANGES_A_MINUTE)
def remove_rule(rule_id: int) -> ResponseReturnValue:
    """Take a rule away."""
    rulekeeping.remove(rulekeeping.kept(rule_id).version.rule, by=participant(), now=utc_now())
    db.session.commit()
    flash(gettext("Removed. What it did stays explained."), "done")
    return redirect(url_for("policy.list_rules"), 303)


# --- writing a rule --------------------------------------------------------------------------------------------------


def _sent(page: RulePage) -> ResponseReturnValue:
    """Do what the button says: try it, keep it, give more rows, or write it the other way."""
    step = request.form.get("step", "try")
    rule = None if step == "more" else page.parse()
    if rule is None or step in {"yaml", "rows"}:
        if rule is not None:
            page.show_as(rule, is_yaml=step == "yaml")
        return _form(page)
    page.run, page.was_cut_short = tried_on_past(rule)
    page.asks_to_confirm = page.run.matches_nearly_all
    if step != "save" or (page.asks_to_confirm and not request.form.get("is_meant")):
        return _form(page)
    return _keep(page, rule)


def _keep(page: RulePage, rule: Rule) -> ResponseReturnValue:
    begin_writing()
    rule_id = page.version.rule_id if page.version else None
    kept: list[RuleVersion] = []

    def keep() -> None:
        common: dict[str, Any] = {"clause": page.chosen_clause(), "by": participant(), "now": utc_now()}
        if rule_id is None:
            kept.append(rulekeeping.make(rule, **common))
        else:
            row = db.session.get_one(ModerationRule, rule_id)
            kept.append(rulekeeping.revise(row, rule, expected=page.expected, **common))

    page.refusal = tried(keep)
    if page.refusal:
        if isinstance(page.refusal, Conflict) and rule_id is not None:
            page.version = rulekeeping.kept(rule_id).version
            page.expected = page.version.number  # what is sent next was typed with theirs in view
        return _form(page)
    db.session.commit()
    flash(gettext("Saved. It is asked of every new comment from now on.") if kept[0].rule.is_on else gettext("Saved."), "done")
    return redirect(url_for("policy.show_rule", rule_id=kept[0].rule_id), 303)


def _form(page: RulePage) -> ResponseReturnValue:
    if page.run:
        page.comments = trials.excerpts([example.comment for example in page.run.examples])
    words = {
        "facts": _translated(rulewording.FACTS),
        "comparisons": _translated(rulewording.COMPARISONS),
        "verbs": _translated(rulewording.VERBS),
    }
    shown = render_template("policy/rule_form.html", page=page, queues=list(Queue), hints=CHOICES, limits=precision, **words)
    is_unsure = page.asks_to_confirm and request.form.get("step") == "save" and page.refusal is None
    return shown, 422 if page.unusable or is_unsure else status_of(page.refusal)


def tried_on_past(rule: Rule) -> tuple[DryRun, bool]:
    """Return what a rule would have done to past comments, and whether there was no time for all of them."""
    clock = _Clock(LONGEST_TRIAL)
    run = dry_run(rule, clock.until_late(trials.past(_means(rule))))
    return run, clock.is_late


class _Clock:
    """Stops a look at many things when it takes too long."""

    def __init__(self, seconds: float) -> None:
        self._until = time.monotonic() + seconds
        self.is_late = False

    def until_late(self, things: Iterator[Past]) -> Iterator[Past]:
        """Yield things as long as there is time."""
        for one in things:
            yield one
            if time.monotonic() > self._until:
                self.is_late = True
                return


def _means(rule: Rule) -> Means:
    asks_score = any(condition.fact is Fact.SCORE for condition in conditions(rule.when))
    words = WordList((), wordlists.allowed())
    return Means(words=words, score=_score() if asks_score else None, is_hindsight=True)


def _score() -> Callable[[str], float | None] | None:
    row = classifiers.active()
    if row is None:
        return None
    model = Model.from_bytes(row.weights)
    return lambda body: model.score(body).probability


def _translated(words: Mapping[Any, str]) -> dict[Any, str]:
    return {key: str(gettext(said)) for key, said in words.items()}


def _code(version: RuleVersion) -> str:
    return clauses.newest_of(version.clause_id).clause.code if version.clause_id else ""


# --- in words --------------------------------------------------------------------------------------------------------


@bp.app_template_filter()
def rule_asks(rule: Rule) -> str:
    """Return what a rule asks, in words."""
    return rulewording.said(rulewording.describe(rule), gettext)


@bp.app_template_filter()
def rule_does(rule: Rule) -> str:
    """Return what a rule does, in words."""
    return str(gettext(rulewording.VERBS[rule.action.verb]))


@bp.app_template_filter()
def why_it_holds(verdict: Verdict) -> str:
    """Return why a rule holds of a text."""
    return rulewording.said(rulewording.why(verdict), gettext)


@bp.app_template_filter()
def problem_said(problem: Problem) -> str:
    """Return what is wrong with a rule."""
    return str(gettext(problem.message, **problem.values))


bp.add_app_template_global(Verb, "Verb")
