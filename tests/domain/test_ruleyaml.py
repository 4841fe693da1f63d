from __future__ import annotations

import time
from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.rulebook import Action, Condition, Group, Join, Not, Queue, Rule, Unusable, Verb
from domain.rulefacts import Comparison, Fact
from domain.ruleyaml import LARGEST, parse, to_yaml
from tests.rulemaking import rules

NEWCOMERS = """\
name: Links from newcomers
when:
  all:
  - author_approved: {below: 2}
  - links: {at_least: 1}
then: hold
"""


def rule_with(condition: str, then: str = "hold") -> Rule:
    return parse(f"name: x\nwhen:\n  {condition}\nthen: {then}\n")


def problems_of(source: str) -> list[tuple[int | None, str]]:
    with pytest.raises(Unusable) as refused:
        parse(source)
    return [(problem.line, problem.message % problem.values) for problem in refused.value.problems]


def problem_with(condition: str, then: str = "hold") -> str:
    [(_, said)] = problems_of(f"name: x\nwhen:\n  {condition}\nthen: {then}\n")
    return said


@given(rules)
def test_a_rule_written_as_yaml_is_read_back_the_same(rule: Rule) -> None:
    assert parse(to_yaml(rule)) == rule


def test_a_rule_is_written_as_people_write_it() -> None:
    assert to_yaml(parse(NEWCOMERS)) == NEWCOMERS


@given(st.text(max_size=200) | st.text(alphabet="[]{}:-?&*!|>'\"%@ \nabnwh,", max_size=200))
def test_any_text_is_a_rule_or_is_refused_with_its_problems(source: str) -> None:
    with pytest.raises(Unusable) as refused:
        parse(source)
    assert [problem.message % problem.values for problem in refused.value.problems]


@pytest.mark.parametrize("at", range(0, len(NEWCOMERS), 7))
@pytest.mark.parametrize("extra", ["", "[", "&a ", "*a", "!!int ", "}", "\t", ": ", "'", "\x07", "\\U"])
def test_a_damaged_rule_is_a_rule_or_is_refused(at: int, extra: str) -> None:
    with suppress(Unusable):
        assert parse(NEWCOMERS[:at] + extra + NEWCOMERS[at + 1 :]).action.verb is Verb.HOLD


def test_every_problem_is_told_at_once_each_with_its_line() -> None:
    source = "name: x\nwhen:\n  all:\n  - text: {'>': 5}\n  - txt: {contains: a}\n  - links: {above: five}\nthen: ban\n"
    assert problems_of(source) == [
        (4, "“text” cannot be compared by “>”. What fits it: contains, matches."),
        (5, "“txt” is not known here. Did you mean “text”?"),
        (6, "“five” is not a whole number from 0 to 1000000."),
        (7, "A rule never removes and never bans: it can hold, flag, limit, nudge or route."),
    ]


@pytest.mark.parametrize("key", ["name", "when", "then"])
def test_a_rule_without_one_of_its_parts_says_which(key: str) -> None:
    lines = {"name": "name: x", "when": "when: {links: {above: 1}}", "then": "then: hold"}
    del lines[key]
    assert problems_of("\n".join(lines.values())) == [(1, f"“{key}” is missing: a rule has a name, when, and then.")]


@pytest.mark.parametrize(
    ("source", "line", "said"),
    [
        ("name: &a x\nwhen: *a\nthen: hold", 1, "refer to a part"),
        ("name: x\nwhen: *a\nthen: hold", 2, "refer to a part"),
        ("name: !!python/object/apply:os.system [x]", 1, "types of its own"),
        ("name: x\nname: y\nwhen: {links: {above: 1}}\nthen: hold", 2, "twice"),
        ("name: x\nwhen: {links: {above: 1, above: 2}}\nthen: hold", 2, "twice"),
        ("name: x\nwhen: {links: {above: 1}}\nthen: [hold]", 3, "A name and a value are needed"),
        ("name: x\nnmae: y\nwhen: {links: {above: 1}}\nthen: hold", 2, "Did you mean “name”?"),
        ("name: x\n---\nname: y", 2, "YAML"),
        ("name: 'x", 1, "YAML"),
        ('name: "\\UFFFFFFFF"', None, "character"),
        ("", None, "nothing here"),
        ("# hold\n", None, "nothing here"),
    ],
)
def test_what_yaml_can_and_a_rule_cannot_is_refused_at_its_line(source: str, line: int | None, said: str) -> None:
    told = problems_of(source)
    assert told[0][0] == line
    assert said in told[0][1]


@pytest.mark.parametrize(
    "bomb", ["[" * LARGEST, "[{" * 30_000, "[a," * 20_000, "- " * 30_000, "{" * LARGEST, "x" * 10**7, "a: b\n" * 13_000]
)
def test_a_bomb_is_refused_in_a_moment(bomb: str) -> None:
    began = time.process_time()
    problems_of(bomb)
    assert time.process_time() - began < 5


def test_ten_thousand_words_are_refused_in_words() -> None:
    assert "several" in problem_with(f"text: {{contains: [{'word, ' * 10_000}]}}")
    words = ", ".join(f"w{number}" for number in range(201))
    assert problem_with(f"text: {{contains: [{words}]}}") == "That are 201 values; 200 fit into one condition."


def test_groups_stand_five_deep_and_no_deeper() -> None:
    five = "{all: [" * 5 + "{links: {above: 1}}" + "]}" * 5
    assert rule_with(five).name == "x"
    assert problem_with(f"{{not: {five}}}") == "Groups can stand within each other at most 5 deep."


def test_a_rule_has_thirty_conditions_and_no_more() -> None:
    one = "{links: {above: 1}}, "
    assert rule_with(f"any: [{one * 30}]")
    assert "30 conditions" in problem_with(f"any: [{one * 31}]")


def test_a_rule_has_four_patterns_and_no_more() -> None:
    one = "{text: {matches: idiot}}, "
    assert rule_with(f"any: [{one * 4}]")
    assert "4 patterns" in problem_with(f"any: [{one * 5}]")


def test_a_rule_names_four_hundred_things_and_no_more() -> None:
    words = ", ".join(f"w{number}" for number in range(200))
    one = f"{{text: {{contains: [{words}]}}}}, "
    assert rule_with(f"any: [{one * 2}]")
    assert "400 things" in problem_with(f"any: [{one * 2}{{links: {{above: 1}}}}]")


def test_what_a_rule_names_fits_into_what_is_read_back() -> None:
    most = Condition(Fact.TEXT, Comparison.CONTAINS, tuple(f"{number:03}" + "\U0001f600" * 77 for number in range(100)))
    rule = Rule("x" * 80, Group(Join.ANY, (most,)), Action(Verb.NUDGE, message="\U0001f600" * 300))
    assert parse(to_yaml(rule)) == rule
    assert "8000 characters" in problem_with(
        f"any: [{{text: {{contains: [{', '.join('x' * 97 + str(n) for n in range(100, 190))}]}}}}]"
    )


@pytest.mark.parametrize(
    ("condition", "meant"),
    [
        ("language: {is: no}", Condition(Fact.LANGUAGE, Comparison.IS, ("no",))),
        ("language: {is: pt-BR}", Condition(Fact.LANGUAGE, Comparison.IS, ("pt-br",))),
        ("time_of_day: {between: 22:00-6:00}", Condition(Fact.TIME_OF_DAY, Comparison.BETWEEN, ("22:00", "06:00"))),
        ("time_of_day: {between: [22:00, 06:00]}", Condition(Fact.TIME_OF_DAY, Comparison.BETWEEN, ("22:00", "06:00"))),
        ("text: {contains: 007}", Condition(Fact.TEXT, Comparison.CONTAINS, ("007",))),
        ("is_reply: {is: yes}", Condition(Fact.IS_REPLY, Comparison.IS, True)),
        ("capitals: {above: 70%}", Condition(Fact.CAPITALS, Comparison.ABOVE, 70)),
        ("links: {'>=': 2}", Condition(Fact.LINKS, Comparison.AT_LEAST, 2)),
        ("section: {'=': Sport}", Condition(Fact.SECTION, Comparison.IS, ("Sport",))),
        ("link_domains: {among: 'https://www.Bücher.example/x'}",
         Condition(Fact.LINK_DOMAINS, Comparison.AMONG, ("xn--bcher-kva.example",))),
    ],
)  # fmt: skip
def test_a_value_is_read_as_its_fact_needs_it(condition: str, meant: Condition) -> None:
    assert rule_with(condition).when == meant


@pytest.mark.parametrize(
    ("condition", "said"),
    [
        ("links: {at_least: 0}", "every text"),
        ("links: {below: 0}", "no text"),
        ("capitals: {at_most: 100}", "every text"),
        ("score: {above: 100}", "no text"),
        ("score: {above: 101}", "not a number from 0 to 100"),
        ("links: {above: -1}", "not a whole number"),
        ("links: {above: 1.5}", "not a whole number"),
        ("links: {above: ٣}", "not a whole number"),
        ("links: {above: [1, 2]}", "One value"),
        ("links: {above: {a: b}}", "One value"),
        ("text: {contains: []}", "missing"),
        ("text: {contains: '  '}", "missing"),
        ("text: {is: a}", "cannot be compared"),
        ("author_tier: {is: gest}", "Did you mean “guest”?"),
        ("author_tier: {is: [guest, registered, verified, set_aside]}", "All there are"),
        ("time_of_day: {between: 25:00-26:00}", "not a time"),
        ("time_of_day: {between: 22:00}", "Two times"),
        ("time_of_day: {between: 22:00-22:00}", "the same"),
        ("link_domains: {among: nowhere}", "not a domain"),
        ("language: {is: english please}", "not the code"),
        ("article: {is: 0}", "not the number"),
        ("is_reply: {is: perhaps}", "neither yes nor no"),
        ("is_reply: yes", "A name and a value"),
        ("all: []", "needs a list"),
        ("not: []", "A name and a value"),
        ("{}", "One condition"),
        ("{links: {above: 1}, reports: {above: 1}}", "begin each with a dash"),
        ("links: {above: 1, below: 9}", "compared once"),
        ("text: {matches: '.*'}", "fits almost every text"),
    ],
)
def test_a_value_that_does_not_fit_is_refused(condition: str, said: str) -> None:
    assert said in problem_with(condition)


def test_each_action_is_read() -> None:
    for verb in (Verb.HOLD, Verb.FLAG, Verb.LIMIT):
        assert rule_with("links: {above: 1}", verb).action == Action(verb)
    assert rule_with("links: {above: 1}", "{nudge: Breathe.}").action == Action(Verb.NUDGE, message="Breathe.")
    assert rule_with("links: {above: 1}", "{route: legal}").action == Action(Verb.ROUTE, queue=Queue.LEGAL)


@pytest.mark.parametrize(
    ("then", "said"),
    [
        ("ban", "never bans"),
        ("{remove: spam}", "never removes"),
        ("hodl", "Did you mean “hold”?"),
        ("nudge", "needs a message"),
        (f"{{nudge: {'x' * 301}}}", "at most 300"),
        ("{route: leagl}", "Did you mean “legal”?"),
        ("{hold: now}", "stands alone"),
        ("{hold: '', flag: ''}", "does one thing"),
    ],
)
def test_an_action_that_no_rule_takes_is_refused(then: str, said: str) -> None:
    assert said in problem_with("links: {above: 1}", then)


def test_a_condition_that_compares_wrongly_cannot_be_made_at_all() -> None:
    with pytest.raises(TypeError):
        Condition(Fact.TEXT, Comparison.ABOVE, 5)


def test_groups_and_nots_are_read_as_they_stand() -> None:
    link = Condition(Fact.LINKS, Comparison.ABOVE, 1)
    read = rule_with("all: [{not: {links: {above: 1}}}, {any: [{links: {above: 1}}]}]")
    assert read.when == Group(Join.ALL, (Not(link), Group(Join.ANY, (link,))))
