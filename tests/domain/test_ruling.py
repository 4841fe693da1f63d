from __future__ import annotations

import time as clock
from datetime import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.rulebook import Action, Condition, Group, Join, Node, Not, Rule, Verb
from domain.rulefacts import Comparison, Fact, Facts
from domain.ruleyaml import parse
from domain.ruling import Verdict, evaluate
from models import Tier
from tests.rulemaking import conditions, facts, nodes

YES, NO, UNKNOWN = (Condition(Fact.IS_REPLY, Comparison.IS, True), Condition(Fact.IS_REPLY, Comparison.IS, False),
                    Condition(Fact.LINKS, Comparison.ABOVE, 1))  # fmt: skip
A_REPLY = Facts(is_reply=True)


def verdict_of(when: Node, known: Facts) -> Verdict | None:
    return evaluate(Rule("x", when, Action(Verb.HOLD)), known)


def answer_of(when: Node, known: Facts) -> bool | None:
    verdict = verdict_of(when, known)
    return False if verdict is None else verdict.is_hit or None


def answer(condition: str, **known: object) -> bool | None:
    when = parse(f"name: x\nwhen:\n  {condition}\nthen: hold").when
    return answer_of(when, Facts(**known))  # type: ignore[arg-type]


def found(words: tuple[str, ...]) -> list[str]:
    return [word for word in words if word in {"fool", "rat"}]


@pytest.mark.parametrize(
    ("condition", "known", "expected"),
    [
        ("text: {contains: [cat, rat]}", {"contains": found}, True),
        ("text: {contains: cat}", {"contains": found}, False),
        ("text: {matches: 'id.ot'}", {"text": "An IDIOT!"}, True),
        ("text: {matches: 'id.ot'}", {"text": "A friend."}, False),
        ("links: {above: 2}", {"links": 2}, False),
        ("links: {at_least: 2}", {"links": 2}, True),
        ("links: {below: 2}", {"links": 2}, False),
        ("links: {at_most: 2}", {"links": 2}, True),
        ("links: {equals: 2}", {"links": 2}, True),
        ("links: {equals: 2}", {"links": 3}, False),
        ("author_age_days: {below: 1}", {"author_age_days": 0.5}, True),
        ("report_weight: {at_least: 2.5}", {"report_weight": 2.49}, False),
        ("capitals: {above: 70}", {"capitals": 70.5}, True),
        ("link_domains: {among: example.org}", {"link_domains": ["www.Example.org"]}, True),
        ("link_domains: {among: example.org}", {"link_domains": ["badexample.org"]}, False),
        ("link_domains: {among: example.org}", {"link_domains": []}, False),
        ("link_domains: {not_among: example.org}", {"link_domains": ["a.example.org"]}, False),
        ("link_domains: {not_among: example.org}", {"link_domains": ["example.org", "t.co"]}, True),
        ("link_domains: {not_among: example.org}", {"link_domains": []}, False),
        ("is_reply: {is: no}", {"is_reply": False}, True),
        ("author_tier: {is: [guest, set_aside]}", {"author_tier": Tier.GUEST}, True),
        ("author_tier: {is_not: guest}", {"author_tier": Tier.GUEST}, False),
        ("legal_state: {is_not: none}", {"legal_state": "proceedings"}, True),
        ("section: {is: sport}", {"section": "Sport"}, True),
        ("section: {is_not: sport}", {"section": ""}, True),
        ("article: {is: [7, 8]}", {"article": 8}, True),
        ("article: {is_not: 7}", {"article": 8}, True),
        ("heat: {above: 30}", {"heat": 31}, True),
        ("score: {at_least: 80}", {"score": 79.9}, False),
    ],
)  # fmt: skip
def test_each_fact_is_compared_as_it_says(condition: str, known: dict[str, object], expected: bool) -> None:  # noqa: FBT001
    assert answer(condition, **known) is expected


@pytest.mark.parametrize(
    ("between", "at", "expected"),
    [
        ("22:00-06:00", time(22), True),
        ("22:00-06:00", time(5, 59), True),
        ("22:00-06:00", time(6), False),
        ("22:00-06:00", time(21, 59, 59), False),
        ("09:00-17:00", time(9), True),
        ("09:00-17:00", time(17), False),
        ("00:00-00:01", time(0), True),
    ],
)
def test_times_of_day_run_from_the_first_up_to_the_second(between: str, at: time, expected: bool) -> None:  # noqa: FBT001
    assert answer(f"time_of_day: {{between: {between}}}", time_of_day=at) is expected


@pytest.mark.parametrize(
    ("asked", "seen", "expected"),
    [
        ("en", "en", True),
        ("en", "en-GB", True),
        ("pt-br", "pt", None),
        ("pt-br", "pt-pt", False),
        ("en", "de", False),
        ("en", "und-Cyrl", False),
        ("en", "und-Latn", None),
        ("en", "und", None),
        ("ru", "und-Cyrl", None),
        ("und-cyrl", "ru", True),
        ("und-cyrl", "und-Cyrl", True),
        ("und-cyrl", "en", False),
        ("ja", "und-Hani", None),
        ("zh-hant", "und-Hani", None),
        ("ko", "und-Latn", False),
        ("qqq", "und-Latn", None),
    ],
)
def test_a_script_says_no_more_of_a_language_than_it_knows(asked: str, seen: str, expected: bool | None) -> None:  # noqa: FBT001
    assert answer(f"language: {{is: '{asked}'}}", language=seen) is expected
    assert answer(f"language: {{is_not: '{asked}'}}", language=seen) is (None if expected is None else not expected)


@pytest.mark.parametrize(
    ("join", "parts", "expected"),
    [
        (Join.ALL, (YES, YES), True),
        (Join.ALL, (YES, NO), False),
        (Join.ALL, (UNKNOWN, NO), False),
        (Join.ALL, (UNKNOWN, YES), None),
        (Join.ANY, (NO, YES), True),
        (Join.ANY, (NO, NO), False),
        (Join.ANY, (UNKNOWN, YES), True),
        (Join.ANY, (UNKNOWN, NO), None),
    ],
)
def test_the_unknown_counts_only_where_it_could_decide(
    join: Join, parts: tuple[Node, ...], expected: bool | None  # noqa: FBT001
) -> None:  # fmt: skip
    assert answer_of(Group(join, parts), A_REPLY) is expected


def test_not_turns_yes_and_no_and_leaves_the_unknown() -> None:
    assert [answer_of(Not(part), A_REPLY) for part in (YES, NO, UNKNOWN)] == [False, True, None]


def test_what_cannot_be_told_is_no_hit_and_says_what_is_missing() -> None:
    verdict = verdict_of(Group(Join.ALL, (YES, UNKNOWN)), A_REPLY)
    assert verdict is not None
    assert not verdict
    assert (verdict.unknown, verdict.reasons) == ((UNKNOWN,), ())


def test_a_hit_tells_what_was_unknown_as_well() -> None:
    verdict = verdict_of(Group(Join.ANY, (UNKNOWN, YES)), A_REPLY)
    assert verdict
    assert verdict.unknown == (UNKNOWN,)


@given(conditions())
def test_without_a_fact_no_condition_is_yes_or_no(condition: Condition) -> None:
    assert answer_of(condition, Facts()) is None


@given(nodes, facts())
def test_a_rule_and_its_opposite_never_both_hold(node: Node, known: Facts) -> None:
    assert [answer_of(node, known), answer_of(Not(node), known)] in [[True, False], [False, True], [None, None]]


@given(nodes, facts())
def test_all_of_opposites_is_any_of_them_not(node: Node, known: Facts) -> None:
    other = Condition(Fact.LINKS, Comparison.ABOVE, 2)
    both, either = Group(Join.ALL, (Not(node), Not(other))), Group(Join.ANY, (node, other))
    assert answer_of(both, known) is answer_of(Not(either), known)


@given(nodes, facts(with_nonsense=True))
def test_no_fact_however_senseless_makes_it_fail(node: Node, known: Facts) -> None:
    assert answer_of(node, known) in {True, False, None}


@pytest.mark.parametrize("score", [float("nan"), float("inf"), -1.0, 100.1])
def test_a_classifiers_nonsense_is_unknown(score: float) -> None:
    assert answer("score: {above: 50}", score=score) is None
    assert answer("score: {below: 50}", score=score) is None


def test_a_matcher_that_breaks_is_unknown() -> None:
    def breaks(_: tuple[str, ...]) -> list[str]:
        raise RuntimeError

    assert answer("not: {text: {contains: fool}}", contains=breaks) is None


@given(nodes, facts())
def test_the_reasons_alone_make_a_rule_hold(node: Node, known: Facts) -> None:
    verdict = verdict_of(node, known)
    for reason in verdict.reasons if verdict else ():
        assert answer_of(reason.condition, known) is reason.held


@given(nodes, facts())
def test_a_hit_has_a_reason(node: Node, known: Facts) -> None:
    verdict = verdict_of(node, known)
    assert not verdict or verdict.reasons


def test_reasons_say_what_was_seen() -> None:
    rule = parse("name: x\nwhen:\n any:\n - text: {contains: [cat, rat]}\n - text: {matches: 'id.+t'}\n - links: {above: 9}\n"
                 " - not: {author_approved: {above: 1}}\nthen: hold")  # fmt: skip
    verdict = evaluate(rule, Facts(text="an Idi\not? Id10t!", contains=found, links=1, author_approved=0))
    assert verdict
    assert [(reason.seen, reason.held) for reason in verdict.reasons] == [(("rat",), True), ("Id10t", True), (0, False)]


def test_a_lone_surrogate_in_a_text_is_searched_past() -> None:
    assert answer("text: {matches: idiot}", text="\ud800 idiot") is True


def test_a_hundred_rules_on_a_long_comment_take_no_time_to_speak_of() -> None:
    rules = [
        parse(f"name: x\nwhen:\n all:\n - text: {{matches: '\\bw{n}\\w*x'}}\n - links: {{above: 1}}\nthen: hold")
        for n in range(100)
    ]
    known = Facts(text="Lorem ipsum w1 dolor " * 238, links=0)
    began = clock.process_time()
    assert not any(evaluate(rule, known) for rule in rules)
    assert clock.process_time() - began < 1  # 2 ms on an idle machine; quadratic code would take seconds


@given(st.text())
def test_any_text_can_be_searched(searched: str) -> None:
    assert answer("text: {matches: '[!?]{3}'}", text=searched) is has_three(searched)


def has_three(text: str) -> bool:
    return any(set(text[at : at + 3]) <= {"!", "?"} for at in range(len(text) - 2))
