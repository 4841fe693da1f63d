from __future__ import annotations

import time

import pytest

from domain import rulepatterns
from domain.errors import Invalid

CATASTROPHIC = ["(a+)+$", "(a|aa)+$", "(.*a){20}b", r"(\w+\s?)*!", "(x+x+)+y", "(?:a?){50}a{50}"]
FITS_ALL = [
    "a*",
    ".",
    "",
    "  ",
    r"\w",
    r"\W",
    r"\s",
    r"\S",
    "^",
    "$",
    r"\b",
    r"\pL",
    "[^z]",
    "(?s).*",
    "a|",
    "(?i)",
    "[\u0430-\u044f]",
    "[a-z]",
]


@pytest.mark.parametrize("pattern", CATASTROPHIC)
def test_a_catastrophic_pattern_is_searched_in_a_moment(pattern: str) -> None:
    hostile = b"a" * 50_000 + b"x" * 50_000
    found = rulepatterns.compiled(pattern)
    began = time.process_time()
    found.search(hostile)
    assert time.process_time() - began < 1  # a backtracking matcher takes longer than the universe has been there


@pytest.mark.parametrize("pattern", FITS_ALL)
def test_a_pattern_that_fits_every_text_is_refused(pattern: str) -> None:
    with pytest.raises(Invalid, match="fit"):
        rulepatterns.checked(pattern)


@pytest.mark.parametrize(
    "pattern", [r"\bidiot\w*", "[A-Z]{5}", "[!?]{3}", r"\d", "e", "(?-i)[A-Z]{2}", r"https?://\S+", "日本人"]
)
def test_a_pattern_that_means_something_is_taken_as_it_is(pattern: str) -> None:
    assert rulepatterns.checked(pattern) == pattern


@pytest.mark.parametrize("pattern", ["(?=a)b", r"(a)\1", "[", "(", "a{1001}", "((a{100}){10}){10}", r"\pL{1000}", "a**"])
def test_what_re2_does_not_take_is_refused_with_its_reason(pattern: str) -> None:
    with pytest.raises(Invalid) as refused:
        rulepatterns.checked(pattern)
    assert refused.value.values["why"]


@pytest.mark.parametrize("pattern", ["(?:(?:a|b)?){500}c", r"(\w+\s+){20,200}zzz", "[^z]*a[^z]{250}c"])
def test_a_pattern_that_would_cost_too_much_on_each_text_is_refused(pattern: str) -> None:
    with pytest.raises(Invalid, match="too large"):
        rulepatterns.checked(pattern)


def test_a_pattern_has_a_longest_length() -> None:
    assert rulepatterns.checked("x" * rulepatterns.LONGEST)
    with pytest.raises(Invalid, match="too long"):
        rulepatterns.checked("x" * (rulepatterns.LONGEST + 1))


@pytest.mark.parametrize("char", ["\t", "\n", "\x00", "\u202e", "\u2066", "\u2028", "\ud800"])
def test_an_invisible_character_has_to_be_written_out(char: str) -> None:
    with pytest.raises(Invalid, match="invisible"):
        rulepatterns.checked(f"abc{char}")


@pytest.mark.parametrize(("pattern", "text"), [("idiot", "IDIOT"), ("straße", "STRAẞE"), ("ж", "Ж")])
def test_case_does_not_matter_unless_the_pattern_says_so(pattern: str, text: str) -> None:
    assert rulepatterns.compiled(pattern).search(text.encode())
    assert not rulepatterns.compiled(f"(?-i){pattern}").search(text.encode())
