"""Scores of forecasts, and what they say of a reader. Pure arithmetic, defined in `docs/numbers.md`.

The scores of single forecasts stand first, then those of a question over time, then skill and calibration over questions.
Outcomes are indices from 0 to K - 1; `k` is the one that happened.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import accumulate
from typing import Self

from domain.arrays import ArrayLike, Floats, Integers, np
from domain.crowd import LEAST, MOST, Rows
from domain.ranking import Z

SHRINKAGE = 30  # questions' worth of average forecasts in everybody's record, so that luck on a few questions is no skill
BINS = 10  # of the calibration plot: [0, 0.1), ..., [0.9, 1]
HAIR = 1e-9  # 0.1 + 0.2 and 0.3 are the same probability
FINE = 59  # bits after the point of an integral over time: none exceeds 2 ln 99 < 16
COARSE_LOG, FINE_LOG = 30, 60  # bits after the point of the two whole numbers that make a logarithm: a billion add up exactly


def brier(probabilities: Sequence[float], k: int) -> float:
    """Return the Brier score: the squared differences summed over the outcomes, from 0 (best) to 2."""
    return float(briers([probabilities], k)[0])


def briers(forecasts: Rows, k: int) -> Floats:
    """Return the Brier score of each forecast."""
    rows = np.asarray(forecasts, dtype=np.float64)
    scores: Floats = ((rows - _indicator(rows, k)) ** 2).sum(axis=1)
    return scores


def ranked(probabilities: Sequence[float], k: int) -> float:
    """Return the ranked probability score of ordered outcomes, from 0 (best) to 1: near misses count less."""
    return float(ranked_scores([probabilities], k)[0])


def ranked_scores(forecasts: Rows, k: int) -> Floats:
    """Return the ranked probability score of each forecast."""
    rows = np.asarray(forecasts, dtype=np.float64)
    apart = np.cumsum(rows - _indicator(rows, k), axis=1)[:, :-1]
    scores: Floats = (apart**2).sum(axis=1) / (_several(rows.shape[1]) - 1)
    return scores


def logarithmic(p_k: float) -> float:
    """Return the natural logarithm of the clipped probability of what happened: the higher the better, below 0."""
    return math.log(min(max(p_k, LEAST), MOST))


def baseline(p_k: float, outcomes: int) -> float:
    """Return how much better than equal chances a forecast was: 0 for equal chances, below 100."""
    return 100 * (1 + logarithmic(p_k) / math.log(_several(outcomes)))


def median_bin(probabilities: Sequence[float]) -> int:
    """Return the index of the ordered outcome at which the cumulative probability first reaches a half."""
    if not probabilities:
        raise ValueError("no outcome is the median of none")
    half = math.fsum(probabilities) / 2 - HAIR
    return next(place for place, reached in enumerate(accumulate(probabilities)) if reached >= half)


@dataclass(frozen=True, kw_only=True)
class Period:
    """When a question was open, in seconds of any one clock that has no summer time: since the epoch, or since it opened.

    `scheduled_close` is what the scores are divided by, `actual_close` the earlier of close and known time.
    """

    opened: float
    scheduled_close: float
    actual_close: float

    @classmethod
    def of(cls, opened: datetime, scheduled_close: datetime, actual_close: datetime) -> Self:
        """Return the period between aware datetimes, in seconds since the epoch."""
        if any(moment.tzinfo is None for moment in (opened, scheduled_close, actual_close)):
            raise ValueError("a time without its zone could be any of many")
        return cls(
            opened=opened.timestamp(), scheduled_close=scheduled_close.timestamp(), actual_close=actual_close.timestamp()
        )

    @property
    def length(self) -> float:
        """The seconds from opening to the scheduled close. Raises `ValueError` if there are none."""
        if self.scheduled_close <= self.opened:
            raise ValueError("a question has to be open for some time")
        return self.scheduled_close - self.opened

    @property
    def end(self) -> float:
        """When forecasts stop counting."""
        return max(self.opened, min(self.actual_close, self.scheduled_close))


@dataclass(frozen=True, kw_only=True)
class History:
    """All forecasts of one question: whose, from when to when (`inf` while current), and what each scores on its own.

    Times are of the clock of the `Period`. A reader's forecasts do not overlap. `p_k` need not be clipped; `ranked` is
    `None` unless the outcomes are ordered.
    """

    reader: Integers
    start: Floats
    end: Floats
    p_k: Floats
    brier: Floats
    ranked: Floats | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class ReaderScore:
    """One reader's scores of one question; the means are `None` for whoever covered nothing of it."""

    reader: int
    coverage: float
    baseline: float
    peer: float
    brier: float | None
    logarithmic: float | None
    ranked: float | None


@dataclass(frozen=True, kw_only=True)
class QuestionScores:
    """The scores of all readers of a question, as columns in the order of `reader`; not a number where there is none."""

    reader: Integers
    coverage: Floats
    baseline: Floats
    peer: Floats
    brier: Floats
    logarithmic: Floats
    ranked: Floats

    def __len__(self) -> int:
        return len(self.reader)

    def __iter__(self) -> Iterator[ReaderScore]:
        for place, reader in enumerate(self.reader):
            yield ReaderScore(
                reader=int(reader),
                coverage=float(self.coverage[place]),
                baseline=float(self.baseline[place]),
                peer=float(self.peer[place]),
                brier=_number(self.brier[place]),
                logarithmic=_number(self.logarithmic[place]),
                ranked=_number(self.ranked[place]),
            )


def question_scores(history: History, period: Period, *, outcomes: int) -> QuestionScores:
    """Return every reader's scores of a question that has K = `outcomes`, averaged over time."""
    start, end = (np.clip(times, period.opened, period.end) for times in (history.start, history.end))
    seconds = np.maximum(end - start, 0.0)
    readers, place = np.unique(history.reader, return_inverse=True)
    logs = np.log(np.clip(history.p_k, LEAST, MOST))

    def summed(values: Floats) -> Floats:
        return np.bincount(place, weights=values, minlength=len(readers)).astype(np.float64)

    covered = summed(seconds)

    def mean(values: Floats | None) -> Floats:
        nothing = np.full(len(readers), np.nan)
        return nothing if values is None else np.divide(summed(values * seconds), covered, out=nothing, where=covered > 0)

    bold = 100 * (1 + logs / math.log(_several(outcomes)))
    counting = seconds > 0
    peer = np.zeros(len(logs))
    peer[counting] = _peer(logs[counting], start[counting], end[counting], period.length)
    return QuestionScores(
        reader=readers,
        coverage=covered / period.length,
        baseline=summed(bold * seconds) / period.length,
        peer=summed(peer),
        brier=mean(history.brier),
        logarithmic=mean(logs),
        ranked=mean(history.ranked),
    )


@dataclass(frozen=True, kw_only=True)
class Skill:
    """A reader's peer score for a question fully covered, shrunken to 0, with its 80 % interval; `questions` were covered."""

    value: float
    low: float
    high: float
    questions: int
    coverage: float


def skill(peers: Sequence[float], coverages: Sequence[float], *, shrinkage: float = SHRINKAGE) -> Skill:
    """Return the skill that a reader's peer scores show; 0 without any."""
    coverage = math.fsum(coverages)
    value = math.fsum(peers) / (shrinkage + coverage)
    squares = math.fsum((peer - value * covered) ** 2 for peer, covered in zip(peers, coverages, strict=True))
    margin = Z * math.sqrt(squares) / (shrinkage + coverage)
    questions = sum(covered > 0 for covered in coverages)
    return Skill(value=value, low=value - margin, high=value + margin, questions=questions, coverage=coverage)


@dataclass(frozen=True, kw_only=True)
class CalibrationBin:
    """Forecasts between two probabilities: their mean, how much of it happened, and its 80 % band over questions."""

    low: float
    high: float
    forecast: float
    happened: float
    questions: int
    band: tuple[float, float] | None


def calibration(
    questions: ArrayLike, probabilities: ArrayLike, happened: ArrayLike, weights: ArrayLike
) -> tuple[CalibrationBin, ...]:
    """Return the bins that have forecasts: of each its question, its probability, whether that happened, and its weight.

    The band is clustered by question, for the forecasts of one question stand and fall together.
    """
    chances, facts, weight = (np.asarray(column, dtype=np.float64) for column in (probabilities, happened, weights))
    bins = np.minimum(np.floor(chances * BINS + HAIR), BINS - 1)
    kept = [(place, (bins == place) & (weight > 0)) for place in range(BINS)]
    ids = np.asarray(questions)
    return tuple(_bin(place, ids[some], chances[some], facts[some], weight[some]) for place, some in kept if some.any())


def _bin(place: int, questions: Integers, chances: Floats, facts: Floats, weights: Floats) -> CalibrationBin:
    ids, own = np.unique(questions, return_inverse=True)
    of_question = np.bincount(own, weights=weights)
    total = float(weights.sum())
    share = float((weights * facts).sum()) / total
    apart = np.bincount(own, weights=weights * (facts - share))
    return CalibrationBin(
        low=place / BINS,
        high=(place + 1) / BINS,
        forecast=float(weights @ chances) / total,
        happened=share,
        questions=len(ids),
        band=_band(share, apart / total, of_question / total) if len(ids) > 1 else None,
    )


def _band(share: float, apart: Floats, parts: Floats) -> tuple[float, float]:
    """Return the band of a ratio over questions; where all or none happened, Wilson's, for the sandwich is empty."""
    if share in {0.0, 1.0}:
        certain = 1 / (1 + Z**2 * float(parts @ parts))
        return (certain, 1.0) if share else (0.0, 1 - certain)
    margin = Z * math.sqrt(len(apart) / (len(apart) - 1) * float(apart @ apart))
    return max(0.0, share - margin), min(1.0, share + margin)


def _several(outcomes: int) -> int:
    if outcomes < 2:  # noqa: PLR2004
        raise ValueError("a question has at least two outcomes")
    return outcomes


def _indicator(rows: Floats, k: int) -> Floats:
    happened = np.zeros(rows.shape[1])
    happened[k] = 1
    return happened


def _number(value: float) -> float | None:
    return None if math.isnan(value) else float(value)


def _peer(logs: Floats, start: Floats, end: Floats, length: float) -> Floats:
    """Return each forecast's integral of 100 n/(n - 1) (ln p_k - ln G_k) over its time, as a part of the length.

    With S the sum of the n logarithms it is ln p_k times the integral of n/(n - 1), less that of S/(n - 1): two integrals
    that all forecasts share. Sums and integrals run in whole numbers, so no rounding adds up on a long history.
    """
    logs = logs - logs[:1]  # taken from all it changes no score, and makes equal forecasts score exactly 0
    times, places = np.unique(np.concatenate([start, end]), return_inverse=True)
    first, last = places[: len(logs)], places[len(logs) :]
    active = _running(np.ones(len(logs), dtype=np.int64), first, last)
    others = np.maximum(active - 1, 1)
    passed = np.where(active > 1, np.diff(times, append=times[-1:]) / length, 0.0)
    own = _integral(passed * active / others)
    all_together = _integral(passed * _running_sum(logs, first, last) / others)
    together = np.ldexp((all_together[last] - all_together[first]).astype(np.float64), -FINE)
    scores: Floats = 100 * (logs * np.ldexp((own[last] - own[first]).astype(np.float64), -FINE) - together)
    return scores


def _running(values: Integers, first: Integers, last: Integers) -> Integers:
    """Return, for each moment, the sum of the values that are active from it on."""
    changes = np.zeros(max(last, default=-1) + 1, dtype=np.int64)
    np.add.at(changes, first, values)
    np.subtract.at(changes, last, values)
    return np.cumsum(changes)


def _running_sum(values: Floats, first: Integers, last: Integers) -> Floats:
    """Return what `_running` does, of numbers whose sum would lose its last places: as two whole numbers each."""
    coarse = np.rint(np.ldexp(values, COARSE_LOG)).astype(np.int64)
    fine = np.rint(np.ldexp(values - np.ldexp(coarse.astype(np.float64), -COARSE_LOG), FINE_LOG)).astype(np.int64)
    sums = (_running(part, first, last).astype(np.float64) for part in (coarse, fine))
    return np.ldexp(next(sums), -COARSE_LOG) + np.ldexp(next(sums), -FINE_LOG)


def _integral(steps: Floats) -> Integers:
    """Return the integral up to each moment, from how much it grows from there to the next."""
    grown = np.rint(np.ldexp(steps, FINE)).astype(np.int64)
    return np.cumsum(grown) - grown
