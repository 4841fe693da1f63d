from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.dryrun import MOST_EXAMPLES, DryRun, Fate, Past, dry_run
from domain.precision import Precision
from domain.rulebook import Action, Condition, Rule, Verb
from domain.rulefacts import Comparison, Fact, Facts

LINKS = Rule("Links", Condition(Fact.LINKS, Comparison.AT_LEAST, 1), Action(Verb.HOLD))


def past(hit: int, missed: int, fate: Fate = Fate.UNDECIDED) -> list[Past]:
    return [Past(number, Facts(links=int(number < hit)), fate) for number in range(hit + missed)]


def test_hits_are_counted_with_what_people_had_decided() -> None:
    run = dry_run(LINKS, past(3, 5, Fate.REMOVED) + past(2, 1, Fate.APPROVED) + past(4, 5))
    assert (run.tried, run.hits, run.share) == (20, 9, 0.45)
    assert run.fates == {Fate.REMOVED: 3, Fate.APPROVED: 2, Fate.UNDECIDED: 4}
    assert run.precision == Precision(hits=9, decided=5, upheld=3)


def test_the_first_hits_are_shown_with_their_reasons() -> None:
    run = dry_run(LINKS, past(500, 0, Fate.APPROVED))
    assert [example.comment for example in run.examples] == list(range(MOST_EXAMPLES))
    assert all(example.verdict and example.fate is Fate.APPROVED for example in run.examples)
    assert len(dry_run(LINKS, past(5, 0), most_examples=2).examples) == 2


@pytest.mark.parametrize(
    ("hit", "many", "nearly_all"), [(20, False, False), (21, True, False), (80, True, False), (81, True, True)]
)
def test_a_rule_that_hits_too_many_is_told_apart_exactly(hit: int, many: bool, nearly_all: bool) -> None:  # noqa: FBT001
    run = dry_run(LINKS, past(hit, 100 - hit))
    assert (run.matches_many, run.matches_nearly_all) == (many, nearly_all)


def test_what_cannot_be_told_is_counted_and_no_hit() -> None:
    run = dry_run(LINKS, [*past(1, 1), Past(9, Facts())])
    assert (run.tried, run.hits, run.unknown, run.proves_nothing) == (3, 1, 1, False)


@pytest.mark.parametrize("comments", [[], [Past(1, Facts())]])
def test_a_rule_tried_on_nothing_is_not_proven(comments: list[Past]) -> None:
    run = dry_run(LINKS, comments)
    assert run.proves_nothing
    assert (run.share, run.matches_many, run.matches_nearly_all) == (0, False, False)


@given(st.lists(st.tuples(st.sampled_from([None, 0, 1, 2]), st.sampled_from(Fate))))
def test_a_dry_run_adds_up(comments: list[tuple[int | None, Fate]]) -> None:
    run: DryRun = dry_run(LINKS, (Past(0, Facts(links=links), fate) for links, fate in comments))
    assert run.hits == sum(run.fates.values()) == sum(bool(links) for links, _ in comments)
    assert run.unknown == sum(links is None for links, _ in comments)
    assert len(run.examples) == min(run.hits, MOST_EXAMPLES)
