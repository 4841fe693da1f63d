from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.rulebook import Action, Condition, Group, Join, Not, Rule, Unusable, Verb
from domain.rulefacts import Comparison, Fact
from domain.ruleforms import Fields, Row, fields_of, parse
from tests.rulemaking import flat_rules, rules

LINK = Row("links", "at_least", "1")


def problems_of(fields: Fields) -> list[tuple[int | None, str]]:
    with pytest.raises(Unusable) as refused:
        parse(fields)
    return [(problem.line, problem.message % problem.values) for problem in refused.value.problems]


@given(flat_rules)
def test_a_flat_rule_shown_in_a_form_is_sent_back_the_same(rule: Rule) -> None:
    fields = fields_of(rule)
    assert fields is None or parse(fields) == rule


@given(rules)
def test_a_rule_that_a_form_shows_means_the_same_when_it_is_sent(rule: Rule) -> None:
    fields = fields_of(rule)
    alone = Group(Join.ALL, (rule.when,))
    assert fields is None or parse(fields).when in {rule.when, alone}


def test_rows_are_joined_as_the_form_says() -> None:
    fields = Fields("Links", "any", [LINK, Row(), Row("text", "contains", "foo, bar\nbaz qux")], "flag")
    words = Condition(Fact.TEXT, Comparison.CONTAINS, ("foo", "bar", "baz qux"))
    link = Condition(Fact.LINKS, Comparison.AT_LEAST, 1)
    assert parse(fields) == Rule("Links", Group(Join.ANY, (link, words)), Action(Verb.FLAG))


def test_a_pattern_keeps_its_commas() -> None:
    rule = parse(Fields("x", "all", [Row("text", "matches", "a{2,3}, b")], "hold"))
    assert rule.when == Group(Join.ALL, (Condition(Fact.TEXT, Comparison.MATCHES, "a{2,3}, b"),))
    assert fields_of(rule) == Fields("x", "all", [Row("text", "matches", "a{2,3}, b")], "hold")


def test_every_problem_is_told_at_once_each_with_its_row() -> None:
    rows = [LINK, Row("text", "above", "5"), Row(), Row("links", "above", "")]
    assert problems_of(Fields(" ", "some", rows, "ban")) == [
        (None, "A rule needs a name of at most 80 characters."),
        (None, "“some” is not known here. What is: all, any."),
        (2, "“text” cannot be compared by “above”. What fits it: contains, matches."),
        (4, "One value is needed here."),
        (None, "A rule never removes and never bans: it can hold, flag, limit, nudge or route."),
    ]


@pytest.mark.parametrize("rows", [[], [Row()], [Row(comparison="above")]])
def test_a_rule_without_conditions_is_refused(rows: list[Row]) -> None:
    assert problems_of(Fields("x", "all", rows, "hold")) == [(None, "A rule needs at least one condition.")]


def test_ten_thousand_words_pasted_are_refused_in_words() -> None:
    pasted = "\n".join(f"word{number}" for number in range(10_000))
    told = problems_of(Fields("x", "all", [Row("text", "contains", pasted)], "hold"))
    assert told == [(1, "That are 10000 values; 200 fit into one condition.")]


def test_a_form_has_no_more_rows_than_a_rule_has_conditions() -> None:
    assert "30 conditions" in problems_of(Fields("x", "all", [LINK] * 31, "hold"))[0][1]


@pytest.mark.parametrize("part", [Not(Condition(Fact.LINKS, Comparison.ABOVE, 1)), Group(Join.ANY, ())])
def test_a_form_does_not_show_what_it_cannot(part: Not | Group) -> None:
    assert fields_of(Rule("x", Group(Join.ALL, (part,)), Action(Verb.HOLD))) is None


def test_a_form_does_not_take_a_word_with_a_comma_apart() -> None:
    words = Condition(Fact.TEXT, Comparison.CONTAINS, ("well, well",))
    assert fields_of(Rule("x", words, Action(Verb.HOLD))) is None


@given(st.builds(Fields, st.text(), st.text(), st.lists(st.builds(Row, st.text(), st.text(), st.text())), st.text(), st.text()))
def test_whatever_a_form_sends_is_a_rule_or_refused(fields: Fields) -> None:
    assert problems_of(fields)
