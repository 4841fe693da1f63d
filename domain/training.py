"""How the local classifier learns from what moderators decided. Pure.

Logistic regression by AdaGrad, the rarer decision weighing as much as the commoner one. Every fifth is held out in turn;
what is said of those makes the probabilities honest (J. Platt, "Probabilistic outputs for support vector machines", 1999),
chooses the thresholds and fills the report. The order in which the examples are given does not matter.
"""

from __future__ import annotations

import hashlib
import math
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from domain.arrays import Buckets, Flags, Floats, NDArray, np
from domain.classifier import BINS, Bin, Report, Threshold
from domain.errors import N_, Invalid
from domain.ranking import wilson_lower_bound
from domain.textmodel import BUCKETS, FEW, Model, buckets_of

LEAST_EXAMPLES = 400  # different texts, without which no precision can be told from luck
LEAST_OF_EACH = 50  # different texts removed, and as many kept
MOST_NGRAMS = 40_000_000  # of all examples: 160 MB, some 40,000 ordinary comments
FOLDS = 5
HOLD_PRECISION = 0.8  # of five that wait one would have been published: authors should not wait for less
FLAG_PRECISION = 0.6  # a mark costs nobody but the moderator, who looks anyway
LEAST_CAUGHT = 20  # held-out texts a threshold has to have caught
MOST_CAUGHT = 0.25  # of all: what catches more of a discussion tells nothing apart

EPOCHS = 8
BATCH = 256
RATE = 0.3
RIDGE = 0.4  # shared among the examples: many outweigh it, few are kept modest
_SEED = 20_261_125
_NEWTON_STEPS = 30
_SHORTEST_STEP = 1e-10


@dataclass(frozen=True)
class _Lesson:
    """Examples made ready: one entry each."""

    buckets: list[Buckets]
    removed: Flags
    weights: Floats
    folds: NDArray[np.int64]


def train(examples: Iterable[tuple[str, bool, float]]) -> Model:
    """Return a classifier trained on texts, each with whether it was removed and how much that decision is to weigh.

    Give the newest first: what exceeds `MOST_NGRAMS` is not read. Texts without a word, and those that weigh nothing, teach
    nothing. Raises `Invalid` for too few, `ValueError` for a weight that is none.
    """
    lesson = _lesson(examples)
    everything = np.arange(len(lesson.removed))
    scores = np.empty(len(everything))
    for fold in range(FOLDS):
        held_out = lesson.folds == fold
        weights = _fitted(lesson, everything[~held_out])
        scores[held_out] = [_raw(weights, lesson.buckets[place]) for place in everything[held_out]]
    report = _report(_honest(scores, lesson), lesson.removed)
    slope, base = _calibrated(scores, lesson.removed)
    return Model(base, (slope * _fitted(lesson, everything)).astype(np.float16), report)


def _lesson(examples: Iterable[tuple[str, bool, float]]) -> _Lesson:
    rows = sorted(_read(examples), key=lambda row: row[:3])
    for removed in (True, False):
        if len({digest for digest, was, *_ in rows if was is removed}) < LEAST_OF_EACH:
            raise Invalid(N_("There are too few decisions to learn from."))
    if len({digest for digest, *_ in rows}) < LEAST_EXAMPLES:
        raise Invalid(N_("There are too few decisions to learn from."))
    digests, removed_ones, weights, buckets = zip(*rows, strict=True)
    folds = np.array([digest % FOLDS for digest in digests])  # by text: a copy is never asked about what it taught
    return _Lesson(list(buckets), np.array(removed_ones), np.array(weights, dtype=np.float64), folds)


def _read(examples: Iterable[tuple[str, bool, float]]) -> Iterator[tuple[int, bool, float, Buckets]]:
    total = 0
    for text, removed, weight in examples:
        if not 0 <= weight < math.inf:
            raise ValueError("a weight is a number, and not below 0")
        buckets = buckets_of(text)
        total += len(buckets)
        if total > MOST_NGRAMS:
            return
        if len(buckets) and weight:
            digest = hashlib.blake2b(buckets.tobytes(), digest_size=7).digest()
            yield int.from_bytes(digest), bool(removed), weight, buckets


def _fitted(lesson: _Lesson, places: NDArray[np.intp]) -> Floats:
    """Return the weights that some of the examples teach."""
    dice = np.random.default_rng(_SEED)
    pull = lesson.weights * np.where(lesson.removed, *_balance(lesson, places))
    weights, sums = np.zeros(BUCKETS), np.full(BUCKETS, 1e-8)
    ridge = RIDGE / len(places)
    for _ in range(EPOCHS):
        order = dice.permutation(places)
        for begin in range(0, len(order), BATCH):
            gradient = _gradient(weights, lesson, order[begin : begin + BATCH], pull) + ridge * weights
            sums += gradient**2
            weights -= RATE * gradient / np.sqrt(sums)
    return weights


def _balance(lesson: _Lesson, places: NDArray[np.intp]) -> tuple[float, float]:
    """Return by what the weights of removed and of kept texts are multiplied for both kinds to weigh the same."""
    removed, weights = lesson.removed[places], lesson.weights[places]
    return len(places) / 2 / float(weights[removed].sum()), len(places) / 2 / float(weights[~removed].sum())


def _gradient(weights: Floats, lesson: _Lesson, batch: NDArray[np.intp], pull: Floats) -> Floats:
    buckets = [lesson.buckets[place] for place in batch]
    sizes = np.array([len(one) for one in buckets])
    joined = np.concatenate(buckets)
    scores = np.add.reduceat(weights[joined], np.cumsum(sizes) - sizes) / np.sqrt(sizes + FEW)
    errors = (_logistic(scores) - lesson.removed[batch]) * pull[batch] / np.sqrt(sizes + FEW) / len(batch)
    gradient: Floats = np.bincount(joined, weights=np.repeat(errors, sizes), minlength=BUCKETS).astype(np.float64, copy=False)
    return gradient


def _raw(weights: Floats, buckets: Buckets) -> float:
    return float(weights[buckets].sum()) / math.sqrt(len(buckets) + FEW)


def _honest(scores: Floats, lesson: _Lesson) -> Floats:
    """Return the probabilities of held-out texts, each made from what was said of the other folds."""
    probabilities = np.empty(len(scores))
    for fold in range(FOLDS):
        own = lesson.folds == fold
        slope, base = _calibrated(scores[~own], lesson.removed[~own])
        probabilities[own] = _logistic(slope * scores[own] + base)
    return probabilities


def _calibrated(scores: Floats, removed: Flags) -> tuple[float, float]:
    """Return the slope (not below 0) and the base that make log-odds of scores, by Newton's method."""
    positive, negative = int(removed.sum()), int((~removed).sum())
    targets = np.where(removed, (positive + 1) / (positive + 2), 1 / (negative + 2))
    columns = np.stack([scores, np.ones(len(scores))])
    line = np.array([0.0, math.log(positive / negative)])
    for _ in range(_NEWTON_STEPS):
        said = _logistic(line @ columns)
        curvature = (columns * said * (1 - said)) @ columns.T + 1e-9 * np.eye(2)
        step = np.linalg.solve(curvature, columns @ (said - targets))
        line -= step
        if np.abs(step).max() < _SHORTEST_STEP:
            break
    return (float(line[0]), float(line[1])) if line[0] > 0 else (0.0, math.log(positive / negative))


def _report(probabilities: Floats, removed: Flags) -> Report:
    return Report(
        examples=len(removed),
        removed=int(removed.sum()),
        brier=float(((probabilities - removed) ** 2).mean()),
        calibration=tuple(_bins(probabilities, removed)),
        hold=_threshold(probabilities, removed, HOLD_PRECISION),
        flag=_threshold(probabilities, removed, FLAG_PRECISION),
    )


def _bins(probabilities: Floats, removed: Flags) -> Iterator[Bin]:
    places = np.minimum((probabilities * BINS).astype(int), BINS - 1)
    for place in range(BINS):
        here = places == place
        if here.any():
            yield Bin(float(probabilities[here].mean()), int(removed[here].sum()), int(here.sum()))


def _threshold(probabilities: Floats, removed: Flags, precision: float) -> Threshold | None:
    """Return the lowest threshold that is surely precise enough: the lower end of the interval counts."""
    order = np.argsort(-probabilities, kind="stable")
    sorted_ones, right = probabilities[order], np.cumsum(removed[order])
    for caught in range(int(len(order) * MOST_CAUGHT), LEAST_CAUGHT - 1, -1):
        parted = sorted_ones[caught - 1] > sorted_ones[caught]
        if parted and wilson_lower_bound(int(right[caught - 1]), caught) >= precision:
            return Threshold(float(sorted_ones[caught - 1]), caught, int(right[caught - 1]))
    return None


def _logistic(log_odds: Floats) -> Floats:
    chances: Floats = (1 + np.tanh(log_odds / 2)) / 2  # which cannot overflow
    return chances
