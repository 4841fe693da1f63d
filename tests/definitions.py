"""The formulas of `docs/numbers.md` said a second time, plainly and slowly, for the tests to compare with."""

from __future__ import annotations

import math
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from domain.scoring import History, Period

Floats = NDArray[np.float64]


def clipped(rows: Floats) -> Floats:
    return np.minimum(np.maximum(rows, 0.01), 0.99)


def log_odds(rows: Floats) -> Floats:
    odds: Floats = np.log(clipped(rows) / (1 - clipped(rows)))
    return odds


def recency_weights(count: int) -> Floats:
    return np.ones(count) if count <= 2 else np.exp(np.sqrt(np.arange(1, count + 1)) - np.sqrt(count))


def interquartile_mean(values: Floats, weights: Floats) -> float:
    """Return the integral of the sorted values over the middle half of the weight, divided by that half."""
    order = np.lexsort((weights, values))
    edges = np.concatenate([[0], np.cumsum(weights[order])])
    cuts = np.clip(edges, 0.25 * edges[-1], 0.75 * edges[-1])
    return float(np.diff(cuts) @ values[order] / (cuts[-1] - cuts[0]))


def crowd_forecast(rows: Floats) -> list[float]:
    weights = recency_weights(len(rows))
    shares = [1 / (1 + math.exp(-1.25 * interquartile_mean(column, weights))) for column in log_odds(rows).T]
    return [shares[0], 1 - shares[0]] if len(shares) == 2 else [share / sum(shares) for share in shares]


def random_rows(count: int, outcomes: int) -> Floats:
    return np.random.default_rng(count * 10 + outcomes).dirichlet(np.ones(outcomes), count)


def peer_over_time(history: History, period: Period) -> Floats:
    """Return what each forecast earns, interval by interval between the changes, each divided by the scheduled length."""
    stop = min(period.actual_close, period.scheduled_close)
    start, end = np.maximum(history.start, period.opened), np.minimum(history.end, stop)
    logs, earned = np.log(clipped(history.p_k)), np.zeros(len(history.p_k))
    for since, until in pairwise(np.unique(np.concatenate([start, end])[np.concatenate([start < end, start < end])])):
        active = (start <= since) & (until <= end)
        n = int(active.sum())
        if n > 1:
            factor = 100 * n / (n - 1) * (until - since) / (period.scheduled_close - period.opened)
            earned[active] += factor * (logs[active] - logs[active].mean())
    return earned


def scores_of(reader: int, history: History, period: Period, outcomes: int) -> dict[str, float | None]:
    """Return one reader's scores of a question, forecast by forecast."""
    stop, length = min(period.actual_close, period.scheduled_close), period.scheduled_close - period.opened
    own = history.reader == reader
    start, end = np.maximum(history.start[own], period.opened), np.minimum(history.end[own], stop)
    seconds = np.where(start < end, end - start, 0.0)
    logs, covered = np.log(clipped(history.p_k[own])), float(seconds.sum())
    columns = {"brier": history.brier[own], "logarithmic": logs}
    means = {name: float(seconds @ column) / covered if covered else None for name, column in columns.items()}
    baseline = 100 * float(seconds @ (logs + np.log(outcomes))) / math.log(outcomes) / length
    peer = float(peer_over_time(history, period)[own].sum())
    return {**means, "coverage": covered / length, "baseline": baseline, "peer": peer}
