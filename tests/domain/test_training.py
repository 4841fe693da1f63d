from __future__ import annotations

import math
from collections.abc import Iterator
from functools import cache
from random import Random

import numpy as np
import pytest
from numpy.typing import NDArray

from domain import training
from domain.arrays import Floats
from domain.classifier import Advice
from domain.errors import Invalid
from domain.textmodel import Model
from domain.training import HOLD_PRECISION, LEAST_CAUGHT, LEAST_EXAMPLES, LEAST_OF_EACH, train
from tests.corpora import Decision, decisions, rude_words, vocabulary

PAST, FRESH = decisions(3_000), decisions(2_000, seed=2)


@cache
def model() -> Model:
    return train(one.example for one in PAST)


@cache
def said() -> Floats:
    return np.array([model().score(one.text).probability for one in FRESH])


def removed(texts: list[Decision]) -> NDArray[np.bool_]:
    return np.array([one.removed for one in texts])


def test_it_learns_most_of_what_can_be_learned() -> None:
    chances = np.array([one.chance for one in FRESH])
    best = ((chances - removed(FRESH)) ** 2).mean()
    blind = removed(FRESH).mean() * (1 - removed(FRESH).mean())
    assert blind - ((said() - removed(FRESH)) ** 2).mean() > 0.6 * (blind - best)


def test_the_report_foretells_how_fresh_texts_go() -> None:
    report = model().report
    assert ((said() - removed(FRESH)) ** 2).mean() == pytest.approx(report.brier, abs=0.02)
    assert report.skill > 0.2


def test_probabilities_are_what_they_say() -> None:
    assert model().report.calibration_error < 0.04
    for least in (0.0, 0.2, 0.4, 0.6):
        here = (said() >= least) & (said() < least + 0.2)
        assert said()[here].mean() == pytest.approx(removed(FRESH)[here].mean(), abs=0.1)


def test_what_would_be_held_is_rightly_held() -> None:
    held = [one for one in FRESH if model().score(one.text).advice is Advice.HOLD]
    assert len(held) > LEAST_CAUGHT
    assert removed(held).mean() > HOLD_PRECISION - 0.07


def test_the_threshold_to_flag_is_lower() -> None:
    report = model().report
    assert report.hold
    assert report.flag
    assert report.flag.at < report.hold.at
    assert report.flag.caught > report.hold.caught


def test_the_calibration_counts_every_example() -> None:
    report = model().report
    assert sum(one.count for one in report.calibration) == report.examples == len(PAST)
    assert sum(one.removed for one in report.calibration) == report.removed == removed(PAST).sum()


def test_the_same_examples_in_any_order_make_the_same_model() -> None:
    again = train(one.example for one in Random(5).sample(PAST, len(PAST)))
    assert again.to_bytes() == model().to_bytes()


def test_where_little_is_removed_the_rest_is_not_thought_badly_of() -> None:
    rare = decisions(3_000, usual=-6.0)
    assert 0 < removed(rare).mean() < 0.12
    learned = train(one.example for one in rare)
    assert learned.report.calibration_error < 0.03
    rude, civil = (
        np.mean([learned.score(one.text).probability for one in rare if one.removed is was]) for was in (True, False)
    )
    assert rude > 2 * civil


def test_decisions_by_chance_teach_that_nothing_can_be_told() -> None:
    dice = Random(1)
    learned = train((one.text, dice.random() < 0.3, 1.0) for one in decisions(1_000))
    assert learned.report.skill < 0.03
    assert (learned.report.hold, learned.report.flag) == (None, None)
    assert learned.score(FRESH[0].text).probability == pytest.approx(0.3, abs=0.1)


def test_a_copy_is_never_asked_about_what_it_taught() -> None:
    dice = Random(1)
    once = [(one.text, dice.random() < 0.3, 1.0) for one in decisions(1_000)]
    assert train(once * 3).report.skill < 0.03


def test_what_catches_too_much_is_no_threshold() -> None:
    learned = train(one.example for one in decisions(1_500, usual=2.0))
    for threshold in (learned.report.hold, learned.report.flag):
        assert threshold is None or threshold.caught <= learned.report.examples / 4


def few(kept: int, gone: int, copies: int = 1) -> Iterator[tuple[str, bool, float]]:
    for number in range(kept + gone):
        yield from [(" ".join(vocabulary()[number : number + 5]), number < gone, 1.0)] * copies


@pytest.mark.parametrize(
    ("kept", "gone"), [(0, 0), (LEAST_EXAMPLES, 0), (0, LEAST_EXAMPLES), (LEAST_EXAMPLES, LEAST_OF_EACH - 1), (200, 199)]
)
def test_too_few_decisions_are_refused(kept: int, gone: int) -> None:
    with pytest.raises(Invalid):
        train(few(kept, gone, copies=3))


def test_just_enough_decisions_teach() -> None:
    assert train(few(LEAST_EXAMPLES - LEAST_OF_EACH, LEAST_OF_EACH)).report.examples == LEAST_EXAMPLES


def test_texts_without_words_and_weights_of_nothing_do_not_count() -> None:
    useless = [("", True, 1.0), ("\u200b", False, 1.0), ("a word of no weight", True, 0.0)]
    assert train([*useless, *few(350, 50)]).report.examples == 400


@pytest.mark.parametrize("weight", [-1.0, math.nan, math.inf])
def test_what_is_no_weight_is_refused(weight: float) -> None:
    with pytest.raises(ValueError, match="weight"):
        train([("text", True, weight)])


def test_the_heavier_decision_teaches_more() -> None:
    heavy, light = rude_words()[:2]
    gone = [(f"{word} {one.text}", True, weight) for word, weight in ((heavy, 5.0), (light, 1.0)) for one in decisions(100)]
    kept = [(f"{word} {one.text}", False, 1.0) for word in (heavy, light) for one in decisions(200, seed=3)]
    learned = train([*gone, *kept])
    assert learned.score(heavy).probability > learned.score(light).probability


def test_what_exceeds_the_memory_is_not_read(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(training, "MOST_NGRAMS", 200_000)
    given = iter(PAST)
    learned = train(one.example for one in given)
    assert learned.report.examples < 2_000
    assert len(list(given)) > 900
