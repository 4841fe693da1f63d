from __future__ import annotations

from datetime import time

import pytest
from hypothesis import given

from domain.rulebook import Action, Node, Queue, Rule, Verb
from domain.rulefacts import CHOICES, Comparison, Fact, Facts
from domain.rulewording import ASKED, COMPARISONS, FACTS, VERBS, describe, said, why
from domain.rulewording import CHOICES as CHOICE_WORDS
from domain.ruleyaml import parse
from domain.ruling import evaluate
from models import Tier
from tests.rulemaking import facts, nodes, rules


def plainly(message: str) -> str:
    return message


def words_of(when: str) -> str:
    return said(describe(parse(f"name: x\nwhen:\n  {when}\nthen: hold")), plainly)


def card(when: str, known: Facts, name: str = "Links from newcomers") -> str:
    verdict = evaluate(parse(f"name: {name}\nwhen:\n  {when}\nthen: hold"), known)
    assert verdict
    return said(why(verdict), plainly)


@pytest.mark.parametrize(
    ("when", "words"),
    [
        ("links: {at_least: 1}", "it has a link"),
        ("links: {at_least: 2}", "links: at least 2"),
        ("is_reply: {is: no}", "it is no reply"),
        ("author_tier: {is_not: guest}", "the author's account is not a guest's"),
        ("text: {contains: [fool, rat]}", "the text contains “fool” or “rat”"),
        ("text: {contains: [a, b, c, d, e, f, g]}", "the text contains “a” or “b” or “c” or “d” or “e” or one of 2 more"),
        ("time_of_day: {between: 22:00-06:00}", "the time of day: from 22:00 until 06:00"),
        ("link_domains: {not_among: [t.co, x.org]}", "links to anywhere but t.co or x.org"),
        ("not: {section: {is: Sport}}", "not: the section is “Sport”"),
        ("all: [{links: {above: 2}}, {any: [{reports: {at_least: 1}}, {heat: {above: 30}}]}]",
         "links: more than 2, and (it was reported, or comments in the last 10 minutes: more than 30)"),
        ("not: {all: [{links: {above: 2}}, {reports: {above: 2}}]}", "not: (links: more than 2, and open reports: more than 2)"),
        ("all: [{any: [{links: {above: 2}}]}]", "links: more than 2"),
    ],
)  # fmt: skip
def test_a_rule_is_said_in_plain_words(when: str, words: str) -> None:
    assert words_of(when) == words


def test_a_card_says_the_rule_and_what_it_saw() -> None:
    when = "all: [{author_approved: {below: 2}}, {links: {at_least: 1}}]"
    assert card(when, Facts(author_approved=0, links=3)) == (
        "Held by the rule “Links from newcomers”: approved comments of the author: fewer than 2 (here: 0), and it has a link (here: 3)"
    )


def test_a_card_says_only_what_decided() -> None:
    when = "any: [{text: {contains: [fool, rat]}}, {links: {above: 9}}, {not: {author_tier: {is: verified}}}]"
    known = Facts(contains=lambda _: ["rat"], links=1, author_tier=Tier.GUEST, time_of_day=time(1))
    assert card(when, known, name="100% sure") == (
        "Held by the rule “100% sure”: the text contains “fool” or “rat” (here: “rat”), "
        "and not: the author's account is a verified account (here: a guest's)"
    )


def test_every_fact_comparison_verb_and_choice_has_its_words() -> None:
    assert FACTS.keys() == set(Fact)
    assert ASKED.keys() == COMPARISONS.keys() == set(Comparison)
    assert VERBS.keys() == set(Verb)
    assert CHOICE_WORDS.keys() == {choice for choices in CHOICES.values() for choice in choices}


@given(rules)
def test_every_text_of_a_description_goes_through_gettext(rule: Rule) -> None:
    words = said(describe(rule), lambda message: f"⟦{message}⟧")
    assert words.startswith("⟦")
    assert words.endswith("⟧")
    assert "%(" not in words.replace("%(no)s", "")


@given(nodes, facts())
def test_every_hit_can_be_said_whatever_the_rule_does(node: Node, known: Facts) -> None:
    for action in (Action(Verb.HOLD), Action(Verb.NUDGE, message="Breathe."), Action(Verb.ROUTE, queue=Queue.LEGAL)):
        verdict = evaluate(Rule("Mine", node, action), known)
        assert not verdict or "Mine" in said(why(verdict), plainly)
