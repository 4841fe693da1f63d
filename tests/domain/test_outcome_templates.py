from __future__ import annotations

import re

import pytest

from domain.outcome_templates import TEMPLATES, YES_NO, OutcomeTemplate

each_template = pytest.mark.parametrize("template", TEMPLATES, ids=lambda template: template.key)


@each_template
def test_outcomes_are_two_or_more_and_differ(template: OutcomeTemplate) -> None:
    assert 2 <= len(set(template.outcomes)) == len(template.outcomes) <= 16


@each_template
def test_outcomes_leave_nothing_out(template: OutcomeTemplate) -> None:
    assert template is YES_NO or template.outcomes[-1] == "Something else"


@each_template
def test_what_is_something_else_is_written_down(template: OutcomeTemplate) -> None:
    assert template is YES_NO or "“Something else” is" in template.criteria


@each_template
def test_texts_have_no_place_but_the_date(template: OutcomeTemplate) -> None:
    filled = [text % {"date": "1 May 2030"} for text in (template.question, template.criteria)]
    assert not [text for text in filled if "%" in text or len(text) > 600]


@each_template
def test_patterns_are_whole_and_match_nothing_empty(template: OutcomeTemplate) -> None:
    patterns = [re.compile(words) for words in (*template.words.values(), template.over)]
    assert not [pattern.pattern for pattern in patterns if pattern.search("")]


def test_keys_tell_templates_apart() -> None:
    assert len({template.key for template in TEMPLATES}) == len(TEMPLATES)
